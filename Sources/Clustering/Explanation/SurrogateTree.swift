/// Rules that say nearly what a clustering says, over the attributes in their own units: a decision tree (CART, Breiman et al. 1984) of little depth.
///
/// Splits lessen Gini's impurity most; of equal ones the lower attribute, then the lower limit. Limits are the shortest decimals between the two
/// values that they part.
package struct SurrogateTree: Hashable, Sendable {
    /// One row of a decision table.
    package struct Rule: Hashable, Sendable {
        /// Of each attribute, from where on (included) and up to where (not included).
        package let conditions: [Condition]
        package let label: Int
        /// Rows that the conditions hold for, and how many of them have the label.
        package let rows: Int
        package let right: Int

        /// A FEEL unary test an attribute: `-`, `>= 12.5`, `< 3`, `[3..12.5)`.
        package var cells: [String] { conditions.map(\.cell) }
    }

    package struct Condition: Hashable, Sendable {
        package fileprivate(set) var from: Limit?
        package fileprivate(set) var below: Limit?

        package var cell: String {
            switch (from?.text, below?.text) {
            case (nil, nil): "-"
            case (let from?, nil): ">= \(from)"
            case (nil, let below?): "< \(below)"
            case (let from?, let below?): "[\(from)..\(below))"
            }
        }

        fileprivate func holds(_ value: Double) -> Bool { from.map { value >= $0.value } ?? true && below.map { value < $0.value } ?? true }
    }

    package struct Limit: Hashable, Sendable {
        package let text: String
        package let value: Double
    }

    /// From the lowest values of the first split on. Each row is in exactly one.
    package let rules: [Rule]
    /// The share of rows whose rule has their label.
    package let fidelity: Double

    /// Noise is a label like others. A leaf has at least `rowsMin` rows.
    package init(_ data: Matrix, _ labels: [Int], depth: Int = 3, rowsMin: Int = 1) throws(ClusteringFailure) {
        _ = try data.checked()
        try Check.labels(labels, rows: data.rows)
        try Check.count("depth", depth, atLeast: 0, atMost: 12)
        try Check.count("rowsMin", rowsMin, atLeast: 1)
        let names = Set(labels).sorted()
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let grower = TreeGrower(data: data, names: names, labels: labels.map { places[$0] ?? 0 }, rowsMin: rowsMin)
        var rules: [Rule] = []
        grower.grow(Array(0..<data.rows), [Condition](repeating: Condition(), count: data.columns), depth, &rules)
        self.rules = rules
        fidelity = Double(rules.reduce(0) { $0 + $1.right }) / Double(data.rows)
    }

    /// The label of the rule that holds.
    package func label(of point: [Double]) -> Int? {
        rules.first { zip($0.conditions, point).allSatisfy { $0.holds($1) } }?.label
    }
}

private struct TreeGrower {
    let data: Matrix
    let names: [Int]
    let labels: [Int]
    let rowsMin: Int

    func grow(_ rows: [Int], _ conditions: [SurrogateTree.Condition], _ depth: Int, _ rules: inout [SurrogateTree.Rule]) {
        let counts = counts(rows)
        guard depth > 0, counts.count(where: { $0 > 0 }) > 1, let split = best(rows, counts) else {
            let most = counts.indices.reduce(0) { counts[$1] > counts[$0] ? $1 : $0 }
            rules.append(SurrogateTree.Rule(conditions: conditions, label: names[most], rows: rows.count, right: counts[most]))
            return
        }
        var low = conditions, high = conditions
        low[split.column].below = split.limit
        high[split.column].from = split.limit
        grow(rows.filter { data[$0, split.column] < split.limit.value }, low, depth - 1, &rules)
        grow(rows.filter { data[$0, split.column] >= split.limit.value }, high, depth - 1, &rules)
    }

    private func counts(_ rows: [Int]) -> [Int] {
        rows.reduce(into: [Int](repeating: 0, count: names.count)) { $0[labels[$1]] += 1 }
    }

    /// The split that leaves least impurity, if that is less than there is. Impurity is counted as `rows - (sum of squared counts) / rows`.
    private func best(_ rows: [Int], _ counts: [Int]) -> (column: Int, limit: SurrogateTree.Limit)? {
        let whole = impurity(counts, rows.count)
        var least = whole - 1e-9 * Double(rows.count), found: (column: Int, low: Double, high: Double)?
        for column in 0..<data.columns {
            let order = rows.sorted { (data[$0, column], $0) < (data[$1, column], $1) }
            var left = [Int](repeating: 0, count: names.count), right = counts
            for place in 0..<order.count - 1 {
                left[labels[order[place]]] += 1
                right[labels[order[place]]] -= 1
                let low = data[order[place], column], high = data[order[place + 1], column]
                guard low < high, place + 1 >= rowsMin, order.count - place - 1 >= rowsMin else { continue }
                let sum = impurity(left, place + 1) + impurity(right, order.count - place - 1)
                if sum < least { (least, found) = (sum, (column, low, high)) }
            }
        }
        return found.map { split in
            let limit = ShortDecimal.between(split.low, split.high)
            return (split.column, SurrogateTree.Limit(text: limit.text, value: limit.value))
        }
    }

    private func impurity(_ counts: [Int], _ rows: Int) -> Double {
        Double(rows) - Double(counts.reduce(0) { $0 + $1 * $1 }) / Double(rows)
    }
}
