import Formats

/// What the elements of EDI segments must be, as each segment is held against it: one pass over its fields without a text. Where
/// something is wrong, findings are made by the tables that it comes from.
struct ElementRules {
    struct Line {
        var first: Int32
        var count: Int32
        var mandatory: UInt64
        var notes: Int32
        var noteCount: Int32
    }

    struct Element {
        var kind: ElementTables.Kind
        var componentCount: UInt8
        /// At most 65,534: what is longer gets a closer look.
        var lengthMin: UInt16
        var lengthMax: UInt16
        var repetitions: UInt16
        var components: Int32
        /// Bits of the mandatory ones, the first being 1.
        var mandatory: UInt64
    }

    let numbers: TagTable.Numbers
    private let lines: UnsafePointer<Line>
    private let elements: UnsafePointer<Element>
    private let components: UnsafePointer<Element>
    private let notes: UnsafePointer<ElementTables.Note>
    private let areComponentsDescribed: Bool

    /// Whether an EDI segment certainly keeps to its rules; one of which nothing is known does.
    ///
    /// - Parameter isPlain: each byte is a character; no release stands before one.
    @inline(__always)
    func hold(
        _ tag: UInt32, _ fields: UnsafeBufferPointer<FieldSpan>, _ bytes: UnsafeBufferPointer<UInt8>, isPlain: Bool
    ) -> Bool {
        if areComponentsDescribed { return isPlain && constituentsHold(tag, fields, bytes) }
        let number = numbers.number(of: tag)
        guard number >= 0, let bytes = bytes.baseAddress else { return number < 0 }
        let line = lines[number], own = elements + Int(line.first)
        let count = UInt32(line.count)
        var present: UInt64 = 0
        for field in fields {
            let element = UInt32(truncatingIfNeeded: field.key)
            guard element <= count else { return false }
            present |= 1 &<< UInt64(element)
            // Components of a composite are not described, nor are repetitions other than by their element.
            if UInt16(truncatingIfNeeded: field.key &>> 32) > 0 { continue }
            guard own[Int(element) &- 1].holds(bytes + Int(field.start), Int(field.end &- field.start)) else { return false }
        }
        guard line.mandatory & ~present == 0 else { return false }
        for note in 0..<Int(line.noteCount) where !notes[Int(line.notes) &+ note].holds(present) { return false }
        return true
    }

    /// The same where components are described. Those of one element and repetition stand together.
    private func constituentsHold(
        _ tag: UInt32, _ fields: UnsafeBufferPointer<FieldSpan>, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let number = numbers.number(of: tag)
        guard number >= 0, let bytes = bytes.baseAddress else { return number < 0 }
        let line = lines[number], own = elements + Int(line.first)
        let count = UInt32(line.count)
        var present: UInt64 = 0, last: UInt64 = 0, missing: UInt64 = 0
        for field in fields {
            let element = UInt32(truncatingIfNeeded: field.key), place = Int(UInt16(truncatingIfNeeded: field.key &>> 32))
            guard element <= count else { return false }
            let rule = own + (Int(element) &- 1), whole = field.key & ~(0xFFFF << 32)
            if whole != last {
                guard missing == 0, field.key &>> 48 <= UInt64(rule.pointee.repetitions) else { return false }
                present |= 1 &<< UInt64(element)
                (last, missing) = (whole, rule.pointee.mandatory)
            }
            let value = bytes + Int(field.start), length = Int(field.end &- field.start)
            if rule.pointee.componentCount == 0 {
                guard place <= 1, rule.pointee.holds(value, length) else { return false }
            } else {
                let component = max(1, place)
                guard component <= Int(rule.pointee.componentCount) else { return false }
                missing &= ~(1 &<< UInt64(component))
                guard components[Int(rule.pointee.components) &+ component &- 1].holds(value, length) else { return false }
            }
        }
        return missing == 0 && line.mandatory & ~present == 0
    }

    /// Owns the memory.
    final class Table: Sendable {
        private let lines: FlatTable<Line>
        private let elements: FlatTable<Element>
        private let components: FlatTable<Element>
        private let areComponentsDescribed: Bool
        private let notes: FlatTable<ElementTables.Note>
        private let tags: TagTable

        init(
            _ segments: [ElementTables.Entry], _ elements: [ElementTables.Element], _ components: [ElementTables.Element],
            _ notes: [ElementTables.Note], _ tags: [String], areComponentsDescribed: Bool
        ) {
            func rule(_ element: ElementTables.Element) -> Element {
                var mandatory: UInt64 = 0
                for (place, component) in components[element.components].enumerated() where component.isMandatory {
                    mandatory |= 1 << UInt64(place + 1)
                }
                return Element(
                    kind: element.kind == .code ? .text : element.kind, componentCount: UInt8(element.components.count),
                    lengthMin: UInt16(min(element.lengthMin, 0xFFFF)), lengthMax: UInt16(min(element.lengthMax, 0xFFFE)),
                    repetitions: UInt16(clamping: element.repetitions), components: Int32(element.components.lowerBound),
                    mandatory: mandatory)
            }
            lines = FlatTable(segments.map {
                Line(
                    first: Int32($0.first), count: Int32($0.count), mandatory: $0.mandatory, notes: Int32($0.notes.lowerBound),
                    noteCount: Int32($0.notes.count))
            })
            self.elements = FlatTable(elements.map(rule))
            self.components = FlatTable(components.map(rule))
            self.areComponentsDescribed = areComponentsDescribed
            self.notes = FlatTable(notes)
            self.tags = TagTable(tags)
        }

        var rules: ElementRules {
            ElementRules(
                numbers: tags.numbers, lines: lines.base, elements: elements.base, components: components.base, notes: notes.base,
                areComponentsDescribed: areComponentsDescribed)
        }
    }
}

extension ElementRules.Element {
    /// Whether a value certainly is what the element must be. Values are not empty.
    @inline(__always)
    func holds(_ value: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        if kind == .text { return isOf(length) }
        switch kind {
        case .text, .code: return isOf(length)
        case .composite, .binary: return true
        case .whole: return isOf(ElementValue.digits(value, length, mayHavePoint: false))
        case .decimal: return isOf(ElementValue.digits(value, length, mayHavePoint: true))
        case .date: return isOf(length) && ElementValue.isDate(value, length)
        // In nearly all a date; for other formats the one before it must be looked at.
        case .period: return length == 8 && isOf(length) && ElementValue.isDate(value, length)
        case .time: return isOf(length) && ElementValue.isTime(value, length)
        case .letters: return isOf(length) && ElementValue.areLetters(value, length)
        case .number:
            if case .digits(let digits) = ElementValue.number(value, length) { return isOf(digits) }
            return false
        }
    }

    @inline(__always)
    private func isOf(_ length: Int) -> Bool { length >= Int(lengthMin) && length <= Int(lengthMax) }
}
