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
        /// At most 65,534: what is longer gets a closer look.
        var lengthMin: UInt16
        var lengthMax: UInt16
    }

    let numbers: TagTable.Numbers
    private let lines: UnsafePointer<Line>
    private let elements: UnsafePointer<Element>
    private let notes: UnsafePointer<ElementTables.Note>

    /// Whether an EDI segment certainly keeps to its rules; one of which nothing is known does.
    @inline(__always)
    func hold(_ tag: UInt32, _ fields: UnsafeBufferPointer<FieldSpan>, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
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

    /// Owns the memory.
    final class Table: Sendable {
        private let lines: FlatTable<Line>
        private let elements: FlatTable<Element>
        private let notes: FlatTable<ElementTables.Note>
        private let tags: TagTable

        init(_ segments: [ElementTables.Entry], _ elements: [ElementTables.Element], _ notes: [ElementTables.Note], _ tags: [String]) {
            lines = FlatTable(segments.map {
                Line(
                    first: Int32($0.first), count: Int32($0.count), mandatory: $0.mandatory, notes: Int32($0.notes.lowerBound),
                    noteCount: Int32($0.notes.count))
            })
            self.elements = FlatTable(elements.map {
                Element(kind: $0.kind == .code ? .text : $0.kind, lengthMin: UInt16(min($0.lengthMin, 0xFFFF)), lengthMax: UInt16(min($0.lengthMax, 0xFFFE)))
            })
            self.notes = FlatTable(notes)
            self.tags = TagTable(tags)
        }

        var rules: ElementRules {
            ElementRules(numbers: tags.numbers, lines: lines.base, elements: elements.base, notes: notes.base)
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
        case .time: return isOf(length) && ElementValue.isTime(value, length)
        }
    }

    @inline(__always)
    private func isOf(_ length: Int) -> Bool { length >= Int(lengthMin) && length <= Int(lengthMax) }
}
