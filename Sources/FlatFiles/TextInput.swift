import Diagnostics
import Formats

/// What a feed says of the encoding of its files.
package enum DeclaredEncoding: String, Sendable, Hashable, CaseIterable {
    case utf8 = "utf-8"
    /// Of either byte order: the mark tells, or the zero bytes of ASCII characters.
    case utf16 = "utf-16"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case windows1252 = "windows-1252"
    case latin1 = "iso-8859-1"
    case latin9 = "iso-8859-15"
}

/// The first stage of every reader of this room: a document of any encoding as UTF-8, with the offsets of the document.
///
/// What the feed declares is held against what the bytes are. A byte order mark beats the declaration; what is UTF-16 without a
/// word is read as that; EBCDIC is refused.
struct TextInput {
    enum Taken {
        /// Nothing yet: the first bytes decide.
        case held
        /// The bytes are UTF-8 as they stand.
        case asTheyAre
        /// ``made`` holds the UTF-8.
        case transcoded
        /// Nothing of the document can be read; ``refusal`` says why.
        case refused
    }

    let declared: DeclaredEncoding?
    /// UTF-8 that was made and not taken yet.
    var made: [UInt8] = []
    private(set) var refusal: String?
    /// What is wrong with the declaration, each once: the fact, and where it was seen.
    private(set) var remarks: [(fact: String, bytes: Range<Int>, hint: String)] = []
    /// Nil before the first bytes decide.
    private(set) var encoding: TextEncoding?

    private var head: [UInt8] = []
    private var transcoder: Transcoder?
    /// Length of the byte order mark.
    private var mark = 0
    private var received = 0
    /// For encodings of one byte: how the bytes would do as UTF-8.
    private var disguise = UTFDisguise()
    private var controlAt: Int?

    /// Enough to tell UTF-16 and EBCDIC from other text.
    static let headBytes = 512

    init(declared: DeclaredEncoding?) { self.declared = declared }

    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> Taken {
        if refusal != nil { return .refused }
        guard encoding == nil else { return pass(bytes, isEnd) }
        head.append(contentsOf: bytes)
        guard head.count >= Self.headBytes || isEnd else { return .held }
        let rest = head.dropFirst(Self.headBytes)
        head.removeLast(rest.count)
        decide()
        head.append(contentsOf: rest)
        if refusal != nil { return .refused }
        let held = head
        head = []
        return held[mark...].withUnsafeBufferPointer { rest in
            received = mark
            let taken = pass(rest, isEnd)
            if case .asTheyAre = taken { made.append(contentsOf: rest) }
            return .transcoded
        }
    }

    /// The bytes of the document that spell a range of the UTF-8.
    func place(_ range: Range<Int>) -> Range<Int> {
        guard let transcoder else { return range.lowerBound + mark..<range.upperBound + mark }
        return transcoder.offset(range.lowerBound)..<transcoder.offset(range.upperBound)
    }

    /// Whether a range of the UTF-8 stands in the document byte by byte.
    func isLinear(_ range: Range<Int>) -> Bool { transcoder?.isLinear(range) ?? true }

    /// Whether the UTF-8 has another number of bytes than the document.
    var isTranscoded: Bool { transcoder != nil }

    mutating func forget(before made: Int) { transcoder?.forget(before: made) }

    /// The document has ended: says what only its whole can tell.
    /// - Parameter end: where reading was given up in the document; how much came after it depends on how it came, so nothing
    ///   is said of that.
    mutating func finish(before end: Int? = nil) {
        if let at = transcoder?.invalidAt, at < end ?? .max {
            remarks.append(("the document is not valid UTF-16", at..<at + 2, "the bad characters are read as U+FFFD; ask for the file again"))
        }
        guard end == nil else { return }
        if let at = disguise.first, disguise.isUTF8 {
            remarks.append((
                "the file is declared \(declared?.rawValue ?? ""), and its bytes are UTF-8", at..<at + 1,
                "say encoding: utf-8 in the feed; two letters stand for one now"))
        } else if let at = controlAt {
            remarks.append((
                "the file is declared \(declared?.rawValue ?? ""), and has bytes of 0x80 to 0x9F as Windows-1252 has", at..<at + 1,
                "say encoding: windows-1252 in the feed"))
        }
    }

    private mutating func pass(_ bytes: UnsafeBufferPointer<UInt8>, _ isEnd: Bool) -> Taken {
        defer { received += bytes.count }
        guard transcoder != nil else { return .asTheyAre }
        if encoding?.unit == 1 {
            disguise.look(bytes, at: received)
            if controlAt == nil, encoding != .windows1252, let index = bytes.firstIndex(where: { $0 & 0xE0 == 0x80 && $0 != 0x85 }) {
                controlAt = received + index
            }
        }
        transcoder?.transcode(bytes, isEnd: isEnd, into: &made)
        return .transcoded
    }

    private mutating func decide() {
        let shown = TextEncoding.mark(of: head)
        let wanted = declared.flatMap { TextEncoding(rawValue: $0.rawValue) }
        var found = wanted ?? .utf8
        if let shown {
            mark = shown.length
            found = shown.encoding
            if let declared, declared != .utf16 || shown.encoding.unit == 1, wanted != shown.encoding {
                remark("the file is declared \(declared.rawValue), and its byte order mark says \(shown.encoding.rawValue)", "it is read by its mark")
            }
        } else if let order = Self.zeroPattern(head) {
            found = order
            if declared != .utf16, wanted != order {
                remark(
                    declared.map { "the file is declared \($0.rawValue), and its bytes are \(order.rawValue)" }
                        ?? "the file is \(order.rawValue) without a byte order mark",
                    "it is read as that; say encoding: \(order.rawValue) in the feed")
            }
        } else if Self.looksLikeEBCDIC(head) {
            refusal = "the document is EBCDIC"
            return
        } else if declared == .utf16 || (wanted?.unit == 2 && head.count > 1) {
            found = .utf8
            remark("the file is declared \(declared?.rawValue ?? ""), and its bytes are not", "it is read as UTF-8")
        }
        encoding = found
        if found != .utf8 { transcoder = Transcoder(encoding: found, mark: mark) }
    }

    private mutating func remark(_ fact: String, _ hint: String) { remarks.append((fact, 0..<min(2, head.count), hint)) }

    /// ASCII in UTF-16 has a zero in every second byte: at least seven of ten characters must.
    private static func zeroPattern(_ head: [UInt8]) -> TextEncoding? {
        guard head.count >= 4 else { return nil }
        var zeros = [0, 0]
        for (index, byte) in head.enumerated() where byte == 0 { zeros[index & 1] += 1 }
        let pairs = head.count / 2
        if zeros[1] * 10 >= pairs * 7, zeros[0] * 20 <= pairs { return .utf16LittleEndian }
        if zeros[0] * 10 >= pairs * 7, zeros[1] * 20 <= pairs { return .utf16BigEndian }
        return nil
    }

    /// Text of EBCDIC is letters, digits and blanks at places where ASCII has none (code page 037): no ASCII line end,
    /// and nine of ten bytes at such places, letters or digits of 0x81 and up among them.
    private static func looksLikeEBCDIC(_ head: [UInt8]) -> Bool {
        guard head.count >= 8, !head.contains(0x0A), !head.contains(0x20) else { return false }
        var words = 0, others = 0
        for byte in head {
            switch byte {
            case 0x81...0x89, 0x91...0x99, 0xA2...0xA9, 0xC1...0xC9, 0xD1...0xD9, 0xE2...0xE9, 0xF0...0xF9: words += 1
            case 0x0D, 0x15, 0x25, 0x40, 0x4B, 0x4D, 0x5D, 0x5E, 0x60, 0x61, 0x6B, 0x6D, 0x7A, 0x7D, 0x7F: others += 1
            default: break
            }
        }
        return words * 3 >= head.count && (words + others) * 10 >= head.count * 9
    }
}

/// Whether bytes that are said to be of an encoding of one byte a character are UTF-8: every one from 0x80 on is part of
/// a sound sequence, and there is one.
private struct UTFDisguise {
    /// Offset of the first sequence.
    private(set) var first: Int?
    private(set) var isUTF8 = true
    /// Bytes that the sequence still wants.
    private var wanted = 0

    mutating func look(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) {
        guard isUTF8 else { return }
        for (index, byte) in bytes.enumerated() {
            if byte < 0x80 {
                if wanted > 0 { isUTF8 = false }
            } else if wanted > 0 {
                if byte & 0xC0 == 0x80 { wanted -= 1 } else { isUTF8 = false }
            } else {
                wanted = byte >= 0xC2 && byte < 0xE0 ? 1 : byte >= 0xE0 && byte < 0xF0 ? 2 : byte >= 0xF0 && byte < 0xF5 ? 3 : 0
                if wanted == 0 { isUTF8 = false }
                if first == nil { first = offset + index }
            }
            if !isUTF8 { return }
        }
    }
}
