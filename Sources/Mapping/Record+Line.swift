import Records
import Values

/// Why a line is no record.
struct RecordLineFailure: Error {
    let fact: String
}

extension Record {
    /// The record as a line of JSON: its kind, and each field that has a value.
    var line: String {
        JSONText.write(.context(ContextValue([("record", .string(kind.rawValue)), ("fields", .context(fieldValues))])))
    }

    /// Reads ``line`` back. Where its values come from is not in it.
    init(line: String, ordinal: Int) throws(RecordLineFailure) {
        guard case .context(let entry)? = try? JSONText.parse(line), case .string(let name)? = entry["record"],
            case .context(let fields)? = entry["fields"]
        else { throw RecordLineFailure(fact: "the line is no object with `record` and `fields`") }
        guard let kind = RecordKind(rawValue: name) else { throw RecordLineFailure(fact: "the catalogue has no record `\(name)`") }
        let definition = RecordCatalogue.definition(kind)
        var values = [Value](repeating: .null, count: definition.fields.count)
        for entry in fields.entries {
            guard let slot = definition.slot(entry.name) else { throw RecordLineFailure(fact: "record \(name) has no field `\(entry.name)`") }
            let field = definition.fields[slot]
            guard let value = Record.value(entry.value, of: field.type) else {
                throw RecordLineFailure(fact: "\(field.name): \(JSONText.write(entry.value)) is no \(field.type.rawValue)")
            }
            values[slot] = value
        }
        for field in definition.fields where field.isRequired {
            guard let slot = definition.slot(field.name), values[slot] == .null else { continue }
            throw RecordLineFailure(fact: "\(name).\(field.name) is required and empty")
        }
        self.init(
            kind: kind, values: values, origins: values.map { _ in nil }, rules: [Int32](repeating: 0, count: values.count), ordinal: ordinal)
    }

    private static func value(_ value: Value, of type: RecordField.FieldType) -> Value? {
        switch (type, value) {
        case (_, .null), (.text, .string), (.number, .number), (.boolean, .boolean): value
        case (.date, .string(let text)): CalendarDate(text).map(Value.date)
        case (.dateTime, .string(let text)): DateTime(text).map(Value.dateTime)
        default: nil
        }
    }
}
