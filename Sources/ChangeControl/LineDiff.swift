/// What differs between two texts, line by line, for people to read. Lines are compared by their bytes, so that a changed
/// line end shows as a changed line.
package struct LineDiff: Hashable, Sendable {
    package enum Edit: Hashable, Sendable {
        case same(String), removed(String), added(String)
    }

    /// The most lines of either text, and the most lines that may differ, before only the fact is told: the search for the shortest
    /// difference takes time and memory that grow with the square of what differs.
    package static let lineLimit = 20_000, differenceLimit = 2_000

    /// The texts in order, old and new interleaved; nil where a limit was reached or a side is not UTF-8.
    package let edits: [Edit]?

    package init(from old: [UInt8], to new: [UInt8]) {
        guard String(validating: old, as: UTF8.self) != nil, String(validating: new, as: UTF8.self) != nil else {
            edits = nil
            return
        }
        let before = LineDiff.lines(old), after = LineDiff.lines(new)
        guard before.count <= LineDiff.lineLimit, after.count <= LineDiff.lineLimit else {
            edits = nil
            return
        }
        edits = ShortestEdit(before, after, limit: LineDiff.differenceLimit).script().map { script in
            script.map { edit in
                switch edit {
                case .same(let line): .same(LineDiff.text(line))
                case .removed(let line): .removed(LineDiff.text(line))
                case .added(let line): .added(LineDiff.text(line))
                }
            }
        }
    }

    /// The differences in the unified form that diff(1) writes, with this many lines of context; empty where nothing differs.
    package func unified(context: Int = 3) -> String {
        guard let edits else { return "(too large or not text: compare the files)\n" }
        var text = "", oldLine = 1, newLine = 1, index = 0
        while let hunk = LineDiff.hunk(edits, from: index, context: context) {
            for edit in edits[index..<hunk.lowerBound] { LineDiff.advance(edit, &oldLine, &newLine) }
            let oldStart = oldLine, newStart = newLine
            var body = ""
            for edit in edits[hunk] {
                LineDiff.advance(edit, &oldLine, &newLine)
                switch edit {
                case .same(let line): body += " \(line)\n"
                case .removed(let line): body += "-\(line)\n"
                case .added(let line): body += "+\(line)\n"
                }
            }
            text += "@@ -\(LineDiff.range(oldStart, oldLine)) +\(LineDiff.range(newStart, newLine)) @@\n\(body)"
            index = hunk.upperBound
        }
        return text
    }

    /// The next run of edits with its context; runs whose contexts touch are one.
    private static func hunk(_ edits: [Edit], from start: Int, context: Int) -> Range<Int>? {
        guard let first = edits[start...].firstIndex(where: isChange) else { return nil }
        var end = first + 1
        while let next = edits[end...].firstIndex(where: isChange), next - end <= 2 * context { end = next + 1 }
        return max(start, first - context)..<min(edits.count, end + context)
    }

    private static func isChange(_ edit: Edit) -> Bool {
        if case .same = edit { false } else { true }
    }

    private static func advance(_ edit: Edit, _ old: inout Int, _ new: inout Int) {
        switch edit {
        case .same: (old, new) = (old + 1, new + 1)
        case .removed: old += 1
        case .added: new += 1
        }
    }

    /// As diff(1): a range of no lines names the line before it.
    private static func range(_ start: Int, _ end: Int) -> String {
        switch end - start {
        case 0: "\(start - 1),0"
        case 1: "\(start)"
        default: "\(start),\(end - start)"
        }
    }

    /// Lines without their LF. A last line with no LF carries a mark of it, so that adding one is seen.
    private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
        if lines.last?.isEmpty == true { lines.removeLast() } else { lines[lines.count - 1] += [0] }
        return lines
    }

    private static func text(_ line: [UInt8]) -> String {
        var shown = "", line = line[...]
        let isUnended = line.last == 0
        if isUnended { line = line.dropLast() }
        for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            // A terminal would act on these instead of showing them; a carriage return at a line's end is what a CRLF change is.
            case .control where scalar != "\t", .format, .lineSeparator, .paragraphSeparator: shown += scalar.escaped(asASCII: true)
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return isUnended ? shown + " (no line end)" : shown
    }
}
