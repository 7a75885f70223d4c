extension Subdivision {
    /// As ``run(_:_:)``, for a question that is answered by one point: some likely points are looked at first, each of which costs as
    /// little as the evaluation of a row.
    /// - Parameter avoided: rules that the answer most likely lies outside of.
    mutating func find(_ rules: [Int], avoiding avoided: [Int], _ visitor: inout some RegionVisitor) -> SearchEnd {
        guard !focus.isEmpty else { return .complete }
        guard let words = space.dimensions.first?.words else { return run(rules, &visitor) }
        let mask = Self.mask(rules, words), bad = Self.mask(avoided, words)
        for probe in 0..<min(2 * space.dimensions.count, Self.probesMax) {
            guard looksLeft > 0 else { return .limited }
            var node = likelyPoint(probe, mask, bad, words)
            if case .stop = visitor.visit(&node) { return .stopped }
        }
        return run(rules, &visitor)
    }

    private static let probesMax = 16

    private static func mask(_ rules: [Int], _ words: Int) -> [UInt64] {
        var mask = [UInt64](repeating: 0, count: words)
        for rule in rules { mask[rule / 64] |= 1 << UInt64(rule % 64) }
        return mask
    }

    /// Takes of each dimension in turn the class that leaves the fewest bad rules; probes begin with different dimensions, and
    /// half of them take the last such class.
    private mutating func likelyPoint(_ probe: Int, _ mask: [UInt64], _ bad: [UInt64], _ words: Int) -> SubdivisionNode {
        let count = space.dimensions.count
        var node = SubdivisionNode(low: focus.sets.map(\.low), high: focus.sets.map { $0.low + 1 }, candidates: [])
        var left = mask
        for step in 0..<count {
            let index = (probe / 2 + step) % count
            let dimension = space.dimensions[index], set = focus.sets[index]
            var best: (member: Int, bad: Int)?
            for member in set.low..<set.high where set.contains(member) {
                var found = 0
                for word in 0..<words { found += (left[word] & bad[word] & dimension.rulesOfClass[member * words + word]).nonzeroBitCount }
                if best.map({ found < $0.bad || (found == $0.bad && probe % 2 == 1) }) ?? true { best = (member, found) }
            }
            guard let best else { continue }
            looksLeft -= (set.high - set.low) * words / 4 + 1
            node.low[index] = best.member
            node.high[index] = best.member + 1
            for word in 0..<words { left[word] &= dimension.rulesOfClass[best.member * words + word] }
        }
        for word in 0..<words {
            var bits = left[word]
            while bits != 0 {
                node.candidates.append(SubdivisionCandidate(word * 64 + bits.trailingZeroBitCount))
                bits &= bits - 1
            }
        }
        return node
    }
}
