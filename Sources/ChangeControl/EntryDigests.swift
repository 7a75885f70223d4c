/// What can be found of an entry of the log without those before it, so that it can be worked out beside whoever reads on.
package struct EntryDigests: Sendable {
    /// Whether the entry's hash is the one that its other fields call for.
    package let isWhole: Bool
    /// Its leaf in the tree over the log.
    package let leaf: ContentDigest

    package static func of(_ entries: [LogEntry]) -> [EntryDigests] {
        var buffer: [UInt8] = []
        buffer.reserveCapacity(1024)
        return entries.map { EntryDigests(isWhole: $0.hash == $0.computedHash(&buffer), leaf: MerkleTree.leaf($0.hash)) }
    }
}
