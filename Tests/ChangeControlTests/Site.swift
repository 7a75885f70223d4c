@testable import ChangeControl
import Diagnostics
import Testing
import Values

/// A site in memory, with three persons whose keys are made up: 32 equal bytes each.
struct Site {
    static let mia = Principal("mia@example-dc")!, ole = Principal("ole@example-dc")!, ana = Principal("ana@example-dc")!

    var governance: Governance
    let first: StateDescription
    let second: StateDescription

    init(threshold: Int = 1, signers: String? = nil) throws {
        let signers = signers ?? Site.line("mia@example-dc", 1) + Site.line("ole@example-dc", 2) + Site.line("ana@example-dc", 3)
        let manifest = Site.digest("governance 1")
        governance = try Site.governance(threshold: threshold, signers: signers, manifest: manifest)
        first = Site.state("rules 1", governance: manifest)
        second = Site.state("rules 2", governance: manifest)
    }

    static func governance(threshold: Int, signers text: String, manifest: ContentDigest, origin: String = "example-dc") throws -> Governance {
        let signers = AllowedSigners.parse(Array(text.utf8), file: "Governance/allowed_signers")
        let persons = [
            Person(principal: mia, name: "Mia Berg", roles: [.author, .root]),
            Person(principal: ole, name: "Ole Dahl", roles: [.approver, .root, .operator]),
            Person(principal: ana, name: "Ana Cruz", roles: [.approver]),
        ]
        let made = Governance.make(
            origin: origin, threshold: threshold, persons: persons, signers: try #require(signers.signers), manifest: manifest)
        return try #require(made.governance)
    }

    static func state(_ rules: String, governance: ContentDigest, overrides: String = "overrides 1") -> StateDescription {
        StateDescription(
            bundle: digest(rules), overrides: digest(overrides), governance: governance, engine: "crossdock 0.1.0", zones: "2026a")
    }

    static func digest(_ text: String) -> ContentDigest { ContentDigest(ofText: text) }

    /// A line of allowed_signers whose ed25519 key is 32 times this byte.
    static func line(_ principal: String, _ byte: UInt8, namespaces: String = "approve@crossdock,genesis@crossdock") -> String {
        "\(principal) namespaces=\"\(namespaces)\" ssh-ed25519 \(key(byte))\n"
    }

    static func key(_ byte: UInt8) -> String {
        let type = Array("ssh-ed25519".utf8)
        // 51 bytes: base64 without padding is whole.
        return Base64Text.encodeUnpadded([0, 0, 0, 11] + type + [0, 0, 0, 32] + [UInt8](repeating: byte, count: 32))
    }

    static let impact = digest("impact 1")

    /// Seconds after the request was made.
    static func at(_ second: Int64) -> Instant { Instant(seconds: 1_763_700_000 + second) }

    /// A request of Mia's from the first state to the second.
    func proposed(_ number: Int = 1) throws -> ChangeRequest {
        try ChangeRequest.draft(
            id: ChangeRequestID(number: number), author: Site.mia, title: "Rush gold orders", reason: "Contract of 1 November",
            base: first, target: second, expires: Site.at(30 * 86_400)
        ).proposed(live: first, governance: governance).assessed(impact: Site.impact, live: first, governance: governance)
    }

    /// An approval with what a check of its signature would have found.
    func approval(of request: ChangeRequest, by principal: Principal) throws -> (Approval, VerifiedSignature) {
        let statement = try request.statement(for: principal, reason: "Replayed on last week", governance: governance)
        return (Approval(statement: statement, signature: "armour"), try verified(statement))
    }

    func verified(_ statement: ApprovalStatement) throws -> VerifiedSignature {
        let signer = try #require(governance.signers.signer(statement.principal))
        return VerifiedSignature(
            principal: statement.principal, fingerprint: signer.fingerprint, namespace: .approve,
            message: ContentDigest(ofText: statement.text))
    }

    /// The same request, approved by Ole.
    func approved(_ number: Int = 1) throws -> (ChangeRequest, VerifiedSignature) {
        let request = try proposed(number)
        let (approval, proof) = try approval(of: request, by: Site.ole)
        return (try request.approved(by: approval, verified: [proof], live: first, governance: governance), proof)
    }
}

/// Events at the instants of a request that goes straight on, and with a report in which nothing moves.
extension ChangeRequest {
    func proposed(live: StateDescription, governance: Governance) throws(ChangeRefusal) -> ChangeRequest {
        try proposed(live: live, governance: governance, at: Site.at(0))
    }

    func revised(by editor: Principal, title: String? = nil, target: StateDescription? = nil) throws(ChangeRefusal) -> ChangeRequest {
        try revised(by: editor, title: title, reason: nil, target: target, expires: expires)
    }

    func assessed(impact: ContentDigest, live: StateDescription, governance: Governance) throws(ChangeRefusal) -> ChangeRequest {
        try assessed(impact: impact, facts: still, live: live, governance: governance)
    }

    func approved(by approval: Approval, verified: [VerifiedSignature], live: StateDescription, governance: Governance) throws(ChangeRefusal) -> ChangeRequest {
        try approved(by: approval, verified: verified, live: live, governance: governance, at: Site.at(10))
    }

    func activated(
        live: StateDescription, stored: StateDescription, verified: [VerifiedSignature], governance: Governance
    ) throws(ChangeRefusal) -> ChangeRequest {
        try activated(live: live, stored: stored, facts: still, verified: verified, governance: governance, at: Site.at(20))
    }

    private var still: ImpactFacts {
        var facts = ImpactFacts()
        facts.components = changedComponents
        return facts
    }
}

/// The kind of refusal that a body ends in; nil where it is not refused.
func refusal<Result>(_ body: () throws -> Result) -> ChangeRefusal.Kind? {
    do {
        _ = try body()
        return nil
    } catch let refusal as ChangeRefusal { return refusal.kind } catch { return nil }
}
