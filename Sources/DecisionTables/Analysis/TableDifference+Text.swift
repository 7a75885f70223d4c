extension TableDifference {
    /// Where a region is, in words: the cells that say anything, with their inputs.
    package func told(_ region: TableRegion) -> String {
        let said = zip(inputs, region.cells).filter { $0.1 != "-" }.map { "\($0.0) \($0.1)" }
        return said.isEmpty ? "anything comes" : said.joined(separator: " and ")
    }
}

extension TableAnswer {
    /// The answer with the rules that give it.
    package var told: String {
        rules.isEmpty ? text : "\(text) (rule\(rules.count == 1 ? "" : "s") \(rules.map(String.init).joined(separator: ", ")))"
    }
}
