/// The hash tree of RFC 6962 section 2.1 (RFC 9162 section 2.1), over SHA-256.
///
/// A leaf's hash begins with a zero byte and a node's with a one, so that no node can be passed off as a leaf.
package enum MerkleTree {
    /// The root of a tree without leaves: the digest of nothing.
    package static let emptyRoot = ContentDigest(of: [])

    /// The hash of a leaf. Leaves of a log are the 32 bytes of the hashes of its entries.
    package static func leaf(_ data: ContentDigest) -> ContentDigest {
        withUnsafeTemporaryAllocation(byteCount: 33, alignment: 8) { buffer in
            buffer.storeBytes(of: 0, as: UInt8.self)
            data.store(into: buffer, at: 1)
            return ContentDigest.hash(UnsafeRawBufferPointer(buffer))
        }
    }

    /// The hash of a leaf that holds any bytes.
    package static func leaf(of data: [UInt8]) -> ContentDigest { ContentDigest(of: [0] + data) }

    /// The hash over two subtrees.
    package static func node(_ left: ContentDigest, _ right: ContentDigest) -> ContentDigest {
        withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { buffer in
            buffer.storeBytes(of: 1, as: UInt8.self)
            left.store(into: buffer, at: 1)
            right.store(into: buffer, at: 33)
            return ContentDigest.hash(UnsafeRawBufferPointer(buffer))
        }
    }
}

/// What has to be kept of a tree to go on with it: the roots of the full subtrees that its leaves fall into, one for each one
/// bit of their number. A leaf is added in log2(count) hashes at most, and in two on average.
package struct MerkleRange: Hashable, Sendable {
    /// Leaves.
    package private(set) var count = 0
    /// The greatest subtree first.
    private var roots: [ContentDigest] = []

    package init() {}

    /// - Parameter leaf: the hash of the leaf.
    package mutating func append(_ leaf: ContentDigest) {
        var hash = leaf
        for _ in 0..<(~count).trailingZeroBitCount { hash = MerkleTree.node(roots.removeLast(), hash) }
        roots.append(hash)
        count += 1
    }

    /// The root of the tree over all leaves.
    package var root: ContentDigest {
        guard let last = roots.last else { return MerkleTree.emptyRoot }
        return roots.dropLast().reversed().reduce(last) { MerkleTree.node($1, $0) }
    }

    /// `COUNT HEX HEX ...`, for the store to keep.
    package var text: String { ([String(count)] + roots.map(\.hex)).joined(separator: " ") }

    /// Reads ``text`` back; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard let count = parts.first.flatMap({ Int($0) }), count >= 0 else { return nil }
        roots = parts.dropFirst().compactMap { ContentDigest(hex: $0) }
        self.count = count
        guard roots.count == count.nonzeroBitCount, self.text == text else { return nil }
    }
}
