import FEEL
import Values

/// Finds the parts of the space in which two versions of a table answer differently. Rules of the new one are numbered after
/// those of the old one.
///
/// Rules that both versions have, in an order that cannot matter, answer alike: a part that no other rule touches is closed at
/// once, so that the search costs what the change costs and not what the table costs.
struct DifferenceVisitor: RegionVisitor {
    struct Change: Hashable {
        let old: TableAnswer
        let new: TableAnswer
    }

    private let oldCount: Int
    private let old: RuleAnswers
    private let new: RuleAnswers
    private let isOpaque: [Bool]
    private let widths: [Int]
    /// Rules by which the versions differ; nil where they may differ anywhere.
    private let suspects: [Bool]?
    private let countMax: Int
    private(set) var changes: [(box: SpaceBox, label: Change)] = []
    private(set) var undecided: [SpaceBox] = []

    init(_ space: RuleSpace, _ old: CompiledTable, _ new: CompiledTable, countMax: Int) {
        oldCount = old.rules.count
        self.old = RuleAnswers(old)
        self.new = RuleAnswers(new)
        isOpaque = space.isOpaque
        widths = space.dimensions.map(\.classCount)
        self.countMax = countMax
        let hasSameFrame = old.table.hitPolicy == new.table.hitPolicy && self.old.defaults == self.new.defaults
            && old.outputNames == new.outputNames
            && (!old.table.hitPolicy.isByOutputValues || old.outputValues.map { $0?.source } == new.outputValues.map { $0?.source })
        suspects = hasSameFrame ? Self.suspects(space, old, new, self.old, self.new) : nil
    }

    mutating func visit(_ node: inout SubdivisionNode) -> RegionVisit {
        if let suspects, !node.candidates.contains(where: { suspects[$0.rule] }) { return .close }
        trim(&node)
        let before = settled(node, old, 0..<oldCount), after = settled(node, new, oldCount..<isOpaque.count)
        guard let before, let after else {
            if !node.candidates.allSatisfy(\.isFull) { return .split }
            undecided.append(box(node))
            return undecided.count > countMax ? .stop : .close
        }
        if before.answer == after.answer { return .close }
        changes.append((box(node), Change(old: told(before, old), new: told(after, new))))
        return changes.count > countMax ? .stop : .close
    }

    private func box(_ node: SubdivisionNode) -> SpaceBox {
        SpaceBox(widths.indices.map { ClassSet(run: node.low[$0]..<node.high[$0], of: widths[$0]) })
    }

    // MARK: answers of a part

    private typealias Settled = (answer: RuleAnswers.Answer, rules: [Int])

    /// Takes away the rules that come after one that holds for the whole part, where the first decides.
    private func trim(_ node: inout SubdivisionNode) {
        for (answers, range) in [(old, 0..<oldCount), (new, oldCount..<isOpaque.count)] {
            guard let rank = answers.rank else { continue }
            let deciders = node.candidates.lazy.filter { range.contains($0.rule) && $0.isFull && !isOpaque[$0.rule] }
            guard let first = deciders.map({ rank[$0.rule - range.lowerBound] }).min() else { continue }
            node.candidates.removeAll { range.contains($0.rule) && rank[$0.rule - range.lowerBound] > first }
        }
    }

    /// What one version answers in the whole part, where that is one answer; `rules` are from 0 in their version.
    private func settled(_ node: SubdivisionNode, _ answers: RuleAnswers, _ range: Range<Int>) -> Settled? {
        var certain: [Int] = [], possible: [Int] = []
        for candidate in node.candidates where range.contains(candidate.rule) {
            if candidate.isFull, !isOpaque[candidate.rule] {
                certain.append(candidate.rule - range.lowerBound)
            } else {
                possible.append(candidate.rule - range.lowerBound)
            }
        }
        if possible.isEmpty {
            let answer = answers.answer(certain)
            return answer == .unknown ? nil : (answer, deciding(certain, answers))
        }
        if answers.policy == .unique { return certain.count > 1 ? (.broken, certain) : nil }
        guard answers.rank != nil || answers.policy == .any else { return nil }
        let decider = answers.rank.map { rank in certain.min { rank[$0] < rank[$1] } } ?? certain.first
        guard let decider, (certain + possible).allSatisfy({ answers.agree($0, decider) == true }) else { return nil }
        return (answers.answer([decider]), [decider])
    }

    private func deciding(_ rules: [Int], _ answers: RuleAnswers) -> [Int] {
        guard answers.policy.isSingle, !rules.isEmpty else { return rules }
        guard let rank = answers.rank else { return rules }
        return rules.min { rank[$0] < rank[$1] }.map { [$0] } ?? []
    }

    private func told(_ settled: Settled, _ answers: RuleAnswers) -> TableAnswer {
        TableAnswer(rules: settled.rules.map { $0 + 1 }, text: settled.answer.text)
    }

    // MARK: what both versions have

    private struct Identity: Hashable {
        let cells: [Int]
        /// Of a rule that cannot be decided: its cells as they are written.
        let texts: [String]
        let outputs: [RuleAnswers.Output]
    }

    private static func suspects(
        _ space: RuleSpace, _ old: CompiledTable, _ new: CompiledTable, _ oldAnswers: RuleAnswers, _ newAnswers: RuleAnswers
    ) -> [Bool] {
        func identity(_ rule: Int, _ table: CompiledTable, _ start: Int, _ answers: RuleAnswers) -> Identity {
            let texts = space.isOpaque[start + rule]
                ? zip(table.table.inputs, table.table.rules[rule].inputs).filter { $1.text != "-" }.map { "\(RuleSpace.name($0)): \($1.text)" }.sorted() : []
            return Identity(cells: space.dimensions.map { $0.cellOfRule[start + rule] }, texts: texts, outputs: answers.outputs[rule])
        }
        let start = old.rules.count
        var suspects = Array(repeating: true, count: space.ruleCount)
        var waiting: [Identity: [Int]] = [:]
        for rule in new.rules.indices.reversed() { waiting[identity(rule, new, start, newAnswers), default: []].append(rule) }
        var pairs: [(old: Int, new: Int)] = []
        for rule in old.rules.indices {
            guard let match = waiting[identity(rule, old, 0, oldAnswers)]?.popLast() else { continue }
            pairs.append((rule, match))
            suspects[rule] = false
            suspects[start + match] = false
        }
        let isOrdered = old.table.hitPolicy == .ruleOrder || oldAnswers.rank != nil || old.table.hitPolicy.isByOutputValues
            || old.table.hitPolicy == .first
        guard isOrdered else { return suspects }
        let oldPlace = oldAnswers.rank ?? Array(old.rules.indices), newPlace = newAnswers.rank ?? Array(new.rules.indices)
        pairs.sort { oldPlace[$0.old] < oldPlace[$1.old] }
        for later in pairs.indices {
            for earlier in 0..<later where newPlace[pairs[earlier].new] > newPlace[pairs[later].new] {
                guard oldAnswers.agree(pairs[earlier].old, pairs[later].old) != true,
                    space.touches(pairs[earlier].old, space.box(of: pairs[later].old))
                else { continue }
                for pair in [pairs[earlier], pairs[later]] {
                    suspects[pair.old] = true
                    suspects[start + pair.new] = true
                }
            }
        }
        return suspects
    }
}

extension RuleAnswers.Answer {
    /// In FEEL, as a planner reads it.
    var text: String {
        switch self {
        case .outputs(let outputs): Self.text(outputs)
        case .several(_, let rows): "[\(rows.map(Self.text).joined(separator: "; "))]"
        case .bag(let policy, let rows):
            "\(policy.givesList ? "" : "\(policy) of ")[\(rows.flatMap { Array(repeating: Self.text($0.key), count: $0.value) }.sorted().joined(separator: "; "))]"
        case .none: "no answer"
        case .broken: "a failure"
        case .unknown: "an answer that depends on the row"
        }
    }

    private static func text(_ outputs: [RuleAnswers.Output]) -> String {
        outputs.map { output in
            switch output {
            case .constant(let value): value.feelText
            case .written(let text): text
            }
        }.joined(separator: ", ")
    }
}
