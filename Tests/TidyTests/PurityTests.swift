import Testing

@Suite struct PurityTests {
    /// What reads a clock, draws by chance, or touches the world.
    private let banned: [(pattern: Regex<Substring>, what: String)] = [
        (/\bDate\(/, "reads the clock"), (/\bclock_gettime\b/, "reads the clock"), (/\bgettimeofday\b/, "reads the clock"),
        (/\b(?:ContinuousClock|SuspendingClock|SystemClock)\b/, "reads the clock"), (/\.random\(/, "draws by chance"),
        (/\.(?:shuffled?|randomElement)\(\)/, "draws by chance"), (/\bSystemRandomNumberGenerator\b/, "draws by chance"),
        (/\.hashValue\b/, "a hash value differs from run to run"), (/\bHasher\(\)/, "a hash value differs from run to run"),
        (/\b(?:FileManager|ProcessInfo|getenv|CommandLine)\b/, "looks outside"), (/(?:^|[^.\w])print\(/, "prints"),
        (/\bTask(?:\.detached)?\s*\{/, "starts a task"), (/\basync\b/, "waits"),
    ]

    private func findings(_ file: SourceFile) -> [String] {
        banned.flatMap { file.findings($0.pattern, $0.what) }
    }

    @Test func `pure rooms read no clock, draw nothing by chance and touch nothing outside`() throws {
        let pure = try RoomsTable.parse(House.text("ARCHITECTURE.md")).pure
        #expect(pure.count > 10)
        let found = try House.sources().filter { pure.contains($0.room) }.flatMap(findings)
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }

    @Test func `a clock in code is found, and one in a comment or a text is not`() {
        let file = SourceFile(path: "Sources/X/A.swift", text: """
            // Date() is not for here
            let a = CalendarDate(year: 1)
            let b = "Date() \\(Date()) and \\"Date()\\""
            let c = Int.random(in: 0..<3)
            /* ContinuousClock
             /* nested */ SystemClock */ let d = x.hashValue
            """)
        #expect(findings(file) == [
            "Sources/X/A.swift:3: reads the clock", "Sources/X/A.swift:4: draws by chance",
            "Sources/X/A.swift:6: a hash value differs from run to run",
        ])
    }
}
