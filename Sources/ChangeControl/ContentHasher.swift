import Crypto

/// Makes a ``ContentDigest`` of bytes as they come.
package struct ContentHasher: Sendable {
    private var hash = SHA256()
    /// Bytes that were added.
    package private(set) var count = 0

    package init() {}

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        hash.update(bufferPointer: bytes)
        count += bytes.count
    }

    /// The digest of all that was added so far.
    package var digest: ContentDigest { ContentDigest(hash.finalize()) }
}
