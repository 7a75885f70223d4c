/// What words in names of columns and elements speak of, in English, German, French and Spanish.
///
/// A line of the tables is a concept, then the words for it: small, without accents and umlauts, phrases as one word.
enum Vocabulary {
    /// Words by themselves, and the concepts of each: `sku` is an item, `eta` an expected date.
    static let concepts: [String: [String]] = {
        var table: [String: [String]] = [:]
        for line in (Vocabulary.things + "\n" + Vocabulary.measures).split(separator: "\n") {
            let halves = line.split(separator: ":", maxSplits: 1)
            let concepts = halves[0].split(separator: "+").map(String.init)
            for word in halves[1].split(separator: " ") {
                precondition(table[String(word)] == nil, "the vocabulary has \(word) twice")
                table[String(word)] = concepts
            }
        }
        return table
    }()

    /// Words of two letters that are parts of compounds.
    static let shortParts: Set<String> = ["no", "nr", "id", "dt", "to"]

    /// Concepts that say what sort of value it is, not of what: they weigh less than the rest.
    static let sorts: Set<String> = ["number", "date", "time", "name", "text", "type", "level", "of", "day"]

    /// Weight of a concept in a comparison of names.
    static func weight(_ concept: String) -> Double {
        if concept == "of" { return 0 }
        if concept.hasPrefix("?") { return 0.6 }
        return sorts.contains(concept) ? 0.4 : 1
    }
}
