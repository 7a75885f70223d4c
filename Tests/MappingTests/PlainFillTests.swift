import Diagnostics
import FEEL
import Mapping
import Records
import Testing
import Values

/// What is filled by bytes alone is what the rule gives. A verb that leaves every text as it is (`take: 1-`) keeps a field from the short way, so
/// the same text goes both ways.
@Suite struct PlainFillTests {
    /// Orders of rows of `number,value`, each field given by `verbs` as well.
    private static func library(_ verbs: String) throws -> MappingLibrary {
        func rule(_ rest: String) -> String { "{ at: value, \(rest)\(verbs) }" }
        let mapping = """
            mapping: csv/test
            reads: { format: csv, header: [number, value] }
            records:
              - record: item
                each: row
                fields: { item: number, description: \(rule("as: text")), category: { first: [value, number]\(verbs) } }
              - record: order
                each: row
                fields: { orderNumber: number, orderedOn: \(rule("picture: [yyyyMMdd, dd.MM.yyyy, yyMMdd]")) }
              - record: order
                each: row
                fields: { orderNumber: number, promisedAt: \(rule("picture: [\"yyyy-MM-dd HH:mm\", yyyyMMddHHmm], zone: business")) }
              - record: orderLine
                each: row
                let: { long: \(rule("as: decimal")) }
                fields: { orderNumber: number, lineNumber: number, quantity: \(rule("as: decimal")), unitPrice: { feel: "if long = null then null else 1" } }
              - record: orderLine
                each: row
                fields: { orderNumber: number, lineNumber: \(rule("as: integer")), quantity: { constant: "1" } }
            """
        let feed = "feed: test\nformat: csv\nmappings: [csv/test]\nclient: C\ncomplete: { quiet: 5s }\ncsv: { separator: \",\" }\nonError: { structure: keep, record: report }\n"
        let compiled = MappingLibrary.compile([
            BundleFile(path: "Mappings/csv/test.yaml", bytes: Array(mapping.utf8)),
            BundleFile(path: "Mappings/feeds/test.yaml", bytes: Array(feed.utf8)),
        ])
        return try #require(compiled.library, "\(compiled.diagnostics.map(\.text))")
    }

    private static let texts = [
        "", " ", "0", "-0", "00", "5", " 5 ", "+7", "-5", "5-", "-5-", "--5", "1.", ".5", "1.10", "10.000", "1,5", "1e3", "1E-30", "007", "12.0", "12.5",
        "123456789012345678", "1234567890123456789", "12345678901234567890123456789012345", "0.00000000000000000000001",
        "abc", "a,b", "Größe", "zwölf Zeichen und mehr", "20261121", "21.11.2026", "261121", "20261399", "20260229", "2026-11-21 08:30", "202611210830",
        "2026-03-29 02:30", "2026-10-25 02:30", "2026-11-21T08:30:00", "2026-11-21T08:30:00Z", "2026-11-21", "1918-04-01 01:00", "9999-12-31 23:59",
        "2037-12-31 23:59", "2038-01-01 00:00", "0001-01-01 00:00",
    ]

    private func told(_ taken: Collector) -> [String] {
        taken.records.map { "\($0.ordinal) \($0.line)" } + taken.findings.sorted()
    }

    @Test func `a text becomes the same value by its bytes and by its rule, from the same place`() throws {
        let plain = try Self.library(""), byRule = try Self.library(", take: 1-")
        for text in Self.texts {
            // Twice, as the second time a value may be remembered.
            let cell = text.contains(",") ? "\"\(text)\"" : text
            let file = Array("number,value\n1,\(cell)\n2,\(cell)\n3,9\n4,\(cell)\n".utf8)
            let one = try readFeed("test", file, library: plain), other = try readFeed("test", file, library: byRule)
            #expect(told(one.taken) == told(other.taken), "`\(text)`")
            #expect(one.outcome == other.outcome, "`\(text)`")
        }
    }

    @Test func `bytes that are no UTF-8 are repaired on both ways`() throws {
        let file = Array("number,value\n1,a".utf8) + [0xFF, 0xC3] + Array("b\n".utf8)
        let one = try readFeed("test", file, library: Self.library("")), other = try readFeed("test", file, library: Self.library(", take: 1-"))
        #expect(told(one.taken) == told(other.taken))
        #expect(one.taken.of(.item).map { $0["description"].text } == ["a\u{FFFD}\u{FFFD}b"])
    }

    @Test(arguments: [
        (["VP", "I-1", "BP", "B-1"], "I-1", "B-1"),
        (["BP", "B-1", "VP", "I-1"], "I-1", "B-1"),
        // The order of the rule decides, not that of the segment.
        (["UP", "U-1", "SK", "S-1", "VN", "N-1"], "N-1", ""),
        // Of two pairs with one qualifier the first is meant, also where it holds nothing.
        (["VP", "", "VP", "I-2", "UP", "U-1"], "U-1", ""),
        (["VP", " ", "SK", "S-1"], "S-1", ""),
        // A qualifier at the place of a value is none.
        (["XX", "VP", "VP", "I-3"], "I-3", ""),
        (["XX", "VP", "IN", "B-2"], "", "B-2"),
    ])
    func `of several qualifiers the first that has a value gives it`(pairs: [String], item: String, customerItem: String) throws {
        let text = "ISA*00*          *00*          *ZZ*ALPENMARKT     *ZZ*DOCKYARD       *261104*0815*U*00401*000000042*0*P*>~\n"
            + "GS*PO*ALPENMARKT*DOCKYARD*20261104*0815*1*X*004010~\nST*850*0001~\nBEG*00*SA*A1**20261104~\nN1*BY*X*92*AM-200~\n"
            + "PO1*1*5*EA*1**\(pairs.joined(separator: "*"))~\nSE*5*0001~\nGE*1*1~\nIEA*1*000000042~\n"
        let taken = try readFeed("x12-orders", Array(text.utf8)).taken
        #expect(taken.of(.orderLine).map { $0["item"].text } == (item.isEmpty ? [] : [item]))
        if item.isEmpty {
            #expect(taken.rejected.map(\.code) == ["ORDER-ITEM"])
        } else {
            #expect(taken.of(.orderLine).map { $0["customerItem"].text } == [customerItem])
        }
    }
}
