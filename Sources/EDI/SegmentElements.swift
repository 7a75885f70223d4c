/// What the elements of each EDI segment of a version or directory must be: requirement, type, length, components, and how they
/// hang together (syntax notes of X12.6). It is data (`Mappings/structures/x12/elements-004010.yaml`, `edifact/d96a/elements.yaml`).
package struct SegmentElements: Sendable {
    /// Versions (first six characters of GS08, or a directory) that it describes.
    package let versions: [String]
    /// Versions without a table of their own that it is near enough to: its findings are notes there.
    package let near: [String]
    let tables: ElementTables

    /// One EDI segment as a file has it.
    struct Line {
        var tag: String
        var elements: [ElementTables.Element] = []
        var references: [String] = []
        /// Of each element, with their numbers; empty where it is none, or where they are not described.
        var components: [[(element: ElementTables.Element, reference: String)]] = []
        var notes: [ElementTables.Note] = []
        var noteTexts: [String] = []
    }
}

/// The elements as findings need them; what each EDI segment is held against is in ``rules``, which is read by address.
final class ElementTables: Sendable {
    enum Kind: String, Sendable {
        case text = "AN"
        case code = "ID"
        case date = "DT"
        case time = "TM"
        case decimal = "R"
        /// With implied decimals: `N0`, `N2`.
        case whole = "N"
        /// Its components are not described.
        case composite = "COMP"
        case binary = "B"
        /// X12 1251: text whose format the element before it says (1250).
        case period = "1251"
        /// EDIFACT `a` and `n`; `an` is text.
        case letters = "a"
        case number = "n"
    }

    struct Element: Sendable {
        var isMandatory: Bool
        var kind: Kind
        var lengthMin: Int
        var lengthMax: Int
        /// How often it may be repeated, where the table says so.
        var repetitions = Int.max
        /// Of a composite, in ``components``; empty where they are not described.
        var components = 0..<0
    }

    /// A syntax note; bit 1 of a mask is element 1.
    struct Note: Sendable {
        enum Kind: Character, Sendable {
            /// If one is there, all are.
            case paired = "P"
            /// At least one is there.
            case required = "R"
            /// At most one is there.
            case exclusive = "E"
            /// If the first is there, all others are.
            case conditional = "C"
            /// If the first is there, at least one of the others is.
            case listConditional = "L"
        }

        var kind: Kind
        var first: UInt64
        var others: UInt64

        /// Whether elements that are there keep to it.
        func holds(_ present: UInt64) -> Bool {
            let all = first | others, there = present & all
            switch kind {
            case .paired: return there == 0 || there == all
            case .required: return there != 0
            case .exclusive: return there & (there &- 1) == 0
            case .conditional: return present & first == 0 || present & others == others
            case .listConditional: return present & first == 0 || present & others != 0
            }
        }
    }

    struct Entry: Sendable {
        /// Where its elements begin in ``elements``, and how many.
        var first: Int
        var count: Int
        /// Bits of the mandatory ones.
        var mandatory: UInt64
        var notes: Range<Int>
    }

    let segments: [Entry]
    let elements: [Element]
    /// Components of the composites, in the same form, and their numbers.
    let components: [Element]
    let componentReferences: [String]
    /// The table is of EDIFACT: it says of each element what it is made of.
    let areComponentsDescribed: Bool
    /// Numbers of the elements in the standard's dictionary: `353`, `C001`.
    let references: [String]
    let notes: [Note]
    /// What is said of a segment that does not keep to a note.
    let noteFacts: [String]
    private let table: ElementRules.Table

    init(_ lines: [SegmentElements.Line]) {
        var segments: [Entry] = [], elements: [Element] = [], notes: [Note] = []
        var components: [Element] = [], componentReferences: [String] = []
        for line in lines {
            var mandatory: UInt64 = 0
            for (place, element) in line.elements.enumerated() where element.isMandatory { mandatory |= 1 << UInt64(place + 1) }
            segments.append(Entry(
                first: elements.count, count: line.elements.count, mandatory: mandatory,
                notes: notes.count..<(notes.count + line.notes.count)))
            for (place, var element) in line.elements.enumerated() {
                let own = line.components.isEmpty ? [] : line.components[place]
                element.components = components.count..<(components.count + own.count)
                components += own.map(\.element)
                componentReferences += own.map(\.reference)
                elements.append(element)
            }
            notes += line.notes
        }
        self.segments = segments
        self.elements = elements
        self.components = components
        self.componentReferences = componentReferences
        areComponentsDescribed = lines.contains { !$0.components.isEmpty }
        self.notes = notes
        references = lines.flatMap(\.references)
        noteFacts = lines.flatMap { line in zip(line.notes, line.noteTexts).map { Self.fact($0, $1, line.tag) } }
        table = ElementRules.Table(
            segments, elements, components, notes, lines.map(\.tag), areComponentsDescribed: areComponentsDescribed)
    }

    /// The rules by their address. It lives as long as the tables.
    var rules: ElementRules { table.rules }

    /// What is known of a packed tag, as an index of ``segments``; -1 where nothing is.
    func number(of tag: UInt32) -> Int { table.rules.numbers.number(of: tag) }

    /// `BEG03`.
    static func name(_ tag: String, _ number: Int) -> String { tag + (number < 10 ? "0" : "") + String(number) }

    /// - Parameter text: the note as the standard writes it: `P0304`.
    private static func fact(_ note: Note, _ text: String, _ tag: String) -> String {
        let all = note.first | note.others, first = name(tag, note.first.trailingZeroBitCount)
        let names = (1..<63).filter { all & 1 << UInt64($0) != 0 }.map { name(tag, $0) }.joined(separator: ", ")
        let rule = switch note.kind {
        case .paired: "of \(names) all or none are expected"
        case .required: "of \(names) one at least is expected"
        case .exclusive: "of \(names) one at most is expected"
        case .conditional: "\(names) go together where \(first) is there"
        case .listConditional: "one more of \(names) is expected where \(first) is there"
        }
        return "Syntax note \(text): \(rule)"
    }
}
