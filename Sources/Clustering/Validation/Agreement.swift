import Statistics

/// How far two partitions of the same rows agree. Every label counts as a group, noise too. Logarithms are natural.
package struct Agreement: Hashable, Sendable {
    /// Share of pairs of rows that both put together or both apart (Rand 1971).
    package let rand: Double
    /// The same, less what chance would give (Hubert and Arabie 1985): 0 for chance, 1 for the same.
    package let adjustedRand: Double
    /// Mutual information over the mean of the entropies; 1 where both have one group only.
    package let normalizedInformation: Double
    /// The same, less what chance would give, over the mean of the entropies less that (Vinh, Epps, Bailey 2010).
    package let adjustedInformation: Double
    /// Harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg 2007), the same number as `normalizedInformation`.
    package let vMeasure: Double

    package init(_ one: [Int], _ other: [Int]) throws(ClusteringFailure) {
        try Check.labels(other, rows: one.count)
        guard !one.isEmpty else { throw .noRows }
        let table = Contingency(one, other)
        let total = Double(one.count), pairs = total * (total - 1) / 2
        let together = table.cells.reduce(0.0) { $0 + Self.pairs($1.count) }
        let first = table.rows.reduce(0.0) { $0 + Self.pairs($1) }, second = table.columns.reduce(0.0) { $0 + Self.pairs($1) }
        rand = pairs == 0 ? 1 : (pairs + 2 * together - first - second) / pairs
        let expected = pairs == 0 ? 0 : first * second / pairs, most = (first + second) / 2
        adjustedRand = most == expected ? 1 : (together - expected) / (most - expected)

        let information = table.information
        let entropies = (Self.entropy(table.rows, total), Self.entropy(table.columns, total))
        let mean = (entropies.0 + entropies.1) / 2
        normalizedInformation = mean == 0 ? 1 : information / mean
        let homogeneity = entropies.0 == 0 ? 1 : information / entropies.0, completeness = entropies.1 == 0 ? 1 : information / entropies.1
        vMeasure = homogeneity + completeness == 0 ? 0 : 2 * homogeneity * completeness / (homogeneity + completeness)
        adjustedInformation = Self.adjusted(table, information, mean)
    }

    private static func adjusted(_ table: Contingency, _ information: Double, _ mean: Double) -> Double {
        // One group against one, or each row alone in both: the same partition.
        let kinds = (table.rows.count, table.columns.count)
        if kinds.0 == kinds.1, kinds.0 == 1 || kinds.0 == table.total { return 1 }
        let expected = table.expectedInformation
        let above = information - expected, room = mean - expected
        return room == 0 ? 0 : above / room
    }

    private static func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }

    private static func entropy(_ counts: [Int], _ total: Double) -> Double {
        guard counts.count > 1 else { return 0 }
        return -counts.reduce(0.0) { $0 + Double($1) / total * (Elementary.ln(Double($1)) - Elementary.ln(total)) }
    }
}

/// How many rows each pair of labels has.
private struct Contingency {
    let total: Int
    let rows: [Int]
    let columns: [Int]
    /// Cells that are not 0, row by row.
    let cells: [(row: Int, column: Int, count: Int)]

    init(_ one: [Int], _ other: [Int]) {
        total = one.count
        let names = (Set(one).sorted(), Set(other).sorted())
        let places = (
            Dictionary(uniqueKeysWithValues: names.0.enumerated().map { ($1, $0) }),
            Dictionary(uniqueKeysWithValues: names.1.enumerated().map { ($1, $0) }))
        var rows = [Int](repeating: 0, count: names.0.count), columns = [Int](repeating: 0, count: names.1.count)
        var counts: [Int: Int] = [:]
        for (left, right) in zip(one, other) {
            let row = places.0[left] ?? 0, column = places.1[right] ?? 0
            rows[row] += 1
            columns[column] += 1
            counts[row * names.1.count + column, default: 0] += 1
        }
        let width = names.1.count
        cells = counts.sorted { $0.key < $1.key }.map { ($0.key / width, $0.key % width, $0.value) }
        self.rows = rows
        self.columns = columns
    }

    var information: Double {
        let sum = cells.reduce(0.0) { sum, cell in
            let count = Double(cell.count)
            let ratio = Elementary.ln(count) + Elementary.ln(Double(total)) - Elementary.ln(Double(rows[cell.row])) - Elementary.ln(Double(columns[cell.column]))
            return sum + count / Double(total) * ratio
        }
        return max(sum, 0)
    }

    /// The mutual information that is expected where both keep their sizes and rows are dealt by chance: a sum over hypergeometric counts
    /// (Vinh, Epps, Bailey 2009, equation 24).
    var expectedInformation: Double {
        var logarithms = [0.0], factorials = [0.0]
        for number in 1...max(total, 1) {
            logarithms.append(Elementary.ln(Double(number)))
            factorials.append(factorials[number - 1] + logarithms[number])
        }
        var sum = 0.0
        for a in rows {
            for b in columns {
                let fixed = factorials[a] + factorials[b] + factorials[total - a] + factorials[total - b] - factorials[total]
                for count in max(1, a + b - total)...max(min(a, b), max(1, a + b - total)) {
                    let chance = Elementary.exp(
                        fixed - factorials[count] - factorials[a - count] - factorials[b - count] - factorials[total - a - b + count])
                    sum += Double(count) / Double(total) * (logarithms[total] + logarithms[count] - logarithms[a] - logarithms[b]) * chance
                }
            }
        }
        return sum
    }
}
