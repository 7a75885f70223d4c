import Diagnostics
import Mapping
import Records
import Testing
import Values

/// The verbs of the mapping language, one small CSV mapping each.
@Suite struct ValueTests {
    /// Maps rows of `key,a,b` to returnLine records with one rule for a field.
    private func map(_ rule: String, rows: [String], lookups: [BundleFile] = []) throws -> Collector {
        let text = """
            mapping: csv/test
            reads: { format: csv, header: [key, a, b] }
            records:
              - record: returnLine
                each: row
                fields:
                  invoice: key
                  lineNumber: { rowNumber: true }
                  \(rule)

            """
        let feed = "feed: test\nformat: csv\nmappings: [csv/test]\nclient: C\n"
        let compiled = MappingLibrary.compile([
            BundleFile(path: "Mappings/csv/test.yaml", bytes: Array(text.utf8)),
            BundleFile(path: "Mappings/feeds/test.yaml", bytes: Array(feed.utf8)),
        ] + lookups)
        let library = try #require(compiled.library, "\(compiled.diagnostics.map(\.text))")
        let bytes = Array(("key,a,b\n" + rows.map { $0 + "\n" }.joined()).utf8)
        return try readFeed("test", bytes, library: library).taken
    }

    private func value(_ field: String, _ rule: String, _ row: String) throws -> String {
        let taken = try map(field + ": " + rule, rows: [row])
        if let rejected = taken.rejected.first { return rejected.code.name }
        return JSONText.write(try #require(taken.records.first)[field])
    }

    @Test(arguments: [
        ("{ at: a, as: decimal }", "k,1.10,", "1.10"),
        ("{ at: a, as: decimal, decimals: 2 }", "k,12345,", "123.45"),
        ("{ at: a, as: decimal, decimals: 2 }", "k,123.4,", "123.4"),
        ("{ at: a, as: decimal }", "k,12.50-,", "-12.50"),
        ("{ at: a, as: decimal, mark: \",\" }", "k,\"1.234,5\",", "1234.5"),
        ("{ at: a, as: decimal, mark: \",\" }", "k,\"1.234.567,5\",", "1234567.5"),
        ("{ at: a, as: decimal, mark: \",\" }", "k,12.34,", "MAP-V01"),
        ("{ at: a, as: decimal, mark: \",\" }", "k,\"1.234,5.6\",", "MAP-V01"),
        ("{ at: a, as: decimal }", "k,-5-,", "MAP-V01"),
        ("{ at: a, as: decimal, default: \"7\" }", "k,,", "7"),
        ("{ at: a, as: decimal }", "k,twelve,", "MAP-V01"),
        ("{ at: a, as: integer }", "k,12.0,", "12"),
        ("{ at: a, as: integer }", "k,12.5,", "MAP-V01"),
        ("{ first: [a, b], as: decimal }", "k,,3", "3"),
        ("{ feel: \"decimal(1/3, 2)\" }", "k,,", "0.33"),
        ("{ at: a, as: decimal }", "k,9223372036854775807,", "9223372036854775807"),
        ("{ at: a, as: decimal }", "k,12345678901234567890,", "MAP-V07"),
        ("{ at: a, as: decimal }", "k,1234567890.1234567891,", "MAP-V07"),
        ("{ feel: \"1/3\" }", "k,,", "MAP-V07"),
    ])
    func `numbers`(rule: String, row: String, expected: String) throws {
        #expect(try value("quantity", rule, row) == expected)
    }

    @Test(arguments: [
        ("a", "k, x y ,", "\"x y\""),
        ("{ at: a, trim: false }", "k, x ,", "\" x \""),
        ("{ at: a, as: integer }", "k,17850.0,", "\"17850\""),
        ("{ concat: [a, \"'-'\", b] }", "k,x,y", "\"x-y\""),
        ("{ concat: [a, b], separator: \"/\" }", "k,x,y", "\"x/y\""),
        ("{ concat: [a, b], separator: \"/\" }", "k,x,", "\"x\""),
        ("{ constant: fixed }", "k,,", "\"fixed\""),
        ("{ at: a, codes: { A: one } }", "k,A,", "\"one\""),
        ("{ at: a, codes: { A: one } }", "k,B,", "MAP-V04"),
        ("{ at: a, codes: { A: one }, onMiss: keep }", "k,B,", "\"B\""),
        ("{ at: a, codes: { A: one }, onMiss: default, default: other }", "k,B,", "\"other\""),
        ("{ at: a, codes: { A: one }, onMiss: report }", "k,B,", "null"),
        ("{ at: a, required: true }", "k,,", "MAP-V05"),
        ("\"#3\"", "k,x,y", "\"y\""),
        ("{ feel: 'if a = \"x\" then upper case(b) else null' }", "k,x,y", "\"Y\""),
    ])
    func `texts`(rule: String, row: String, expected: String) throws {
        #expect(try value("item", rule, row) == expected)
    }

    @Test(arguments: [
        ("{ at: a, picture: dd.MM.yyyy }", "k,21.11.2026,", "\"2026-11-20T23:00:00Z\""),
        ("{ at: a, picture: dd.MM.yyyy, zone: utc }", "k,21.11.2026,", "\"2026-11-21T00:00:00Z\""),
        ("{ at: a, picture: yyyyMMdd, time: b }", "k,20261121,0830", "\"2026-11-21T07:30:00Z\""),
        ("{ at: a, picture: yyyyMMdd, time: b }", "k,20261121,", "\"2026-11-20T23:00:00Z\""),
        ("{ at: a, picture: [yyyyMMdd, dd.MM.yyyy] }", "k,01.02.2026,", "\"2026-01-31T23:00:00Z\""),
        ("{ at: a, picture: \"yyyy-MM-ddTHH:mm:ssX\" }", "k,2026-11-21T10:00:00Z,", "\"2026-11-21T10:00:00Z\""),
        ("{ at: a, picture: yyyyMMdd }", "k,20260230,", "MAP-V02"),
        ("{ at: a, picture: yyyyMMdd, time: b }", "k,20261121,2561", "MAP-V02"),
    ])
    func `dates and times are instants`(rule: String, row: String, expected: String) throws {
        #expect(try value("returnedAt", rule, row) == expected)
    }

    @Test func `a lookup takes the columns that it names, and the first of equal keys`() throws {
        let table = BundleFile(
            path: "Mappings/lookups/t.csv", bytes: Array("code,item,other\nA,I-1,O-1\nA,I-2,O-2\n".utf8))
        let short = try map("item: { at: a, lookup: t }", rows: ["k,A,"], lookups: [table])
        #expect(short.records.first?["item"] == .string("I-1"))
        let long = try map("item: { at: a, lookup: { table: t, key: code, value: other } }", rows: ["k,A,"], lookups: [table])
        #expect(long.records.first?["item"] == .string("O-1"))
        let miss = try map("item: { at: a, lookup: t }", rows: ["k,Z,"], lookups: [table])
        #expect(miss.rejected.map(\.code) == [.mapMiss])
        #expect(miss.rejected.first?.diagnostics.first?.position.place == .cell(row: 1, column: 2, name: "a"))
    }

    @Test func `a record that fails is reported and its siblings go on`() throws {
        let taken = try map("quantity: { at: a, as: decimal }", rows: ["k1,1,", "k2,x,", "k3,3,"])
        #expect(taken.records.map(\.ordinal) == [1, 2])
        let rejected = try #require(taken.rejected.first)
        #expect(rejected.ordinal == 2 && rejected.kind == .returnLine && rejected.bytes == 14..<19)
        #expect(taken.records.map { $0["lineNumber"].text } == ["1", "3"])
    }

    @Test func `values of the file stand in findings only so far`() throws {
        let taken = try map("quantity: { at: a, as: decimal }", rows: ["k," + String(repeating: "x", count: 500) + ","])
        #expect(taken.rejected.first?.diagnostics.first.map { $0.fact.utf8.count < 120 } == true)
    }
}
