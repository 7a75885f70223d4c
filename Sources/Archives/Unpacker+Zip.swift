import Diagnostics
import Formats

/// What a header says of an entry, and what was read of it.
struct ZipEntry {
    var name = ""
    var method = 0
    var crc: UInt32 = 0
    var packedSize = 0
    var size = 0
    /// Sizes and check come behind the data.
    var hasDescriptor = false
    /// Directories and what systems hide in archives are no documents.
    var isDocument: Bool {
        !name.hasSuffix("/") && !name.hasPrefix("__MACOSX/") && name.split(separator: "/").last?.hasPrefix("._") != true
    }
}

extension Unpacker {
    private enum Signature {
        // APPNOTE 4.3.7, 4.3.9, 4.3.12, 4.3.14 to 4.3.16.
        static let local: UInt32 = 0x0403_4B50
        static let descriptor: UInt32 = 0x0807_4B50
        static let central: UInt32 = 0x0201_4B50
        static let wideEnd: UInt32 = 0x0606_4B50
        static let wideLocator: UInt32 = 0x0706_4B50
        static let end: UInt32 = 0x0605_4B50
    }

    func zipStep<Receiver: DocumentReceiver>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ isEnd: Bool, into receiver: inout Receiver
    ) -> Int? {
        switch state {
        case .header: return header(bytes, into: &receiver)
        case .inflating:
            return inflate(bytes, into: &receiver) { self.state = .descriptor }
        case .stored(let left):
            guard left > 0 else {
                state = .descriptor
                return 0
            }
            guard !bytes.isEmpty else { return nil }
            let piece = UnsafeBufferPointer(rebasing: bytes.prefix(left))
            give(piece, input: offset + piece.count, into: &receiver)
            state = .stored(left: left - piece.count)
            return piece.count
        case .skipping(let left):
            guard left > 0 else {
                state = .header
                return 0
            }
            guard !bytes.isEmpty else { return nil }
            state = .skipping(left: left - min(left, bytes.count))
            return min(left, bytes.count)
        case .descriptor: return finishEntry(bytes, into: &receiver)
        case .done, .member: return bytes.isEmpty ? nil : bytes.count
        }
    }

    private func header<Receiver: DocumentReceiver>(_ bytes: UnsafeBufferPointer<UInt8>, into receiver: inout Receiver) -> Int? {
        guard bytes.count >= 4 else { return nil }
        switch word(bytes, 0) {
        case Signature.local: return localHeader(bytes, into: &receiver)
        case Signature.central: return centralHeader(bytes, into: &receiver)
        case Signature.wideEnd:
            guard bytes.count >= 12 else { return nil }
            let size = wide(bytes, 4)
            guard size >= 0, size < 1 << 20 else {
                stop(.archiveDamaged, "the end of the directory is damaged", into: &receiver)
                return 0
            }
            state = .skipping(left: 12 + size)
            return 0
        case Signature.wideLocator:
            state = .skipping(left: 20)
            return 0
        case Signature.end:
            guard bytes.count >= 22 else { return nil }
            checkDirectory(short(bytes, 10), into: &receiver)
            sawEnd = true
            state = .done
            return 22
        default:
            stop(.archiveDamaged, "no header stands where one is expected", into: &receiver)
            return 0
        }
    }

    private func localHeader<Receiver: DocumentReceiver>(_ bytes: UnsafeBufferPointer<UInt8>, into receiver: inout Receiver) -> Int? {
        guard bytes.count >= 30 else { return nil }
        let nameLength = short(bytes, 26), extraLength = short(bytes, 28)
        let length = 30 + nameLength + extraLength
        guard bytes.count >= length else { return nil }
        let flags = short(bytes, 6)
        entry = ZipEntry()
        entry.name = String(decoding: bytes[30..<30 + nameLength], as: UTF8.self)
        entry.method = short(bytes, 8)
        entry.crc = word(bytes, 14)
        entry.packedSize = Int(word(bytes, 18))
        entry.size = Int(word(bytes, 22))
        entry.hasDescriptor = flags & 8 != 0
        readWideSizes(bytes[30 + nameLength..<length])
        entryCount += 1
        guard entryCount <= limits.entries else {
            stop(.archiveBomb, "the archive has more than \(limits.entries) entries", into: &receiver)
            return 0
        }
        let isEncrypted = flags & 1 != 0
        let isKnown = entry.method == 8 || (entry.method == 0 && !entry.hasDescriptor)
        if isEncrypted || !isKnown {
            let reason = isEncrypted ? "is encrypted" : entry.method == 0 ? "is stored and does not say its size" : "is packed by method \(entry.method)"
            find(isEncrypted ? .archiveEncrypted : .archiveMethod, "entry \(entry.name) \(reason)", "have it packed with deflate, without a password", into: &receiver)
            guard !entry.hasDescriptor, entry.packedSize >= 0 else {
                isStopped = true
                return length
            }
            state = .skipping(left: entry.packedSize)
            return length
        }
        if entry.isDocument { begin(entry.name, into: &receiver) }
        inflater.reset()
        entrySum = 0
        entryMade = 0
        state = entry.method == 8 ? .inflating : .stored(left: entry.size)
        return length
    }

    /// Sizes that do not fit 32 bits stand in extra field 1 (APPNOTE 4.5.3), those alone that are all ones in the header.
    private func readWideSizes(_ extra: Slice<UnsafeBufferPointer<UInt8>>) {
        let bytes = UnsafeBufferPointer(rebasing: extra)
        var at = 0
        while at + 4 <= bytes.count {
            let size = short(bytes, at + 2)
            guard at + 4 + size <= bytes.count else { return }
            if short(bytes, at) == 1 {
                var from = at + 4
                if entry.size == 0xFFFF_FFFF, from + 8 <= at + 4 + size {
                    entry.size = wide(bytes, from)
                    from += 8
                }
                if entry.packedSize == 0xFFFF_FFFF, from + 8 <= at + 4 + size { entry.packedSize = wide(bytes, from) }
            }
            at += 4 + size
        }
    }

    /// Holds what came out against what was said of it.
    private func finishEntry<Receiver: DocumentReceiver>(_ bytes: UnsafeBufferPointer<UInt8>, into receiver: inout Receiver) -> Int? {
        var used = 0
        let packed = entry.method == 8 ? inflater.used : entryMade
        if entry.hasDescriptor {
            // A directory follows, which is longer than any descriptor.
            guard bytes.count >= 24 else { return nil }
            if word(bytes, 0) == Signature.descriptor { used = 4 }
            entry.crc = word(bytes, used)
            let isNarrow = Int(word(bytes, used + 4)) == packed & 0xFFFF_FFFF && Int(word(bytes, used + 8)) == entryMade & 0xFFFF_FFFF
            let isWide = used + 20 <= bytes.count && wide(bytes, used + 4) == packed && wide(bytes, used + 12) == entryMade
            entry.packedSize = packed
            entry.size = isNarrow || isWide ? entryMade : -1
            used += isWide && !(isNarrow && packed > 0) ? 20 : 12
        }
        let isSound = entry.size == entryMade && entry.crc == entrySum && (entry.packedSize == packed || entry.method == 0)
        if !isSound {
            find(.archiveDamaged, "entry \(entry.name) has another size or check sum than it says", "ask for the file again", into: &receiver)
        }
        if entry.isDocument { end(isWhole: isSound, into: &receiver) }
        if entries.count < limits.entries { entries[entry.name] = entry }
        entry = ZipEntry()
        state = .header
        return used
    }

    private func centralHeader<Receiver: DocumentReceiver>(_ bytes: UnsafeBufferPointer<UInt8>, into receiver: inout Receiver) -> Int? {
        guard bytes.count >= 46 else { return nil }
        let length = 46 + short(bytes, 28) + short(bytes, 30) + short(bytes, 32)
        guard bytes.count >= length else { return nil }
        listed += 1
        let name = String(decoding: bytes[46..<46 + short(bytes, 28)], as: UTF8.self)
        if let read = entries[name], read.crc != word(bytes, 16) {
            find(.archiveDamaged, "the directory and the header of entry \(name) differ", "ask for the file again", into: &receiver)
        }
        return length
    }

    private func checkDirectory<Receiver: DocumentReceiver>(_ declared: Int, into receiver: inout Receiver) {
        // 0xFFFF stands for a number that zip64 says.
        guard listed != entryCount || (declared != listed && declared != 0xFFFF) else { return }
        find(
            .archiveDamaged, "the directory lists \(listed) entries and declares \(declared); \(entryCount) were read",
            "ask for the file again", into: &receiver)
    }

    // MARK: - Numbers, lowest byte first

    private func short(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }

    private func word(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> UInt32 {
        UInt32(short(bytes, at)) | UInt32(short(bytes, at + 2)) << 16
    }

    private func wide(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
        Int(truncatingIfNeeded: UInt64(word(bytes, at)) | UInt64(word(bytes, at + 4)) << 32)
    }
}
