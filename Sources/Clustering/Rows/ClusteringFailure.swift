/// Why something could not be clustered. Rows and columns are counted from 0.
package enum ClusteringFailure: Error, Hashable, Sendable {
    case noRows
    case noColumns
    /// A NaN or an infinity where a number was wanted.
    case notFinite(row: Int, column: Int)
    /// A number above ``Matrix/magnitudeMax``, whose square might be none.
    case tooGreat(row: Int, column: Int)
    /// A column that has no value at all.
    case noValues(column: String)
    /// A logarithm of `1 + value` was asked for, and the value is -1 or less.
    case noLogarithm(column: String, row: Int)
    /// A setting outside what it may be.
    case setting(name: String, found: String, allowed: String)
    /// Something of a length that does not fit the rows or columns.
    case count(of: String, expected: Int, found: Int)
    /// A weight that is not within 0 and 1e15; row -1 says that all are 0.
    case weight(row: Int)
    /// The same key of a row, or the same name of a column or cluster, twice.
    case doubledKey(String)
    case tooManyRows(method: String, found: Int, limit: Int)
    /// A model's text that does not say what a model says. Lines are counted from 1.
    case modelText(line: Int, fact: String)
}

extension ClusteringFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noRows: "there is no row to cluster"
        case .noColumns: "the rows have no attribute to cluster by"
        case .notFinite(let row, let column): "row \(row), column \(column) is not a finite number; a missing value is filled by a preparation"
        case .tooGreat(let row, let column): "row \(row), column \(column) is beyond \(Matrix.magnitudeMax); scale the attribute"
        case .noValues(let column): "no row has a value of \(column); leave the attribute out"
        case .noLogarithm(let column, let row): "row \(row) has \(column) of -1 or less, which has no logarithm of 1 + value"
        case .setting(let name, let found, let allowed): "\(name) is \(found); allowed: \(allowed)"
        case .count(let of, let expected, let found): "\(found) \(of) where \(expected) were expected"
        case .weight(let row): row < 0 ? "all weights are 0" : "the weight of row \(row) is not within 0 and \(Check.weightMax)"
        case .doubledKey(let key): "\(key) is there twice"
        case .tooManyRows(let method, let found, let limit):
            "\(method) takes \(limit) rows at most, and these are \(found); take a method of less memory, or a sample"
        case .modelText(let line, let fact): "line \(line) of the model: \(fact)"
        }
    }
}

enum Check {
    /// So that no sum of weighted squares overflows.
    static let weightMax = 1e15

    static func number(_ value: Double, row: Int, column: Int) throws(ClusteringFailure) {
        guard value.isFinite else { throw .notFinite(row: row, column: column) }
        guard value.magnitude <= Matrix.magnitudeMax else { throw .tooGreat(row: row, column: column) }
    }

    static func count(_ name: String, _ found: Int, atLeast least: Int, atMost most: Int = .max) throws(ClusteringFailure) {
        guard found >= least && found <= most else {
            throw .setting(name: name, found: "\(found)", allowed: most == .max ? "\(least) or more" : "\(least) to \(most)")
        }
    }

    static func labels(_ labels: [Int], rows: Int) throws(ClusteringFailure) {
        guard labels.count == rows else { throw .count(of: "labels", expected: rows, found: labels.count) }
    }

    static func weights(_ weights: [Double]?, rows: Int) throws(ClusteringFailure) {
        guard let weights else { return }
        guard weights.count == rows else { throw .count(of: "weights", expected: rows, found: weights.count) }
        for (row, weight) in weights.enumerated() where !(0...weightMax).contains(weight) { throw .weight(row: row) }
        guard weights.contains(where: { $0 > 0 }) else { throw .weight(row: -1) }
    }
}

extension Sequence {
    /// As `map`, for what throws this room's failures.
    func gathering<T>(_ transform: (Element) throws(ClusteringFailure) -> T) throws(ClusteringFailure) -> [T] {
        var gathered: [T] = []
        for element in self { gathered.append(try transform(element)) }
        return gathered
    }
}
