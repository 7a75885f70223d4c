package import Formats

/// Whether a TRADACOMS file is whole: its last segment is a terminated END. END has no reference, only a count, so that its
/// terminator must be there: `END=2` may be the beginning of `END=28`.
package struct TRADACOMSProbe: CompletenessProbe {
    package init() {}

    package func probe(head: [UInt8], tail: [UInt8]) -> Completeness {
        guard Self.recognises(head: head) else { return .unknown }
        let delimiters = EDIDelimiters.tradacoms
        var rest = tail[...]
        while let last = rest.last, ASCII.isBlank(last) { rest.removeLast() }
        let end = Array("END=".utf8)
        guard rest.last == delimiters.terminator else {
            return .incomplete("END of the transmission is not there yet")
        }
        rest.removeLast()
        let digits = rest.reversed().prefix { $0 >= 0x30 && $0 <= 0x39 }
        rest.removeLast(digits.count)
        guard !digits.isEmpty, rest.suffix(end.count).elementsEqual(end) else {
            return .incomplete("END of the transmission is not there yet")
        }
        rest.removeLast(end.count)
        // What stands before END ends another segment; a tag such as XEND is none.
        let before = rest.last { !ASCII.isBlank($0) }
        return before == nil || before == delimiters.terminator ? .complete : .incomplete("END of the transmission is not there yet")
    }

    /// Whether the first bytes of a file look like TRADACOMS: `STX=` after nothing but blanks or a byte order mark.
    static func recognises(head: [UInt8]) -> Bool {
        var start = head.starts(with: ASCII.byteOrderMark) ? 3 : 0
        while start < head.count, ASCII.isBlank(head[start]) { start += 1 }
        return head.withUnsafeBufferPointer { TRADACOMSHeader.begins(in: $0, at: start) ?? false }
    }
}
