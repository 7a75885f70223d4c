/// The findings about one input, capped, so that a file of a million defects costs a bounded amount of memory.
/// Past the cap findings are still counted, by severity and by code.
package struct DiagnosticList: Sendable {
    /// How many findings are kept; the rest are counted.
    package let limit: Int
    package private(set) var kept: [Diagnostic] = []
    package private(set) var countBySeverity: [Severity: Int] = [:]
    package private(set) var countByCode: [DiagnosticCode: Int] = [:]

    package init(limit: Int = 1000) { self.limit = limit }

    package var total: Int { countBySeverity.values.reduce(0, +) }
    package var errors: Int { countBySeverity[.error, default: 0] }
    package var warnings: Int { countBySeverity[.warning, default: 0] }
    /// How many findings were counted and not kept.
    package var suppressed: Int { total - kept.count }

    package mutating func add(_ diagnostic: Diagnostic) {
        count(diagnostic.code, diagnostic.severity)
        if kept.count < limit { kept.append(diagnostic) }
    }

    /// Counts a finding that would not be kept, so that nobody has to make it.
    ///
    /// - Returns: false where it would be kept, and was not counted.
    package mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool {
        guard kept.count >= limit else { return false }
        count(code, severity)
        return true
    }

    private mutating func count(_ code: DiagnosticCode, _ severity: Severity) {
        countBySeverity[severity, default: 0] += 1
        countByCode[code, default: 0] += 1
    }

    package mutating func add(contentsOf diagnostics: some Sequence<Diagnostic>) {
        for diagnostic in diagnostics { add(diagnostic) }
    }

    /// Findings in the order of the input: by byte offset where known, then line and column, then as found.
    package var sorted: [Diagnostic] {
        kept.enumerated().sorted { left, right in
            let a = left.element.position, b = right.element.position
            if let first = a.bytes?.lowerBound, let second = b.bytes?.lowerBound, first != second { return first < second }
            if let first = a.line, let second = b.line, first != second { return first < second }
            if let first = a.column, let second = b.column, first != second { return first < second }
            return left.offset < right.offset
        }.map(\.element)
    }
}
