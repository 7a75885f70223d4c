/// Which rows belong together. A label is a number from 0; noise is ``noise``.
package enum Partition {
    /// The label of a row that belongs to no cluster.
    package static let noise = -1

    /// The same partition with labels numbered in the order in which they first come, so that equal partitions have equal labels. Noise stays.
    package static func numberedByFirst(_ labels: [Int]) -> [Int] {
        var numbers: [Int: Int] = [:]
        return labels.map { label in
            guard label != noise else { return noise }
            if let number = numbers[label] { return number }
            numbers[label] = numbers.count
            return numbers.count - 1
        }
    }

    /// Labels in ascending order, without noise.
    package static func distinct(_ labels: [Int]) -> [Int] { Set(labels).subtracting([noise]).sorted() }

    /// The rows of each label, ascending, without noise.
    package static func members(_ labels: [Int]) -> [(label: Int, rows: [Int])] {
        var rows: [Int: [Int]] = [:]
        for (row, label) in labels.enumerated() where label != noise { rows[label, default: []].append(row) }
        return rows.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The mean of each label's rows, ascending by label.
    package static func centroids(_ data: Matrix, _ labels: [Int]) -> Matrix {
        Matrix(rows: 0, columns: data.columns).stacking(members(labels).map { data.mean(of: $0.rows) })
    }
}

extension Matrix {
    /// The mean of some rows, summed in their order.
    func mean(of chosen: [Int]) -> [Double] {
        var sums = [Double](repeating: 0, count: columns)
        for row in chosen { for column in 0..<columns { sums[column] += self[row, column] } }
        return sums.map { $0 / Double(chosen.count) }
    }

    func stacking(_ more: [[Double]]) -> Matrix {
        Matrix(rows: rows + more.count, columns: columns, values: values + more.flatMap(\.self))
    }

    /// Squared Euclidean distance of a row and a point, summed in the order of the columns.
    func squaredDistance(_ row: Int, to point: [Double]) -> Double {
        var sum = 0.0
        for column in 0..<columns {
            let difference = self[row, column] - point[column]
            sum += difference * difference
        }
        return sum
    }
}
