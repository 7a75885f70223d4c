import Archives
import CZlib
import Diagnostics
import Formats

/// Keeps the documents that come out of an archive.
struct Documents: DocumentReceiver {
    var names: [String?] = []
    var contents: [[UInt8]] = []
    var whole: [Bool] = []
    var findings: [Diagnostic] = []
    var codes: [String] { findings.map(\.code.name) }
    /// Bytes that came out, kept or not.
    var count = 0
    /// Nothing is kept, so that a bomb needs no memory here either.
    var isCounting = false

    mutating func began(_ name: String?) {
        names.append(name)
        contents.append([])
    }
    mutating func took(_ bytes: UnsafeBufferPointer<UInt8>) {
        count += bytes.count
        if !isCounting { contents[contents.count - 1].append(contentsOf: bytes) }
    }
    mutating func ended(isWhole: Bool) { whole.append(isWhole) }
    mutating func found(_ diagnostic: Diagnostic) { findings.append(diagnostic) }
}

func unpack(_ bytes: [UInt8], chunk: Int = .max, _ limits: UnpackLimits = UnpackLimits(), isCounting: Bool = false) -> Documents {
    var documents = Documents()
    documents.isCounting = isCounting
    guard let kind = ArchiveKind.of(bytes) else { preconditionFailure("these bytes are not packed") }
    let unpacker = Unpacker(kind, file: "in", limits: limits)
    bytes.withUnsafeBufferPointer { all in
        var at = 0
        while at < all.count {
            let end = at + min(chunk, all.count - at)
            unpacker.read(UnsafeBufferPointer(rebasing: all[at..<end]), into: &documents)
            at = end
        }
    }
    unpacker.finish(into: &documents)
    return documents
}

/// zlib's own packing: gzip, or deflate alone.
func deflated(_ bytes: [UInt8], isRaw: Bool) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(&stream, 9, Z_DEFLATED, isRaw ? -15 : 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    var input = bytes
    let made = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END, "all is packed at once")
            return target.count - Int(stream.avail_out)
        }
    }
    deflateEnd(&stream)
    return Array(output[..<made])
}

/// A zip archive, entry by entry.
struct ZipBuilder {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    mutating func add(
        _ name: String, _ content: [UInt8], isStored: Bool = false, hasDescriptor: Bool = false, isWide: Bool = false, isEncrypted: Bool = false,
        method: Int? = nil, crc wrong: UInt32? = nil
    ) {
        let packed = isStored ? content : deflated(content, isRaw: true)
        let crc = wrong ?? UInt32(crc32_z(0, content, content.count))
        let flags = (hasDescriptor ? 8 : 0) | (isEncrypted ? 1 : 0)
        let code = method ?? (isStored ? 0 : 8)
        count += 1
        let sizes = hasDescriptor ? (0, 0) : isWide ? (0xFFFF_FFFF, 0xFFFF_FFFF) : (packed.count, content.count)
        let extra = isWide && !hasDescriptor ? number(1, 2) + number(16, 2) + number(content.count, 8) + number(packed.count, 8) : []
        bytes += number(0x0403_4B50, 4) + number(45, 2) + number(flags, 2) + number(code, 2) + number(0, 4)
        bytes += number(hasDescriptor ? 0 : Int(crc), 4) + number(sizes.0, 4) + number(sizes.1, 4)
        bytes += number(name.utf8.count, 2) + number(extra.count, 2) + Array(name.utf8) + extra + packed
        if hasDescriptor {
            bytes += number(0x0807_4B50, 4) + number(Int(crc), 4) + number(packed.count, isWide ? 8 : 4) + number(content.count, isWide ? 8 : 4)
        }
        directory += number(0x0201_4B50, 4) + number(45, 2) + number(45, 2) + number(flags, 2) + number(code, 2) + number(0, 4)
        directory += number(Int(crc), 4) + number(packed.count, 4) + number(content.count, 4) + number(name.utf8.count, 2)
        directory += [UInt8](repeating: 0, count: 16) + Array(name.utf8)
    }

    func finished(declaring declared: Int? = nil) -> [UInt8] {
        bytes + directory + number(0x0605_4B50, 4) + number(0, 4) + number(declared ?? count, 2) + number(declared ?? count, 2)
            + number(directory.count, 4) + number(bytes.count, 4) + number(0, 2)
    }

    private func number(_ value: Int, _ length: Int) -> [UInt8] { (0..<length).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
}
