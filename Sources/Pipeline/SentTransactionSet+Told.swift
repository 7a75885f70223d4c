package import Store

extension SentTransactionSet {
    /// For people: `945 0001 of group 17 in interchange 17`.
    package var told: String {
        "\(identifier) \(control)" + (group.map { " of group \($0)" } ?? "") + " in interchange \(interchange)"
    }
}
