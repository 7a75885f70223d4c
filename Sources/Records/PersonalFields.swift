import Diagnostics
package import Values

/// Whom records are about: a party of a client, as the client calls it, or where a record names none, the record's own number behind the name of
/// its field (`instruction:4711`).
package struct PersonalSubject: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let client: String
    package let party: String

    package init(client: String, party: String) {
        self.client = client
        self.party = party
    }

    /// Reads `CLIENT/PARTY`; a client may not hold `/`, a party may.
    package init?(_ text: String) {
        guard let slash = text.firstIndex(of: "/"), slash != text.startIndex, text.index(after: slash) != text.endIndex else { return nil }
        self.init(client: String(text[..<slash]), party: String(text[text.index(after: slash)...]))
    }

    package var description: String { "\(client)/\(party)" }

    /// ``description`` as it stands in a line.
    package var told: String { LineText.name(description) }

    package static func < (left: PersonalSubject, right: PersonalSubject) -> Bool { (left.client, left.party) < (right.client, right.party) }
}

extension RecordDefinition {
    /// Whom a record of this kind is about; nil where the kind names nobody, or this record does not.
    package func subject(of values: [Value]) -> PersonalSubject? {
        for (place, slot) in about.enumerated() where values[slot] != .null {
            let text = values[slot].text
            return PersonalSubject(client: values[0].text, party: place == 0 ? text : "\(fields[slot].name):\(text)")
        }
        return nil
    }

    /// The slot and value by which records of this kind name a subject, one for each of the fields that may.
    ///
    /// - Returns: slots that have to be empty, then the slot and the value that it has.
    package func places(of subject: PersonalSubject) -> [(empty: [Int], slot: Int, value: String)] {
        about.enumerated().compactMap { place, slot in
            if place == 0 { return ([], slot, subject.party) }
            let head = "\(fields[slot].name):"
            guard subject.party.hasPrefix(head) else { return nil }
            return (Array(about[..<place]), slot, String(subject.party.dropFirst(head.count)))
        }
    }
}

/// Which fields of records are personal: those of the catalogue, and those that a site declares besides.
package struct PersonalFields: Hashable, Sendable {
    private var byKind: [RecordKind: [Int]]

    /// Names, streets and postal codes of parties and places. City, region and country are areas: rules go by them, and many share one.
    package static let catalogue = PersonalFields(byKind: Dictionary(
        uniqueKeysWithValues: RecordCatalogue.all.compactMap { definition in
            let slots = definition.fields.indices.filter { definition.fields[$0].isPersonal }
            return slots.isEmpty ? nil : (definition.kind, slots)
        }))

    /// Slots in order; empty for most kinds.
    package func slots(of kind: RecordKind) -> [Int] { byKind[kind] ?? [] }

    package func contains(_ slot: Int, of kind: RecordKind) -> Bool { byKind[kind]?.contains(slot) ?? false }

    package mutating func insert(_ slot: Int, of kind: RecordKind) {
        if !contains(slot, of: kind) { byKind[kind] = (slots(of: kind) + [slot]).sorted() }
    }

    /// Why a field cannot be personal; nil where it can. What is sealed can neither be searched nor compared.
    package static func obstacle(_ slot: Int, of definition: RecordDefinition) -> String? {
        let field = definition.fields[slot]
        if definition.sealable[slot] { return nil }
        if definition.about.isEmpty { return "records of \(definition.kind.rawValue) name nobody whose key it could be sealed under" }
        if definition.key.contains(slot) { return "\(field.name) is part of the key of \(definition.kind.rawValue)" }
        return field.type == .text ? "\(field.name) names another record" : "\(field.name) is a \(field.type.rawValue), and only texts are sealed"
    }
}
