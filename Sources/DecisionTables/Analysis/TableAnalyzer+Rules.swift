import Diagnostics
import Values

extension TableAnalyzer {
    /// Rules that others always decide before.
    mutating func findMasked() {
        guard let rank = answers.rank else { return }
        var undecided: [Int] = [], undecidedNulls: [Int] = []
        var looksLeft = scope.limits.looks
        for rule in 0..<space.ruleCount where !space.isNever[rule] {
            looksLeft -= space.ruleCount
            guard looksLeft > 0 else {
                undecided += (rule..<space.ruleCount).map { $0 + 1 }
                break
            }
            let box = space.box(of: rule)
            let earlier = (0..<space.ruleCount).filter {
                rank[$0] < rank[rule] && !space.isOpaque[$0] && !space.isNever[$0] && space.touches($0, box)
            }
            let question = min(looksLeft, questionLooksMax)
            var search = Subdivision(space, within: box, looks: question)
            var visitor = CoverVisitor()
            let end = search.find(earlier, avoiding: earlier, &visitor)
            looksLeft -= question - max(0, search.looksLeft)
            switch end {
            case .limited: undecided.append(rule + 1)
            case .complete:
                removed.insert(rule)
                tellMasked(rule, by: earlier, box)
            case .stopped:
                if let left = visitor.left, tellNullOnly(rule, earlier, left, box) == .limited { undecidedNulls.append(rule + 1) }
            }
        }
        if !undecided.isEmpty { cutShort.append("whether \(Self.named(undecided)) can decide") }
        if !undecidedNulls.isEmpty { cutShort.append("whether \(Self.named(undecidedNulls)) can decide where no input is null") }
    }

    /// What one question may cost, so that one that is hard does not keep the others from being asked.
    private var questionLooksMax: Int { max(1, scope.limits.looks / 100) }

    private mutating func tellMasked(_ rule: Int, by earlier: [Int], _ box: SpaceBox) {
        if let single = earlier.first(where: { box.isSubset(of: space.box(of: $0)) }) {
            let agrees = answers.agree(single, rule)
            if space.box(of: single) == box, !space.isOpaque[rule] {
                tell(
                    .tableDuplicate, .warning, "\(named(rule)) has the conditions of \(named(single)), which decides", rules: [rule, single],
                    witness: space.namedWitness(of: box), hint: agrees == true ? "remove it" : "it would give something else: remove one of them")
                return
            }
            tell(
                .tableMasked, .warning, "\(named(rule)) never decides: wherever it holds, \(named(single)) does and comes first",
                rules: [rule, single], witness: space.namedWitness(of: box),
                hint: agrees == true ? "remove it; the answers stay the same" : "move it before \(named(single)), or remove it")
            return
        }
        let needed = needed(earlier, box)
        tell(
            .tableMasked, .warning,
            "\(named(rule)) never decides: wherever it holds, one of \(Self.named(needed.map { $0 + 1 })) does and comes first",
            rules: [rule] + needed, witness: space.namedWitness(of: box), hint: "move it before them, or remove it")
    }

    /// Some of the rules that cover a box together, none of which can be spared; all of them where they are many.
    private func needed(_ rules: [Int], _ box: SpaceBox) -> [Int] {
        guard rules.count <= 64 else { return rules }
        var needed = rules
        for rule in rules.reversed() {
            var search = Subdivision(space, within: box, looks: 1_000_000)
            var visitor = CoverVisitor()
            let others = needed.filter { $0 != rule }
            if search.run(others, &visitor) == .complete { needed = others }
        }
        return needed
    }

    /// A rule that is left only rows in which an input is null that no cell of the column speaks of. Gives how the search for
    /// other rows ended; it has a quarter of what the question above it has, as it is asked of every rule that null is left to.
    private mutating func tellNullOnly(_ rule: Int, _ earlier: [Int], _ left: SubdivisionNode, _ box: SpaceBox) -> SearchEnd {
        let spoken = space.box(scope.nulls)
        let nulls = space.dimensions.indices.filter { index in
            !spoken.sets[index].isAll && left.low[index] == space.dimensions[index].classCount - 1
        }
        guard !nulls.isEmpty else { return .stopped }
        var search = Subdivision(space, within: box.intersection(spoken), looks: questionLooksMax / 4)
        var visitor = CoverVisitor()
        let end = search.find(earlier, avoiding: earlier, &visitor)
        guard end == .complete else { return end }
        let names = nulls.map { "\(space.dimensions[$0].header) is null" }.joined(separator: " and ")
        tell(
            .tableNullOnly, .note, "\(named(rule)) decides only where \(names)", rules: [rule],
            witness: space.namedWitness(of: point(left, in: box)))
        return .complete
    }

    /// The part of a box that a search stopped at.
    private func point(_ node: SubdivisionNode, in box: SpaceBox) -> SpaceBox {
        SpaceBox(box.sets.indices.map { index in
            ClassSet(run: node.low[index]..<node.high[index], of: box.sets[index].width).intersection(box.sets[index])
        })
    }

    // MARK: rules and cells that change nothing

    /// Rules without which every answer would be the same.
    mutating func findRedundant() {
        var looksLeft = scope.limits.looks
        var undecided: [Int] = []
        let isRanked = answers.rank != nil
        guard isRanked || table.table.hitPolicy == .any else { return }
        // The upper rules are asked about first where a lower one can take over, and the lower ones where all agree.
        let rules = (0..<space.ruleCount).filter { !removed.contains($0) }
        for rule in isRanked ? rules : rules.reversed() {
            guard let isSame = isSame(rule, within: space.box(of: rule), &looksLeft) else {
                undecided.append(rule + 1)
                continue
            }
            guard isSame else { continue }
            removed.insert(rule)
            tell(
                .tableRedundant, .warning, "without \(named(rule)) every answer would be the same", rules: [rule],
                witness: space.namedWitness(of: space.box(of: rule)), hint: "remove it, if it was not meant to differ")
        }
        if !undecided.isEmpty { cutShort.append("whether \(Self.named(undecided.sorted())) could go") }
    }

    /// Whether the answers in a box stay the same with and without a rule that holds there; nil where the limit was reached.
    private func isSame(_ rule: Int, within box: SpaceBox, _ looksLeft: inout Int) -> Bool? {
        looksLeft -= space.ruleCount
        guard looksLeft > 0 else { return nil }
        let question = min(looksLeft, questionLooksMax)
        var search = Subdivision(space, within: box, looks: question)
        let others = (0..<space.ruleCount).filter { $0 != rule && !removed.contains($0) && space.touches($0, box) }
        let isAgreeing = answers.outputNumbers.map { $0 == answers.outputNumbers[rule] }
        let end: SearchEnd
        if let rank = answers.rank {
            let isDefaultAgreeing = answers.defaults.map { RuleAnswers.agree($0, answers.outputs[rule]) == true } ?? false
            var visitor = RemovalVisitor(
                rule, rank: rank, isAgreeing: isAgreeing, isOpaque: space.isOpaque, isDefaultAgreeing: isDefaultAgreeing)
            end = search.find(others, avoiding: others.filter { rank[$0] < rank[rule] || isAgreeing[$0] }, &visitor)
        } else {
            let covering = others.filter { isAgreeing[$0] && !space.isOpaque[$0] }
            var visitor = CoverVisitor()
            end = search.find(covering, avoiding: covering, &visitor)
        }
        looksLeft -= question - max(0, search.looksLeft)
        return end == .limited ? nil : end == .complete
    }

    /// Cells that could be `-`: they hold for every value, or no answer would change.
    mutating func findAnyCells() {
        var looksLeft = scope.limits.looks
        var undecided: Set<Int> = []
        for rule in 0..<space.ruleCount where !removed.contains(rule) && !space.isOpaque[rule] {
            for (index, dimension) in space.dimensions.enumerated() {
                let cells = table.rules[rule].tests.filter { RuleSpace.name(table.table.inputs[$0.input]) == dimension.header }
                guard cells.count == 1, let cell = cells.first else { continue }
                var box = space.box(of: rule)
                box.sets[index] = box.sets[index].complement
                let holdsAlways = box.sets[index].isEmpty
                guard holdsAlways || answers.rank != nil else { continue }
                guard let isSame = holdsAlways ? true : isSame(rule, within: box, &looksLeft) else {
                    undecided.insert(rule + 1)
                    continue
                }
                guard isSame else { continue }
                let written = table.table.rules[rule].inputs[cell.input]
                tell(
                    .tableAnyCell, .note,
                    holdsAlways
                        ? "in \(named(rule)) \(dimension.header) \(written.text) holds for every value, so it could be -"
                        : "in \(named(rule)) \(dimension.header) \(written.text) could be -: other rules decide all the rest, or give the same",
                    rules: [rule], at: written.position)
            }
        }
        if !undecided.isEmpty { cutShort.append("whether cells of \(Self.named(undecided.sorted())) could be -") }
    }
}
