import CZlib

/// zlib's inflate with one owner. Its state has pointers to itself, so that it must stay where it is.
final class Inflater {
    enum Outcome {
        /// All input is used; more is wanted.
        case hungry
        /// The output is full.
        case full
        /// The stream has ended.
        case ended
        case damaged(String)
    }

    private let stream: UnsafeMutablePointer<z_stream>
    /// Bytes used and made since the last reset.
    private(set) var used = 0
    private(set) var made = 0

    /// - Parameter isRaw: deflate alone, as zip has it; else with the header and check of gzip.
    init(isRaw: Bool) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window; 16 more ask for gzip's header, a negative number for none.
        let status = inflateInit2_(stream, isRaw ? -15 : 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory for a window")
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    func reset() {
        inflateReset(stream)
        used = 0
        made = 0
    }

    /// Unpacks some bytes; gives how many were used, how many made, and what comes next.
    func inflate(_ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) -> (used: Int, made: Int, outcome: Outcome) {
        let count = min(input.count, Int(UInt32.max))
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        let usedNow = count - Int(stream.pointee.avail_in), madeNow = output.count - Int(stream.pointee.avail_out)
        used += usedNow
        made += madeNow
        switch status {
        case Z_STREAM_END: return (usedNow, madeNow, .ended)
        case Z_OK, Z_BUF_ERROR: return (usedNow, madeNow, stream.pointee.avail_out == 0 ? .full : .hungry)
        default: return (usedNow, madeNow, .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(status)"))
        }
    }

    static func crc(_ sum: UInt32, _ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_z(UInt(sum), bytes.baseAddress, bytes.count))
    }
}
