/// Rows beside each other, eight to a vector: the vector of group `g` and column `c` holds that column of rows `8g` to `8g + 7`. Places
/// that no row fills are infinitely far away.
///
/// A distance is summed in the order of the columns in each lane, with no fused operation, so a lane has the bits that a plain loop has.
final class LaneRows: @unchecked Sendable {  // Written only by the one who made it, between the loops that read it.
    typealias Lanes = SIMD8<Double>
    static let width = 8

    private(set) var count: Int
    let columns: Int
    let capacity: Int
    private let storage: UnsafeMutablePointer<Lanes>

    var groups: Int { (count + Self.width - 1) / Self.width }

    init(capacity rows: Int, columns: Int) {
        self.columns = columns
        capacity = (rows + Self.width - 1) / Self.width * Self.width
        count = 0
        storage = .allocate(capacity: max(capacity / Self.width * columns, 1))
        storage.initialize(repeating: Lanes(repeating: .infinity), count: max(capacity / Self.width * columns, 1))
    }

    convenience init(_ data: Matrix) {
        self.init(capacity: data.rows, columns: data.columns)
        data.values.withUnsafeBufferPointer { values in
            guard let first = values.baseAddress else { return }
            for row in 0..<data.rows { set(row, first + row * columns) }
        }
        count = data.rows
    }

    deinit { storage.deallocate() }

    func set(_ row: Int, _ point: UnsafePointer<Double>) {
        let group = storage + row / Self.width * columns
        for column in 0..<columns { group[column][row % Self.width] = point[column] }
        count = max(count, row + 1)
    }

    func get(_ row: Int, _ point: UnsafeMutablePointer<Double>) {
        let group = storage + row / Self.width * columns
        for column in 0..<columns { point[column] = group[column][row % Self.width] }
    }

    /// Puts a row infinitely far away.
    func clear(_ row: Int) {
        let group = storage + row / Self.width * columns
        for column in 0..<columns { group[column][row % Self.width] = .infinity }
    }

    /// Forgets the rows from `count` on.
    func truncate(_ count: Int) {
        for row in count..<self.count { clear(row) }
        self.count = count
    }

    /// Squared distances of the eight rows of a group from a point.
    @inline(__always)
    func squaredDistances(_ group: Int, _ point: UnsafePointer<Double>) -> Lanes {
        let rows = storage + group &* columns
        var sums = Lanes()
        for column in 0..<columns {
            let difference = Lanes(repeating: point[column]) - rows[column]
            sums += difference * difference
        }
        return sums
    }
}
