import Formats

/// Counts what is in the open envelopes, and makes the trailers that say it.
struct EnvelopeCounts: Sendable {
    private var interchange = "", group = "", transactionSet = ""
    private var groups = 0, setsOfInterchange = 0, setsOfGroup = 0, segments = 0

    /// Takes a segment that is written; a trailer closes its envelope.
    mutating func pass(_ segment: EDISegment) {
        segments += 1
        switch segment.tag {
        case "ISA": begin(segment.text(13))
        case "UNB", "STX": begin(segment.text(5))
        case "GS": beginGroup(segment.text(6))
        case "UNG": beginGroup(segment.text(5))
        case "BAT": beginGroup("")
        case "ST": beginTransactionSet(segment.text(2))
        case "UNH", "MHD": beginTransactionSet(segment.text(1))
        default: break
        }
    }

    private mutating func begin(_ control: String) {
        (interchange, groups, setsOfInterchange) = (control, 0, 0)
    }

    private mutating func beginGroup(_ control: String) {
        (group, setsOfGroup) = (control, 0)
        groups += 1
    }

    private mutating func beginTransactionSet(_ control: String) {
        (transactionSet, segments) = (control, 1)
        setsOfGroup += 1
        setsOfInterchange += 1
    }

    /// The trailer of a tag with the counts of what has passed; nil where the tag is none. Control numbers are as in the header.
    func trailer(_ tag: String) -> EDISegment? {
        switch tag {
        case "SE", "UNT": EDISegment(tag, EDIElement(segments + 1), EDIElement(transactionSet))
        case "GE", "UNE": EDISegment(tag, EDIElement(setsOfGroup), EDIElement(group))
        case "IEA": EDISegment(tag, EDIElement(groups), EDIElement(interchange))
        // UNZ 0036: groups where there are any, else messages (ISO 9735-1, 9.2).
        case "UNZ": EDISegment(tag, EDIElement(groups > 0 ? groups : setsOfInterchange), EDIElement(interchange))
        case "MTR": EDISegment(tag, EDIElement(segments + 1))
        case "EOB": EDISegment(tag, EDIElement(setsOfGroup))
        case "END": EDISegment(tag, EDIElement(setsOfInterchange))
        default: nil
        }
    }
}
