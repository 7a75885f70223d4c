import ChangeControl
import Store
import Testing
import Values

@Suite struct LogTests {
    private func began(_ fixture: StoreFixture) throws {
        try fixture.store.driver.write { try Store.begin(LogEntry.genesis(at: Instant(seconds: 5, nanoseconds: 7), body: "{}"), in: $0) }
    }

    @Test func `a store that is opened again keeps its tables and applies no migration twice`() throws {
        let fixture = try StoreFixture()
        try began(fixture)
        let again = try Store(driver: SQLiteDriver(path: "\(fixture.folder)/store.sqlite"))
        #expect(try again.lastLogEntry()?.position == 0)
    }

    @Test func `nothing is appended to a log that has not begun, and no log begins twice`() throws {
        let fixture = try StoreFixture()
        #expect(throws: StoreFailure.self) {
            try fixture.store.driver.write { _ = try Store.append(.tick, .null, at: Instant(seconds: 1), in: $0) }
        }
        try began(fixture)
        #expect(throws: StoreFailure.self) { try began(fixture) }
    }

    @Test func `entries chain and verify, and one changed byte is found where it is`() throws {
        let fixture = try StoreFixture()
        try began(fixture)
        for second in 1...20 {
            try fixture.store.driver.write { session in
                let next = try Store.nextPosition(in: session)
                let entry = try Store.append(.tick, .string("täglich \(second)"), at: Instant(seconds: Int64(second), nanoseconds: 999_999_999), in: session)
                #expect(entry.position == next)
            }
        }
        #expect(try verified(fixture.store).defect == nil)
        #expect(try verified(fixture.store).count == 21)
        _ = try fixture.store.driver.write { try $0.execute(Statement("UPDATE log SET body = ? WHERE position = ?"), [.text("\"other\""), .integer(7)]) }
        #expect(try verified(fixture.store).defect?.position == 7)
    }

    @Test func `an entry whose digest is no digest is a failure with its position and not a crash`() throws {
        let fixture = try StoreFixture()
        try began(fixture)
        _ = try fixture.store.driver.write { try $0.execute(Statement("UPDATE log SET hash = ?"), [.text("zz")]) }
        let failure = #expect(throws: StoreFailure.self) { try fixture.store.lastLogEntry() }
        #expect(failure?.description.contains("log entry 0") == true)
    }

    @Test func `a transaction that throws leaves no entry`() throws {
        struct Stop: Error {}
        let fixture = try StoreFixture()
        try began(fixture)
        #expect(throws: Stop.self) {
            try fixture.store.driver.write { session in
                try Store.append(.tick, .null, at: Instant(seconds: 9), in: session)
                throw Stop()
            }
        }
        #expect(try fixture.store.lastLogEntry()?.position == 0)
    }

    @Test func `the position that had been sealed at an instant is found`() throws {
        let fixture = try StoreFixture()
        try began(fixture)
        try fixture.store.driver.write { _ = try Store.append(.tick, .null, at: Instant(seconds: 10), in: $0) }
        #expect(try fixture.store.position(at: Instant(seconds: 4)) == nil)
        #expect(try fixture.store.position(at: Instant(seconds: 9)) == 0)
        #expect(try fixture.store.position(at: Instant(seconds: 10)) == 1)
    }

    @Test func `instants come back to the nanosecond, before 1970 too`() {
        for instant in [Instant(seconds: 0), Instant(seconds: -1, nanoseconds: 1), Instant(seconds: 1_763_718_000, nanoseconds: 999_999_999), Instant(seconds: -2, nanoseconds: 0)] {
            #expect(Instant(storeNanoseconds: instant.storeNanoseconds) == instant)
        }
        // The ends of what a column holds, whoever wrote them there.
        for end in [Int64.min, .min + 1, .max] { #expect(Instant(storeNanoseconds: end).storeNanoseconds == (end < 0 ? .min : end) || end < 0) }
    }

    @Test func `content comes back byte for byte and is kept once`() throws {
        let fixture = try StoreFixture()
        let contents: [[UInt8]] = [[], [0], Array(0...255), Array("täglich\r\n".utf8)]
        for bytes in contents {
            for _ in 1...2 { try fixture.store.driver.write { try Store.keep(bytes, digest: ContentDigest(of: bytes).hex, in: $0) } }
            #expect(try fixture.store.content(ContentDigest(of: bytes).hex) == bytes)
        }
        #expect(try fixture.store.content("absent") == nil)
    }

    private func verified(_ store: Store) throws -> LogVerification {
        var verification = LogVerification()
        try store.forEachLogEntry { verification.check($0) == nil }
        _ = verification.finish()
        return verification
    }
}
