import Testing

@Suite struct PurityTests {
    /// What reads a clock, draws by chance, or touches the world.
    private let banned: [(word: String, pattern: Regex<Substring>, what: String)] = [
        ("Date(", /\bDate\(/, "reads the clock"), ("clock_gettime", /\bclock_gettime\b/, "reads the clock"),
        ("gettimeofday", /\bgettimeofday\b/, "reads the clock"),
        ("Clock", /\b(?:ContinuousClock|SuspendingClock|SystemClock)\b/, "reads the clock"),
        (".random(", /\.random\(/, "draws by chance"), (".shuffle", /\.shuffled?\(\)/, "draws by chance"),
        (".randomElement(", /\.randomElement\(\)/, "draws by chance"),
        ("SystemRandom", /\bSystemRandomNumberGenerator\b/, "draws by chance"),
        (".hashValue", /\.hashValue\b/, "a hash value differs from run to run"),
        ("Hasher()", /\bHasher\(\)/, "a hash value differs from run to run"),
        ("FileManager", /\bFileManager\b/, "looks outside"), ("ProcessInfo", /\bProcessInfo\b/, "looks outside"),
        ("getenv", /\bgetenv\b/, "looks outside"), ("CommandLine", /\bCommandLine\b/, "looks outside"),
        ("print(", /(?:^|[^.\w])print\(/, "prints"), ("Task", /\bTask(?:\.detached)?\s*\{/, "starts a task"), ("async", /\basync\b/, "waits"),
    ]

    private func findings(_ file: SourceFile) -> [String] {
        banned.flatMap { file.findings($0.word, $0.pattern, $0.what) }
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
