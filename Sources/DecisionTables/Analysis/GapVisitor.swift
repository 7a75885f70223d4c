/// Finds the parts of the space that no rule holds for, each grown to a box that no rule touches and that cannot grow further.
struct GapVisitor: RegionVisitor {
    private let space: RuleSpace
    /// What gaps may lie in.
    private let limit: SpaceBox
    private let countMax: Int
    private(set) var gaps: [SpaceBox] = []
    private(set) var isAtLimit = false

    init(_ space: RuleSpace, within limit: SpaceBox, countMax: Int) {
        self.space = space
        self.limit = limit
        self.countMax = countMax
    }

    mutating func visit(_ node: inout SubdivisionNode) -> RegionVisit {
        if node.hasFull { return .close }
        guard node.candidates.isEmpty else { return .split }
        let isKnown = gaps.contains { gap in
            node.low.indices.allSatisfy { gap.sets[$0].count(from: node.low[$0], to: node.high[$0]) == node.high[$0] - node.low[$0] }
        }
        if isKnown { return .close }
        if gaps.count == countMax {
            isAtLimit = true
            return .stop
        }
        gaps.append(grown(node))
        return .close
    }

    /// First the dimensions that can be taken whole, so that as many cells as can be are `-`, then class by class.
    private func grown(_ node: SubdivisionNode) -> SpaceBox {
        var box = SpaceBox(node.low.indices.map { index in
            ClassSet(run: node.low[index]..<node.high[index], of: space.dimensions[index].classCount).intersection(limit.sets[index])
        })
        var touching = box.sets.indices.map { rules($0, box.sets[$0]) }
        for isWhole in [true, false] {
            for index in box.sets.indices {
                let others = blocking(touching, except: index)
                let free = ClassSet((0..<space.dimensions[index].classCount).map { member in
                    limit.sets[index].contains(member) && !meets(index, member, others)
                })
                if isWhole ? free == limit.sets[index] : true {
                    box.sets[index] = free
                    touching[index] = rules(index, free)
                }
            }
        }
        return box
    }

    /// The rules that hold for some class of a set.
    private func rules(_ index: Int, _ set: ClassSet) -> [UInt64] {
        let dimension = space.dimensions[index]
        var found = [UInt64](repeating: 0, count: dimension.words)
        for member in set.members {
            for word in found.indices { found[word] |= dimension.rulesOfClass[member * dimension.words + word] }
        }
        return found
    }

    /// The rules that meet the box in every other dimension.
    private func blocking(_ touching: [[UInt64]], except index: Int) -> [UInt64] {
        var found = [UInt64](repeating: .max, count: touching[index].count)
        for other in touching.indices where other != index {
            for word in found.indices { found[word] &= touching[other][word] }
        }
        return found
    }

    private func meets(_ index: Int, _ member: Int, _ rules: [UInt64]) -> Bool {
        let dimension = space.dimensions[index]
        return rules.indices.contains { dimension.rulesOfClass[member * dimension.words + $0] & rules[$0] != 0 }
    }
}
