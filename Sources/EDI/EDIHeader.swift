import Formats

/// The beginning of an interchange as found in a buffer; its first EDI segment comes next.
struct EDIHeader {
    var delimiters: EDIDelimiters
    /// Index of `ISA`, `UNB` or `STX`.
    var start: Int
    /// Where the first EDI segment ends and the next begins, if that was found with the delimiters: ISA.
    var end: (index: Int, next: Int)?
    /// A line break stands inside an element: the file is broken at a fixed width.
    var isWrapped = false
    /// UNA does not announce the separators that UNB has, or ought to have and does not stand there.
    var isUnannounced = false

    enum Search {
        case found(EDIHeader)
        /// The bytes up to here do not decide it.
        case needsMore
        /// It looks like a header, and none can be made of it.
        case unreadable
        case absent
    }

    /// Looks for a header that begins at an index.
    static func search(
        _ standard: EDIStandard, _ buffer: UnsafeBufferPointer<UInt8>, at start: Int, isFinal: Bool
    ) -> Search {
        let begins = switch standard {
        case .x12: X12Header.begins(in: buffer, at: start)
        case .edifact: EDIFACTHeader.begins(in: buffer, at: start)
        case .tradacoms: TRADACOMSHeader.begins(in: buffer, at: start)
        }
        guard begins == true else { return begins == nil && !isFinal ? .needsMore : .absent }
        switch standard {
        case .x12: return X12Header.read(buffer, at: start, isFinal: isFinal).map(\.found)
        case .edifact: return EDIFACTHeader.read(buffer, at: start, isFinal: isFinal).map(\.found)
        case .tradacoms: return .found(EDIHeader(delimiters: .tradacoms, start: start))
        }
    }
}

/// What looking for the header of one standard comes to.
enum HeaderSearch<Header> {
    case found(Header)
    /// The bytes up to here do not decide it.
    case needsMore
    /// The tag stands there, and no header can be made of what follows.
    case unreadable

    func map(_ header: (Header) -> EDIHeader) -> EDIHeader.Search {
        switch self {
        case .found(let found): .found(header(found))
        case .needsMore: .needsMore
        case .unreadable: .unreadable
        }
    }
}

/// TRADACOMS begins with `STX=`; its delimiters are fixed.
enum TRADACOMSHeader {
    /// Whether `STX=` stands at an index; nil where the buffer ends too soon to say.
    static func begins(in buffer: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool? {
        for (offset, byte) in [0x53, 0x54, 0x58, 0x3D].enumerated() as EnumeratedSequence<[UInt8]> {
            guard start + offset < buffer.count else { return nil }
            if buffer[start + offset] != byte { return false }
        }
        return true
    }
}
