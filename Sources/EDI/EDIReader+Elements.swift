import Diagnostics
import Formats

/// Elements: requirement, type, length and syntax notes, by the table of the version.
extension EDIReader {
    /// Checks the elements of the segment at hand.
    mutating func checkElements<Sink: SourceSink>(
        _ tables: ElementTables, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let number = tables.number(of: scan.tag)
        guard number >= 0 else { return }
        let segment = tables.segments[number]
        var present: UInt64 = 0
        for index in 0..<scan.fieldCount {
            let field = scan.fields[index]
            let element = Int(UInt32(truncatingIfNeeded: field.key))
            guard element <= segment.count else {
                reportExtra(element, segment.count, bytes, into: &sink)
                break
            }
            present |= 1 << UInt64(element)
            // Components of a composite are not described, nor are repetitions other than by their element.
            if UInt16(truncatingIfNeeded: field.key >> 32) > 0 { continue }
            checkValue(tables.elements[segment.first + element - 1], element, field, bytes, into: &sink)
        }
        let missing = segment.mandatory & ~present
        if missing != 0 { reportMissing(missing, segment.count, bytes, into: &sink) }
        for index in segment.notes where !tables.notes[index].holds(present) {
            reportNote(tables.notes[index], tables.noteTexts[index], present, bytes, into: &sink)
        }
    }

    @inline(__always)
    private mutating func checkValue<Sink: SourceSink>(
        _ element: ElementTables.Element, _ number: Int, _ field: FieldSpan, _ bytes: UnsafeBufferPointer<UInt8>,
        into sink: inout Sink
    ) {
        let range = Int(field.start)..<Int(field.end)
        switch element.kind {
        case .composite, .binary: return
        case .text, .code:
            if range.count >= element.lengthMin, range.count <= element.lengthMax { return }
            checkLength(scan.high >= 0 ? scalars(bytes, range) : range.count, element, number, range, bytes, into: &sink)
        case .whole, .decimal:
            guard let digits = Self.digits(bytes, range, mayHavePoint: element.kind == .decimal) else {
                let type = element.kind == .decimal ? "a decimal number" : "a whole number"
                return reportElement(.x12ElementCharacter, "is not \(type)", element, number, range, bytes, into: &sink)
            }
            if digits < element.lengthMin || digits > element.lengthMax {
                checkLength(digits, element, number, range, bytes, into: &sink)
            }
        case .date:
            if !Self.isDate(bytes, range) {
                reportElement(.x12ElementDate, "is no date (CCYYMMDD or YYMMDD)", element, number, range, bytes, into: &sink)
            } else {
                checkLength(range.count, element, number, range, bytes, into: &sink)
            }
        case .time:
            if !Self.isTime(bytes, range) {
                reportElement(.x12ElementTime, "is no time (HHMM, seconds and their hundredths)", element, number, range, bytes, into: &sink)
            } else {
                checkLength(range.count, element, number, range, bytes, into: &sink)
            }
        }
    }

    private mutating func checkLength<Sink: SourceSink>(
        _ length: Int, _ element: ElementTables.Element, _ number: Int, _ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>,
        into sink: inout Sink
    ) {
        if length < element.lengthMin {
            reportElement(
                .x12ElementShort, "has \(length) characters; at least \(element.lengthMin) were expected", element, number, range, bytes,
                into: &sink)
        } else if length > element.lengthMax {
            reportElement(
                .x12ElementLong, "has \(length) characters; at most \(element.lengthMax) were expected", element, number, range, bytes,
                into: &sink)
        }
    }

    // MARK: Values

    /// How many digits a number has (X12.6: sign and point do not count); nil where it is none.
    static func digits(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, mayHavePoint: Bool) -> Int? {
        var index = range.lowerBound, digits = 0, hasPoint = false
        if bytes[index] == 0x2D { index += 1 }
        while index < range.upperBound {
            let byte = bytes[index]
            if byte >= 0x30, byte <= 0x39 {
                digits += 1
            } else if byte == 0x2E, mayHavePoint, !hasPoint {
                hasPoint = true
            } else {
                return nil
            }
            index += 1
        }
        return digits > 0 ? digits : nil
    }

    static func isDate(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count == 6 || range.count == 8, range.allSatisfy({ bytes[$0] >= 0x30 && bytes[$0] <= 0x39 }) else { return false }
        func two(_ offset: Int) -> Int { Int(bytes[offset] - 0x30) * 10 + Int(bytes[offset + 1] - 0x30) }
        let month = two(range.upperBound - 4), day = two(range.upperBound - 2)
        guard (1...12).contains(month), day >= 1 else { return false }
        let short = two(range.upperBound - 6)
        let year = range.count == 8 ? two(range.lowerBound) * 100 + short : 2000 + short
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return day <= (month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31)
    }

    static func isTime(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count >= 4, range.count <= 8, range.count != 5, range.allSatisfy({ bytes[$0] >= 0x30 && bytes[$0] <= 0x39 }) else {
            return false
        }
        func two(_ offset: Int) -> Int { Int(bytes[offset] - 0x30) * 10 + Int(bytes[offset + 1] - 0x30) }
        return two(range.lowerBound) < 24 && two(range.lowerBound + 2) < 60
            && (range.count < 6 || two(range.lowerBound + 4) < 60)
    }

    private func scalars(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
        bytes[range].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    // MARK: Findings

    private func name(_ number: Int) -> String { Self.name(scan.tag, number) }

    private static func name(_ tag: UInt32, _ number: Int) -> String {
        EnvelopeTag.text(tag) + (number < 10 ? "0" : "") + String(number)
    }

    private mutating func reportElement<Sink: SourceSink>(
        _ code: DiagnosticCode, _ fact: String, _ element: ElementTables.Element, _ number: Int, _ range: Range<Int>,
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        report(EDIDefect(code, "\(name(number)) \(fact)", element: Int32(number), range: range), bytes, into: &sink)
    }

    private mutating func reportExtra<Sink: SourceSink>(
        _ number: Int, _ count: Int, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        report(
            EDIDefect(
                .x12ElementMany, "\(EnvelopeTag.text(scan.tag)) has \(count) elements; element \(number) was found", element: Int32(number)),
            bytes, into: &sink)
    }

    private mutating func reportMissing<Sink: SourceSink>(
        _ missing: UInt64, _ count: Int, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        for number in 1...count where missing & 1 << UInt64(number) != 0 {
            report(
                EDIDefect(.x12ElementMissing, "\(name(number)) is mandatory and empty", element: Int32(number)), bytes, into: &sink)
        }
    }

    private mutating func reportNote<Sink: SourceSink>(
        _ note: ElementTables.Note, _ text: String, _ present: UInt64, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let all = note.first | note.others
        // A method that is passed on would take a copy of the reader with it.
        let tag = scan.tag
        let names = (1..<63).filter { all & 1 << UInt64($0) != 0 }.map { Self.name(tag, $0) }.joined(separator: ", ")
        let rule = switch note.kind {
        case .paired: "of \(names) all or none are expected"
        case .required: "of \(names) one at least is expected"
        case .exclusive: "of \(names) one at most is expected"
        case .conditional: "\(names) go together where \(name(note.first.trailingZeroBitCount)) is there"
        case .listConditional: "one more of \(names) is expected where \(name(note.first.trailingZeroBitCount)) is there"
        }
        // AK402 names the element that is missing, or the one too many.
        let at = note.kind == .exclusive ? present & all : all & ~present
        let element = at == 0 ? note.first.trailingZeroBitCount : note.kind == .exclusive ? 63 - at.leadingZeroBitCount : at.trailingZeroBitCount
        report(
            EDIDefect(
                note.kind == .exclusive ? .x12ElementExclusion : .x12ElementCondition, "Syntax note \(text): \(rule)",
                element: Int32(element)),
            bytes, into: &sink)
    }
}
