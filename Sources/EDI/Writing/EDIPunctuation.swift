import Formats

/// What is written between the values of an interchange: delimiters, the release character, line breaks.
package struct EDIPunctuation: Hashable, Sendable {
    package var element: UInt8
    /// nil where composites are not written.
    package var component: UInt8?
    /// nil where elements are not repeated: X12 before 00402, EDIFACT before syntax 4.
    package var repetition: UInt8?
    /// EDIFACT alone: the byte after it stands for itself.
    package var release: UInt8?
    /// One byte, or the UTF-8 sequence that an X12 sender uses.
    package var terminator: [UInt8]
    /// What follows each terminator, for people.
    package var lineBreak: [UInt8] = []
    /// EDIFACT: what UNA announces as the decimal mark, and whether there is a UNA at all.
    package var decimalMark = UInt8(ascii: ".")
    package var hasUNA = false
    /// TRADACOMS: what ends a tag. Elsewhere a tag ends as an element does.
    package var tagEnd: UInt8?

    package init(
        element: UInt8, component: UInt8? = nil, repetition: UInt8? = nil, release: UInt8? = nil, terminator: [UInt8]
    ) {
        self.element = element
        self.component = component
        self.repetition = repetition
        self.release = release
        self.terminator = terminator
    }

    /// What X12 is written with unless the partner wants otherwise.
    package static let x12 = EDIPunctuation(
        element: UInt8(ascii: "*"), component: UInt8(ascii: ":"), repetition: UInt8(ascii: "^"), terminator: [UInt8(ascii: "~")])

    /// The separators of ISO 9735-1 that need no UNA.
    package static let edifact = EDIPunctuation(
        element: UInt8(ascii: "+"), component: UInt8(ascii: ":"), release: UInt8(ascii: "?"), terminator: [UInt8(ascii: "'")])

    package static let tradacoms = {
        var punctuation = edifact
        punctuation.tagEnd = UInt8(ascii: "=")
        return punctuation
    }()

    /// What a standard is written with unless somebody wants otherwise.
    package static func standard(_ standard: EDIStandard) -> EDIPunctuation {
        switch standard {
        case .x12: .x12
        case .edifact: .edifact
        case .tradacoms: .tradacoms
        }
    }

    /// Bytes that a value cannot hold as they stand.
    var reserved: [UInt8] {
        var bytes = [element]
        if let component { bytes.append(component) }
        if let repetition { bytes.append(repetition) }
        if let release { bytes.append(release) }
        if terminator.count == 1 { bytes += terminator }
        return bytes
    }
}

extension EDIPunctuation {
    /// The punctuation of the first interchange in a file, by its first bytes; nil where they hold none.
    package static func found(in head: [UInt8]) -> (standard: EDIStandard, punctuation: EDIPunctuation)? {
        head.withUnsafeBufferPointer { buffer in
            for start in buffer.indices {
                for standard in [.x12, .edifact, .tradacoms] as [EDIStandard] {
                    if case .found(let header) = EDIHeader.search(standard, buffer, at: start, isFinal: true) {
                        return (standard, EDIPunctuation(header, from: start, in: buffer))
                    }
                }
            }
            return nil
        }
    }

    /// - Parameter start: where the header begins, UNA included.
    private init(_ header: EDIHeader, from start: Int, in buffer: UnsafeBufferPointer<UInt8>) {
        let read = header.delimiters
        self.init(
            element: read.element, component: read.component, repetition: read.repetition, release: read.release,
            terminator: read.terminatorBytes)
        tagEnd = read.tag
        hasUNA = header.start > start
        if hasUNA { decimalMark = buffer[start + 5] }
        let next = header.end?.next ?? Self.end(of: header, in: buffer)
        if next < buffer.count { lineBreak = Array(buffer[next...].prefix(2).prefix { ASCII.isNewline($0) }) }
    }

    /// The index after the terminator of the first EDI segment.
    private static func end(of header: EDIHeader, in buffer: UnsafeBufferPointer<UInt8>) -> Int {
        var index = header.start, isReleased = false
        while index < buffer.count, isReleased || buffer[index] != header.delimiters.terminator {
            isReleased = !isReleased && buffer[index] == header.delimiters.release
            index += 1
        }
        return index + 1
    }
}
