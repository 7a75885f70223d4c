import Testing

@Suite struct WordTests {
    private let banned: [(word: String, pattern: Regex<Substring>, what: String)] = [
        ("try!", /\btry!/, "try! hides a failure"), ("as!", /\bas!/, "as! hides a failure"),
        ("fatalError(", /\bfatalError\(/, "a bug is a precondition"),
        ("Task.detached", /\bTask\.detached\b/, "no detached tasks"), ("Decimal(", /\bDecimal\(/, "Values has the exact decimal"),
    ]
    private let unproven = /@unchecked\s+Sendable|nonisolated\(unsafe\)/
    private let unfinished = /\b(?:TODO|FIXME)\b/
    /// Names of places that only one machine has.
    private let workplace = /(?:^|[^\w.\/])\/(?:work|root|home\/\w+)\/|\/\.library\b/

    private func findings(_ file: SourceFile) -> [String] {
        var found = banned.flatMap { file.findings($0.word, $0.pattern, $0.what) }
        if SwiftText.holds(file.text, "TODO") || SwiftText.holds(file.text, "FIXME") {
            for (index, line) in file.lines.enumerated() where line.contains(unfinished) { found.append("\(file.path):\(index + 1): unfinished") }
        }
        guard SwiftText.holds(file.codeText, "@unchecked") || SwiftText.holds(file.codeText, "nonisolated(") else { return found }
        for (index, line) in file.lines.enumerated() where file.code[index].contains(unproven) {
            let before = index > 0 ? file.lines[index - 1].trimming() : ""
            if !line.contains("//"), !before.hasPrefix("//") { found.append("\(file.path):\(index + 1): says not why this is safe") }
        }
        return found
    }

    @Test func `nothing is forced, unfinished or unproven`() throws {
        let found = try House.sources().flatMap(findings)
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `what is forced, unfinished or unproven is found`() {
        let file = SourceFile(path: "Sources/X/A.swift", text: """
            let a = try! b() as! C
            // TODO later

            final class D: @unchecked Sendable {}
            // Guarded by the lock below.
            nonisolated(unsafe) var e = "fatalError("
            """)
        #expect(findings(file) == [
            "Sources/X/A.swift:1: try! hides a failure", "Sources/X/A.swift:1: as! hides a failure", "Sources/X/A.swift:2: unfinished",
            "Sources/X/A.swift:4: says not why this is safe",
        ])
    }

    @Test func `no file names a place that only one machine has`() throws {
        let endings = ["Makefile", ".swift", ".md", ".yaml", ".sh", ".h", ".service", ".txt"]
        let paths = (House.paths(under: "", endings: endings)
            + House.paths(under: "Packaging", endings: [""]) + House.paths(under: "Benchmarks", endings: [""]))
            .filter { !$0.hasPrefix("Tests/TidyTests/") }
        #expect(paths.count > 100)
        for path in Set(paths).sorted() {
            let text = try House.text(path)
            guard ["/work", "/root", "/home", ".library"].contains(where: { SwiftText.holds(text, $0) }) else { continue }
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                #expect(!line.contains(workplace), "\(path):\(index + 1)")
            }
        }
    }

    @Test(arguments: [("see /work/main", true), ("/home/mia/keys", true), ("an order/work/flow", false), ("the home/ page", false)])
    func `a place of one machine is told from a path`(_ line: String, _ isPlace: Bool) {
        #expect("\(line)/".contains(workplace) == isPlace)
    }
}
