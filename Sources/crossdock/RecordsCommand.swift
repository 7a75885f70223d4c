import ArgumentParser
import Configurations
import Records
import Values

struct RecordsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "records", abstract: "Print the catalogue of canonical records: their fields, keys and versions.",
        discussion: "With a kind, its fields; without, all kinds. --format markdown gives what docs/records.md holds.")

    enum Form: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

    @Argument(help: "A kind of record, such as orderLine.") var kind: String?
    @Option(name: .long, help: "text, json or markdown.") var format = Form.text

    func run() async throws {
        let chosen = try kind.map { [try definition($0)] } ?? RecordCatalogue.all
        switch format {
        case .text: print((kind == nil ? chosen.map(\.line) : chosen.map(\.text)).joined(separator: "\n"))
        case .json: print(JSONText.write(.list(chosen.map(\.value))))
        case .markdown: print(RecordDefinition.page(chosen), terminator: "")
        }
    }

    private func definition(_ name: String) throws -> RecordDefinition {
        if let kind = RecordKind(rawValue: name) { return RecordCatalogue.definition(kind) }
        let known = RecordKind.allCases.map(\.rawValue)
        let hint = NearestName.of(name, in: known).map { "did you mean \($0)?" } ?? "there are \(known.joined(separator: ", "))"
        throw ValidationError("there is no kind of record \(name); \(hint)")
    }
}

extension RecordDefinition {
    private var keyNames: String { key.map { fields[$0].name }.joined(separator: ", ") }
    private var versionText: String {
        version.map { "of two versions the later \(fields[$0].name) holds" } ?? "of two versions the one with the greater file digest holds"
    }

    fileprivate var line: String {
        kind.rawValue.padding(to: RecordKind.allCases.map(\.rawValue.count).max() ?? 0) + "  \(summary); key \(keyNames)"
    }

    fileprivate var text: String {
        let width = fields.map(\.name.count).max() ?? 0
        let lines = fields.map { field in
            "  \(field.name.padding(to: width))  \(field.type.rawValue.padding(to: 8))  \(field.isRequired ? "required" : "        ")  \(field.summary)\(field.unitText)\(field.personalText)"
        }
        return (["\(kind.rawValue): \(summary)", "  key: \(keyNames)", "  \(versionText)"] + lines).joined(separator: "\n")
    }

    fileprivate var value: Value {
        .context(ContextValue([
            ("kind", .string(kind.rawValue)), ("summary", .string(summary)),
            ("key", .list(key.map { .string(fields[$0].name) })), ("version", version.map { .string(fields[$0].name) } ?? .null),
            ("describes", describes.map { .string($0.kind.rawValue) } ?? .null), ("about", .list(about.map { .string(fields[$0].name) })),
            ("fields", .list(fields.map { field in
                .context(ContextValue([
                    ("name", .string(field.name)), ("type", .string(field.type.rawValue)), ("summary", .string(field.summary)),
                    ("unit", field.unit.map(Value.string) ?? .null), ("refersTo", field.refersTo.map { .string($0.rawValue) } ?? .null),
                    ("required", .boolean(field.isRequired)), ("personal", .boolean(field.isPersonal)),
                ]))
            })),
        ]))
    }

    /// The page of documentation about some kinds.
    fileprivate static func page(_ definitions: [RecordDefinition]) -> String {
        var lines = [
            "# Canonical records", "",
            "What mappings fill and everything else reads. This page is what `crossdock records --format markdown` prints; a test holds the two together.",
            "The client is part of every key. A number is exact; its unit stands behind its meaning, and `currency` means the record's own currency.",
            "A personal field is sealed under a key of whom the record is about: [history.md](history.md#personal-fields).",
        ]
        for definition in definitions {
            lines += ["", "## \(definition.kind.rawValue)", "", "\(definition.summary). Key: \(definition.keyNames); \(definition.versionText).", ""]
            lines += ["| field | type | | means |", "|---|---|---|---|"]
            lines += definition.fields.map { field in
                let refers = field.refersTo.map { "; identifies a \($0.rawValue)" } ?? ""
                return "| `\(field.name)` | \(field.type.rawValue) | \(field.isRequired ? "required" : "") | \(field.summary)\(field.unitText)\(refers)\(field.personalText) |"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension RecordField {
    fileprivate var unitText: String { unit.map { " (\($0))" } ?? "" }
    fileprivate var personalText: String { isPersonal ? "; personal" : "" }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
