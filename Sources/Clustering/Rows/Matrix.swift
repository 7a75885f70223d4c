/// Rows of numbers of the same width, one row after the other in one array.
package struct Matrix: Hashable, Sendable {
    package let rows: Int
    package let columns: Int
    /// `rows * columns` numbers, row by row.
    package private(set) var values: [Double]
    /// Greatest magnitude that methods take: the squares of such numbers, their sums over columns and rows, and those times weights are finite.
    package static let magnitudeMax = 1e140

    /// As many values as rows and columns ask for, row by row.
    package init(rows: Int, columns: Int, values: [Double]) {
        precondition(rows >= 0 && columns >= 0 && values.count == rows * columns, "a matrix has rows * columns values")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// Rows that are of one width, which is 0 where there is no row.
    package init(_ rows: [[Double]]) {
        let columns = rows.first?.count ?? 0
        precondition(rows.allSatisfy { $0.count == columns }, "rows of one width")
        self.init(rows: rows.count, columns: columns, values: rows.flatMap(\.self))
    }

    /// Zeros.
    package init(rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, values: [Double](repeating: 0, count: rows * columns))
    }

    /// One number, counted from 0.
    package subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// One row as an array.
    package func row(_ index: Int) -> [Double] { Array(values[index * columns..<(index + 1) * columns]) }

    /// One column as an array.
    package func column(_ index: Int) -> [Double] { (0..<rows).map { self[$0, index] } }

    /// The rows of these numbers, in this order; a number may come twice.
    package func selecting(_ indices: [Int]) -> Matrix {
        var chosen: [Double] = []
        chosen.reserveCapacity(indices.count * columns)
        for index in indices { chosen += values[index * columns..<(index + 1) * columns] }
        return Matrix(rows: indices.count, columns: columns, values: chosen)
    }

    /// These rows and one more after them.
    package func appending(_ row: [Double]) -> Matrix {
        precondition(row.count == columns, "a row of the same width")
        return Matrix(rows: rows + 1, columns: columns, values: values + row)
    }

    /// What every method asks of its data: at least one row and one column, no NaN, no infinity, nothing beyond ``magnitudeMax``.
    package func checked() throws(ClusteringFailure) -> Matrix {
        if rows == 0 { throw .noRows }
        if columns == 0 { throw .noColumns }
        for (index, value) in values.enumerated() where !(value.magnitude <= Self.magnitudeMax) {
            try Check.number(value, row: index / columns, column: index % columns)
        }
        return self
    }
}
