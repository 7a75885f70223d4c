package import Configurations
package import Diagnostics

/// A structure as a file of the bundle: `structure`, `transactionSet`, `versions`, `near` and the lines of `segments`.
extension TransactionStructure {
    /// What a structure file holds.
    package static let shape = ConfigurationShape.record([
        ConfigurationKey("structure", .text, required: true, "Name of this structure in the bundle, such as x12/850."),
        ConfigurationKey("transactionSet", .text, required: true, "ST01: the transaction set that it describes."),
        ConfigurationKey(
            "versions", .list(.text), required: true, "Versions that it describes exactly: first six characters of GS08."),
        ConfigurationKey(
            "near", .list(.text), default: "none",
            "Beginnings of versions that it is near enough to: loops are formed by it, and its findings are notes."),
        ConfigurationKey(
            "segments", .text, required: true,
            "One EDI segment a line: tag, M or O, most uses (>1: any number); `loop` opens a loop that holds the deeper lines, `nested` one that nests by HL01 and HL02; `where 01 = A|B` splits a place by the values of an element, with `as name` for a loop. After `;` what is asked of its elements, by commas: `04 M`, `05 X`, `01 = 00|05`, `01-2 = 9|92`."),
    ])

    /// Most lines of one structure.
    package static let linesMax = 2000

    /// Makes a structure of a file's root. There is none where a finding is an error.
    package static func decode(_ root: ConfigurationNode) -> (structure: TransactionStructure?, diagnostics: [Diagnostic]) {
        let findings = shape.check(root)
        guard findings.allSatisfy({ $0.severity < .error }), let segments = root["segments"] else { return (nil, findings) }
        var parser = StructureLines(node: segments, isGuide: false)
        let entries = parser.parse(segments.scalar ?? "")
        guard parser.diagnostics.isEmpty else { return (nil, findings + parser.diagnostics) }
        let structure = TransactionStructure(
            transactionSet: root.text("transactionSet"), versions: root.texts("versions"), near: root.texts("near"),
            entries: entries)
        return (structure, findings)
    }
}

extension DiagnosticCode {
    /// A line of a structure file is not `TAG M|O max [loop|nested]`, or stands too deep. Mend the line.
    package static let structureLine: DiagnosticCode = "STRUCTURE-LINE"
}

/// The lines of `segments`: a tree by indentation, two spaces a level.
struct StructureLines {
    let node: ConfigurationNode
    /// Lines may forbid (`CUR X`) and name the second of a tag (`LX/2`).
    let isGuide: Bool
    var diagnostics: [Diagnostic] = []
    private var lines: [(depth: Int, entry: TransactionStructure.Entry)] = []
    private var next = 0

    init(node: ConfigurationNode, isGuide: Bool) {
        self.node = node
        self.isGuide = isGuide
    }

    mutating func parse(_ text: String) -> [TransactionStructure.Entry] {
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard number < TransactionStructure.linesMax else {
                report("a structure has at most \(TransactionStructure.linesMax) lines", number, 0)
                break
            }
            take(line, number)
        }
        if lines.isEmpty, diagnostics.isEmpty { report("a structure has at least one EDI segment", 0, 0) }
        return tree(depth: 0)
    }

    private mutating func take(_ line: Substring, _ number: Int) {
        let content = line.prefix { $0 != "#" }
        let halves = content.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        guard let words = halves.first?.split(separator: " "), !words.isEmpty else {
            if halves.count > 1 { report("`\(content)` has no tag before `;`", number, 0) }
            return
        }
        let indentation = content.prefix { $0 == " " }.count
        let depthMax = lines.last.map { $0.depth + ($0.entry.isLoop ? 1 : 0) } ?? 0
        guard indentation % 2 == 0, indentation / 2 <= depthMax else {
            return report("the line is indented by \(indentation); at most \(depthMax * 2), two a loop, was expected", number, indentation)
        }
        guard var entry = entry(words) else {
            return report(
                "`\(content.drop { $0 == " " })` is not a tag, M or O, most uses, and perhaps loop or nested, `where 01 = A|B` and `as name`"
                    + (isGuide ? "; nor a tag and X" : ""),
                number, indentation)
        }
        if halves.count > 1 {
            guard let elements = Self.uses(halves[1]), entry.max > 0 else {
                return report(
                    "`\(halves[1].drop { $0 == " " })` says nothing of elements such as `04 M, 05 X, 01 = 00|05`, each once", number, indentation)
            }
            entry.elements = elements
        }
        lines.append((indentation / 2, entry))
    }

    /// `04 M, 05 X, 01 = 00|05, 01-2 M = 9`: each address once.
    private static func uses(_ text: Substring) -> [ElementUse]? {
        var uses: [ElementUse] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let use = ElementUse(part.split(separator: " ")), !uses.contains(where: { $0.element == use.element && $0.component == use.component })
            else { return nil }
            uses.append(use)
        }
        return uses
    }

    private func entry(_ line: [Substring]) -> TransactionStructure.Entry? {
        var words = line, entry: TransactionStructure.Entry?
        var place = 1, name: String?, condition: SegmentCondition?
        if words.count > 2, words[words.count - 2] == "as" {
            name = Self.loopName(words[words.count - 1])
            if name == nil { return nil }
            words.removeLast(2)
        }
        if let start = words.firstIndex(of: "where") {
            condition = Self.condition(words[(start + 1)...])
            if condition == nil { return nil }
            words.removeSubrange(start...)
        }
        guard !words.isEmpty else { return nil }
        let parts = words[0].split(separator: "/", omittingEmptySubsequences: false)
        if isGuide, parts.count == 2, let number = Int(parts[1]), (1...9).contains(number) {
            place = number
            words[0] = parts[0]
        }
        if isGuide, words.count == 2, words[1] == "X", condition == nil, isTag(words[0]) {
            entry = TransactionStructure.Entry(tag: String(words[0]), isMandatory: false, max: 0)
        } else {
            entry = plainEntry(words)
        }
        // A loop alone has a name of its own: records are called by their tags.
        if name != nil, entry?.isLoop != true { return nil }
        entry?.place = place
        entry?.name = name
        entry?.condition = condition
        return entry
    }

    /// A name that is no tag and no address of an element, so that it cannot be taken for one.
    private static func loopName(_ word: Substring) -> String? {
        let isPlain = word.first?.isLowercase == true && word.utf8.count <= 40 && word.utf8.allSatisfy { ASCII.isAlphanumeric($0) }
        return isPlain ? String(word) : nil
    }

    /// `01 = ST|BY`, `01-1 = 137`.
    private static func condition(_ words: ArraySlice<Substring>) -> SegmentCondition? {
        let words = Array(words)
        guard words.count == 3, words[1] == "=" else { return nil }
        let address = words[0].split(separator: "-", omittingEmptySubsequences: false)
        let values = words[2].split(separator: "|", omittingEmptySubsequences: false).map { Array($0.utf8) }
        guard address.count <= 2, let element = Int32(address[0]), (1...99).contains(element), values.allSatisfy({ !$0.isEmpty }) else { return nil }
        let component = address.count == 2 ? Int16(address[1]) : 1
        guard let component, (1...99).contains(component) else { return nil }
        return SegmentCondition(element: element, component: component, values: values)
    }

    private func plainEntry(_ words: [Substring]) -> TransactionStructure.Entry? {
        guard words.count == 3 || words.count == 4, isTag(words[0]), ["M", "O"].contains(words[1]) else { return nil }
        let most = words[2] == ">1" ? Int.max : Int(words[2])
        guard let most, most > 0 else { return nil }
        let mark = words.count == 4 ? words[3] : ""
        guard ["", "loop", "nested"].contains(mark), mark != "nested" || words[0] == "HL" else { return nil }
        return TransactionStructure.Entry(
            tag: String(words[0]), isMandatory: words[1] == "M", max: most, isHierarchical: mark == "nested",
            isLoop: !mark.isEmpty)
    }

    private func isTag(_ word: Substring) -> Bool {
        let bytes = Array(word.utf8)
        return bytes.withUnsafeBufferPointer { SegmentScan.tag(of: $0, from: 0, length: $0.count) != 0 }
    }

    private mutating func tree(depth: Int) -> [TransactionStructure.Entry] {
        var entries: [TransactionStructure.Entry] = []
        while next < lines.count, lines[next].depth >= depth {
            var entry = lines[next].entry
            next += 1
            if entry.isLoop { entry.children = tree(depth: depth + 1) }
            if isGuide || entry.condition == nil {
                entries.append(entry)
            } else {
                split(entry, into: &entries)
            }
        }
        return entries
    }

    /// In a structure, parts of one tag that follow each other share one place, in any order; nothing else has it.
    private func split(_ part: TransactionStructure.Entry, into entries: inout [TransactionStructure.Entry]) {
        if let last = entries.last, last.tag == part.tag, !last.variants.isEmpty, last.isLoop == part.isLoop {
            entries[entries.count - 1].variants.append(part)
        } else {
            var place = TransactionStructure.Entry(
                tag: part.tag, isMandatory: false, max: 0, isHierarchical: part.isHierarchical, isLoop: part.isLoop)
            place.variants = [part]
            entries.append(place)
        }
    }

    private mutating func report(_ fact: String, _ line: Int, _ column: Int) {
        var position = node.position(inText: line, column: column)
        position.place = .key("segments")
        diagnostics.append(Diagnostic(.structureLine, .error, fact, at: position))
    }
}
