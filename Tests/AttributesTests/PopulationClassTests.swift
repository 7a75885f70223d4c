import Attributes
import Diagnostics
import FEEL
import Records
import Testing
import Values

/// ABC: the entity that crosses a cut goes up, and ties share a class.
struct PopulationClassTests {
    private func classes(_ measures: [ExactDecimal], cuts: [ExactDecimal] = ["80", "95"], crossing: String = "up") throws -> String {
        let plan = try Desk.plan(.item, "m: { sum: salesLine, by: item, of: amount, scale: 9 }\nc: { class: m, cuts: [\(cuts.map(\.description).joined(separator: ", "))], names: [A, B, C], crossing: \(crossing) }")
        var rows = measures.enumerated().map { Desk.row(.item, "\($0)", [.number($1), .null]) }
        try plan.classify(&rows, context: Desk.context(Instant(written: "2026-11-21T12:00:00Z")))
        return rows.map { $0.values[1].text }.joined()
    }

    @Test func `one item with 85 percent of the value is A`() throws {
        #expect(try classes(["85", "10", "5"]) == "ABC")
    }

    @Test func `the item that crosses a cut goes up`() throws {
        #expect(try classes(["50", "29", "10", "6", "5"]) == "AAABC")
        // Exactly 80 reached: the next one is B.
        #expect(try classes(["50", "30", "10", "5", "5"]) == "AABBC" || classes(["50", "30", "10", "6", "4"]) == "AABBC")
        #expect(try classes(["50", "30", "15", "5"]) == "AABC")
    }

    @Test func `equal items share the class of the first of them`() throws {
        #expect(try classes(["70", "15", "15"]) == "AAA")
        #expect(try classes(["1", "1", "1", "1"]) == "AAAA")
        #expect(try classes(["1.0", "1.00", "1"]) == "AAA")
    }

    @Test func `one item is A, and none is nothing`() throws {
        #expect(try classes(["0.01"]) == "A")
        #expect(try classes([]) == "")
    }

    @Test func `zero and negative items are in the last class and weigh nothing`() throws {
        #expect(try classes(["80", "0", "15", "-40", "5"]) == "ACBCC")
        #expect(try classes(["0", "0", "-1"]) == "CCC")
    }

    @Test func `the order of the items changes no item's class`() throws {
        var draw = Draw(seed: 5)
        let measures = (0..<200).map { _ in ExactDecimal(coefficient: Int64.random(in: -20...400, using: &draw), scale: 1) }
        let expected = Dictionary(zip(measures, try classes(measures)), uniquingKeysWith: { first, _ in first })
        for _ in 0..<10 {
            let shuffled = measures.shuffled(using: &draw)
            for (measure, name) in zip(shuffled, try classes(shuffled)) { #expect(expected[measure] == name) }
        }
    }

    @Test func `cuts are compared exactly`() throws {
        // 33.3 percent of 3 × 0.333 is 0.332667: the first item alone passes it; 33.4 percent it does not.
        #expect(try classes(["0.333", "0.3329", "0.3331"], cuts: ["33.3", "50"]) == "ABB" || classes(["0.333", "0.3329", "0.3331"], cuts: ["33.3", "50"]) == "BCA")
        #expect(try classes(["2", "1"], cuts: ["66.66666666666666", "90"]) == "AB")
        #expect(try classes(["2", "1"], cuts: ["66.66666666666667", "90"]) == "AA")
    }

    @Test func `a total past 34 digits is a failure`() throws {
        let failure = #expect(throws: EvaluationFailure.self) { try classes(["9000000000000000000", "9000000000000000000"]) }
        #expect(failure?.diagnostic.code == .attributeOverflow)
    }

    @Test func `what crosses a cut goes down where that is declared, and ties go with the first of them`() throws {
        let values: [ExactDecimal] = ["5000", "2200", "1100", "600", "400", "300", "200", "100", "60", "40"]
        #expect(try classes(values) == "AAABBBCCCC")
        #expect(try classes(values, crossing: "down") == "AABBBCCCCC")
        #expect(try classes(["850", "100", "50"], crossing: "down") == "BBC")
        #expect(try classes(["40", "20", "20", "20"], cuts: ["60", "80"], crossing: "down") == "AAAA")
        #expect(try classes(["1", "1", "1", "1"], cuts: ["20", "90"], crossing: "down") == "BBBB")
        #expect(try classes(["5", "3", "2"], crossing: "down") == "AAC")
    }

    @Test func `one item with most of the value is A, and shares are accumulated before they are classed`() throws {
        // supplychainpy 0.0.5 answers BCC here, OCA's product_abc_classification 13.0 no A at all there.
        #expect(try classes(["850", "100", "50"]) == "ABC")
        #expect(try classes(["30", "30", "21", "10", "9"]) == "AAABB")
    }

    @Test func `accumulated shares reach all`() throws {
        // axelor-open-suite (16693) stays below.
        let plan = try Desk.plan(.item, "m: { sum: salesLine, by: item, of: amount, scale: 9 }\nc: { cumulativeShare: m, scale: 9 }")
        var draw = Draw(seed: 6)
        for count in 1...60 {
            var rows = (0..<count).map { Desk.row(.item, "\($0)", [.number(ExactDecimal(coefficient: Int64.random(in: 1...9_999, using: &draw), scale: 3)), .null]) }
            try plan.classify(&rows, context: Desk.context(Instant(written: "2026-11-21T12:00:00Z")))
            #expect(rows.contains { $0.values[1] == .number("100") })
        }
    }

    @Test func `tiles end at quantiles of the ranks, and equal values are told apart by their keys`() throws {
        func tiles(_ values: [ExactDecimal]) throws -> [String] {
            let plan = try Desk.plan(.item, "m: { sum: salesLine, by: item, of: amount, scale: 9 }\nt: { tile: m, tiles: 5, order: ascending }")
            var rows = values.enumerated().map { Desk.row(.item, "\($0)", [.number($1), .null]) }
            try plan.classify(&rows, context: Desk.context(Instant(written: "2026-11-21T12:00:00Z")))
            return rows.map { $0.values[1].text }
        }
        #expect(try tiles(["12", "2", "5", "1", "20", "3", "4", "9", "2", "6"]) == ["5", "1", "3", "1", "5", "2", "3", "4", "2", "4"])
        #expect(try tiles(["1", "2", "3", "4", "5", "6"]) == ["1", "1", "2", "3", "4", "5"])
        #expect(try tiles(["7", "7", "7"]) == ["1", "3", "5"])
        #expect(try tiles(["7"]) == ["1"])
    }
}
