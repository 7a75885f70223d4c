package import Diagnostics
import Formats

/// What takes the documents of an archive.
package protocol DocumentReceiver {
    /// A document begins. Its name is that of an entry; nil where the file as a whole is packed.
    mutating func began(_ name: String?)
    mutating func took(_ bytes: UnsafeBufferPointer<UInt8>)
    /// The document ended.
    ///
    /// - Parameter isWhole: false where the archive is torn, damaged or too large.
    mutating func ended(isWhole: Bool)
    mutating func found(_ diagnostic: Diagnostic)
}

/// Unpacks gzip (RFC 1952, also several members one after the other) and zip (PKWARE's APPNOTE 6.3: stored and deflated entries, zip64)
/// as the bytes come, in bounded memory and under ``UnpackLimits``. An archive within an archive is not unpacked.
///
/// Entries are read by the headers before them. The directory at the end is held against what was read: without it, an
/// archive is torn.
package final class Unpacker {
    package let kind: ArchiveKind
    let file: String?
    let limits: UnpackLimits
    let inflater: Inflater
    let output: UnsafeMutableBufferPointer<UInt8>
    /// Input that is not used up yet.
    var pending: [UInt8] = []
    /// Offset in the archive of the first byte that is not used up.
    var offset = 0
    /// Bytes that came out.
    var unpacked = 0
    var isStopped = false
    /// A document has begun and not ended.
    var isOpen = false

    enum State {
        /// gzip: at the start of a member; `isFirst` where it is the first.
        case member(isFirst: Bool)
        case inflating
        /// zip: a signature is to come.
        case header
        case stored(left: Int)
        case skipping(left: Int)
        case descriptor
        /// What follows is of no interest.
        case done
    }
    var state: State
    var entry = ZipEntry()
    /// Entries read, by name; what the directory is held against.
    var entries: [String: ZipEntry] = [:]
    var entryCount = 0
    /// Sum and number of the bytes of the current entry.
    var entrySum: UInt32 = 0
    var entryMade = 0
    var listed = 0
    var sawEnd = false
    /// First bytes of the document, by which an archive within is told.
    var documentHead: [UInt8] = []
    var isNested = false

    package init(_ kind: ArchiveKind, file: String?, limits: UnpackLimits = UnpackLimits()) {
        self.kind = kind
        self.file = file
        self.limits = limits
        inflater = Inflater(isRaw: kind == .zip)
        output = .allocate(capacity: 1 << 16)
        state = kind == .gzip ? .member(isFirst: true) : .header
    }

    deinit { output.deallocate() }

    package func read<Receiver: DocumentReceiver>(_ bytes: UnsafeBufferPointer<UInt8>, into receiver: inout Receiver) {
        var rest = bytes[...]
        while !rest.isEmpty, !isStopped {
            let piece = rest.prefix(1 << 16)
            rest = rest.dropFirst(piece.count)
            pending.append(contentsOf: piece)
            drain(isEnd: false, into: &receiver)
        }
    }

    /// The file has ended: says what is missing.
    package func finish<Receiver: DocumentReceiver>(into receiver: inout Receiver) {
        if !isStopped { drain(isEnd: true, into: &receiver) }
        if !isStopped {
            switch state {
            case .member(let isFirst) where !isFirst: break
            case .done: break
            case .member: stop(.archiveTorn, "the file ends before its first member", into: &receiver)
            case .inflating, .stored, .skipping, .descriptor:
                stop(.archiveTorn, "the archive ends within \(kind == .zip ? "entry \(entry.name)" : "its data")", into: &receiver)
            case .header:
                stop(.archiveTorn, "the archive ends before its directory", into: &receiver)
            }
        }
        if isOpen { end(isWhole: false, into: &receiver) }
        isStopped = true
    }

    private func drain<Receiver: DocumentReceiver>(isEnd: Bool, into receiver: inout Receiver) {
        var used = 0
        // Each turn uses up bytes or changes the state; 0 without a change waits for more.
        pending.withUnsafeBufferPointer { bytes in
            while !isStopped {
                let rest = UnsafeBufferPointer(rebasing: bytes[used...])
                guard let step = kind == .gzip ? gzipStep(rest, isEnd, into: &receiver) : zipStep(rest, isEnd, into: &receiver) else { break }
                used += step
                offset += step
            }
        }
        pending.removeFirst(min(used, pending.count))
    }

    // MARK: - gzip

    private func gzipStep<Receiver: DocumentReceiver>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ isEnd: Bool, into receiver: inout Receiver
    ) -> Int? {
        switch state {
        case .member(let isFirst):
            guard !bytes.isEmpty else {
                if !isFirst, isEnd { state = .done } else { return nil }
                end(isWhole: true, into: &receiver)
                return 0
            }
            if isFirst || bytes.starts(with: [0x1F, 0x8B]) {
                if isFirst { begin(nil, into: &receiver) }
                inflater.reset()
                state = .inflating
                return 0
            }
            if bytes.count < 2, bytes[0] == 0x1F, !isEnd { return nil }
            // Tapes and blocks are filled with zeros.
            if bytes[0] != 0 {
                note(.archiveTrailing, "bytes follow the packed data, and are not read", "the file may be damaged; ask for it again", into: &receiver)
            }
            end(isWhole: true, into: &receiver)
            state = .done
            return 0
        case .inflating:
            return inflate(bytes, into: &receiver) { self.state = .member(isFirst: false) }
        default: return bytes.isEmpty ? nil : bytes.count
        }
    }

    /// Unpacks what is at hand; nil where more is wanted.
    func inflate<Receiver: DocumentReceiver>(
        _ bytes: UnsafeBufferPointer<UInt8>, into receiver: inout Receiver, whenEnded: () -> Void
    ) -> Int? {
        guard !bytes.isEmpty else { return nil }
        let (used, made, outcome) = inflater.inflate(bytes, into: output)
        if made > 0 {
            give(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(output)[..<made]), input: offset + used, into: &receiver)
            if isStopped { return used }
        }
        switch outcome {
        case .ended: whenEnded()
        case .damaged(let message):
            stop(.archiveDamaged, "the packed data is damaged: \(message)", into: &receiver)
        case .hungry, .full: break
        }
        return used
    }

    // MARK: - Documents

    func begin<Receiver: DocumentReceiver>(_ name: String?, into receiver: inout Receiver) {
        isOpen = true
        isNested = false
        documentHead = []
        receiver.began(name)
    }

    func end<Receiver: DocumentReceiver>(isWhole: Bool, into receiver: inout Receiver) {
        guard isOpen else { return }
        isOpen = false
        if !documentHead.isEmpty, documentHead.count < ArchiveKind.headBytes { flushHead(into: &receiver) }
        receiver.ended(isWhole: isWhole && !isNested)
    }

    /// Gives unpacked bytes on, unless they are too many or those of another archive.
    ///
    /// - Parameter input: bytes of the archive that were used so far.
    func give<Receiver: DocumentReceiver>(_ bytes: UnsafeBufferPointer<UInt8>, input: Int, into receiver: inout Receiver) {
        unpacked += bytes.count
        if kind == .zip {
            entrySum = Inflater.crc(entrySum, bytes)
            entryMade += bytes.count
        }
        guard unpacked <= limits.bytes else {
            return stop(.archiveBomb, "more than \(limits.bytes) bytes come out of the archive", into: &receiver)
        }
        guard unpacked < limits.ratioFrom || unpacked / limits.ratio <= input else {
            return stop(.archiveBomb, "\(unpacked) bytes come out of \(input): more than \(limits.ratio) for each", into: &receiver)
        }
        if isNested || !isOpen { return }
        guard documentHead.count < ArchiveKind.headBytes else { return receiver.took(bytes) }
        // The first bytes are held until they tell.
        let wanted = ArchiveKind.headBytes - documentHead.count
        documentHead.append(contentsOf: bytes.prefix(wanted))
        guard documentHead.count == ArchiveKind.headBytes else { return }
        if ArchiveKind.of(documentHead) != nil {
            isNested = true
            return find(.archiveNested, "an archive lies within the archive, and is not unpacked", "have the documents packed once", into: &receiver)
        }
        flushHead(into: &receiver)
        if bytes.count > wanted { receiver.took(UnsafeBufferPointer(rebasing: bytes[wanted...])) }
    }

    private func flushHead<Receiver: DocumentReceiver>(into receiver: inout Receiver) {
        documentHead.withUnsafeBufferPointer { receiver.took($0) }
    }

    // MARK: - Findings

    func stop<Receiver: DocumentReceiver>(_ code: DiagnosticCode, _ fact: String, into receiver: inout Receiver) {
        isStopped = true
        find(code, fact, "ask for the file again", into: &receiver)
        if isOpen { end(isWhole: false, into: &receiver) }
    }

    func find<Receiver: DocumentReceiver>(_ code: DiagnosticCode, _ fact: String, _ hint: String, into receiver: inout Receiver) {
        receiver.found(Diagnostic(code, .error, fact, at: position, hint: hint))
    }

    private func note<Receiver: DocumentReceiver>(_ code: DiagnosticCode, _ fact: String, _ hint: String, into receiver: inout Receiver) {
        receiver.found(Diagnostic(code, .warning, fact, at: position, hint: hint))
    }

    private var position: SourcePosition {
        SourcePosition(file: file, bytes: offset..<offset, place: entry.name.isEmpty ? nil : .path(entry.name))
    }
}
