/// The pairing of rows and columns of least total cost (Kuhn 1955), by shortest augmenting paths with potentials: time goes with the cube of the
/// shorter side. Of pairings that cost the same, which one is found depends on the costs alone.
package struct MinimumCostMatching: Hashable, Sendable {
    /// Of each row its column; nil for rows without one, where there are more rows than columns.
    package let columns: [Int?]
    package let total: Double

    package init(_ costs: Matrix) throws(ClusteringFailure) {
        for (index, cost) in costs.values.enumerated() {
            try Check.number(cost, row: index / costs.columns, column: index % costs.columns)
        }
        var columns = [Int?](repeating: nil, count: costs.rows)
        if costs.rows <= costs.columns {
            for (row, column) in Self.match(costs.rows, costs.columns, { costs[$0, $1] }).enumerated() { columns[row] = column }
        } else {
            for (column, row) in Self.match(costs.columns, costs.rows, { costs[$1, $0] }).enumerated() { columns[row] = column }
        }
        self.columns = columns
        total = columns.enumerated().reduce(0.0) { sum, pair in sum + (pair.element.map { costs[pair.offset, $0] } ?? 0) }
    }

    /// Of each of `count` rows its column, of at least as many.
    private static func match(_ count: Int, _ width: Int, _ cost: (Int, Int) -> Double) -> [Int] {
        // Places are counted from 1; column 0 stands for "the row that is being placed".
        var rowPotential = [Double](repeating: 0, count: count + 1), columnPotential = [Double](repeating: 0, count: width + 1)
        var rowOf = [Int](repeating: 0, count: width + 1), way = rowOf
        for row in stride(from: 1, through: count, by: 1) {
            rowOf[0] = row
            var least = [Double](repeating: .infinity, count: width + 1), used = [Bool](repeating: false, count: width + 1), column = 0
            repeat {
                used[column] = true
                var step = Double.infinity, next = 0
                for other in 1...width where !used[other] {
                    let reduced = cost(rowOf[column] - 1, other - 1) - rowPotential[rowOf[column]] - columnPotential[other]
                    if reduced < least[other] { (least[other], way[other]) = (reduced, column) }
                    if least[other] < step { (step, next) = (least[other], other) }
                }
                for other in 0...width {
                    if used[other] {
                        rowPotential[rowOf[other]] += step
                        columnPotential[other] -= step
                    } else {
                        least[other] -= step
                    }
                }
                column = next
            } while rowOf[column] != 0
            while column != 0 {
                rowOf[column] = rowOf[way[column]]
                column = way[column]
            }
        }
        var columns = [Int](repeating: 0, count: count)
        for column in stride(from: 1, through: width, by: 1) where rowOf[column] > 0 { columns[rowOf[column] - 1] = column - 1 }
        return columns
    }
}
