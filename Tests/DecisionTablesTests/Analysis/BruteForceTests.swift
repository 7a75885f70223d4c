import DecisionTables
import Diagnostics
import FEEL
import Testing
import Values

/// Analysis against all rows that a small table can tell apart, asked one by one.
@Suite struct BruteForceTests {
    private static let cases = RandomTables.policies.flatMap { policy in (1...8).map { (policy, $0) } }

    @Test(arguments: cases)
    func `gaps are all rows without a rule and no others, each box as large as can be`(policy: HitPolicy, seed: Int) throws {
        var random = TableRandom(state: UInt64(seed * 7919))
        for nulls in NullTreatment.allCases {
            let table = try RandomTables.compiled(RandomTables.rules(&random), policy)
            let analysis = TableAnalysis.make(table, AnalysisScope(nulls: nulls))
            let members = try RandomTables.members(analysis.gaps.map(\.cells))
            let holding = try RandomTables.holding(table)
            let asked = RandomTables.layout.names.map { !analysis.inputsWithoutNull.contains($0) }
            for (place, row) in RandomTables.rows.enumerated() {
                guard zip(row, asked).allSatisfy({ $0.0 != .null || $0.1 }) else { continue }
                let isUncovered = holding[place].isEmpty
                #expect(members.contains { $0.contains(place) } == isUncovered, "\(row.map(\.text)) \(analysis.gaps.map(\.cells)) \(table.table.rules.map { $0.inputs.map(\.text) })")
            }
            for gap in analysis.gaps {
                let row = RandomTables.witness(gap.witness)
                #expect(try !table.table.rules.indices.contains { try RandomTables.hold([$0], of: table, for: row) })
            }
            for (place, box) in members.enumerated() {
                #expect(!members.enumerated().contains { $0 != place && box.isSubset(of: $1) && (box != $1 || $0 < place) })
            }
            #expect(analysis.hasAllGaps)
            #expect(nulls != .always || analysis.inputsWithoutNull.isEmpty)
        }
    }

    @Test(arguments: cases)
    func `overlaps are the pairs that hold for one row, with their kind and a witness`(policy: HitPolicy, seed: Int) throws {
        var random = TableRandom(state: UInt64(seed * 104_729))
        let table = try RandomTables.compiled(RandomTables.rules(&random), policy)
        let analysis = TableAnalysis.make(table)
        var together: [Int: [Int: Set<Int>]] = [:], holding: [Int: Set<Int>] = [:]
        for (place, rules) in try RandomTables.holding(table).enumerated() {
            for rule in rules { holding[rule, default: []].insert(place) }
            for first in rules { for second in rules where first < second { together[first, default: [:]][second, default: []].insert(place) } }
        }
        #expect(analysis.overlapCount == together.values.reduce(0) { $0 + $1.count })
        for overlap in analysis.overlaps {
            let rows = try #require(together[overlap.first - 1]?[overlap.second - 1])
            #expect(try RandomTables.members([analysis.cells(of: overlap)])[0] == rows)
            #expect(try RandomTables.hold([overlap.first - 1, overlap.second - 1], of: table, for: RandomTables.witness(analysis.witness(of: overlap))))
            let first = try #require(holding[overlap.first - 1]), second = try #require(holding[overlap.second - 1])
            let kind: RuleOverlap.Kind = first == second ? .equal : second.isSubset(of: first) ? .contains : first.isSubset(of: second) ? .within : .partial
            #expect(overlap.kind == kind)
            #expect(overlap.agrees == (table.table.rules[overlap.first - 1].outputs[0].text == table.table.rules[overlap.second - 1].outputs[0].text))
        }
    }

    /// Rules that a finding asks to remove, and those that hold for no row.
    private func removable(_ analysis: TableAnalysis) -> Set<Int> {
        let codes: Set<DiagnosticCode> = [.tableMasked, .tableRedundant, .tableDuplicate, .tableNever]
        return Set(analysis.findings.filter { codes.contains($0.code) && !$0.fact.contains("but null") }.compactMap { $0.rules.first.map { $0 - 1 } })
    }

    private func isSame(_ rules: [[String]], _ others: [[String]], _ policy: HitPolicy, _ hasDefault: Bool) throws -> Bool {
        guard !others.isEmpty else { return false }
        let left = try RandomTables.compiled(rules, policy, isWithDefault: hasDefault)
        let right = try RandomTables.compiled(others, policy, isWithDefault: hasDefault)
        return RandomTables.rows.allSatisfy { RandomTables.answer(left, $0) == RandomTables.answer(right, $0) }
    }

    private static let ranked: [HitPolicy] = [.first, .priority, .any, .collect(.minimum), .collect(.maximum)]

    @Test(arguments: ranked.flatMap { policy in (1...8).map { (policy, $0) } })
    func `rules said to change nothing can all go, and no other rule can`(policy: HitPolicy, seed: Int) throws {
        var random = TableRandom(state: UInt64(seed * 15_485_863))
        let rules = RandomTables.rules(&random)
        let hasDefault = random.chance(1, in: 3)
        let analysis = TableAnalysis.make(try RandomTables.compiled(rules, policy, isWithDefault: hasDefault))
        // Where ANY is broken, taking a rule away can mend it.
        guard policy != .any || !analysis.findings.contains(where: { $0.code == .tableConflict }) else { return }
        let removed = removable(analysis)
        let rest = rules.indices.filter { !removed.contains($0) }
        if rest.isEmpty { return }
        #expect(try isSame(rules, rest.map { rules[$0] }, policy, hasDefault), "\(rules) \(removed)")
        for rule in rest where rest.count > 1 {
            #expect(try !isSame(rest.map { rules[$0] }, rest.filter { $0 != rule }.map { rules[$0] }, policy, hasDefault), "rule \(rule + 1) of \(rules), removed \(removed)")
        }
    }

    @Test(arguments: [HitPolicy.first, .priority].flatMap { policy in (1...8).map { (policy, $0) } })
    func `masked rules are those that never decide`(policy: HitPolicy, seed: Int) throws {
        var random = TableRandom(state: UInt64(seed * 32_452_843))
        let rules = RandomTables.rules(&random)
        let table = try RandomTables.compiled(rules, policy)
        var deciding: Set<Int> = [], holding: Set<Int> = []
        for (row, rules) in zip(RandomTables.rows, try RandomTables.holding(table)) {
            holding.formUnion(rules)
            deciding.formUnion(try table.evaluate(row, noon).matchedRules.map { $0 - 1 })
        }
        let findings = TableAnalysis.make(table).findings
        let masked = findings.filter { $0.code == .tableMasked || $0.code == .tableDuplicate }.compactMap { $0.rules.first.map { $0 - 1 } }
        #expect(Set(masked) == holding.subtracting(deciding), "\(rules)")
        let never = findings.filter { $0.code == .tableNever && !$0.fact.contains("but null") }.compactMap { $0.rules.first.map { $0 - 1 } }
        #expect(Set(never) == Set(rules.indices).subtracting(holding))
    }

    @Test(arguments: [HitPolicy.first, .priority, .collect(.maximum)].flatMap { policy in (1...8).map { (policy, $0) } })
    func `cells that could be any are those that change no answer`(policy: HitPolicy, seed: Int) throws {
        var random = TableRandom(state: UInt64(seed * 49_979_687))
        let rules = RandomTables.rules(&random)
        let analysis = TableAnalysis.make(try RandomTables.compiled(rules, policy))
        let removed = removable(analysis)
        let rest = rules.indices.filter { !removed.contains($0) }
        guard !rest.isEmpty else { return }
        for rule in rest {
            for column in 0..<3 where rules[rule][column] != "-" {
                let name = RandomTables.layout.names[column]
                let isFound = analysis.findings.contains {
                    $0.code == .tableAnyCell && $0.rules == [rule + 1] && $0.fact.contains("\(name) \(rules[rule][column])")
                }
                var changed = rules
                changed[rule][column] = "-"
                #expect(try isSame(rest.map { rules[$0] }, rest.map { changed[$0] }, policy, false) == isFound, "rule \(rule + 1) \(name) of \(rules)")
            }
        }
    }

    @Test(arguments: RandomTables.policies.flatMap { policy in (1...8).map { (policy, $0) } })
    func `rules said to be one give the same as one`(policy: HitPolicy, seed: Int) throws {
        var random = TableRandom(state: UInt64(seed * 67_867_967))
        let rules = RandomTables.rules(&random)
        let analysis = TableAnalysis.make(try RandomTables.compiled(rules, policy))
        let removed = removable(analysis)
        for finding in analysis.findings where finding.code == .tableMerge {
            let cells = try #require(finding.cells)
            var merged = rules
            merged[finding.rules[0] - 1] = cells + [rules[finding.rules[0] - 1][3]]
            let gone = Set(finding.rules.dropFirst().map { $0 - 1 })
            let before = rules.indices.filter { !removed.contains($0) }
            #expect(try isSame(before.map { rules[$0] }, before.filter { !gone.contains($0) }.map { merged[$0] }, policy, false), "\(finding.fact) in \(rules)")
        }
    }

    /// The same table with a few of its rules changed, taken away, added or moved.
    private func mutated(_ rules: [[String]], _ random: inout TableRandom) -> [[String]] {
        var rules = rules
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let place = Int.random(in: 0..<rules.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: rules[place] = RandomTables.rule(&random)
            case 1: rules.insert(RandomTables.rule(&random), at: place)
            case 2: rules.swapAt(place, Int.random(in: 0..<rules.count, using: &random))
            default: if rules.count > 1 { rules.remove(at: place) }
            }
        }
        return rules
    }

    @Test(arguments: RandomTables.policies.flatMap { policy in (1...10).map { (policy, $0) } })
    func `a difference is every row that answers otherwise, with both answers`(policy: HitPolicy, seed: Int) throws {
        var random = TableRandom(state: UInt64(seed * 86_028_121))
        let rules = RandomTables.rules(&random)
        let old = try RandomTables.compiled(rules, policy, isWithDefault: random.chance(1, in: 4))
        let new = try RandomTables.compiled(mutated(rules, &random), random.chance(1, in: 6) ? random.pick([.first, .unique]) : policy)
        let difference = TableDifference.make(from: old, to: new)
        #expect(difference.isComplete && difference.undecided.isEmpty)
        let members = try RandomTables.members(difference.changes.map(\.region.cells))
        for (place, row) in RandomTables.rows.enumerated() {
            let before = RandomTables.answer(old, row), after = RandomTables.answer(new, row)
            let regions = members.indices.filter { members[$0].contains(place) }
            #expect(regions.count == (before == after ? 0 : 1), "\(row.map(\.text)): \(before) \(after)")
            for region in regions where old.table.hitPolicy.isSingle {
                let text = difference.changes[region].old.text
                #expect(before == (text == "no answer" ? "[]" : text == "a failure" ? "failure" : "[\"\(text)\"]"))
            }
        }
        for change in difference.changes {
            let row = RandomTables.witness(change.region.witness)
            #expect(try RandomTables.isIn(change.region.cells, row))
        }
    }

    @Test(arguments: RandomTables.policies.flatMap { policy in (1...4).map { (policy, $0) } })
    func `coverage counts each row by its rules or its gap`(policy: HitPolicy, seed: Int) throws {
        var random = TableRandom(state: UInt64(seed * 122_949_823))
        let table = try RandomTables.compiled(RandomTables.rules(&random), policy)
        var coverage = RuleCoverage(table)
        var matched = Array(repeating: 0, count: table.table.rules.count), decided = matched
        var uncovered = 0, failed = 0
        let holding = try RandomTables.holding(table)
        for (place, row) in RandomTables.rows.enumerated() {
            coverage.add(row, amount: ExactDecimal(place), noon)
            let rules = holding[place]
            for rule in rules { matched[rule] += 1 }
            if rules.isEmpty { uncovered += 1 }
            do throws(EvaluationFailure) {
                for rule in try table.evaluate(row, noon).matchedRules { decided[rule - 1] += 1 }
            } catch {
                failed += 1
            }
        }
        #expect(coverage.matched.map(\.rows) == matched && coverage.decided.map(\.rows) == decided)
        #expect(coverage.gaps.reduce(0) { $0 + $1.rows } == uncovered && coverage.elsewhere.rows == 0)
        #expect(coverage.failed.rows == failed && coverage.total.rows == RandomTables.rows.count)
        #expect(coverage.total.amount == ExactDecimal(RandomTables.rows.count * (RandomTables.rows.count - 1) / 2))
        #expect(coverage.unmatchedRules == matched.indices.filter { matched[$0] == 0 }.map { $0 + 1 })
    }
}
