/// Letters as names are compared by: small, without accents and umlauts.
enum Letters {
    /// Letters of Latin-1 and Latin Extended-A that German, French, Spanish and their neighbours write, by what they fold to.
    private static let folded: [Character: String] = {
        let groups = [
            ("a", "àáâãäåāăą"), ("c", "çćč"), ("d", "ďđ"), ("e", "èéêëēėęě"), ("g", "ğģ"), ("i", "ìíîïīįı"), ("l", "łľļ"), ("n", "ñńňņ"),
            ("o", "òóôõöøōőº"), ("r", "ŕř"), ("s", "śšşș"), ("t", "ťţț"), ("u", "ùúûüūůűų"), ("y", "ýÿ"), ("z", "źżž"), ("ae", "æ"), ("oe", "œ"),
            ("ss", "ß"),
        ]
        var table: [Character: String] = [:]
        for (plain, letters) in groups {
            for letter in letters { table[letter] = plain }
        }
        return table
    }()

    static func fold(_ text: some StringProtocol) -> String {
        var result = ""
        for letter in text.lowercased() {
            if letter.isASCII { result.append(letter) } else { result += folded[letter] ?? String(letter) }
        }
        return result
    }

    /// German writes ä as ae where it must: `waehrung` and `währung` fold to the same. Nil where there is nothing to undo.
    static func withoutUmlautDigraphs(_ folded: String) -> String? {
        let shorter = folded.replacing("ae", with: "a").replacing("oe", with: "o").replacing("ue", with: "u")
        return shorter == folded ? nil : shorter
    }
}
