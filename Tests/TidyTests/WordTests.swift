import Testing

@Suite struct WordTests {
    private let banned: [(pattern: Regex<Substring>, what: String)] = [
        (/\btry!/, "try! hides a failure"), (/\bas!/, "as! hides a failure"), (/\bfatalError\(/, "a bug is a precondition"),
        (/\bTask\.detached\b/, "no detached tasks"), (/\bDecimal\(/, "Values has the exact decimal"),
    ]
    private let unproven = /@unchecked\s+Sendable|nonisolated\(unsafe\)/
    private let unfinished = /\b(?:TODO|FIXME)\b/
    /// Names of places that only one machine has.
    private let workplace = /(?:^|[^\w.\/])\/(?:work|root|home\/\w+)\/|\.library\b/

    private func findings(_ file: SourceFile) -> [String] {
        var found = banned.flatMap { file.findings($0.pattern, $0.what) }
        for (index, line) in file.lines.enumerated() {
            if line.contains(unfinished) { found.append("\(file.path):\(index + 1): unfinished") }
            guard file.code[index].contains(unproven) else { continue }
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
            "Sources/X/A.swift:3: says not why this is safe",
        ])
    }

    @Test func `no file names a place that only one machine has`() throws {
        let endings = [".swift", ".md", ".yaml", ".sh", ".h", ".service", ".txt"]
        let paths = (House.paths(under: "", endings: endings)
            + House.paths(under: "Packaging", endings: [""]) + House.paths(under: "Benchmarks", endings: [""]))
            .filter { !$0.hasPrefix("Tests/TidyTests/") }
        #expect(paths.count > 100)
        for path in Set(paths).sorted() {
            for (index, line) in try House.text(path).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                #expect(!line.contains(workplace), "\(path):\(index + 1)")
            }
        }
    }

    @Test(arguments: [("see /work/main", true), ("/home/mia/keys", true), ("an order/work/flow", false), ("the home/ page", false)])
    func `a place of one machine is told from a path`(_ line: String, _ isPlace: Bool) {
        #expect("\(line)/".contains(workplace) == isPlace)
    }
}
