import Store
import Testing

@Suite struct ControlNumberTests {
    private struct Crash: Error {}

    @Test func `numbers are given once, by partner and kind, and a rollback leaves no gap`() throws {
        let store = try StoreFixture().store
        func take(_ count: Int, _ partner: String = "acme", _ kind: Store.ControlNumber = .interchange) throws -> [Int] {
            try store.driver.write { try Store.takeControlNumbers(kind, count: count, partner: partner, in: $0) }
        }
        #expect(try take(1) == [1])
        #expect(try take(3) == [2, 3, 4])
        #expect(try take(2, "other") == [1, 2])
        #expect(try take(1, "acme", .group) == [1])
        #expect(try take(0) == [])
        #expect(throws: Crash.self) {
            try store.driver.write { session in
                #expect(try Store.takeControlNumbers(.interchange, count: 2, partner: "acme", in: session) == [5, 6])
                throw Crash()
            }
        }
        #expect(try take(1) == [5])
    }

    @Test func `after the greatest number of nine digits comes 1`() throws {
        let store = try StoreFixture().store
        try store.driver.write { session in
            _ = try Store.takeControlNumbers(.group, count: 1, partner: "acme", in: session)
            try session.execute(Statement("UPDATE control_number SET last = 999999998"), [])
        }
        #expect(try store.driver.write { try Store.takeControlNumbers(.group, count: 3, partner: "acme", in: $0) } == [999_999_999, 1, 2])
    }
}
