/// A grid of two divisions, such as ABC by XYZ: how many entities and how much value is in each box.
package struct NineBox: Hashable, Sendable {
    /// One box of the grid.
    package struct Box: Hashable, Sendable {
        package var count = 0
        package var value = 0.0
    }

    package let rows: Int
    package let columns: Int
    private var boxes: [Box]

    /// An empty grid; nil without rows or columns.
    package init?(rows: Int = 3, columns: Int = 3) {
        guard rows > 0, columns > 0 else { return nil }
        self.rows = rows
        self.columns = columns
        boxes = Array(repeating: Box(), count: rows * columns)
    }

    package subscript(row: Int, column: Int) -> Box { boxes[row * columns + column] }

    /// Puts one entity into its box; false, and nothing is done, where there is no such box.
    package mutating func add(row: Int, column: Int, value: Double = 0) -> Bool {
        guard (0..<rows).contains(row), (0..<columns).contains(column) else { return false }
        boxes[row * columns + column].count += 1
        boxes[row * columns + column].value += value
        return true
    }

    /// `AX`, `CZ`: the letters of row and column.
    package static func code(row: Int, _ variation: VariationClass) -> String { ShareClasses.letter(row) + variation.rawValue }
}
