/// Gives each field at most one column, and each column to at most one field, so that the sum of the scores is the greatest.
///
/// The Hungarian method with potentials (Kuhn 1955, Munkres 1957), in the form that adds one row after the other: rows squared times columns.
enum ColumnAssignment {
    /// - Parameter scores: by field, then by column; all fields have as many columns. Nothing is gained by a score of 0.
    /// - Returns: by field the column, or nil.
    static func best(_ scores: [[Double]]) -> [Int?] {
        guard let width = scores.first?.count, width > 0 else { return Array(repeating: nil, count: scores.count) }
        let rows = scores.count, columns = max(rows, width)
        func cost(_ row: Int, _ column: Int) -> Double { column < width ? -scores[row][column] : 0 }
        // Places count from 1; 0 is outside.
        var rowPotential = Array(repeating: 0.0, count: rows + 1), columnPotential = Array(repeating: 0.0, count: columns + 1)
        var owner = Array(repeating: 0, count: columns + 1)
        for row in 1...rows {
            var way = Array(repeating: 0, count: columns + 1)
            var slack = Array(repeating: Double.infinity, count: columns + 1)
            var isUsed = Array(repeating: false, count: columns + 1)
            owner[0] = row
            var at = 0
            repeat {
                isUsed[at] = true
                var step = Double.infinity, next = 0
                for column in 1...columns where !isUsed[column] {
                    let reduced = cost(owner[at] - 1, column - 1) - rowPotential[owner[at]] - columnPotential[column]
                    if reduced < slack[column] {
                        slack[column] = reduced
                        way[column] = at
                    }
                    if slack[column] < step {
                        step = slack[column]
                        next = column
                    }
                }
                for column in 0...columns {
                    if isUsed[column] {
                        rowPotential[owner[column]] += step
                        columnPotential[column] -= step
                    } else {
                        slack[column] -= step
                    }
                }
                at = next
            } while owner[at] != 0
            while at != 0 {
                owner[at] = owner[way[at]]
                at = way[at]
            }
        }
        var result: [Int?] = Array(repeating: nil, count: rows)
        for column in 1...columns where owner[column] > 0 && column <= width && scores[owner[column] - 1][column - 1] > 0 {
            result[owner[column] - 1] = column - 1
        }
        return result
    }
}
