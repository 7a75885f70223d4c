import Diagnostics
import Formats

/// What a structure or the sender's guide asks of elements in their place: which must be there, which may not, and what they may be.
extension EDIReader {
    /// Holds the EDI segment at hand, which was placed, against what is asked of its elements.
    @inline(never)
    mutating func checkUses<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let tag = EnvelopeTag.text(scan.tag)
        for use in loops.matcher.uses {
            if use.demand == .mandatory { checkDemand(use, tag, bytes, into: &sink) }
            guard use.demand == .unused || !use.values.isEmpty else { continue }
            var isSaid = false
            for index in 0..<scan.fieldCount where !isSaid {
                let field = scan.fields[index]
                if use.demand == .unused, field.element == use.element, use.component == 0 || use.isOf(field) {
                    isSaid = true
                    reportUse(codes.unused, "\(use.name(tag)) is not used here", use, field, bytes, into: &sink)
                } else if use.demand != .unused, use.isOf(field), !use.allows(unreleased(field, bytes)) {
                    reportUse(codes.value, "\(use.name(tag)) may be \(use.choice) here", use, field, bytes, into: &sink)
                }
            }
        }
    }

    private var codes: (missing: DiagnosticCode, value: DiagnosticCode, unused: DiagnosticCode) {
        standard == .x12
            ? (.x12ElementMissing, .x12ElementValue, .x12ElementUnused) : (.edifactElementMissing, .edifactElementValue, .edifactElementUnused)
    }

    /// What the version asks for anyway is said where elements are checked.
    private mutating func checkDemand<Sink: SourceSink>(
        _ use: ElementUse, _ tag: String, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        if scan.span(use.element) == nil {
            guard use.component == 0, loops.elements?.isMandatory(use, scan.tag) != true else { return }
        } else {
            guard use.component > 0, !scan.fields.contains(where: use.isOf), loops.elements?.isMandatory(use, scan.tag) != true else { return }
        }
        reportUse(codes.missing, "\(use.name(tag)) is mandatory here and empty", use, nil, bytes, into: &sink)
    }

    private mutating func reportUse<Sink: SourceSink>(
        _ code: DiagnosticCode, _ fact: String, _ use: ElementUse, _ field: FieldSpan?, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let found = max(field?.component ?? 0, use.component)
        let component = found > 0 ? found : nil
        let repetition = field.flatMap { $0.repetition > 1 ? $0.repetition : nil }
        let range = field.map { Int($0.start)..<Int($0.end) } ?? elementRange(use.element, nil, bytes)
        let defect = EDIDefect(code, fact, element: use.element, component: component, repetition: repetition, range: range)
        emit(
            defect, at: position(range, bytes, defect), excerpt: excerpt(bytes, range: range), isNote: loops.findingsAreNotes, into: &sink)
    }
}

extension ElementTables {
    /// Whether the version itself makes mandatory what a structure or guide does.
    func isMandatory(_ use: ElementUse, _ tag: UInt32) -> Bool {
        let number = number(of: tag)
        guard number >= 0 else { return false }
        let segment = segments[number], element = Int(use.element)
        guard element <= segment.count else { return false }
        if use.component == 0 { return segment.mandatory & 1 << UInt64(element) != 0 }
        let own = elements[segment.first + element - 1].components, place = own.lowerBound + Int(use.component) - 1
        return own.contains(place) && components[place].isMandatory
    }
}
