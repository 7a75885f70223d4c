/// Asks whether some rules together hold for every point of the box that is searched; stops at a point that they leave out.
struct CoverVisitor: RegionVisitor {
    /// A part that none of them touches.
    private(set) var left: SubdivisionNode?

    mutating func visit(_ node: inout SubdivisionNode) -> RegionVisit {
        if node.hasFull { return .close }
        if node.candidates.isEmpty {
            left = node
            return .stop
        }
        return .split
    }
}

/// Asks whether the answer at every point of the box that is searched is the same without one rule, where rules are asked in an
/// order and the first that holds decides. Stops at a point where it is not, or where that cannot be known.
struct RemovalVisitor: RegionVisitor {
    private let rule: Int
    /// Place in the order of asking, by rule.
    private let rank: [Int]
    /// Whether a rule has the outputs of the one in question.
    private let isAgreeing: [Bool]
    private let isOpaque: [Bool]
    /// Whether what is given where no rule holds is what the rule gives.
    private let isDefaultAgreeing: Bool

    init(_ rule: Int, rank: [Int], isAgreeing: [Bool], isOpaque: [Bool], isDefaultAgreeing: Bool) {
        self.rule = rule
        self.rank = rank
        self.isAgreeing = isAgreeing
        self.isOpaque = isOpaque
        self.isDefaultAgreeing = isDefaultAgreeing
    }

    mutating func visit(_ node: inout SubdivisionNode) -> RegionVisit {
        var decider: Int?
        for candidate in node.candidates where candidate.isFull && !isOpaque[candidate.rule] {
            if decider.map({ rank[candidate.rule] < rank[$0] }) ?? true { decider = candidate.rule }
        }
        if let decider {
            // An earlier rule decides, or one as early does.
            if rank[decider] < rank[rule] { return .close }
            node.candidates.removeAll { rank[$0.rule] > rank[decider] }
            if node.candidates.allSatisfy({ rank[$0.rule] < rank[rule] || isAgreeing[$0.rule] }) { return .close }
        }
        if isDefaultAgreeing, node.candidates.allSatisfy({ rank[$0.rule] < rank[rule] || isAgreeing[$0.rule] }) { return .close }
        // Decided otherwise, by none, or by what no search can tell.
        let isSettled = decider.map { decider in node.candidates.allSatisfy { rank[$0.rule] >= rank[decider] } } ?? node.candidates.isEmpty
        return isSettled || node.candidates.allSatisfy(\.isFull) ? .stop : .split
    }
}
