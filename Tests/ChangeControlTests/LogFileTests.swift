import ChangeControl
import Testing
import Values

@Suite struct LogFileTests {
    private typealias Log = ExportedLog

    private func defect(_ lines: [[UInt8]], witnessed: [SignedCheckpoint] = [], keys: [VerifierKey] = []) -> LogDefect? {
        Log.verify(lines, witnessed: witnessed, keys: keys).defect
    }

    /// A generator of fixed numbers (Knuth's MMIX constants), so that a failure comes again.
    private struct Steps {
        var state: UInt64 = 2026
        mutating func next(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    @Test func `a whole exported log verifies from its bytes alone, however they are cut`() {
        let log = Log(entries: 130)
        let whole = Log.verify(log.lines, genesis: log.entries[0].hash, witnessed: [log.checkpoint(100), log.checkpoint(77)], keys: [Log.signer.key])
        #expect(whole.defect == nil)
        #expect(whole.entries == 130)
        #expect(whole.own == 3)
        #expect(whole.held == 5)
        #expect(whole.covered == 130)
        #expect(whole.head == log.entries[129].head)
        #expect(whole.origin == "example-dc")
        let bytes = Array(log.lines.joined())
        for width in [1, 7, 64, 999] {
            let cut = stride(from: 0, to: bytes.count, by: width).map { Array(bytes[$0..<min($0 + width, bytes.count)]) }
            #expect(Log.verify(cut).entries == 130)
            #expect(defect(cut) == nil)
        }
    }

    @Test func `the line of an entry is what the documents say`() throws {
        var line: [UInt8] = []
        let entry = LogEntry.genesis(at: try #require(Instant("2026-11-21T10:00:00Z")), body: "{\"origin\":\"a\"}")
        #expect(LogFile.append(entry, to: &line))
        let zeros = String(repeating: "0", count: 64)
        #expect(String(decoding: line, as: UTF8.self) == """
            {"position":0,"at":"2026-11-21T10:00:00Z","kind":"genesis","body":{"origin":"a"},"previous":"\(zeros)","hash":"\(entry.hash.hex)"}

            """)
        #expect(!LogFile.append(LogEntry.genesis(at: entry.at, body: "{\n}"), to: &line))
    }

    /// Every byte in turn is another one. What is before its line is as it was, so the verification goes on from there.
    private func flipEach(_ lines: [[UInt8]], witnessed: [SignedCheckpoint], _ places: (Int, Int) -> [Int]) -> (flipped: Int, missed: [String]) {
        var verification = LogFileVerification(checkpoints: CheckpointVerification(
            witnessed: witnessed.map { WitnessedCheckpoint(source: "witness", signed: $0) }))
        var flipped = 0, missed: [String] = []
        for (number, line) in lines.enumerated() {
            for place in places(number, line.count) {
                var changed = line
                changed[place] ^= 1 << UInt8((place + number) % 8)
                var trial = verification
                changed.withUnsafeBytes { _ = trial.add($0) }
                for next in lines[(number + 1)...] where trial.defect == nil { next.withUnsafeBytes { _ = trial.add($0) } }
                if trial.finish() == nil { missed.append("line \(number), byte \(place)") }
                flipped += 1
            }
            line.withUnsafeBytes { _ = verification.add($0) }
        }
        #expect(verification.finish() == nil)
        return (flipped, missed)
    }

    @Test func `each byte flipped of a log of 64 KB is detected behind a witnessed checkpoint`() {
        let log = Log(entries: 184)
        let size = log.lines.joined().count
        #expect((64_000...80_000).contains(size))
        let result = flipEach(log.lines, witnessed: [log.checkpoint(184)]) { Array(0..<$1) }
        #expect(result.flipped == size)
        #expect(result.missed.isEmpty, "\(result.missed.prefix(5))")
    }

    @Test func `10,000 random bytes flipped of a log of 1 MB are detected behind a witnessed checkpoint`() {
        let log = Log(entries: 2_500, width: 180, every: 500), lines = log.lines
        let starts = lines.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        #expect(starts[lines.count] >= 1_000_000)
        var steps = Steps(), places: [Int: [Int]] = [:]
        for _ in 0..<10_000 {
            let byte = steps.next(below: starts[lines.count])
            let line = (starts.firstIndex { $0 > byte } ?? 1) - 1
            places[line, default: []].append(byte - starts[line])
        }
        let result = flipEach(lines, witnessed: [log.checkpoint(2_500)]) { line, _ in places[line] ?? [] }
        #expect(result.flipped == 10_000)
        #expect(result.missed.isEmpty, "\(result.missed.prefix(5))")
    }

    @Test func `a dropped tail is detected, and with a new last line only behind a witnessed checkpoint`() {
        let log = Log(entries: 120)
        #expect(defect(Array(log.lines.dropLast())) != nil)
        #expect(defect(Array(log.lines.dropLast(3))) != nil)
        var short = log
        short.entries.removeLast(20)
        short.checkpoints.removeLast()
        #expect(defect(short.lines) == nil)
        #expect(defect(short.lines, witnessed: [log.checkpoint(120)])?.position == 100)
        #expect(defect(short.lines, witnessed: [log.checkpoint(90)]) == nil)
    }

    @Test func `a spliced middle is detected`() {
        let log = Log(entries: 120), other = Log(entries: 120, salt: "!")
        var lines = log.lines
        lines.replaceSubrange(60..<70, with: other.lines[60..<70])
        #expect(defect(lines) != nil)
        lines = log.lines
        lines.removeSubrange(60..<70)
        #expect(defect(lines) != nil)
        lines = log.lines
        lines.swapAt(60, 61)
        #expect(defect(lines) != nil)
        lines = log.lines
        lines.insert(lines[60], at: 60)
        #expect(defect(lines) != nil)
    }

    @Test func `a rebuilt chain is detected behind a witnessed checkpoint, whichever key signs it`() throws {
        let log = Log(entries: 120), thief = try #require(NoteSigner(name: "example-dc", seed: [UInt8](repeating: 9, count: 32)))
        var forged = log
        forged.entries[40] = .next(after: log.entries[39].head, at: log.entries[40].at, kind: log.entries[40].kind, body: "{\"load\":40}")
        forged.rebuild(from: 41, by: Log.signer)
        #expect(defect(forged.lines) == nil)
        #expect(defect(forged.lines, witnessed: [log.checkpoint(120)])?.position == 119)
        #expect(defect(forged.lines, witnessed: [log.checkpoint(40)]) == nil)
        forged.rebuild(from: 1, by: thief)
        #expect(defect(forged.lines) == nil)
        #expect(defect(forged.lines, witnessed: [log.checkpoint(120)]) != nil)
        #expect(defect(forged.lines, keys: [Log.signer.key]) != nil)
    }

    @Test func `a checkpoint signed by another key is refused, within the file and as a witness`() throws {
        let log = Log(entries: 60), thief = try #require(NoteSigner(name: "example-dc", seed: [UInt8](repeating: 9, count: 32)))
        #expect(defect(log.lines, witnessed: [log.checkpoint(60, signer: thief)])?.fact.contains("no key that counts") == true)
        #expect(defect(log.lines, witnessed: [log.checkpoint(60, signer: thief)], keys: [thief.key]) != nil)
        var copy = log
        copy.checkpoints[0] = log.checkpoint(50, signer: thief)
        #expect(defect(copy.lines) != nil)
    }

    @Test func `another origin is detected`() throws {
        let log = Log(entries: 60)
        let signer = try #require(NoteSigner(name: "elsewhere", seed: [UInt8](repeating: 5, count: 32)))
        let other = Log(entries: 60, origin: "elsewhere", signer: signer)
        #expect(defect(other.lines) == nil)
        #expect(defect(other.lines, witnessed: [log.checkpoint(60)])?.fact.contains("example-dc") == true)
        #expect(Log.verify(other.lines, genesis: log.entries[0].hash).defect?.kind == .genesis)
        // The same entries under another name in the checkpoint alone.
        #expect(defect(log.lines, witnessed: [log.checkpoint(60, origin: "elsewhere")]) != nil)
    }

    @Test func `two views of one log are detected as a fork`() {
        let log = Log(entries: 60), other = Log(entries: 60, salt: "?")
        let found = defect(log.lines, witnessed: [log.checkpoint(60), other.checkpoint(60)])
        #expect(found?.fact.contains("forked") == true)
        #expect(defect(log.lines, witnessed: [other.checkpoint(30)]) != nil)
    }

    @Test func `an old copy that was restored and written on is detected`() {
        let log = Log(entries: 60)
        var old = log
        old.entries.removeLast(10)
        for number in 50..<70 {
            old.entries.append(.next(after: old.entries[number - 1].head, at: Log.start, kind: .tick, body: "{\"after\":\(number)}"))
        }
        old.checkpoints = [old.checkpoint(50), old.checkpoint(70)]
        #expect(defect(old.lines) == nil)
        #expect(defect(old.lines, witnessed: [log.checkpoint(50)]) == nil)
        #expect(defect(old.lines, witnessed: [log.checkpoint(60)])?.position == 59)
    }

    @Test func `what means the same and is written otherwise is refused`() {
        let log = Log(entries: 20, every: 10), lines = log.lines
        func text(_ line: Int) -> String { String(decoding: lines[line], as: UTF8.self) }
        for (line, old, new) in [
            (3, "{\"position\"", "{ \"position\""), (3, ",\"kind\"", ", \"kind\""), (3, "\"tick\"", "\"t\\u0069ck\""), (3, "\n", "\r\n"), (3, "\n", " \n"),
            (3, "position\":3", "position\":03"), (3, "position\":3", "position\":3.0"), (10, "{\"checkpoint", "{ \"checkpoint"),
            (10, "\\n", "\\u000a"), (10, "\u{2014}", "\\u2014"), (lines.count - 1, "\"entries\":20", "\"entries\": 20"),
            (lines.count - 1, "}\n", "}\n\n"), (lines.count - 1, "}\n", "}"),
        ] {
            #expect(text(line).contains(old), "\(old)")
            var copy = lines
            copy[line] = Array(text(line).replacingFirst(old, with: new).utf8)
            #expect(defect(copy) != nil, "\(line): \(new)")
        }
        var twice = lines
        twice.insert(lines[10], at: 10)
        #expect(defect(twice) != nil)
        #expect(defect([[]]) != nil)
        #expect(defect([[10]]) != nil)
        #expect(defect([Array("{\"end\":1}\n".utf8)]) != nil)
    }
}

extension String {
    fileprivate func replacingFirst(_ old: String, with new: String) -> String {
        guard let place = range(of: old) else { return self }
        return String(self[..<place.lowerBound]) + new + String(self[place.upperBound...])
    }

    private func range(of part: String) -> Range<Index>? { ranges(of: part).first }
}
