import Crypto

/// A SHA-256 digest (FIPS 180-4): what content-addressed things are known by. Written as 64 lower-case hexadecimal digits.
package struct ContentDigest: Hashable, Sendable {
    // Four big-endian words and no heap storage: verifying a log of a million entries handles two million of these.
    private let first, second, third, fourth: UInt64

    /// All bits zero: what the first entry of a log names as the hash before it.
    package static let zero = ContentDigest(0, 0, 0, 0)

    private init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
    }

    /// The digest of some bytes.
    package init(of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes(ContentDigest.hash)
    }

    /// The digest of a text's UTF-8 bytes.
    package init(ofText text: String) {
        var text = text
        self = text.withUTF8 { ContentDigest.hash(UnsafeRawBufferPointer($0)) }
    }

    /// Reads exactly 64 lower-case hexadecimal digits; nil for anything else.
    package init?(hex: String) {
        var hex = hex
        // Over the bytes where they lie: each entry of a log has two of these, and a generic text costs most of the verification.
        guard let digest = hex.withUTF8(ContentDigest.read) else { return nil }
        self = digest
    }

    package init?(hex: some StringProtocol) { self.init(hex: String(hex)) }

    private static func read(_ digits: UnsafeBufferPointer<UInt8>) -> ContentDigest? {
        guard digits.count == 64 else { return nil }
        let raw = UnsafeRawBufferPointer(digits)
        func word(_ index: Int) -> UInt64? {
            guard let high = HexDigits.read(raw, at: index * 16), let low = HexDigits.read(raw, at: index * 16 + 8) else { return nil }
            return UInt64(high) << 32 | UInt64(low)
        }
        guard let first = word(0), let second = word(1), let third = word(2), let fourth = word(3) else { return nil }
        return ContentDigest(first, second, third, fourth)
    }

    /// 64 lower-case hexadecimal digits.
    package var hex: String {
        String(unsafeUninitializedCapacity: 64) { buffer in
            write(to: UnsafeMutableRawBufferPointer(buffer))
            return 64
        }
    }

    /// Appends the 64 hexadecimal digits to a buffer.
    func append(to buffer: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { digits in
            write(to: UnsafeMutableRawBufferPointer(digits))
            buffer.append(contentsOf: digits)
        }
    }

    /// - Parameter buffer: of 64 bytes, or more.
    private func write(to buffer: UnsafeMutableRawBufferPointer) {
        func put(_ word: UInt64, _ offset: Int) {
            HexDigits.write(UInt32(truncatingIfNeeded: word >> 32), to: buffer, at: offset)
            HexDigits.write(UInt32(truncatingIfNeeded: word), to: buffer, at: offset + 8)
        }
        put(first, 0)
        put(second, 16)
        put(third, 32)
        put(fourth, 48)
    }

    /// Reads 32 bytes; nil for another number of them.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        let words = stride(from: 0, to: 32, by: 8).map { bytes[$0..<$0 + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(words[0], words[1], words[2], words[3])
    }

    /// Puts the 32 bytes at a place of a buffer.
    func store(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
        buffer.storeBytes(of: first.bigEndian, toByteOffset: offset, as: UInt64.self)
        buffer.storeBytes(of: second.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
        buffer.storeBytes(of: third.bigEndian, toByteOffset: offset + 16, as: UInt64.self)
        buffer.storeBytes(of: fourth.bigEndian, toByteOffset: offset + 24, as: UInt64.self)
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        [first, second, third, fourth].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
    }

    /// The digest of some bytes where they lie.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> ContentDigest {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        return ContentDigest(hasher.finalize())
    }

    init(_ digest: SHA256.Digest) {
        self = digest.withUnsafeBytes { digest in
            func word(_ index: Int) -> UInt64 {
                UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
            return ContentDigest(word(0), word(1), word(2), word(3))
        }
    }
}

extension ContentDigest: Comparable {
    /// By the bytes.
    package static func < (left: ContentDigest, right: ContentDigest) -> Bool {
        (left.first, left.second, left.third, left.fourth) < (right.first, right.second, right.third, right.fourth)
    }
}

extension ContentDigest: CustomStringConvertible {
    package var description: String { hex }
}
