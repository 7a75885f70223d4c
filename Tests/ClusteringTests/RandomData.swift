import Clustering
import Statistics

/// Data that are the same at each run.
enum RandomData {
    /// Rows about some centres; with `grid` all numbers are whole, so that many rows coincide and many distances are equal.
    static func blobs(_ rows: Int, _ columns: Int, centres: Int, seed: UInt64, grid: Bool = false) -> Matrix {
        var generator = LCG64(seed: seed)
        let middles = (0..<centres).map { _ in (0..<columns).map { _ in generator.unit() * 20 } }
        let values = (0..<rows).flatMap { _ -> [Double] in
            let middle = middles[generator.index(below: centres)]
            return middle.map { centre in
                let value = centre + (generator.unit() + generator.unit() - 1) * 4
                return grid ? (value / 4).rounded() : value
            }
        }
        return Matrix(rows: rows, columns: columns, values: values)
    }

    static func table(_ count: Int, _ row: (Int) -> [Double]) -> Matrix { Matrix((0..<count).map(row)) }

    /// The rest of a division, as a number of the data.
    static func rest(_ number: Int, _ divisor: Int) -> Double { Double(number % divisor) }

    /// Three groups of two attributes that nobody could mistake, row `i` in group `i % 3`.
    static func planted(_ count: Int) -> Matrix {
        table(count) { index -> [Double] in
            let place = rest(index, 3) * 100
            return [place + rest(index, 7), rest(index, 5)]
        }
    }

    static func order(_ count: Int, seed: UInt64) -> [Int] {
        var generator = LCG64(seed: seed), order = Array(0..<count)
        generator.shuffle(&order)
        return order
    }

    static func squared(_ data: Matrix, _ one: Int, _ other: Int) -> Double {
        (0..<data.columns).reduce(0.0) { $0 + (data[one, $1] - data[other, $1]) * (data[one, $1] - data[other, $1]) }
    }
}

/// k-means as it is written in a textbook: every distance measured, every mean summed anew.
struct PlainLloyd {
    var centroids: Matrix
    private(set) var labels: [Int] = []
    private(set) var iterations = 0

    init(_ data: Matrix, from centres: Matrix, weights: [Double]? = nil, iterationsMax: Int = 300) {
        centroids = centres
        var changed = true
        while changed, iterations < iterationsMax {
            iterations += 1
            let found = Self.assign(data, centroids)
            changed = found != labels
            labels = found
            changed = revive(data, weights) || changed
            if changed { update(data, weights) }
        }
        if changed { labels = Self.assign(data, centroids) }
    }

    private static func assign(_ data: Matrix, _ centroids: Matrix) -> [Int] {
        (0..<data.rows).map { row in
            var best = 0, least = Double.infinity
            for cluster in 0..<centroids.rows {
                var sum = 0.0
                for column in 0..<data.columns { sum += (data[row, column] - centroids[cluster, column]) * (data[row, column] - centroids[cluster, column]) }
                if sum < least { (best, least) = (cluster, sum) }
            }
            return best
        }
    }

    private mutating func revive(_ data: Matrix, _ weights: [Double]?) -> Bool {
        var counts = [Int](repeating: 0, count: centroids.rows), revived = false
        for (row, label) in labels.enumerated() where weights?[row] ?? 1 > 0 { counts[label] += 1 }
        func distance(_ row: Int, _ cluster: Int) -> Double {
            (0..<data.columns).reduce(0.0) { $0 + (data[row, $1] - centroids[cluster, $1]) * (data[row, $1] - centroids[cluster, $1]) }
        }
        var distances = labels.enumerated().map { distance($0, $1) }
        for cluster in counts.indices where counts[cluster] == 0 {
            let free = labels.indices.filter { weights?[$0] ?? 1 > 0 && counts[labels[$0]] > 1 && distances[$0] > 0 }
            guard let row = free.max(by: { (distances[$0], -$0) < (distances[$1], -$1) }) else { break }
            counts[labels[row]] -= 1
            counts[cluster] = 1
            distances[row] = 0
            labels[row] = cluster
            revived = true
        }
        return revived
    }

    private mutating func update(_ data: Matrix, _ weights: [Double]?) {
        for cluster in 0..<centroids.rows {
            var sums = [Double](repeating: 0, count: data.columns), weight = 0.0
            for row in 0..<data.rows where labels[row] == cluster {
                for column in 0..<data.columns { sums[column] += data[row, column] * (weights?[row] ?? 1) }
                weight += weights?[row] ?? 1
            }
            if weight > 0 { for column in 0..<data.columns { centroids[cluster, column] = sums[column] / weight } }
        }
    }
}
