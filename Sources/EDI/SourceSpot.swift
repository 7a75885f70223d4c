/// A stretch of the file that is reported, with its first bytes.
struct SourceSpot {
    /// Offsets of the file.
    var bytes: Range<Int>
    /// 1-based, of the first byte.
    var line: Int
    var column: Int
    var head: [UInt8]

    static let headMax = 64
}
