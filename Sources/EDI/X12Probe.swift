package import Formats

/// Whether an X12 file is whole: its last EDI segment is an IEA that carries the number of the last ISA.
///
/// A file of several interchanges is whole when the last one is; that more will follow, no file can say.
package struct X12Probe: CompletenessProbe {
    package init() {}

    package func probe(head: [UInt8], tail: [UInt8]) -> Completeness {
        guard Self.recognises(head: head) else { return .unknown }
        // The last header in the tail counts; where the tail holds none, the head's, if nothing can stand between.
        let isWholeFile = head == tail
        let last = Self.lastHeader(in: tail)
        guard let header = last ?? Self.lastHeader(in: head) else { return .incomplete("ISA is not whole yet") }
        guard let trailer = Self.trailer(of: tail, header) else {
            return .incomplete("IEA of interchange \(header.controlNumber) is not there yet")
        }
        // Zeros without a terminator may be the beginning of any number.
        let mayBeCut = !trailer.isTerminated && Int(trailer.controlNumber) == 0
        if mayBeCut ? trailer.controlNumber == header.controlNumber
            : EDIDialect.x12.interchange.isSame(trailer.controlNumber, header.controlNumber) {
            return .complete
        }
        guard trailer.isTerminated else {
            return .incomplete("IEA of interchange \(header.controlNumber) is not whole yet")
        }
        // The number of an ISA that neither end shows cannot be compared; a terminated IEA at the end then decides.
        return last == nil && !isWholeFile ? .complete : .unknown
    }

    /// Whether the first bytes of a file look like X12: an ISA segment after nothing but blanks or a byte order mark.
    static func recognises(head: [UInt8]) -> Bool {
        var start = head.starts(with: ASCII.byteOrderMark) ? 3 : 0
        while start < head.count, ASCII.isBlank(head[start]) { start += 1 }
        return head.withUnsafeBufferPointer { X12Header.begins(in: $0, at: start) ?? false }
    }

    private struct Header {
        var delimiters: EDIDelimiters
        var controlNumber: String
    }

    private static func lastHeader(in bytes: [UInt8]) -> Header? {
        bytes.withUnsafeBufferPointer { buffer in
            var index = buffer.count - 1
            while index >= 0 {
                let startsWord = index == 0 || !ASCII.isAlphanumeric(buffer[index - 1])
                if buffer[index] == 0x49, startsWord, X12Header.begins(in: buffer, at: index) == true,
                    case .found(let header) = X12Header.read(buffer, at: index, isFinal: true), header.elements.count > 12 {
                    let number = buffer[header.elements[12]].filter { !ASCII.isBlank($0) }
                    return Header(delimiters: header.delimiters, controlNumber: String(decoding: number, as: UTF8.self))
                }
                index -= 1
            }
            return nil
        }
    }

    /// The IEA that the bytes end with, blanks after it allowed.
    private static func trailer(of tail: [UInt8], _ header: Header) -> (controlNumber: String, isTerminated: Bool)? {
        var rest = tail[...]
        while let last = rest.last, ASCII.isBlank(last), last != header.delimiters.terminator { rest.removeLast() }
        let terminator = header.delimiters.terminatorBytes
        // A line break is a terminator and a blank: of several at the end, one ends the IEA.
        var isTerminated = false
        while rest.count >= terminator.count, rest.suffix(terminator.count).elementsEqual(terminator) {
            rest.removeLast(terminator.count)
            isTerminated = true
            while ASCII.isNewline(terminator[0]), let last = rest.last, ASCII.isBlank(last) { rest.removeLast() }
            if !ASCII.isNewline(terminator[0]) { break }
        }
        var start = rest.endIndex
        while start > rest.startIndex, rest[start - 1] != terminator[0], rest[start - 1] != terminator[terminator.count - 1] {
            start -= 1
        }
        let segment = rest[start...].filter { !ASCII.isNewline($0) }.drop(while: ASCII.isBlank)
        let elements = segment.split(separator: header.delimiters.element, omittingEmptySubsequences: false)
        guard elements.count == 3, elements[0].elementsEqual("IEA".utf8) else { return nil }
        return (String(decoding: elements[2].filter { !ASCII.isBlank($0) }, as: UTF8.self), isTerminated)
    }
}
