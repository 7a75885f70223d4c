package import Diagnostics
package import FEEL
package import Values

/// Which rules of a table a data set reaches, and which of its rows no rule holds for.
package struct RuleCoverage: Sendable {
    package struct Count: Hashable, Sendable {
        package fileprivate(set) var rows = 0
        /// The sum over these rows of the amount that was given; nil past the range of numbers.
        package fileprivate(set) var amount: ExactDecimal? = .zero
    }

    /// The table with all its gaps, those at null too.
    package let analysis: TableAnalysis
    package private(set) var total = Count()
    /// By rule, from the first: rows that the rule holds for, and rows that it decided or took part in deciding.
    package private(set) var matched: [Count]
    package private(set) var decided: [Count]
    /// By gap of the analysis.
    package private(set) var gaps: [Count]
    /// Rows that no rule holds for and that are in no gap that is kept.
    package private(set) var elsewhere = Count()
    /// Rows that have no answer as a cell failed or the policy is broken, with the first such findings.
    package private(set) var failed = Count()
    package private(set) var failures: [Diagnostic] = []

    private static let failuresMax = 10
    private let table: CompiledTable
    /// The table's column of each input of the space.
    private let columns: [Int]

    package init(_ table: CompiledTable, _ scope: AnalysisScope = AnalysisScope()) {
        var scope = scope
        scope.nulls = .always
        self.table = table
        analysis = TableAnalysis.make(table, scope)
        columns = (analysis.space?.dimensions ?? []).compactMap { dimension in
            table.table.inputs.firstIndex { RuleSpace.name($0) == dimension.header }
        }
        matched = Array(repeating: Count(), count: table.rules.count)
        decided = matched
        gaps = Array(repeating: Count(), count: analysis.gaps.count)
    }

    /// Rules that no row matched, from 1.
    package var unmatchedRules: [Int] { matched.indices.filter { matched[$0].rows == 0 }.map { $0 + 1 } }
    /// Rules that decided no row, from 1.
    package var idleRules: [Int] { decided.indices.filter { decided[$0].rows == 0 }.map { $0 + 1 } }

    /// Counts one row.
    /// - Parameters:
    ///   - row: one value a slot of the layout that the table was compiled against.
    ///   - amount: what is summed beside the count of rows.
    package mutating func add(_ row: [Value], amount: ExactDecimal = .zero, _ context: EvaluationContext) {
        total.add(amount)
        do throws(EvaluationFailure) {
            let values = try table.inputValues(row, context)
            let members = members(values)
            let rules = try holding(values, members, row, context)
            for rule in rules { matched[rule].add(amount) }
            let outcome = try table.evaluate(row, context)
            if let refusal = outcome.refusal { throw EvaluationFailure(diagnostic: refusal) }
            for rule in outcome.matchedRules { decided[rule - 1].add(amount) }
            if rules.isEmpty { addUncovered(members, amount) }
        } catch {
            failed.add(amount)
            if failures.count < Self.failuresMax { failures.append(error.diagnostic) }
        }
    }

    private mutating func addUncovered(_ members: [Int]?, _ amount: ExactDecimal) {
        let place = members.flatMap { members in
            analysis.gaps.firstIndex { gap in zip(gap.box.sets, members).allSatisfy { $0.contains($1) } }
        }
        guard let place else { return elsewhere.add(amount) }
        gaps[place].add(amount)
    }

    /// The class of each input of the space; nil where one is of none.
    private func members(_ values: [Value]) -> [Int]? {
        guard let space = analysis.space else { return nil }
        var members: [Int] = []
        members.reserveCapacity(columns.count)
        for (dimension, column) in zip(space.dimensions, columns) {
            guard let member = dimension.classOf(values[column]) else { return nil }
            members.append(member)
        }
        return members
    }

    /// Every rule that holds, from 0, whatever the hit policy looks at.
    private func holding(
        _ values: [Value], _ members: [Int]?, _ row: [Value], _ context: EvaluationContext
    ) throws(EvaluationFailure) -> [Int] {
        var candidates = Array(table.rules.indices)
        if let members, let space = analysis.space {
            candidates = []
            for word in 0..<((space.ruleCount + 63) / 64) {
                var bits = UInt64.max
                for (dimension, member) in zip(space.dimensions, members) { bits &= dimension.rulesOfClass[member * dimension.words + word] }
                while bits != 0 {
                    let rule = word * 64 + bits.trailingZeroBitCount
                    if rule < space.ruleCount { candidates.append(rule) }
                    bits &= bits - 1
                }
            }
            if !space.isOpaque.contains(true) { return candidates }
        }
        var holding: [Int] = []
        rules: for rule in candidates {
            for cell in table.rules[rule].tests where try !cell.test.matches(values[cell.input], row, context) { continue rules }
            holding.append(rule)
        }
        return holding
    }
}

extension RuleCoverage.Count {
    fileprivate mutating func add(_ amount: ExactDecimal) {
        rows += 1
        do throws(ArithmeticFailure) {
            self.amount = try self.amount?.adding(amount)
        } catch {
            self.amount = nil
        }
    }
}
