import DecisionTables
import FEEL
import Values

/// A small generator with a seed, so that each run measures the same tables (Knuth's MMIX constants).
struct ShapeRandom: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

/// Tables to analyse, as texts.
struct TableShapes {
    let rules: Int
    let inputs: Int
    var random: ShapeRandom

    init(rules: Int, inputs: Int, seed: UInt64) {
        self.rules = rules
        self.inputs = inputs
        random = ShapeRandom(state: seed)
    }

    private func text(_ rows: [[String]]) -> String {
        var lines = ["| " + (0..<inputs).map { "i\($0) : \(isName($0) ? "string" : "number")" }.joined(separator: " | ") + " || give : number |"]
        for (place, row) in rows.enumerated() { lines.append("| \(row.joined(separator: " | ")) || \(place % 7) |") }
        return lines.joined(separator: "\n")
    }

    /// Every third input holds names.
    private func isName(_ input: Int) -> Bool { input % 3 == 2 }

    private mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    /// A box of a partition: for each input the stretch of numbers, or the names, that it holds.
    private struct Leaf {
        var low: [Int]
        var high: [Int]
    }

    private static let names = 24, span = 1000

    private func cell(_ leaf: Leaf, _ input: Int) -> String {
        let low = leaf.low[input], high = leaf.high[input]
        if isName(input) {
            if low == 0, high == Self.names { return "-" }
            // The last name stands for all others, so that the partition is whole.
            if high == Self.names { return "not(\((0..<low).map { "\"n\($0)\"" }.joined(separator: ", ")))" }
            return (low..<high).map { "\"n\($0)\"" }.joined(separator: ", ")
        }
        switch (low == 0, high == Self.span) {
        case (true, true): return "-"
        case (true, false): return "< \(high)"
        case (false, true): return ">= \(low)"
        case (false, false): return "[\(low)..\(high))"
        }
    }

    /// The space parted again and again at a random place of a random input: no gap, no overlap. Then some rules are left out and
    /// some are widened by one step.
    mutating func partition(leftOut: Int, widened: Int) -> String {
        var leaves = [Leaf(low: Array(repeating: 0, count: inputs), high: (0..<inputs).map { isName($0) ? Self.names : Self.span })]
        while leaves.count < rules + leftOut {
            let place = below(leaves.count), input = below(inputs)
            let leaf = leaves[place]
            guard leaf.high[input] - leaf.low[input] > 1 else { continue }
            let cut = leaf.low[input] + 1 + below(leaf.high[input] - leaf.low[input] - 1)
            leaves[place].high[input] = cut
            var other = leaf
            other.low[input] = cut
            leaves.append(other)
        }
        for _ in 0..<leftOut { leaves.remove(at: below(leaves.count)) }
        for _ in 0..<widened {
            let place = below(leaves.count), input = (0..<inputs).first { leaves[place].low[$0] > 0 } ?? 0
            leaves[place].low[input] = max(0, leaves[place].low[input] - 1)
        }
        return text(leaves.map { leaf in (0..<inputs).map { cell(leaf, $0) } })
    }

    /// What planners write: two to four conditions a rule over some twenty thresholds, and a rule for the rest at the end.
    mutating func cascade() -> String {
        var rows: [[String]] = []
        for _ in 0..<(rules - 1) {
            var row = Array(repeating: "-", count: inputs)
            for _ in 0..<(2 + below(3)) {
                let input = below(inputs)
                row[input] = isName(input) ? "\"n\(below(12))\"" : ["< \(50 * below(20))", ">= \(50 * below(20))", "[\(50 * below(10))..\(500 + 50 * below(10))]"][below(3)]
            }
            rows.append(row)
        }
        return text(rows + [Array(repeating: "-", count: inputs)])
    }

    /// Every combination of a few inputs with two to four values each, as far as the rules go.
    mutating func grid() -> String {
        var rows: [[String]] = [[]]
        for input in 0..<inputs {
            let choices = rows.count * 2 > rules ? ["-"]
                : isName(input) ? ["\"n0\"", "\"n1\", \"n2\"", "not(\"n0\", \"n1\", \"n2\")"] : ["< 100", ">= 100"]
            rows = rows.flatMap { row in choices.map { row + [$0] } }
        }
        return text(Array(rows.prefix(rules)))
    }

    /// Boxes anywhere, each input bounded by chance: no structure to follow, and everything overlaps.
    mutating func boxes(bounded percent: Int) -> String {
        text((0..<rules).map { _ in
            (0..<inputs).map { input in
                guard below(100) < percent else { return "-" }
                if isName(input) { return "\"n\(below(Self.names))\", \"n\(below(Self.names))\"" }
                let low = below(700)
                return "[\(low)..\(low + 1 + below(300))]"
            }
        })
    }
}
