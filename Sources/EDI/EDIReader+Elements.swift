import Diagnostics
import Formats

/// Elements: requirement, type, length and syntax notes, by the table of the version.
extension EDIReader {
    /// Checks the elements of the segment at hand, which may not keep to the rules.
    @inline(never)
    mutating func checkElements<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard let tables = loops.elements else { return }
        let number = tables.number(of: scan.tag)
        guard number >= 0 else { return }
        if tables.areComponentsDescribed { return checkConstituents(tables, number, bytes, into: &sink) }
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
            let rule = tables.elements[segment.first + element - 1]
            checkValue(rule, element, field, bytes, into: &sink)
            if rule.kind == .period, element > 1, tables.references[segment.first + element - 2] == "1250" {
                checkPeriod(rule, element, field, bytes, into: &sink)
            }
        }
        let missing = segment.mandatory & ~present
        if missing != 0 { reportMissing(missing, segment.count, bytes, into: &sink) }
        for index in segment.notes where !tables.notes[index].holds(present) {
            reportNote(tables.notes[index], tables.noteFacts[index], present, bytes, into: &sink)
        }
    }

    private mutating func checkValue<Sink: SourceSink>(
        _ element: ElementTables.Element, _ number: Int, _ field: FieldSpan, _ bytes: UnsafeBufferPointer<UInt8>,
        into sink: inout Sink
    ) {
        let range = Int(field.start)..<Int(field.end)
        guard let value = bytes.baseAddress.map({ $0 + range.lowerBound }) else { return }
        switch element.kind {
        case .composite, .binary, .letters, .number: return
        case .text, .code, .period:
            if range.count >= element.lengthMin, range.count <= element.lengthMax { return }
            checkLength(scan.high >= 0 ? scalars(bytes, range) : range.count, element, number, range, bytes, into: &sink)
        case .whole, .decimal:
            let digits = ElementValue.digits(value, range.count, mayHavePoint: element.kind == .decimal)
            guard digits >= 0 else {
                let type = element.kind == .decimal ? "a decimal number" : "a whole number"
                return reportElement(.x12ElementCharacter, "is not \(type)", element, number, range, bytes, into: &sink)
            }
            if digits < element.lengthMin || digits > element.lengthMax {
                checkLength(digits, element, number, range, bytes, into: &sink)
            }
        case .date:
            if !ElementValue.isDate(value, range.count) {
                reportElement(.x12ElementDate, "is no date (CCYYMMDD or YYMMDD)", element, number, range, bytes, into: &sink)
            } else {
                checkLength(range.count, element, number, range, bytes, into: &sink)
            }
        case .time:
            if !ElementValue.isTime(value, range.count) {
                reportElement(.x12ElementTime, "is no time (HHMM, seconds and their hundredths)", element, number, range, bytes, into: &sink)
            } else {
                checkLength(range.count, element, number, range, bytes, into: &sink)
            }
        }
    }

    /// 1251 by the format that 1250 before it names; formats that are not looked at here say nothing.
    private mutating func checkPeriod<Sink: SourceSink>(
        _ element: ElementTables.Element, _ number: Int, _ field: FieldSpan, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let value = Array(bytes[Int(field.start)..<Int(field.end)]), range = Int(field.start)..<Int(field.end)
        guard let format = PeriodFormat(rawValue: text(Int32(number - 1), bytes)), !format.holds(value) else { return }
        reportElement(
            format == .time ? .x12ElementTime : .x12ElementDate, "is not of format \(format.rawValue) (\(format.form))", element, number, range, bytes, into: &sink)
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

    private func scalars(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
        bytes[range].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    // MARK: Findings

    private func name(_ number: Int) -> String { ElementTables.name(EnvelopeTag.text(scan.tag), number) }

    private mutating func reportElement<Sink: SourceSink>(
        _ code: DiagnosticCode, _ fact: String, _ element: ElementTables.Element, _ number: Int, _ range: Range<Int>,
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        reportElement(EDIDefect(code, "\(name(number)) \(fact)", element: Int32(number), range: range), bytes, into: &sink)
    }

    private mutating func reportExtra<Sink: SourceSink>(
        _ number: Int, _ count: Int, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        reportElement(
            EDIDefect(
                .x12ElementMany, "\(EnvelopeTag.text(scan.tag)) has \(count) elements; element \(number) was found", element: Int32(number)),
            bytes, into: &sink)
    }

    private mutating func reportMissing<Sink: SourceSink>(
        _ missing: UInt64, _ count: Int, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        for number in 1...count where missing & 1 << UInt64(number) != 0 {
            reportElement(
                EDIDefect(.x12ElementMissing, "\(name(number)) is mandatory and empty", element: Int32(number)), bytes, into: &sink)
        }
    }

    private mutating func reportNote<Sink: SourceSink>(
        _ note: ElementTables.Note, _ fact: String, _ present: UInt64, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let code: DiagnosticCode = note.kind == .exclusive ? .x12ElementExclusion : .x12ElementCondition
        guard !isSettled(code, policy.rule(for: code), in: &sink) else { return }
        let all = note.first | note.others
        // AK402 names the element that is missing, or the one too many.
        let at = note.kind == .exclusive ? present & all : all & ~present
        let element = at == 0 ? note.first.trailingZeroBitCount : note.kind == .exclusive ? 63 - at.leadingZeroBitCount : at.trailingZeroBitCount
        reportElement(EDIDefect(code, fact, element: Int32(element)), bytes, into: &sink)
    }
}
