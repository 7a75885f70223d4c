import Testing

@Suite struct NameTests {
    private static let bannedWords: Set<String> = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common", "Base", "Impl"]
    /// Names that end in digits because the thing is called so.
    private static let properNames: Set<String> = ["Base64", "X12", "LCG64"]
    private static let linesMax = 500

    /// `RecordTable` as `Record`, `Table`; digits stay with the word before them.
    private func words(_ name: String) -> [String] {
        name.matches(of: /[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*/).map { String($0.0) }
    }

    private static let keywords: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias"]

    /// The name behind `struct` and the like, where it begins with a capital.
    private func declaredType(_ line: Substring) -> String? {
        let parts = line.split(separator: " ")
        guard let at = parts.firstIndex(where: Self.keywords.contains), at + 1 < parts.count, let first = parts[at + 1].first, first.isUppercase
        else { return nil }
        return String(parts[at + 1].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    }

    private func nameFindings(_ file: SourceFile) -> [String] {
        var found: [String] = []
        for word in words(file.name) where Self.bannedWords.contains(word) { found.append("\(file.path): a file is not called \(word)") }
        if file.name.last?.isNumber == true, !Self.properNames.contains(words(file.name).last ?? "") { found.append("\(file.path): ends in digits") }
        for (index, line) in file.code.enumerated() {
            guard let type = declaredType(line) else { continue }
            for word in words(type) where Self.bannedWords.contains(word) { found.append("\(file.path):\(index + 1): a type is not called \(word)") }
            if type == "Segment" { found.append("\(file.path):\(index + 1): say EDISegment or Microsegment") }
        }
        return found
    }

    @Test func `no file and no type has a name that says nothing`() throws {
        let found = try (House.sources() + House.tests()).flatMap(nameFindings)
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `names that say nothing are found`() {
        let file = SourceFile(path: "Sources/X/FileUtil2.swift", text: "package struct Segment {\n  final class RowManager {}\n}\nenum Baseline {}\n")
        #expect(nameFindings(file) == [
            "Sources/X/FileUtil2.swift: ends in digits", "Sources/X/FileUtil2.swift:1: say EDISegment or Microsegment",
            "Sources/X/FileUtil2.swift:2: a type is not called Manager",
        ])
        #expect(words("FileUtilBase64XMLReader") == ["File", "Util", "Base64", "XML", "Reader"])
    }

    @Test func `no file is longer than can be read at once`() throws {
        let long = try (House.sources() + House.tests()).filter { $0.lines.count > Self.linesMax }
        #expect(long.isEmpty, "\(long.map { "\($0.path): \($0.lines.count) lines" })")
    }
}
