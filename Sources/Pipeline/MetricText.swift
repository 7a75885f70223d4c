/// Numbers of a site in the text forms that monitoring reads: Prometheus' own (text format 0.0.4, which the textfile collector of node_exporter takes), and OpenMetrics 1.0.
package struct MetricText: Sendable {
    package enum Form: String, Sendable, CaseIterable { case prometheus, openmetrics }

    enum Kind: String { case counter, gauge, histogram }

    private let form: Form
    private var lines: [String] = []

    package init(_ form: Form) { self.form = form }

    /// One number with its labels; what has no number is left out.
    struct Sample {
        var labels: [(name: String, value: String)] = []
        var value: String

        init(_ value: Int, _ labels: [(name: String, value: String)] = []) { (self.labels, self.value) = (labels, "\(value)") }
        init(milliseconds: Int, _ labels: [(name: String, value: String)] = []) { (self.labels, value) = (labels, MetricText.seconds(milliseconds)) }
    }

    /// - Parameter name: without `_total`, which counters get.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        let full = kind == .counter ? name + "_total" : name
        head(form == .openmetrics ? name : full, kind, help)
        for sample in samples { line(full, sample.labels, sample.value) }
    }

    /// A histogram: how many took at most so long, for each of some ends in milliseconds, and all.
    mutating func add(
        histogram name: String, _ help: String, ends: [Int], _ rows: [(labels: [(name: String, value: String)], within: [Int], count: Int, milliseconds: Int)]
    ) {
        guard !rows.isEmpty else { return }
        head(name, .histogram, help)
        for row in rows {
            for (end, within) in zip(ends, row.within) { line(name + "_bucket", row.labels + [("le", Self.seconds(end))], "\(within)") }
            line(name + "_bucket", row.labels + [("le", "+Inf")], "\(row.count)")
            line(name + "_sum", row.labels, Self.seconds(row.milliseconds))
            line(name + "_count", row.labels, "\(row.count)")
        }
    }

    package var text: String { (lines + (form == .openmetrics ? ["# EOF"] : [])).joined(separator: "\n") }

    private mutating func head(_ name: String, _ kind: Kind, _ help: String) {
        lines.append("# HELP \(name) \(help)")
        lines.append("# TYPE \(name) \(kind.rawValue)")
    }

    private mutating func line(_ name: String, _ labels: [(name: String, value: String)], _ value: String) {
        let told = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        lines.append(told.isEmpty ? "\(name) \(value)" : "\(name){\(told)} \(value)")
    }

    private static func escaped(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") }

    /// Seconds with a point, exact.
    private static func seconds(_ milliseconds: Int) -> String {
        let rest = abs(milliseconds) % 1_000
        guard rest != 0 else { return "\(milliseconds / 1_000).0" }
        var digits = String(rest)
        digits = String(repeating: "0", count: 3 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(milliseconds < 0 ? "-" : "")\(abs(milliseconds) / 1_000).\(digits)"
    }
}
