import Diagnostics
import FEEL
import Formats
import Values

extension LayoutReader {
    /// Takes a record of fixed width, its line end not included.
    mutating func takeFixed<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, isForeign: Bool, hasNul: Bool, into sink: inout Sink
    ) {
        guard !bytes.allSatisfy({ $0 == 0x20 }) else { return }
        rows += 1
        guard !hasNul else {
            return refuse(.flatNul, "record \(rows) holds a NUL byte", 0..<bytes.count, "the file may have been torn while it was copied; ask for it again", isCounted: true, into: &sink)
        }
        // Starts of characters, where they are not the bytes.
        let starts = isForeign && !countsBytes ? bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 } : nil
        let units = starts?.count ?? bytes.count
        func range(_ place: Range<Int>) -> Range<Int> {
            let low = min(place.lowerBound, units), high = min(place.upperBound, units)
            guard let starts else { return low..<high }
            return (low < units ? starts[low] : bytes.count)..<(high < units ? starts[high] : bytes.count)
        }
        let tag = layout.tag.map { UnsafeBufferPointer(rebasing: bytes[range($0)]) }
        guard let kind = place(tag, bytes, into: &sink) else { return }
        let fields = layout.kinds[kind].fields
        let last = ends[kind]
        if layout.recordLength != nil, units < last {
            note(.flatShort, "record \(rows) has \(units) \(layout.unit.rawValue); \(layout.recordLength ?? last) expected", 0..<bytes.count, "what is missing is read as blank", into: &sink)
        }
        if layout.recordLength == nil, last > 0, units > last, bytes[range(last..<units)].contains(where: { $0 != 0x20 }) {
            note(.flatLong, "record \(rows) has text behind its last field, which ends at \(last)", range(last..<units), "give it a field in the layout", into: &sink)
        }
        cells.removeAll(keepingCapacity: true)
        for field in fields {
            var cell = range(field.place)
            while !cell.isEmpty, bytes[cell.lowerBound] == 0x20 { cell = cell.lowerBound + 1..<cell.upperBound }
            while !cell.isEmpty, bytes[cell.upperBound - 1] == 0x20 { cell = cell.lowerBound..<cell.upperBound - 1 }
            cells.append((cell, false))
        }
        give(kind, cells, bytes, skipsBlank: true, isForeign: isForeign, into: &sink)
    }

    /// Takes a record whose cells the lexer has found.
    mutating func takeSeparated<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        rows += 1
        guard !lexer.hasNul else {
            return refuse(.flatNul, "record \(rows) holds a NUL byte", 0..<bytes.count, "the file may have been torn while it was copied; ask for it again", isCounted: true, into: &sink)
        }
        guard lexer.cellCount <= lexer.cellLimit else {
            return refuse(.flatLong, "record \(rows) has \(lexer.cellCount) cells; at most \(lexer.cellLimit) are read", 0..<bytes.count, "check the separator of the layout", isCounted: true, into: &sink)
        }
        let cells = lexer.cells.map { (range: Int($0.start)..<Int($0.end), hasDoubledQuotes: $0.hasDoubledQuotes) }
        let tag = layout.tag.map { place in
            let found = place.lowerBound < cells.count ? cells[place.lowerBound].range : 0..<0
            return UnsafeBufferPointer(rebasing: bytes[found])
        }
        guard let kind = place(tag, bytes, into: &sink) else { return }
        let fields = layout.kinds[kind].fields
        let last = ends[kind]
        if cells.count < last {
            note(.flatShort, "record \(rows) has \(cells.count) cells; \(last) expected", 0..<bytes.count, "look for a separator that is missing; the cells that are missing are not read", into: &sink)
        }
        give(
            kind, fields.map { $0.place.lowerBound < cells.count ? cells[$0.place.lowerBound] : (0..<0, false) }, bytes,
            skipsBlank: false, isForeign: lexer.bits & 0x80 != 0, into: &sink)
    }

    // MARK: - Which kind, and where

    /// Finds the kind of a record and closes what it does not stand in; nil where it is refused.
    private mutating func place<Sink: SourceSink>(
        _ tag: UnsafeBufferPointer<UInt8>?, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> Int? {
        if levels.isEmpty { openFile(into: &sink) }
        let text = hasPatterns ? String(decoding: bytes, as: UTF8.self) : ""
        for depth in levels.indices.reversed() {
            guard let kind = layout.children(of: levels[depth].kind).first(where: { matches($0, tag, text) }) else { continue }
            closeLevels(downTo: depth + 1, isWhole: true, into: &sink)
            return kind
        }
        guard let known = layout.kinds.indices.first(where: { matches($0, tag, text) }) else {
            let shown = tag.map { " `\(String(decoding: $0.prefix(20), as: UTF8.self))`" } ?? ""
            refuse(.flatTag, "record \(rows) is of no kind that the layout knows\(shown)", 0..<bytes.count, "add the record to \(layout.name), or check where its tag stands", isCounted: true, into: &sink)
            return nil
        }
        let kind = layout.kinds[known]
        let holder = kind.parent < 0 ? "file" : layout.kinds[kind.parent].name
        refuse(.flatOrder, "record \(rows), \(kind.name), stands outside of a \(holder) record", 0..<bytes.count, "the record that holds it is missing", isCounted: true, into: &sink)
        return nil
    }

    private func matches(_ kind: Int, _ tag: UnsafeBufferPointer<UInt8>?, _ text: String) -> Bool {
        let rule = layout.kinds[kind]
        if let pattern = rule.pattern {
            var steps = 200_000
            return (try? pattern.matches(text, steps: &steps)) ?? false
        }
        guard !rule.tags.isEmpty else { return true }
        guard let tag else { return false }
        if rule.tags.contains(where: tag.elementsEqual) { return true }
        guard tag.first == 0x20 || tag.last == 0x20 else { return false }
        let trimmed = tag.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }
        return rule.tags.contains { trimmed.elementsEqual($0.reversed()) }
    }

    private mutating func openFile<Sink: SourceSink>(into sink: inout Sink) {
        let node = arena.openNode(arena.intern("file"), kind: .group, from: 0, ordinal: 1)
        levels = [newLevel(-1, node)]
        sink.opened(node, in: &arena)
    }

    private func newLevel(_ kind: Int, _ node: Int32) -> Level {
        Level(
            kind: kind, node: node, counts: [Int](repeating: 0, count: layout.kinds.count),
            totals: [ExactDecimal?](repeating: .zero, count: sums.count), children: [Int](repeating: 0, count: layout.kinds.count))
    }

    /// Closes the open records from a depth on: says what is missing in them, and gives them on.
    mutating func closeLevels<Sink: SourceSink>(downTo depth: Int, isWhole: Bool, into sink: inout Sink) {
        while levels.count > depth, let level = levels.popLast() {
            for child in layout.children(of: level.kind) where isWhole && layout.kinds[child].isRequired && level.children[child] == 0 {
                let holder = level.kind < 0 ? "the file" : "record \(layout.kinds[level.kind].name)"
                let at = document.place(lastEnd..<lastEnd)
                sink.found(Diagnostic(
                    .flatMissing, .error, "\(holder) has no record \(layout.kinds[child].name)",
                    at: SourcePosition(file: document.file, line: document.line, bytes: at), hint: "ask for the file again if its end is missing"))
            }
            let node = arena.closeNode(at: document.place(lastEnd))
            sink.closed(node, in: &arena)
        }
    }

    // MARK: - Giving it on

    private mutating func give<Sink: SourceSink>(
        _ kind: Int, _ cells: [Cell], _ bytes: UnsafeBufferPointer<UInt8>, skipsBlank: Bool, isForeign: Bool, into sink: inout Sink
    ) {
        let rule = layout.kinds[kind]
        levels[levels.count - 1].children[kind] += 1
        if levels[levels.count - 1].children[kind] > rule.max {
            note(.flatRepeat, "there are more than \(rule.max) records \(rule.name)", 0..<bytes.count, "check max in the layout", into: &sink)
        }
        for depth in levels.indices { levels[depth].counts[kind] += 1 }
        if isForeign, let bad = firstInvalidUTF8(bytes) {
            note(.flatUTF8, "record \(rows) is not valid UTF-8", bad, "if the sender writes Windows-1252 or ISO 8859-1, say so in the feed (encoding)", into: &sink)
        }
        if skipsBlank, !isForeign, areAscending[kind], rule.children.isEmpty,
            document.input.isLinear(document.offset..<document.offset + bytes.count) {
            addSums(kind, cells, bytes)
            check(rule, cells, bytes, into: &sink)
            return giveWhole(kind, cells, bytes, into: &sink)
        }
        let node = arena.openNode(
            kindNames[kind], kind: .element, from: document.place(document.offset), ordinal: rows)
        for (index, cell) in cells.enumerated() where !(skipsBlank && cell.range.isEmpty) {
            let content = UnsafeBufferPointer(rebasing: bytes[cell.range])
            let place = document.place(document.offset + cell.range.lowerBound..<document.offset + cell.range.upperBound)
            if !isForeign, !cell.hasDoubledQuotes {
                arena.addField(name: fieldNames[kind][index], element: index + 1, bytes: place, text: content)
            } else {
                scratch.removeAll(keepingCapacity: true)
                var at = 0
                while at < content.count {
                    scratch.append(content[at])
                    at += cell.hasDoubledQuotes && content[at] == layout.quote ? 2 : 1
                }
                scratch = Array(String(decoding: scratch, as: UTF8.self).utf8)
                scratch.withUnsafeBufferPointer {
                    arena.addField(name: fieldNames[kind][index], element: index + 1, bytes: place, text: $0)
                }
            }
        }
        addSums(kind, cells, bytes)
        check(rule, cells, bytes, into: &sink)
        lastEnd = document.offset + bytes.count
        if rule.children.isEmpty {
            arena.closeNode(at: document.place(lastEnd))
            sink.closed(node, in: &arena)
        } else {
            arena.reach(document.place(lastEnd))
            levels.append(newLevel(kind, node))
            sink.opened(node, in: &arena)
        }
    }

    /// Gives a record of ASCII whose fields stand one behind the other, in one step.
    private mutating func giveWhole<Sink: SourceSink>(
        _ kind: Int, _ cells: [Cell], _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        spans.removeAll(keepingCapacity: true)
        names.removeAll(keepingCapacity: true)
        for (index, cell) in cells.enumerated() where !cell.range.isEmpty {
            var span = FieldSpan(element: Int32(index + 1))
            span.start = Int32(truncatingIfNeeded: cell.range.lowerBound)
            span.end = Int32(truncatingIfNeeded: cell.range.upperBound)
            spans.append(span)
            names.append(fieldNames[kind][index])
        }
        let place = document.place(document.offset)
        let node = spans.withUnsafeBufferPointer { spans in
            names.withUnsafeBufferPointer {
                arena.addRecord(kindNames[kind], kind: .element, ordinal: rows, from: place, bytes: bytes, fields: spans, columns: $0)
            }
        }
        lastEnd = document.offset + bytes.count
        sink.closed(node, in: &arena)
    }

    // MARK: - Counts and sums

    private mutating func addSums(_ kind: Int, _ cells: [Cell], _ bytes: UnsafeBufferPointer<UInt8>) {
        for (index, sum) in sums.enumerated() where sum.kind == kind {
            // A value that is no number makes the sum unknown: the finding is at the trailer.
            let value = number(cells[sum.field], bytes)
            for depth in levels.indices {
                guard let value, let total = levels[depth].totals[index] else {
                    levels[depth].totals[index] = nil
                    continue
                }
                levels[depth].totals[index] = try? total.adding(value)
            }
        }
    }

    private mutating func check<Sink: SourceSink>(
        _ rule: FlatLayout.Kind, _ cells: [Cell], _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        guard let level = levels.last else { return }
        for check in rule.checks {
            let cell = cells[check.field], name = rule.fields[check.field].name
            // A trailer that says nothing is not wrong.
            guard !cell.range.isEmpty else { continue }
            let declared = number(cell, bytes)
            let shown = String(decoding: bytes[cell.range], as: UTF8.self)
            switch check.control {
            case .count(let kinds):
                let counted = kinds.reduce(0) { $0 + level.counts[$1] }
                if let declared, declared == ExactDecimal(counted) { continue }
                report(.flatCount, "\(rule.name) \(name) declares \(shown) \(check.text) record\(shown == "1" ? "" : "s"); \(counted) \(counted == 1 ? "was" : "were") read", cell.range, into: &sink)
            case .sum(let kind, let field):
                let index = sums.firstIndex { $0.kind == kind && $0.field == field } ?? 0
                guard let total = level.totals[index] else {
                    report(.flatSum, "\(rule.name) \(name) declares \(shown) as the sum of \(check.text), of which some are no numbers", cell.range, into: &sink)
                    continue
                }
                if let declared, declared == total { continue }
                report(.flatSum, "\(rule.name) \(name) declares \(shown) as the sum of \(check.text); \(total) was read", cell.range, into: &sink)
            }
        }
    }

    /// A number as files write them: a mark of decimals, a sign before or behind it; blank is zero.
    private func number(_ cell: Cell, _ bytes: UnsafeBufferPointer<UInt8>) -> ExactDecimal? {
        var text = bytes[cell.range].filter { $0 != 0x20 }.map { $0 == layout.mark ? UInt8(ascii: ".") : $0 }
        if text.isEmpty { return .zero }
        if let last = text.last, last == UInt8(ascii: "-") || last == UInt8(ascii: "+") { text = [last] + text.dropLast() }
        if text.first == UInt8(ascii: "+") { text.removeFirst() }
        return ExactDecimal(String(decoding: text, as: UTF8.self))
    }

    // MARK: - Findings

    /// Counts a record as refused and says why; `range` counts from the record's first byte.
    mutating func refuse<Sink: SourceSink>(
        _ code: DiagnosticCode, _ fact: String, _ range: Range<Int>, _ hint: String, isCounted: Bool = false, into sink: inout Sink
    ) {
        if !isCounted { rows += 1 }
        rowsRefused += 1
        sink.found(Diagnostic(code, .error, fact, at: position(range), hint: hint))
    }

    private func note<Sink: SourceSink>(_ code: DiagnosticCode, _ fact: String, _ range: Range<Int>, _ hint: String, into sink: inout Sink) {
        sink.found(Diagnostic(code, .warning, fact, at: position(range), hint: hint))
    }

    private func report<Sink: SourceSink>(_ code: DiagnosticCode, _ fact: String, _ range: Range<Int>, into sink: inout Sink) {
        sink.found(Diagnostic(code, .error, fact, at: position(range), hint: "ask for the file again: it is not whole, or not what was meant"))
    }

    private func position(_ range: Range<Int>) -> SourcePosition {
        SourcePosition(
            file: document.file, line: document.line, column: range.lowerBound + 1,
            bytes: document.place(document.offset + range.lowerBound..<document.offset + range.upperBound), place: .cell(row: max(rows, 1), column: nil, name: nil))
    }
}
