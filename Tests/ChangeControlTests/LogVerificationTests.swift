@testable import ChangeControl
import Diagnostics
import Testing
import Values

@Suite struct LogVerificationTests {
    private static func log(_ count: Int, origin: String = "example-dc") -> [LogEntry] {
        let start = Instant(seconds: 1_795_000_000)
        var entries = [LogEntry.genesis(at: start, body: "{\"origin\":\"\(origin)\"}")]
        while entries.count < count {
            let number = entries.count
            entries.append(.next(
                after: entries[number - 1].head, at: Instant(seconds: start.seconds + Int64(number), nanoseconds: 250_000_000),
                kind: number % 3 == 0 ? .tick : .loadPublished, body: "{\"load\":\(number),\"rows\":120}"))
        }
        return entries
    }

    private func defect(_ entries: [LogEntry], genesis: ContentDigest? = nil, witnessed: LogHead? = nil) -> LogDefect? {
        var verification = LogVerification(genesis: genesis, witnessed: witnessed)
        for entry in entries { verification.check(entry) }
        return verification.finish()
    }

    private func changed(
        _ entry: LogEntry, position: Int? = nil, at: Instant? = nil, kind: LogEntryKind? = nil, body: String? = nil,
        previous: ContentDigest? = nil, hash: ContentDigest? = nil
    ) -> LogEntry {
        LogEntry(
            position: position ?? entry.position, at: at ?? entry.at, kind: kind ?? entry.kind, body: body ?? entry.body,
            previous: previous ?? entry.previous, hash: hash ?? entry.hash)
    }

    @Test func `the digest of an entry is over the text that is documented`() throws {
        let entry = LogEntry.genesis(at: try #require(Instant("2026-11-21T10:00:00Z")), body: "{}")
        let zeros = String(repeating: "0", count: 64)
        #expect(entry.hash == ContentDigest(ofText: "crossdock log 1\n0\n2026-11-21T10:00:00Z\ngenesis\n\(zeros)\n{}"))
    }

    @Test func `a whole log verifies`() {
        let log = Self.log(100)
        #expect(defect(log) == nil)
        #expect(defect(log, genesis: log[0].hash, witnessed: log[60].head) == nil)
    }

    @Test func `a change of any field of any entry is found at that entry`() throws {
        let log = Self.log(12)
        for (index, entry) in log.enumerated() {
            for other in [
                changed(entry, at: Instant(seconds: entry.at.seconds + 1)), changed(entry, kind: LogEntryKind(rawValue: "other")),
                changed(entry, body: entry.body + " "), changed(entry, previous: ContentDigest(ofText: "x")),
                changed(entry, hash: ContentDigest(ofText: "x")),
            ] {
                var copy = log
                copy[index] = other
                #expect(defect(copy) == LogDefect(position: index, kind: .changed))
            }
            var copy = log
            copy[index] = changed(entry, position: index + 5)
            #expect(defect(copy) == LogDefect(position: index + 5, kind: .gap(expected: index)))
        }
    }

    @Test func `each byte of a body flipped is found`() throws {
        let log = Self.log(4)
        let bytes = Array(log[2].body.utf8)
        for index in bytes.indices {
            var copy = bytes
            copy[index] ^= 1
            var entries = log
            entries[2] = changed(log[2], body: String(decoding: copy, as: UTF8.self))
            #expect(defect(entries)?.position == 2)
        }
    }

    @Test func `a dropped, doubled or exchanged entry is found`() {
        let log = Self.log(10)
        #expect(defect(Array(log[..<4] + log[5...])) == LogDefect(position: 5, kind: .gap(expected: 4)))
        #expect(defect(Array(log[...4] + log[4...])) == LogDefect(position: 4, kind: .gap(expected: 5)))
        var exchanged = log
        exchanged.swapAt(4, 5)
        #expect(defect(exchanged) == LogDefect(position: 5, kind: .gap(expected: 4)))
        #expect(defect(Array(log.dropFirst())) == LogDefect(position: 1, kind: .gap(expected: 0)))
    }

    @Test func `a middle spliced in from another log of the same shape is found`() {
        let log = Self.log(10), other = Self.log(10, origin: "elsewhere")
        #expect(defect(Array(log[..<4] + other[4..<6] + log[6...])) == LogDefect(position: 4, kind: .unlinked))
    }

    @Test func `an entry rewritten with its digest breaks the link of the next`() {
        var log = Self.log(10)
        log[4] = .next(after: log[3].head, at: log[4].at, kind: log[4].kind, body: "{\"load\":4,\"rows\":0}")
        #expect(defect(log) == LogDefect(position: 5, kind: .unlinked))
    }

    @Test func `a dropped tail, a rewritten end and a restored copy are found behind a witnessed head`() {
        let log = Self.log(10), witnessed = log[8].head
        #expect(defect(Array(log[..<6])) == nil)
        #expect(defect(Array(log[..<6]), witnessed: witnessed) == LogDefect(position: 8, kind: .truncated))
        var forked = Array(log[..<8])
        for index in 8..<10 { forked.append(.next(after: forked[index - 1].head, at: log[index].at, kind: .tick, body: "{}")) }
        #expect(defect(forked) == nil)
        #expect(defect(forked, witnessed: witnessed) == LogDefect(position: 8, kind: .witness(expected: witnessed.hash)))
    }

    @Test func `another log in its place is found by the genesis that is known`() {
        let log = Self.log(3), other = Self.log(3, origin: "elsewhere")
        #expect(defect(other, genesis: log[0].hash) == LogDefect(position: 0, kind: .genesis))
        #expect(defect([]) == LogDefect(position: 0, kind: .truncated))
        #expect(LogDefect(position: 0, kind: .genesis).diagnostic.code == .logDefect)
    }

    @Test func `a first entry that is no genesis is found`() {
        let entry = LogEntry.next(after: LogHead(position: -1, hash: .zero), at: Instant(seconds: 0), kind: .tick, body: "{}")
        #expect(defect([entry]) == LogDefect(position: 0, kind: .genesis))
    }

    @Test func `a kind that could be read as two lines is no kind`() {
        #expect(LogEntryKind(rawValue: "a\nb") == nil)
        #expect(LogEntryKind(rawValue: "") == nil)
        #expect(LogEntryKind(rawValue: "stateActivated") == .stateActivated)
    }
}
