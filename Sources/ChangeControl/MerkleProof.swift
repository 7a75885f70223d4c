/// Proofs over a tree: that a leaf is in it, and that one tree is the beginning of another. They are made from all leaves and
/// verified from roots alone (RFC 9162 sections 2.1.3 and 2.1.4).
package enum MerkleProof {
    /// The path from a leaf to the root, nearest first (section 2.1.3.1).
    ///
    /// - Parameter leaves: the hashes of all leaves.
    package static func inclusion(of index: Int, in leaves: [ContentDigest]) -> [ContentDigest] {
        precondition(leaves.indices.contains(index), "a leaf of the tree")
        return path(index, leaves[...])
    }

    /// The nodes that show a tree of `first` leaves to be the beginning of this one (section 2.1.4.1).
    package static func consistency(from first: Int, in leaves: [ContentDigest]) -> [ContentDigest] {
        precondition((1...max(leaves.count, 1)).contains(first), "a tree that is a beginning")
        return subproof(first, leaves[...], isWhole: true)
    }

    /// Whether a path leads from a leaf to a root (section 2.1.3.2).
    package static func includes(
        _ leaf: ContentDigest, at index: Int, count: Int, root: ContentDigest, path: [ContentDigest]
    ) -> Bool {
        guard index >= 0, index < count else { return false }
        var place = index, last = count - 1, hash = leaf
        for sibling in path {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                hash = MerkleTree.node(sibling, hash)
                climb(&place, &last)
            } else {
                hash = MerkleTree.node(hash, sibling)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether the tree of `first` leaves is the beginning of that of `second` leaves (section 2.1.4.2).
    package static func isBeginning(
        _ first: Int, _ firstRoot: ContentDigest, of second: Int, _ secondRoot: ContentDigest, path: [ContentDigest]
    ) -> Bool {
        guard first > 0, first <= second else { return first == 0 && second >= 0 && path.isEmpty && firstRoot == MerkleTree.emptyRoot }
        if first == second { return path.isEmpty && firstRoot == secondRoot }
        // A full first tree is itself the first node, and is not repeated in the path.
        let nodes = first.nonzeroBitCount == 1 ? [firstRoot] + path : path
        guard var before = nodes.first else { return false }
        var after = before, place = first - 1, last = second - 1
        while place & 1 == 1 {
            place >>= 1
            last >>= 1
        }
        for node in nodes.dropFirst() {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                before = MerkleTree.node(node, before)
                after = MerkleTree.node(node, after)
                climb(&place, &last)
            } else {
                after = MerkleTree.node(after, node)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && before == firstRoot && after == secondRoot
    }

    /// Passes levels at which a last node without a sibling goes up as it is.
    private static func climb(_ place: inout Int, _ last: inout Int) {
        while place & 1 == 0, place != 0 {
            place >>= 1
            last >>= 1
        }
    }

    private static func path(_ index: Int, _ leaves: ArraySlice<ContentDigest>) -> [ContentDigest] {
        guard leaves.count > 1 else { return [] }
        let middle = leaves.startIndex + split(leaves.count)
        return leaves.startIndex + index < middle
            ? path(index, leaves[..<middle]) + [root(leaves[middle...])]
            : path(index - split(leaves.count), leaves[middle...]) + [root(leaves[..<middle])]
    }

    private static func subproof(_ first: Int, _ leaves: ArraySlice<ContentDigest>, isWhole: Bool) -> [ContentDigest] {
        if first == leaves.count { return isWhole ? [] : [root(leaves)] }
        let half = split(leaves.count), middle = leaves.startIndex + half
        return first <= half
            ? subproof(first, leaves[..<middle], isWhole: isWhole) + [root(leaves[middle...])]
            : subproof(first - half, leaves[middle...], isWhole: false) + [root(leaves[..<middle])]
    }

    private static func root(_ leaves: ArraySlice<ContentDigest>) -> ContentDigest {
        var range = MerkleRange()
        for leaf in leaves { range.append(leaf) }
        return range.root
    }

    /// The greatest power of two below a number above 1.
    private static func split(_ count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }
}
