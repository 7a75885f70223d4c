/// Gives the rules of zones by their IANA names. What holds the rules, and how they came there, is the maker's affair: values hold
/// no files.
package struct ZoneCatalogue: Sendable {
    private let find: @Sendable (String) -> ZoneRules?

    /// No zone.
    package static let none = ZoneCatalogue { _ in nil }

    /// - Parameter find: gives the same rules for the same name each time, as long as the catalogue is used.
    package init(finding find: @escaping @Sendable (String) -> ZoneRules?) { self.find = find }

    package init(_ rules: [String: ZoneRules]) { self.init { rules[$0] } }

    /// Nil where the catalogue has no such zone.
    package subscript(name: String) -> ZoneRules? { find(name) }
}
