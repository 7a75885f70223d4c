extension Diagnostic {
    /// The finding as a person reads it: `path:line:column: severity[CODE]: fact`, the address, a caret line, a hint.
    package var text: String {
        var head = position.file.map { LineText.name($0) } ?? "<input>"
        if let line = position.line { head += ":\(line)" }
        if position.line != nil, let column = position.column { head += ":\(column)" }
        var lines = ["\(head): \(severity.rawValue)[\(code)]: \(fact)"]
        if let where_ = position.whereabouts { lines.append("  at \(where_)") }
        if let excerpt {
            lines.append("  | \(excerpt.text)")
            lines.append("  | " + String(repeating: " ", count: max(0, excerpt.start))
                + String(repeating: "^", count: max(1, excerpt.length)))
        }
        if let hint { lines.append("  hint: \(hint)") }
        return lines.joined(separator: "\n")
    }
}

extension SourcePosition {
    /// The place in the document's own terms with its bytes, such as
    /// `interchange 000000905, group 1, transaction set 0001, segment 11 SE, element 1 (bytes 813..<815)`.
    package var whereabouts: String? {
        var parts: [String] = []
        switch place {
        case .edi(let address): if !address.description.isEmpty { parts.append(address.description) }
        case .cell(let row, let column, let name):
            var cell = "row \(row)"
            if let column { cell += ", column \(column)" }
            if let name { cell += " (\(name))" }
            parts.append(cell)
        case .path(let path), .key(let path): parts.append(path)
        case nil: break
        }
        if let bytes { parts.append(parts.isEmpty ? "bytes \(bytes)" : "(bytes \(bytes))") }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}

extension EDIAddress: CustomStringConvertible {
    package var description: String {
        var parts: [String] = []
        if let interchange { parts.append("interchange \(interchange)") }
        if let group { parts.append("group \(group)") }
        if let transactionSet { parts.append("transaction set \(transactionSet)") }
        if let segment {
            parts.append("segment \(segment)" + (segmentTag.map { " \($0)" } ?? ""))
        } else if let segmentTag {
            parts.append("segment \(segmentTag)")
        }
        if let element { parts.append("element \(element)") }
        if let component { parts.append("component \(component)") }
        if let repetition { parts.append("repetition \(repetition)") }
        return parts.joined(separator: ", ")
    }
}
