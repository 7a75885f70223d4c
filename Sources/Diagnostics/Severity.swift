/// How much a diagnostic weighs. What a defect of EDI weighs is policy of feeds and partners.
package enum Severity: String, Comparable, Sendable, Codable, CaseIterable {
    case note, warning, error

    private var rank: Int {
        switch self {
        case .note: 0
        case .warning: 1
        case .error: 2
        }
    }

    package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}
