import Records

/// Writes the mapping of a draft.
struct DraftText {
    let mapping: String
    let reads: String
    let records: [DraftRecord]
    /// Comments before everything: what the sample is, what was found out about it.
    var head: [String]
    /// What is in the sample and no rule reads, a line each.
    let unused: [String]

    private static let commentAt = 60
    private static let widthMax = 190

    var text: String {
        var lines = head.map(comment)
        lines += ["mapping: \(mapping)", "reads:"] + reads.split(separator: "\n").map { "  \($0)" }
        lines.append("records:")
        for record in records { lines += self.lines(record) }
        if !unused.isEmpty { lines += ["# In the sample, and read by no rule:"] + unused.map { comment("  " + $0) } }
        return lines.joined(separator: "\n") + "\n"
    }

    private func comment(_ text: String) -> String { cut("# " + YAMLScalar.comment(text)) }

    private func cut(_ line: String) -> String { line.count > Self.widthMax ? String(line.prefix(Self.widthMax - 3)) + "..." : line }

    private func lines(_ record: DraftRecord) -> [String] {
        var lines = [remarked("  - record: \(record.kind.rawValue)", Share.text(record.confidence) + " " + record.why)]
        lines.append("    each: \(YAMLScalar.spell(record.each))")
        if let when = record.when { lines.append("    when: \(YAMLScalar.quote(when))") }
        if !record.lets.isEmpty {
            lines.append("    let:")
            lines += record.lets.map { "      \($0.name): \($0.rule)" }
        }
        lines.append("    fields:")
        let width = record.lines.map(\.field.count).max() ?? 0
        for line in record.lines {
            let head = "      \(line.field):" + String(repeating: " ", count: width - line.field.count + 1)
            lines.append(remarked(head + line.rule, Share.text(line.confidence) + " " + line.why))
        }
        for field in record.missing {
            lines.append(cut("      # not found: \(field.name), \(field.type.rawValue): \(YAMLScalar.comment(field.summary))"))
        }
        return lines
    }

    private func remarked(_ line: String, _ remark: String) -> String {
        let padding = String(repeating: " ", count: max(2, Self.commentAt - line.count))
        let whole = line + padding + "# " + YAMLScalar.comment(remark)
        // The rule itself is never cut.
        return whole.count > Self.widthMax && line.count < Self.widthMax - 10 ? String(whole.prefix(Self.widthMax - 3)) + "..." : whole
    }
}
