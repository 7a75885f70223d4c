/// The nearest known name to a misspelt one.
enum NameSuggestion {
    /// As many names are looked at.
    private static let namesMax = 5000

    /// The name with the fewest edits, at most a third of its length (and at least two), the first in order of spelling where several are as near.
    static func nearest(to name: String, among names: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased())
        guard wanted.count <= 80 else { return nil }
        let names = Array(names.prefix(Self.namesMax))
        let limit = max(2, wanted.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in names.sorted() where abs(candidate.count - wanted.count) <= limit {
            let distance = edits(wanted, Array(candidate.lowercased()))
            if distance <= limit, distance < min(wanted.count, best?.distance ?? .max) { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Levenshtein's distance with exchanged neighbours as one edit.
    private static func edits(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
