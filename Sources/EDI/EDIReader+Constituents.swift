import Diagnostics
import Formats

/// Elements and components of EDIFACT: requirement, type, length, number and repetitions, by the table of the directory.
extension EDIReader {
    /// The element at hand, and what of it is missing yet.
    private struct Composite {
        var element = 0
        var repetition = 0
        var missing: UInt64 = 0
        /// Too many components are said once.
        var saidMany = false
    }

    mutating func checkConstituents<Sink: SourceSink>(
        _ tables: ElementTables, _ number: Int, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let segment = tables.segments[number]
        var present: UInt64 = 0, open = Composite()
        for index in 0..<scan.fieldCount {
            let field = scan.fields[index]
            let element = Int(field.element), repetition = Int(UInt16(bitPattern: field.repetition))
            guard element <= segment.count else {
                reportMany(EDIDefect(.edifactElementMany, "\(EnvelopeTag.text(scan.tag)) has \(segment.count) elements; element \(element) was found", element: Int32(element)), field, bytes, into: &sink)
                break
            }
            let rule = tables.elements[segment.first + element - 1]
            if element != open.element || repetition != open.repetition {
                reportMissingComponents(open, tables, segment, bytes, into: &sink)
                open = Composite(element: element, repetition: repetition)
                for (place, component) in tables.components[rule.components].enumerated() where component.isMandatory {
                    open.missing |= 1 << UInt64(place + 1)
                }
                present |= 1 << UInt64(element)
                if repetition == rule.repetitions + 1 { reportRepetition(rule, element, repetition, field, tables, segment, bytes, into: &sink) }
            }
            let component = max(1, Int(UInt16(bitPattern: field.component)))
            guard component <= max(1, rule.components.count) else {
                if !open.saidMany {
                    let place = self.place(element, nil, tables, segment)
                    reportMany(
                        EDIDefect(
                            .edifactElementMany, "\(place) has \(max(1, rule.components.count)) components; component \(component) was found",
                            element: Int32(element), component: Int16(clamping: component), repetition: later(repetition)),
                        field, bytes, into: &sink)
                }
                open.saidMany = true
                continue
            }
            open.missing &= ~(1 << UInt64(component))
            let own = rule.components.isEmpty ? rule : tables.components[rule.components.lowerBound + component - 1]
            checkConstituent(own, field, tables, segment, isComponent: !rule.components.isEmpty, bytes, into: &sink)
        }
        reportMissingComponents(open, tables, segment, bytes, into: &sink)
        for element in 1...max(1, segment.count) where segment.mandatory & ~present & 1 << UInt64(element) != 0 {
            reportElement(
                EDIDefect(
                    .edifactElementMissing, "\(place(element, nil, tables, segment)) is mandatory and empty", element: Int32(element)),
                bytes, into: &sink)
        }
    }

    // MARK: One value

    private mutating func checkConstituent<Sink: SourceSink>(
        _ rule: ElementTables.Element, _ field: FieldSpan, _ tables: ElementTables, _ segment: ElementTables.Entry, isComponent: Bool,
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let value = unreleased(field, bytes)
        guard let (code, fact) = value.withUnsafeBufferPointer({ Self.breach(rule, $0) }) else { return }
        let component = isComponent ? max(1, field.component) : nil
        let place = place(Int(field.element), component.map(Int.init), tables, segment)
        reportElement(
            EDIDefect(
                code, "\(place) \(fact)", element: field.element, component: component, repetition: later(Int(field.repetition)),
                range: Int(field.start)..<Int(field.end)),
            bytes, into: &sink)
    }

    /// What a value breaks of its rule.
    private static func breach(
        _ rule: ElementTables.Element, _ value: UnsafeBufferPointer<UInt8>
    ) -> (code: DiagnosticCode, fact: String)? {
        guard let start = value.baseAddress, !value.isEmpty else { return nil }
        var length = characters(value), unit = "characters"
        if rule.kind == .number {
            switch ElementValue.number(start, value.count) {
            case .digits(let digits): (length, unit) = (digits, "digits")
            case .character: return (.edifactElementCharacter, "is not a number")
            case .decimal: return (.edifactElementDecimal, "has two decimal marks, or none behind which a digit stands")
            case .leadingMark: return (.edifactElementDigit, "has no digit before its decimal mark")
            }
        } else if rule.kind == .letters, !ElementValue.areLetters(start, value.count) {
            return (.edifactElementCharacter, "has digits; letters were expected")
        }
        if length < rule.lengthMin { return (.edifactElementShort, "has \(length) \(unit); \(rule.lengthMin) were expected") }
        if length > rule.lengthMax { return (.edifactElementLong, "has \(length) \(unit); at most \(rule.lengthMax) were expected") }
        return nil
    }

    /// Characters of UTF-8, where the value is that, and else bytes: other sets of this standard have one byte a character.
    private static func characters(_ value: UnsafeBufferPointer<UInt8>) -> Int {
        guard value.contains(where: { $0 >= 0x80 }), String(validating: value, as: UTF8.self) != nil else { return value.count }
        return value.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    /// The bytes that a field stands for: release characters do not count (ISO 9735-1, 10), nor line breaks of a wrapped file.
    func unreleased(_ field: FieldSpan, _ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        let isWrapped = interchange?.isWrapped == true
        var value: [UInt8] = [], isReleased = false
        for byte in bytes[Int(field.start)..<Int(field.end)] {
            if !isReleased, byte == lexer.delimiters.release {
                isReleased = true
            } else if !isWrapped || !ASCII.isNewline(byte) {
                isReleased = false
                value.append(byte)
            }
        }
        return value
    }

    // MARK: Findings

    /// 0136 is given from the second repetition on.
    private func later(_ repetition: Int) -> Int16? { repetition > 1 ? Int16(clamping: repetition) : nil }

    /// `Element 2 of NAD (C082)`, `Component 1 of element 2 of NAD (3039)`.
    private func place(_ element: Int, _ component: Int?, _ tables: ElementTables, _ segment: ElementTables.Entry) -> String {
        let index = segment.first + element - 1, tag = EnvelopeTag.text(scan.tag)
        guard let component else { return "Element \(element) of \(tag) (\(tables.references[index]))" }
        let reference = tables.componentReferences[tables.elements[index].components.lowerBound + component - 1]
        return "Component \(component) of element \(element) of \(tag) (\(reference))"
    }

    private mutating func reportMany<Sink: SourceSink>(
        _ defect: EDIDefect, _ field: FieldSpan, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        var defect = defect
        defect.range = Int(field.start)..<Int(field.end)
        reportElement(defect, bytes, into: &sink)
    }

    private mutating func reportRepetition<Sink: SourceSink>(
        _ rule: ElementTables.Element, _ element: Int, _ repetition: Int, _ field: FieldSpan, _ tables: ElementTables,
        _ segment: ElementTables.Entry, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        reportElement(
            EDIDefect(
                .edifactElementRepetition, "\(place(element, nil, tables, segment)) is repeated more than \(rule.repetitions) times",
                element: Int32(element), repetition: later(repetition), range: Int(field.start)..<Int(field.end)),
            bytes, into: &sink)
    }

    private mutating func reportMissingComponents<Sink: SourceSink>(
        _ open: Composite, _ tables: ElementTables, _ segment: ElementTables.Entry, _ bytes: UnsafeBufferPointer<UInt8>,
        into sink: inout Sink
    ) {
        guard open.missing != 0 else { return }
        for component in 1...62 where open.missing & 1 << UInt64(component) != 0 {
            reportElement(
                EDIDefect(
                    .edifactElementMissing, "\(place(open.element, component, tables, segment)) is mandatory and empty",
                    element: Int32(open.element), component: Int16(component), repetition: later(open.repetition)),
                bytes, into: &sink)
        }
    }
}
