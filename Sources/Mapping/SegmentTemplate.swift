import Diagnostics
import FEEL
import Formats
import Values

/// One EDI segment to be written, as `W12*{status}*{quantity|0}*{unit}**VN*{item}` says it.
///
/// The elements stand between `*` in X12 and between `+` in EDIFACT, components between `:`, whatever the interchange is written with.
/// `{...}` is FEEL, with the form of its value behind `|`: a date picture (`yyyyMMdd`), decimals (`.2`, rounded half-even) or implied
/// decimals (`N2`: 12.5 is 1250).
struct SegmentTemplate: Sendable {
    let tag: String
    /// Elements, their components, and the pieces of each.
    let elements: [[[TemplatePiece]]]
    let source: String

    var expressions: [CompiledExpression] { elements.joined().joined().compactMap(\.expression) }
}

/// Cuts the text of a template into pieces, and that of an EDI segment into tag, elements and components first.
struct TemplateScanner {
    /// A piece before its expression is compiled: its text and where it begins, in UTF-8.
    enum Piece: Hashable {
        case text(String)
        case expression(String, form: String?, offset: Int)
    }

    struct Failure: Error {
        let fact: String
        let offset: Int
    }

    private let bytes: [UInt8]
    private let element: UInt8?
    private let component: UInt8?
    private let release: UInt8?
    private var at = 0

    /// Of an EDI segment.
    init(_ text: String, _ standard: InterchangeHeader.Standard) {
        bytes = Array(text.utf8)
        element = UInt8(ascii: standard == .x12 ? "*" : "+")
        component = UInt8(ascii: ":")
        release = standard == .x12 ? nil : UInt8(ascii: "?")
    }

    /// Of a text without parts, from a byte on.
    init(_ text: String, from start: Int) {
        bytes = Array(text.utf8)
        (element, component, release) = (nil, nil, nil)
        at = start
    }

    /// The pieces of a text without parts.
    mutating func pieces() throws(Failure) -> [Piece] { try components()[0] }

    mutating func scan() throws(Failure) -> (tag: String, elements: [[[Piece]]]) {
        var tag: [UInt8] = []
        while at < bytes.count, bytes[at] != element {
            tag.append(bytes[at])
            at += 1
        }
        let isTag = (2...3).contains(tag.count) && tag.allSatisfy { $0 >= 0x41 && $0 <= 0x5A || $0 >= 0x30 && $0 <= 0x39 }
        guard isTag else { throw Failure(fact: "`\(String(decoding: tag.prefix(20), as: UTF8.self))` is no tag of an EDI segment", offset: 0) }
        var elements: [[[Piece]]] = []
        while at < bytes.count {
            at += 1
            elements.append(try components())
        }
        return (String(decoding: tag, as: UTF8.self), elements)
    }

    private mutating func components() throws(Failure) -> [[Piece]] {
        var components: [[Piece]] = [], pieces: [Piece] = [], text: [UInt8] = []
        func endText(_ text: inout [UInt8], _ pieces: inout [Piece]) {
            if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
            text = []
        }
        while at < bytes.count, bytes[at] != element {
            switch bytes[at] {
            case component where component != nil:
                endText(&text, &pieces)
                components.append(pieces)
                pieces = []
                at += 1
            case UInt8(ascii: "{"):
                endText(&text, &pieces)
                pieces.append(try expression())
            case release where release != nil && at + 1 < bytes.count:
                text.append(bytes[at + 1])
                at += 2
            default:
                text.append(bytes[at])
                at += 1
            }
        }
        endText(&text, &pieces)
        components.append(pieces)
        return components
    }

    /// From `{` to its `}`: braces nest, and those in strings do not count.
    private mutating func expression() throws(Failure) -> Piece {
        let start = at + 1
        var depth = 0, isQuoted = false, bar: Int?
        while at < bytes.count {
            let byte = bytes[at]
            if isQuoted {
                if byte == UInt8(ascii: "\\") { at += 1 } else if byte == UInt8(ascii: "\"") { isQuoted = false }
            } else if byte == UInt8(ascii: "\"") {
                isQuoted = true
            } else if byte == UInt8(ascii: "{") {
                depth += 1
            } else if byte == UInt8(ascii: "|"), depth == 1 {
                bar = at
            } else if byte == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 {
                    let end = bar ?? at
                    let form = bar.map { String(decoding: bytes[($0 + 1)..<at], as: UTF8.self) }
                    at += 1
                    return .expression(String(decoding: bytes[start..<end], as: UTF8.self), form: form, offset: start)
                }
            }
            at += 1
        }
        throw Failure(fact: "`{` is not closed", offset: start - 1)
    }
}
