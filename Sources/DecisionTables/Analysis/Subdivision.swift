/// A part of the space: one run of classes a dimension, and the rules that hold for some point of it.
struct SubdivisionNode {
    var low: [Int]
    var high: [Int]
    /// Ascending.
    var candidates: [SubdivisionCandidate]

    var hasFull: Bool { candidates.contains(where: \.isFull) }
}

/// A rule that holds for some point of a part.
struct SubdivisionCandidate {
    private let number: Int32
    /// In how many dimensions it does not hold for the part's whole run.
    fileprivate var open: Int32

    init(_ rule: Int, open: Int = 0) {
        number = Int32(rule)
        self.open = Int32(open)
    }

    var rule: Int { Int(number) }
    /// It holds for every point of the part.
    var isFull: Bool { open == 0 }
}

/// What a search does with a part of the space that it has looked at.
enum RegionVisit {
    /// It is settled.
    case close
    /// It is parted in two.
    case split
    /// The search has its answer.
    case stop
}

/// One question that is asked of the space.
protocol RegionVisitor {
    /// Looks at a part. It may take candidates away that cannot matter in it.
    mutating func visit(_ node: inout SubdivisionNode) -> RegionVisit
}

/// How a search ended.
enum SearchEnd {
    case complete, stopped
    /// At its limit of looks, or of what it keeps.
    case limited
}

/// Searches a space of rules by parting it in two at a rule's border, until each part is settled.
///
/// The number of elementary regions grows with the product of all columns and is never walked. The border that is taken is the
/// one that the fewest rules cross and that parts the others best, so that the parts follow the rules' own structure: a table that
/// is a decision tree of n leaves is settled in about 2n parts. (The idea of parting rule sets by their borders is that of packet
/// classifiers such as HyperSplit; sweeping one dimension after the other, arXiv 1603.07466, visits the product of the borders.)
/// In the worst case, boxes that cross in all dimensions, the number of parts is exponential in the dimensions, hence the limit.
struct Subdivision {
    let space: RuleSpace
    /// Looks at one rule in one dimension of one part that are left.
    var looksLeft: Int
    /// Only points of this box are of interest.
    let focus: SpaceBox
    private var starts: [Int]
    private var ends: [Int]
    private var openRules: [Int] = []

    init(_ space: RuleSpace, within focus: SpaceBox, looks: Int) {
        self.space = space
        self.focus = focus
        looksLeft = looks
        let width = (space.dimensions.map(\.classCount).max() ?? 0) + 1
        starts = Array(repeating: 0, count: width)
        ends = Array(repeating: 0, count: width)
    }

    mutating func run(_ rules: some Sequence<Int>, _ visitor: inout some RegionVisitor) -> SearchEnd {
        guard !focus.isEmpty else { return .complete }
        var stack = [root(rules)]
        while var node = stack.popLast() {
            looksLeft -= (node.candidates.count + 1) * node.low.count
            if looksLeft < 0 { return .limited }
            switch visitor.visit(&node) {
            case .close: continue
            case .stop: return .stopped
            case .split:
                let (dimension, cut) = border(node)
                let isLowIn = focus.sets[dimension].touches(from: node.low[dimension], to: cut)
                let isHighIn = focus.sets[dimension].touches(from: cut, to: node.high[dimension])
                let low = isLowIn ? part(of: node, dimension, node.low[dimension], cut) : nil
                let high = isHighIn ? part(of: node, dimension, cut, node.high[dimension]) : nil
                // The part with fewer rules is looked at first: a point that is looked for most likely lies there.
                if let low, let high, high.candidates.count < low.candidates.count {
                    stack += [low, high]
                } else {
                    stack += [high, low].compactMap(\.self)
                }
            }
        }
        return .complete
    }

    private func root(_ rules: some Sequence<Int>) -> SubdivisionNode {
        var node = SubdivisionNode(low: focus.sets.map(\.low), high: focus.sets.map(\.high), candidates: [])
        for rule in rules {
            var open = 0
            var isTouching = true
            for (index, dimension) in space.dimensions.enumerated() {
                let held = space.held(index, rule, from: node.low[index], to: node.high[index])
                if held == 0 || (!focus.sets[index].isRun && !dimension.cell(of: rule).meets(focus.sets[index])) {
                    isTouching = false
                    break
                }
                if held < node.high[index] - node.low[index] { open += 1 }
            }
            if isTouching { node.candidates.append(SubdivisionCandidate(rule, open: open)) }
        }
        return node
    }

    private func part(of node: SubdivisionNode, _ dimension: Int, _ low: Int, _ high: Int) -> SubdivisionNode {
        var part = SubdivisionNode(low: node.low, high: node.high, candidates: [])
        part.low[dimension] = low
        part.high[dimension] = high
        part.candidates.reserveCapacity(node.candidates.count)
        let wasLow = node.low[dimension], wasHigh = node.high[dimension]
        for var candidate in node.candidates {
            if !candidate.isFull {
                let held = space.held(dimension, candidate.rule, from: low, to: high)
                if held == 0 { continue }
                if held == high - low, space.held(dimension, candidate.rule, from: wasLow, to: wasHigh) < wasHigh - wasLow { candidate.open -= 1 }
            }
            part.candidates.append(candidate)
        }
        return part
    }

    // MARK: where to part

    /// The dimension and the class before which a part is cut in two.
    private mutating func border(_ node: SubdivisionNode) -> (dimension: Int, cut: Int) {
        openRules.removeAll(keepingCapacity: true)
        for candidate in node.candidates where !candidate.isFull { openRules.append(candidate.rule) }
        var best: (dimension: Int, cut: Int, cost: Int)?
        for index in space.dimensions.indices where node.high[index] - node.low[index] > 1 {
            let low = node.low[index], high = node.high[index]
            for at in low...high {
                starts[at] = 0
                ends[at] = 0
            }
            space.countEnds(index, openRules, from: low, to: high, &starts, &ends)
            var below = starts[low], above = openRules.count
            for cut in (low + 1)..<high {
                above -= ends[cut]
                // Each border of a rule is a start or an end.
                if starts[cut] > 0 || ends[cut] > 0 {
                    let cost = below * below + above * above
                    if best.map({ cost < $0.cost }) ?? true { best = (index, cut, cost) }
                }
                below += starts[cut]
            }
        }
        if let best { return (best.dimension, best.cut) }
        return hole(node, openRules)
    }

    /// A border within a cell of several runs, where no rule begins or ends in the part.
    private func hole(_ node: SubdivisionNode, _ open: [Int]) -> (dimension: Int, cut: Int) {
        for (index, dimension) in space.dimensions.enumerated() {
            for rule in open {
                let cell = dimension.cell(of: rule)
                guard cell.count(from: node.low[index], to: node.high[index]) < node.high[index] - node.low[index] else { continue }
                for cut in (node.low[index] + 1)..<node.high[index] where cell.contains(cut) != cell.contains(cut - 1) {
                    return (index, cut)
                }
            }
        }
        // Nothing is open: the part is cut anywhere, down to single classes.
        for index in node.low.indices where node.high[index] - node.low[index] > 1 { return (index, node.low[index] + 1) }
        preconditionFailure("a single class of every dimension is settled")
    }
}
