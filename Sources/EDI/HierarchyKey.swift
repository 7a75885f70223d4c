/// HL01, HL02 and HL03 of an HL segment: its number, its parent's, its level.
struct HierarchyKey {
    var id: HierarchyText
    var parent: HierarchyText
    var level: HierarchyText
}

/// An element of HL, to be compared: up to seven bytes are one number with their count, so that no text is made for each HL of a file.
struct HierarchyText: Equatable {
    static let packedMax = 7

    private var packed: UInt64
    /// What is longer.
    private var long = ""

    init(_ text: String) {
        packed = 0
        guard text.utf8.count <= Self.packedMax else {
            long = text
            return
        }
        for byte in text.utf8 { append(byte) }
    }

    /// - Parameter bytes: ASCII, and ``packedMax`` at most.
    init(plain bytes: UnsafeBufferPointer<UInt8>) {
        packed = 0
        for byte in bytes { append(byte) }
    }

    private mutating func append(_ byte: UInt8) { packed = (packed &+ 1) & 0xFF | (packed & ~0xFF) &<< 8 | UInt64(byte) &<< 8 }

    var isEmpty: Bool { packed == 0 && long.isEmpty }

    var text: String {
        if !long.isEmpty { return long }
        let count = packed & 0xFF
        return String(decoding: (0..<count).map { UInt8(truncatingIfNeeded: packed >> (8 * (count - $0))) }, as: UTF8.self)
    }
}
