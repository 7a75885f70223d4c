package import Values

/// One field of a canonical record.
package struct RecordField: Sendable, Hashable {
    package enum FieldType: String, Sendable {
        case text, number, boolean, date, dateTime
    }

    package let name: String
    package let type: FieldType
    /// What it means, as one sentence.
    package let summary: String
    /// Unit of a number where it is fixed: `percent`, `hour`, `kilogram`; nil where another field names it or none applies.
    package let unit: String?
    /// The entity kind that this field's value identifies, if it does.
    package let refersTo: EntityKind?
    package let isRequired: Bool
    /// Whether it tells who or where a person is, wherever it is sent: it is sealed under the key of its subject.
    package let isPersonal: Bool
}

/// One kind of canonical record: its fields in slot order, its key and how later versions are recognised.
///
/// The first field of every kind is `client`, because a number is unique only within its client.
package struct RecordDefinition: Sendable {
    package let kind: RecordKind
    package let summary: String
    package let fields: [RecordField]
    /// Slots of the fields that make up the key, client first.
    package let key: [Int]
    /// Slot of the field that orders versions of one record: the greatest wins, then the greatest file digest,
    /// then the latest place in the file, so that the end state does not depend on the order of arrival.
    package let version: Int?
    /// The entity that this record describes, with the slots of the parts of its identifier: the order of an `order` record.
    package let describes: (kind: EntityKind, slots: [Int])?
    /// Slots of the fields that name whom a record is about: the first that has a value does. Empty where records of the kind name nobody.
    package let about: [Int]
    /// Whether a slot may hold a sealed text, as ``PersonalFields`` may name it.
    package let sealable: [Bool]
    package let layout: Layout

    package func slot(_ name: String) -> Int? { layout.slot(of: name) }

    /// Text of the key of a record: the key fields joined by U+001F, which no field can hold.
    package func keyText(_ values: [Value]) -> String {
        var bytes: [UInt8] = []
        writeKey(values, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Adds ``keyText(_:)`` in UTF-8.
    package func writeKey(_ values: [Value], to bytes: inout [UInt8]) {
        for (place, slot) in key.enumerated() {
            if place > 0 { bytes.append(0x1F) }
            values[slot].writeText(to: &bytes)
        }
    }

    init(
        _ kind: RecordKind, _ summary: String, key: [String], version: String? = nil,
        describes: EntityKind? = nil, by identifiers: [String] = [], about subjects: [String] = [], fields declared: [RecordField]
    ) {
        let fields = [RecordField.text("client", "Depositor whose goods these are", required: true)] + declared
        let layout = Layout(fields.map { ($0.name, $0.type.valueType) })
        func slot(_ name: String) -> Int {
            guard let slot = layout.slot(of: name) else { preconditionFailure("\(kind) has no field \(name)") }
            return slot
        }
        self.kind = kind
        self.summary = summary
        self.fields = fields
        self.layout = layout
        self.key = [0] + key.map(slot)
        self.version = version.map(slot)
        self.describes = describes.map { ($0, identifiers.map(slot)) }
        let about = subjects.map(slot), keySlots = self.key
        self.about = about
        sealable = fields.indices.map { slot in
            let field = fields[slot]
            return !about.isEmpty && !about.contains(slot) && !keySlots.contains(slot) && field.refersTo == nil && field.type == .text
        }
    }
}

extension RecordField {
    static func text(_ name: String, _ summary: String, refersTo: EntityKind? = nil, required: Bool = false, personal: Bool = false) -> RecordField {
        RecordField(name: name, type: .text, summary: summary, unit: nil, refersTo: refersTo, isRequired: required, isPersonal: personal)
    }
    static func number(_ name: String, _ summary: String, unit: String? = nil, required: Bool = false) -> RecordField {
        RecordField(name: name, type: .number, summary: summary, unit: unit, refersTo: nil, isRequired: required, isPersonal: false)
    }
    static func boolean(_ name: String, _ summary: String) -> RecordField {
        RecordField(name: name, type: .boolean, summary: summary, unit: nil, refersTo: nil, isRequired: false, isPersonal: false)
    }
    static func date(_ name: String, _ summary: String) -> RecordField {
        RecordField(name: name, type: .date, summary: summary, unit: nil, refersTo: nil, isRequired: false, isPersonal: false)
    }
    static func dateTime(_ name: String, _ summary: String, required: Bool = false) -> RecordField {
        RecordField(name: name, type: .dateTime, summary: summary, unit: nil, refersTo: nil, isRequired: required, isPersonal: false)
    }
}

extension RecordField.FieldType {
    package var valueType: ValueType {
        switch self {
        case .text: .string
        case .number: .number
        case .boolean: .boolean
        case .date: .date
        case .dateTime: .dateTime
        }
    }
}
