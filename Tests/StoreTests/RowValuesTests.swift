import Records
import Store
import Testing
import Values

/// Values of rows that are bound where they lie.
@Suite struct RowValuesTests {
    private static let sizes = [0, 1, 15, 16, 17, 1000, 1024, 5000, 0, 70_000, 3]

    @Test func `texts, blobs, numbers and nulls of many rows come back as they were`() throws {
        let fixture = try StoreFixture()
        try fixture.store.driver.write { session in
            try session.execute(Statement("CREATE TABLE probe (a {integer}, b TEXT, c TEXT, d {blob}, e TEXT)"), [])
            try session.executeEach(Statement("INSERT INTO probe (a, b, c, d, e) VALUES (?, ?, ?, ?, ?)"), Self.sizes.count) { number, row in
                let size = Self.sizes[number]
                row.add(Int64(number) - 3)
                row.add(String(repeating: "ß", count: size))
                if size == 1 { row.addNull() } else { row.add("") }
                row.addBlob { $0 += [UInt8](repeating: UInt8(number), count: size) }
                row.addText { $0 += Array("row \(number)".utf8) }
            }
        }
        let rows = try fixture.store.driver.read { try $0.rows(Statement("SELECT a, b, c, d, e FROM probe ORDER BY a")) }
        #expect(rows.count == Self.sizes.count)
        for (number, size) in Self.sizes.enumerated() {
            #expect(rows[number].integer(0) == Int64(number) - 3)
            #expect(rows[number].optionalText(1) == String(repeating: "ß", count: size))
            #expect(rows[number].optionalText(2) == (size == 1 ? nil : ""))
            #expect(rows[number].values[3] == .blob([UInt8](repeating: UInt8(number), count: size)))
            #expect(rows[number].optionalText(4) == "row \(number)")
        }
    }

    @Test func `a row that breaks a rule fails the whole`() throws {
        let fixture = try StoreFixture()
        #expect(throws: StoreFailure.self) {
            try fixture.store.driver.write { session in
                try session.execute(Statement("CREATE TABLE probe (a {integer} PRIMARY KEY)"), [])
                try session.executeEach(Statement("INSERT INTO probe (a) VALUES (?)"), 2) { _, row in row.add(7) }
            }
        }
        // The connection goes on, and nothing of it is left.
        try fixture.publish([StoreFixture.item("A", "after")], file: "a", digest: "1")
        #expect(throws: StoreFailure.self) { try fixture.store.driver.read { try $0.rows(Statement("SELECT a FROM probe")) } }
    }
}
