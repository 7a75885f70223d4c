import CZlib

/// Packs bytes as one member of gzip (RFC 1952) as they come, in bounded memory.
///
/// The header has no name and no time, so that the same bytes, given in the same pieces to the same zlib, are packed to the same bytes.
package final class GzipPacker {
    // zlib's state has pointers to itself, so that it must stay where it is.
    private let stream: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutableBufferPointer<UInt8>
    private var isFinished = false

    package init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        output = .allocate(capacity: 1 << 16)
        // 15 bits of window, and 16 more for gzip's header and check; 8 is zlib's own choice of memory.
        let status = deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory for a window")
    }

    deinit {
        deflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
        output.deallocate()
    }

    /// Packs some bytes; `body` gets what came out, which may be nothing yet.
    package func write<Failure: Error>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(!isFinished, "nothing is packed after the end")
        var rest = bytes
        // zlib counts a piece in 32 bits.
        while !rest.isEmpty {
            let piece = UnsafeBufferPointer(rebasing: rest.prefix(1 << 30))
            rest = UnsafeBufferPointer(rebasing: rest.dropFirst(piece.count))
            stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.baseAddress)
            stream.pointee.avail_in = UInt32(piece.count)
            try drain(Z_NO_FLUSH, body)
        }
    }

    /// Packs what is left, and the check behind it. Nothing follows.
    package func finish<Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        precondition(!isFinished, "the end was packed")
        isFinished = true
        stream.pointee.next_in = nil
        stream.pointee.avail_in = 0
        try drain(Z_FINISH, body)
    }

    /// Takes what comes out until zlib asks for more, or is at its end.
    private func drain<Failure: Error>(_ flush: Int32, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        repeat {
            stream.pointee.next_out = output.baseAddress
            stream.pointee.avail_out = UInt32(output.count)
            // It fails only where its state was overwritten, or there is nothing to do (Z_BUF_ERROR), which is no failure.
            let status = deflate(stream, flush)
            precondition(status != Z_STREAM_ERROR, "zlib's state was overwritten")
            let made = output.count - Int(stream.pointee.avail_out)
            if made > 0 { try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(output)[..<made])) }
        } while stream.pointee.avail_out == 0
    }
}
