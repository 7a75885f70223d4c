/// Cuts the name of a column, element or field into words: at what is no letter or digit, where small letters turn to capitals, and
/// where compounds are made of words that the vocabulary has.
enum HeaderWords {
    /// The words as they stand, folded: `shipTo_Date2` gives `ship`, `to`, `date`, `2`.
    static func pieces(_ name: some StringProtocol) -> [String] {
        var words: [String] = [], word = ""
        func close() {
            if !word.isEmpty { words.append(Letters.fold(word)) }
            word = ""
        }
        let letters = Array(name)
        for (index, letter) in letters.enumerated() {
            guard letter.isLetter || letter.isNumber else {
                if letter == "#" { words.append("number") }
                close()
                continue
            }
            if let last = word.last {
                let next = index + 1 < letters.count ? letters[index + 1] : " "
                // orderNo; SKUCode, where the last capital begins a word; 2nd and qty2 apart.
                let turns = letter.isUppercase && (last.isLowercase || (last.isUppercase && next.isLowercase))
                if turns || letter.isNumber != last.isNumber { close() }
            }
            word.append(letter)
        }
        close()
        return words
    }

    /// The concepts that a name speaks of, in order; a word that nobody knows stands for itself, with a question mark before it.
    static func concepts(_ name: some StringProtocol) -> [String] { concepts(of: pieces(name)) }

    static func concepts(of pieces: [String]) -> [String] {
        var found: [String] = []
        var at = 0
        while at < pieces.count {
            // `purchase order`, `lead time` and `bill of lading` are one thing each.
            var taken = 1
            var concepts: [String]?
            for length in stride(from: min(3, pieces.count - at), through: 2, by: -1) {
                if let known = Vocabulary.concepts[pieces[at..<(at + length)].joined()] {
                    concepts = known
                    taken = length
                    break
                }
            }
            found += concepts ?? self.concepts(ofWord: pieces[at])
            at += taken
        }
        return found
    }

    private static func concepts(ofWord word: String) -> [String] {
        for form in [word, Letters.withoutUmlautDigraphs(word)].compactMap({ $0 }) {
            if let known = Vocabulary.concepts[form] { return known }
            if let parts = split(form) { return parts }
        }
        return word.allSatisfy(\.isNumber) ? [] : ["?" + word]
    }

    /// A compound as the fewest words of the vocabulary that it is made of: `bestellnummer`, `extendedprice`. An s between two parts of
    /// a German compound belongs to neither.
    private static func split(_ word: String) -> [String]? {
        let letters = Array(word)
        guard letters.count >= 5, letters.count <= 40 else { return nil }
        var best: [(words: Int, concepts: [String])?] = Array(repeating: nil, count: letters.count + 1)
        best[0] = (0, [])
        for start in letters.indices {
            guard let sofar = best[start] else { continue }
            for end in (start + 2)..<max(start + 3, letters.count + 1) where end <= letters.count {
                let part = String(letters[start..<end])
                guard part.count > 2 || Vocabulary.shortParts.contains(part), let known = Vocabulary.concepts[part] else { continue }
                let reached = (words: sofar.words + 1, concepts: sofar.concepts + known)
                for next in [end, end + 1] where next <= letters.count {
                    if next > end, letters[end] != "s" || next == letters.count { continue }
                    if best[next].map({ $0.words > reached.words }) ?? true { best[next] = reached }
                }
            }
        }
        return best[letters.count].flatMap { $0.words > 1 ? $0.concepts : nil }
    }

    /// What all names of a table begin with and says nothing, such as `l_` in `l_orderkey` and `l_partkey`.
    static func sharedPrefix(of names: [String]) -> String? {
        guard names.count > 2 else { return nil }
        let first = names.map { pieces($0).first ?? "" }
        guard let prefix = first.first, prefix.count <= 4, first.allSatisfy({ $0 == prefix }), names.allSatisfy({ pieces($0).count > 1 }) else { return nil }
        return prefix
    }
}
