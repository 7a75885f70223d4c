/// A cross-reference table of the bundle: rows of named columns, kept as text.
package struct LookupTable: Sendable {
    package let name: String
    package let file: String
    package let columns: [String]
    let rows: [[String]]

    package var count: Int { rows.count }

    /// Key to value for two columns. Of rows with the same key the first counts.
    func values(by key: Int, giving value: Int) -> [String: String] {
        var values: [String: String] = [:]
        for row in rows where values[row[key]] == nil { values[row[key]] = row[value] }
        return values
    }
}
