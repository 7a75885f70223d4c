package import Diagnostics
package import EDI
import Formats

/// One partner: who sends or receives files, under which identifiers, for which client.
package struct PartnerDefinition: Sendable, Hashable {
    /// One identifier with its qualifier, as ISA05/ISA06 carry it; a nil qualifier fits any.
    package struct Identifier: Sendable, Hashable {
        package let qualifier: String?
        package let id: String
    }

    package let partner: String
    package let name: String
    package let client: String
    package let identifiers: [Identifier]
    /// What defects in the partner's files weigh and reject, where it is not what the feed says.
    package let defects: [DiagnosticCode: DefectSetting]
    /// How the partner's files are answered; nil where they are not.
    package let acknowledge: AcknowledgementPolicy?
    /// How interchanges to the partner are written; nil where none are.
    package let send: SendingPolicy?
}

/// The partners of a bundle, found by what an envelope says of the sender.
package struct PartnerDirectory: Sendable {
    package let partners: [PartnerDefinition]
    private let byIdentifier: [PartnerDefinition.Identifier: Int]

    init(_ partners: [PartnerDefinition]) {
        self.partners = partners
        var found: [PartnerDefinition.Identifier: Int] = [:]
        for (index, partner) in partners.enumerated() {
            for identifier in partner.identifiers where found[identifier] == nil { found[identifier] = index }
        }
        byIdentifier = found
    }

    /// The policies of senders that have their own, on top of a feed's.
    func policies(over common: DefectPolicy) -> [DefectSender: DefectPolicy] {
        var policies: [DefectSender: DefectPolicy] = [:]
        for partner in partners where !partner.defects.isEmpty {
            let policy = common.overriding(partner.defects)
            for identifier in partner.identifiers {
                policies[DefectSender(qualifier: identifier.qualifier, id: identifier.id)] = policy
            }
        }
        return policies
    }

    package func partner(named name: String) -> PartnerDefinition? { partners.first { $0.partner == name } }

    /// The partner behind an interchange sender (ISA05, ISA06), or else an application sender (GS02).
    package func sender(qualifier: String?, interchange: String?, application: String?) -> PartnerDefinition? {
        if let interchange {
            if let partner = find(qualifier, interchange) { return partner }
        }
        return application.flatMap { find(nil, $0) }
    }

    /// The partner who sent an interchange.
    package func sender(of report: InterchangeReport) -> PartnerDefinition? { sender(of: report.header, group: report.groups.first?.header) }

    /// The same by the headers of the interchange and of its first functional group.
    func sender(of header: InterchangeHeader, group: FunctionalGroupHeader?) -> PartnerDefinition? {
        sender(qualifier: header.senderQualifier, interchange: header.sender, application: group?.sender)
    }

    private func find(_ qualifier: String?, _ id: String) -> PartnerDefinition? {
        let exact = PartnerDefinition.Identifier(qualifier: qualifier, id: id)
        let any = PartnerDefinition.Identifier(qualifier: nil, id: id)
        return (byIdentifier[exact] ?? byIdentifier[any]).map { partners[$0] }
    }
}
