package import Configurations
package import Diagnostics

/// Elements as a file of the bundle: `elements`, `versions` and the lines of `segments`.
extension SegmentElements {
    /// What such a file holds.
    package static let shape = ConfigurationShape.record([
        ConfigurationKey("elements", .text, required: true, "Name of this table in the bundle, such as x12/elements-004010."),
        ConfigurationKey(
            "versions", .list(.text), required: true, "Versions that it describes: first six characters of GS08, or directories such as D96A."),
        ConfigurationKey(
            "near", .list(.text), default: "none", "Versions without a table of their own that it is near enough to: its findings are notes there."),
        ConfigurationKey(
            "segments", .text, required: true,
            "One EDI segment a line: tag, elements by commas (`M353 ID 2 2`: requirement and number, type, least and most characters), and after `;` syntax notes such as P0304. Of EDIFACT `M3035 an..3`, components in brackets (`OC082 [M3039 an..35 | O1131 an..3]`), and `x5` for five repetitions."),
    ])

    /// Makes the table of a file's root. There is none where a finding is an error.
    package static func decode(_ root: ConfigurationNode) -> (elements: SegmentElements?, diagnostics: [Diagnostic]) {
        var findings = shape.check(root)
        guard findings.allSatisfy({ $0.severity < .error }), let node = root["segments"] else { return (nil, findings) }
        var segments: [Line] = []
        var seen: Set<String> = []
        for (number, line) in (node.scalar ?? "").split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.prefix { $0 != "#" }
            guard content.contains(where: { $0 != " " }) else { continue }
            if let segment = Self.segment(content), seen.insert(segment.tag).inserted {
                segments.append(segment)
            } else {
                var position = node.position(inText: number, column: 0)
                position.place = .key("segments")
                findings.append(Diagnostic(
                    .elementsLine, .error, "`\(content.prefix(60))` is no tag with elements such as `M353 ID 2 2` or `M3035 an..3`, or its tag was there before",
                    at: position))
            }
        }
        guard findings.allSatisfy({ $0.severity < .error }) else { return (nil, findings) }
        return (SegmentElements(versions: root.texts("versions"), near: root.texts("near"), tables: ElementTables(segments)), findings)
    }

    private static func segment(_ text: Substring) -> Line? {
        let halves = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        guard let space = halves[0].firstIndex(of: " ") else { return nil }
        var line = Line(tag: String(halves[0][..<space]))
        guard Array(line.tag.utf8).withUnsafeBufferPointer({ SegmentScan.tag(of: $0, from: 0, length: $0.count) != 0 }) else { return nil }
        for part in halves[0][space...].split(separator: ",") {
            let words = part.split(separator: " ")
            guard line.elements.count < 62 else { return nil }
            if let element = element(words) {
                line.elements.append(element)
            } else if let (element, components) = constituents(part) {
                line.elements.append(element)
                line.components.append(components)
            } else {
                return nil
            }
            line.references.append(String(words[0].dropFirst()))
        }
        // One form a line.
        guard line.components.isEmpty || line.components.count == line.elements.count else { return nil }
        for word in halves.count > 1 ? halves[1].split(separator: " ") : [] {
            guard let note = note(word, count: line.elements.count) else { return nil }
            line.notes.append(note)
            line.noteTexts.append(String(word))
        }
        return line
    }

    /// `M3035 an..3`, `OC082 [M3039 an..35 | O1131 an..3]`, either with `x5`.
    private static func constituents(
        _ part: Substring
    ) -> (element: ElementTables.Element, components: [(element: ElementTables.Element, reference: String)])? {
        var head = part, components: [(element: ElementTables.Element, reference: String)] = [], tail: Substring = ""
        if let open = part.firstIndex(of: "[") {
            guard let close = part.firstIndex(of: "]"), open < close else { return nil }
            for text in part[part.index(after: open)..<close].split(separator: "|", omittingEmptySubsequences: false) {
                let words = text.split(separator: " ")
                guard words.count == 2, let component = constituent(words), components.count < 62 else { return nil }
                components.append((component, String(words[0].dropFirst())))
            }
            (head, tail) = (part[..<open], part[part.index(after: close)...])
        }
        var words = head.split(separator: " ") + tail.split(separator: " ")
        var repetitions = 1
        if let last = words.last, last.first == "x", let count = Int(last.dropFirst()), count > 0 {
            repetitions = count
            words.removeLast()
        }
        var element: ElementTables.Element?
        if components.isEmpty {
            element = constituent(words)
        } else if words.count == 1, let requirement = words[0].first, "MO".contains(requirement) {
            element = ElementTables.Element(isMandatory: requirement == "M", kind: .composite, lengthMin: 0, lengthMax: 0)
        }
        element?.repetitions = repetitions
        return element.map { ($0, components) }
    }

    /// `M3035 an..3`: at most three characters; `M0081 a1`: exactly one.
    private static func constituent(_ words: [Substring]) -> ElementTables.Element? {
        guard words.count == 2, let requirement = words[0].first, "MO".contains(requirement) else { return nil }
        let type = words[1].prefix { $0.isLetter }, rest = words[1].dropFirst(type.count)
        let kinds: [Substring: ElementTables.Kind] = ["a": .letters, "n": .number, "an": .text]
        guard let kind = kinds[type], let most = Int(rest.hasPrefix("..") ? rest.dropFirst(2) : rest), most > 0 else { return nil }
        return ElementTables.Element(
            isMandatory: requirement == "M", kind: kind, lengthMin: rest.hasPrefix("..") ? 1 : most, lengthMax: most)
    }

    /// `M353 ID 2 2`; a composite has no lengths: `OC001 COMP`.
    private static func element(_ words: [Substring]) -> ElementTables.Element? {
        guard words.count == 4 || words.count == 2, let requirement = words[0].first, "MO".contains(requirement) else { return nil }
        let isPeriod = words[0].dropFirst() == "1251" && words[1] == "AN"
        let type = isPeriod ? "1251" : words[1].first == "N" ? "N" : words[1].first == "R" ? "R" : words[1] == "1251" ? "" : String(words[1])
        guard let kind = ElementTables.Kind(rawValue: type), kind != .letters, kind != .number, (words.count == 2) == (kind == .composite) else { return nil }
        let least = words.count == 4 ? Int(words[2]) : 0, most = words.count == 4 ? Int(words[3]) : 0
        guard let least, let most, least <= most else { return nil }
        return ElementTables.Element(isMandatory: requirement == "M", kind: kind, lengthMin: least, lengthMax: most)
    }

    /// `P0304`: a letter and numbers of two digits.
    private static func note(_ word: Substring, count: Int) -> ElementTables.Note? {
        let digits = Array(word.utf8.dropFirst())
        guard let kind = word.first.flatMap(ElementTables.Note.Kind.init), digits.count >= 4, digits.count % 2 == 0,
            digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        var numbers: [Int] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            numbers.append(Int(digits[place] - 0x30) * 10 + Int(digits[place + 1] - 0x30))
        }
        guard numbers.allSatisfy({ $0 > 0 && $0 <= count }) else { return nil }
        var others: UInt64 = 0
        for number in numbers.dropFirst() { others |= 1 << UInt64(number) }
        return ElementTables.Note(kind: kind, first: 1 << UInt64(numbers[0]), others: others)
    }
}

extension DiagnosticCode {
    /// A line of a table of elements cannot be read. Mend the line.
    package static let elementsLine: DiagnosticCode = "ELEMENTS-LINE"
}
