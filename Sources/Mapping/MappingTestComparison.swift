import Records
import Values

/// Tells expected and found apart, field by field.
enum MappingTestComparison {
    /// Most differences that are told of one case.
    private static let differencesMax = 20

    /// - Parameter file: the expected records; nil where nobody has said what is expected.
    static func records(_ file: BundleFile?, _ found: [Record]) -> [String] {
        guard let file else { return ["nothing says yet which records are expected; run it with --update"] }
        var differences: [String] = []
        let expected = lines(file)
        for (index, line) in expected.enumerated() {
            guard case .context(let entry)? = try? JSONText.parse(line), case .string(let kind)? = entry["record"], case .context(let fields)? = entry["fields"]
            else {
                differences.append("line \(index + 1) of the expected records is no object with record and fields")
                continue
            }
            guard index < found.count else {
                differences.append("record \(index + 1), \(kind), is expected and was not made")
                continue
            }
            differences += compare(kind, fields, found[index], "record \(index + 1)")
        }
        for (index, record) in found.enumerated().dropFirst(expected.count) {
            differences.append("record \(index + 1), \(record.kind.rawValue), was made and is not expected")
        }
        return capped(differences)
    }

    static func findings(_ file: BundleFile?, _ found: [String]) -> [String] {
        let expected = file.map { lines($0) } ?? []
        guard expected != found else { return [] }
        var missing = expected, more: [String] = []
        for finding in found {
            if let index = missing.firstIndex(of: finding) { missing.remove(at: index) } else { more.append(finding) }
        }
        if missing.isEmpty, more.isEmpty { return ["the findings come in another order than expected"] }
        return capped(missing.map { "finding expected and not made: \($0)" } + more.map { "finding made and not expected: \($0)" })
    }

    private static func compare(_ kind: String, _ expected: ContextValue, _ found: Record, _ place: String) -> [String] {
        guard kind == found.kind.rawValue else { return ["\(place): \(kind) is expected, \(found.kind.rawValue) was made"] }
        let made = found.fieldValues
        let fields = found.definition.fields.map(\.name)
        return (fields + expected.names.filter { !fields.contains($0) }).compactMap { name in
            let wanted = expected[name].map { JSONText.write($0) }, got = made[name].map { JSONText.write($0) }
            return wanted == got ? nil : "\(place), \(kind).\(name): \(wanted ?? "nothing") is expected, \(got ?? "nothing") was made"
        }
    }

    private static func lines(_ file: BundleFile) -> [String] {
        String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }

    private static func capped(_ differences: [String]) -> [String] {
        guard differences.count > differencesMax else { return differences }
        return differences.prefix(differencesMax) + ["and \(differences.count - differencesMax) more differences"]
    }
}
