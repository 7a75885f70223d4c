/// Reads the blocks of a TZif file (RFC 9636 section 3). Each count is checked against the bytes that are there.
struct ZoneFileReader {
    struct Contents {
        var transitions: [Int64] = []
        var offsets: [Int32] = []
        var initialOffset: Int32 = 0
        var footer: ZoneFooter?
    }

    private struct Header {
        var version: UInt8
        var isUTCount: Int, isStandardCount: Int, leapCount: Int, timeCount: Int, typeCount: Int, charCount: Int

        func size(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + charCount + leapCount * (timeSize + 4) + isStandardCount + isUTCount
        }
    }

    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func read() -> Contents? {
        guard let first = header() else { return nil }
        if first.version == 0 { return block(first, timeSize: 4) }
        guard first.size(timeSize: 4) <= bytes.count - at else { return nil }
        at += first.size(timeSize: 4)
        guard let second = header(), var contents = block(second, timeSize: 8), at < bytes.count, bytes[at] == 10
        else { return nil }
        let rest = bytes[(at + 1)...]
        guard let end = rest.firstIndex(of: 10) else { return nil }
        if end > rest.startIndex {
            guard let footer = ZoneFooter(Array(rest[..<end])) else { return nil }
            contents.footer = footer
        }
        return contents
    }

    private mutating func header() -> Header? {
        guard bytes.count - at >= 44, Array(bytes[at..<(at + 4)]) == Array("TZif".utf8) else { return nil }
        let version = bytes[at + 4]
        guard version == 0 || (version >= UInt8(ascii: "2") && version <= UInt8(ascii: "4")) else { return nil }
        var counts: [Int] = []
        for index in 0..<6 {
            let count = Int(big(at + 20 + index * 4, 4))
            guard count >= 0, count <= 100_000 else { return nil }
            counts.append(count)
        }
        at += 44
        guard counts[4] > 0 else { return nil }
        return Header(
            version: version, isUTCount: counts[0], isStandardCount: counts[1], leapCount: counts[2],
            timeCount: counts[3], typeCount: counts[4], charCount: counts[5])
    }

    private mutating func block(_ header: Header, timeSize: Int) -> Contents? {
        guard header.size(timeSize: timeSize) <= bytes.count - at else { return nil }
        let types = at + header.timeCount * (timeSize + 1)
        func offset(_ type: Int) -> Int32? {
            guard type < header.typeCount else { return nil }
            let value = big(types + type * 6, 4)
            return abs(value) <= 93_599 ? Int32(value) : nil
        }
        var contents = Contents()
        for index in 0..<header.timeCount {
            let time = big(at + index * timeSize, timeSize)
            if let last = contents.transitions.last, time <= last { return nil }
            guard let offset = offset(Int(bytes[at + header.timeCount * timeSize + index])) else { return nil }
            contents.transitions.append(time)
            contents.offsets.append(offset)
        }
        guard let initial = offset(0) else { return nil }
        contents.initialOffset = initial
        at += header.size(timeSize: timeSize)
        return contents
    }

    /// A big-endian two's complement number of 4 or 8 bytes.
    private func big(_ start: Int, _ size: Int) -> Int64 {
        var value: UInt64 = 0
        for byte in bytes[start..<(start + size)] { value = value << 8 | UInt64(byte) }
        return size == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }
}
