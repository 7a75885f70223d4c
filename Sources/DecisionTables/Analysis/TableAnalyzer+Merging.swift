import Diagnostics

extension TableAnalyzer {
    /// What rules share that could be merged: their outputs and all cells but one.
    private struct Likeness: Hashable {
        let outputs: [RuleAnswers.Output]
        let cells: [Int]
    }

    /// Rules that differ in one cell and give the same, where one rule could stand for them.
    mutating func findMergeable() {
        switch table.table.hitPolicy {
        case .ruleOrder, .outputOrder: return
        default: break
        }
        let rules = (0..<space.ruleCount).filter { !removed.contains($0) && !space.isOpaque[$0] }
        var told = 0
        for (index, dimension) in space.dimensions.enumerated() {
            var groups: [Likeness: [Int]] = [:], order: [Likeness] = []
            for rule in rules {
                var cells = space.dimensions.map { $0.cellOfRule[rule] }
                cells.remove(at: index)
                let likeness = Likeness(outputs: answers.outputs[rule], cells: cells)
                if groups[likeness] == nil { order.append(likeness) }
                groups[likeness, default: []].append(rule)
            }
            for likeness in order {
                guard let group = groups[likeness], group.count > 1 else { continue }
                for merged in chains(group, dimension) {
                    told += 1
                    if told <= scope.limits.findings { tellMergeable(merged.rules, index, merged.set) }
                }
            }
        }
        if told > scope.limits.findings { cutShort.append("\(told) groups of rules could be merged, and the first \(scope.limits.findings) are told") }
    }

    /// Rules of a group that one cell could stand for: any names, but of an axis only what touches.
    private func chains(_ group: [Int], _ dimension: InputDimension) -> [(rules: [Int], set: ClassSet)] {
        var rest = group, chains: [(rules: [Int], set: ClassSet)] = []
        while let first = rest.first {
            rest.removeFirst()
            var rules = [first], set = dimension.cell(of: first)
            var isGrowing = true
            while isGrowing {
                isGrowing = false
                for (place, rule) in rest.enumerated() {
                    let cell = dimension.cell(of: rule)
                    guard !cell.meets(set), dimension.axis == nil || touch(cell, set, dimension), canJoin(rule, rules[0]) else { continue }
                    rules.append(rule)
                    set = set.union(cell)
                    rest.remove(at: place)
                    isGrowing = true
                    break
                }
            }
            if rules.count > 1 { chains.append((rules.sorted(), set)) }
        }
        return chains
    }

    /// Whether two sets of an axis stand side by side, with no value between them.
    private func touch(_ left: ClassSet, _ right: ClassSet, _ dimension: InputDimension) -> Bool {
        let first = dimension.regions(of: left), second = dimension.regions(of: right)
        guard let a = first.first, let b = first.last, let c = second.first, let d = second.last else { return false }
        return b + 1 == c || d + 1 == a
    }

    /// Whether a rule can be asked where another stands, with no answer changed: no rule between them differs where it holds.
    private func canJoin(_ rule: Int, _ other: Int) -> Bool {
        guard let rank = answers.rank else { return true }
        let box = space.box(of: rule)
        let between = min(rank[rule], rank[other])..<max(rank[rule], rank[other])
        return (0..<space.ruleCount).allSatisfy { third in
            third == rule || third == other || !between.contains(rank[third]) || !space.touches(third, box)
                || answers.agree(third, rule) == true
        }
    }

    private mutating func tellMergeable(_ rules: [Int], _ index: Int, _ set: ClassSet) {
        var box = space.box(of: rules[0])
        box.sets[index] = set
        let cells = texts.cells(of: box, in: table)
        let dimension = space.dimensions[index]
        let text = CellText(dimension, dimension.regions(of: set), tellsNull: true).text
        tell(
            .tableMerge, .note, "\(Self.named(rules.map { $0 + 1 })) give the same and could be one, with \(dimension.header) \(text)",
            rules: rules, cells: cells)
    }
}
