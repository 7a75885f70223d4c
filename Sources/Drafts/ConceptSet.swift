/// What a name or a phrase speaks of, ready to be held against others.
struct ConceptSet {
    private let all: Set<String>
    /// Those that say of what it is, not what sort of value.
    private let things: Set<String>
    private let sorts: Set<String>
    private let weight: Double

    init(_ concepts: [String]) {
        // A time of a thing is its date as well.
        all = Set(concepts.map { $0 == "time" ? "date" : $0 })
        things = all.filter { !Vocabulary.sorts.contains($0) && !$0.hasPrefix("?") }
        sorts = all.intersection(Vocabulary.sorts).subtracting(["of"])
        weight = all.reduce(0) { $0 + Vocabulary.weight($1) }
    }

    /// How alike a name is to a phrase, 0 to 1: twice what both have, by what each has.
    ///
    /// A name that says another sort of value (a number, a date, a name) is another thing, and two numbers are not alike for that. What the
    /// phrase is about must be named: an order's number is not its priority. A name or a text of a thing is not the thing.
    func similarity(to phrase: ConceptSet) -> Double {
        if all.isDisjoint(with: phrase.all) { return 0 }
        let both = all.intersection(phrase.all)
        if things.isDisjoint(with: phrase.things), !things.isEmpty || !phrase.things.isEmpty { return 0 }
        let whole = weight + phrase.weight
        guard whole > 0 else { return 0 }
        let shared = both.reduce(0) { $0 + Vocabulary.weight($1) }
        let ownSorts = sorts.subtracting(phrase.sorts)
        let isOtherSort = !ownSorts.isEmpty && !phrase.sorts.isSubset(of: sorts)
        let isSaidOf = ownSorts.contains("name") || ownSorts.contains("text")
        let isPartly = !phrase.things.isSubset(of: things)
        return 2 * shared / whole * (isOtherSort ? 0.5 : isSaidOf ? 0.6 : 1) * (isPartly ? 0.6 : 1)
    }
}
