package import Configurations
package import Diagnostics

/// Fields of the segments of SAP's intermediate documents, for flat files: name and length of each, from the start of SDATA.
package struct IDocSegments: Sendable {
    struct Field: Sendable, Hashable {
        let name: String
        let start: Int
        let length: Int
    }

    private var fields: [String: [Field]] = [:]

    package init() {}

    /// The definitions of several files; of a segment in two of them the first counts.
    package init(_ tables: [IDocSegments]) {
        for table in tables { fields.merge(table.fields) { first, _ in first } }
    }

    /// The fields of a segment, by the name of its type such as `E1EDK01`.
    func fields(of segment: String) -> [Field]? { fields[segment] }

    /// The type of a segment by the name of its definition: `E2EDK01005` is version 5 of `E1EDK01`, `Z2ADDON000` is `Z1ADDON`.
    func type(of definition: String) -> String {
        if fields[definition] != nil { return definition }
        let characters = Array(definition)
        guard characters.count > 2, characters[0] == "E" || characters[0] == "Z", characters[1] == "2" else { return definition }
        let plain = String(characters[0]) + "1" + String(characters[2...])
        if fields[plain] != nil { return plain }
        guard plain.count > 5, plain.suffix(3).allSatisfy({ $0.isASCII && $0.isNumber }) else { return plain }
        // A name may end in digits of its own (E1EDK01): the last three are the version where more stands before them.
        return String(plain.dropLast(3))
    }

    /// What a file of segments holds.
    package static let shape = ConfigurationShape.record([
        ConfigurationKey("idoc", .text, required: true, "Name of this table in the bundle, such as idoc/orders05."),
        ConfigurationKey("segments", .text, required: true, "One segment a line, `E1EDK03: IDDAT 3, DATUM 8`: fields and their lengths; a line that is indented goes on with the one before."),
    ])

    /// Makes the table of a file's root. There is none where a finding is an error.
    package static func decode(_ root: ConfigurationNode) -> (segments: IDocSegments?, diagnostics: [Diagnostic]) {
        var findings = shape.check(root)
        guard findings.allSatisfy({ $0.severity < .error }), let node = root["segments"] else { return (nil, findings) }
        var table = IDocSegments()
        var lines: [(number: Int, text: String)] = []
        for (number, line) in (node.scalar ?? "").split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.first == " ", let last = lines.indices.last {
                lines[last].text += " " + line
            } else if line.contains(where: { $0 != " " }) {
                lines.append((number, String(line)))
            }
        }
        for (number, text) in lines {
            let halves = text.split(separator: ":", maxSplits: 1).map(String.init)
            let fields = halves.count == 2 ? Self.fields(halves[1]) : nil
            if let fields, table.fields[halves[0]] == nil, !halves[0].contains(" ") {
                table.fields[halves[0]] = fields
            } else {
                var position = node.position(inText: number, column: 0)
                position.place = .key("segments")
                findings.append(Diagnostic(
                    .idocLine, .error, "`\(text.prefix(60))` is no segment with fields such as `E1EDK03: IDDAT 3, DATUM 8`, or it was there before",
                    at: position))
            }
        }
        return (findings.contains { $0.severity == .error } ? nil : table, findings)
    }

    private static func fields(_ text: String) -> [Field]? {
        var fields: [Field] = []
        var start = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(separator: " ")
            guard words.count == 2, let length = Int(words[1]), length > 0, start + length <= IDocReader.dataLength else { return nil }
            fields.append(Field(name: String(words[0]), start: start, length: length))
            start += length
        }
        return fields
    }
}

extension DiagnosticCode {
    /// A line of a file of segments is not `SEGMENT: FIELD length, ...`. Mend the line.
    package static let idocLine: DiagnosticCode = "IDOC-LINE"
}
