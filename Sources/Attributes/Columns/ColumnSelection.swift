import Values

/// The records of columns that lie in a window, entity by entity.
struct ColumnSelection: Sendable {
    /// Where the records of each entity begin in `order`, and one more for the end.
    private(set) var offsets: [Int32]
    /// Places of records, those of one entity together, in ascending order.
    private(set) var order: [Int32]
    /// The seconds of these records, in their order; empty where the measures do not go by time.
    private(set) var seconds: [Int64] = []
    /// The units of these records, in their order, by what is taken of them; empty where that is no number.
    private(set) var units: [[Int64]] = []
    /// Places of records after the window, ascending, by entity.
    private var later: [Int32: [Int32]] = [:]

    /// - Parameters:
    ///   - start: records count after it; nil where all do.
    ///   - entityCount: entities are codes below it.
    init(_ columns: RecordColumns, after start: Instant?, through now: Instant, entityCount: Int) {
        precondition(columns.count < Int(Int32.max), "places are 32 bits")
        offsets = [Int32](repeating: 0, count: entityCount + 1)
        order = []
        let chosen: [Int32]
        var future: [Int32] = []
        if columns.at == nil {
            chosen = (0..<Int32(columns.count)).map { $0 }
        } else if columns.nanoseconds.isEmpty {
            // A whole second is after the start if it is after the start's second: fractions count forward.
            chosen = Self.chosen(columns.seconds, after: start?.seconds, through: now.seconds)
            if columns.secondMax > now.seconds { future = Self.chosen(columns.seconds, after: now.seconds, through: .max) }
        } else {
            let places = 0..<Int32(columns.count)
            chosen = places.filter { place in
                let instant = columns.instant(at: Int(place))
                return instant <= now && start.map { $0 < instant } ?? true
            }
            future = places.filter { columns.instant(at: Int($0)) > now }
        }
        group(chosen, by: columns)
        for place in future { later[columns.entities[Int(place)], default: []].append(place) }
    }

    /// Places of times in a range, without a branch that hangs on the data.
    private static func chosen(_ seconds: [Int64], after start: Int64?, through end: Int64) -> [Int32] {
        let low = start ?? .min, isOpen = start == nil
        return [Int32](unsafeUninitializedCapacity: seconds.count) { places, count in
            seconds.withUnsafeBufferPointer { seconds in
                var found = 0
                for place in 0..<seconds.count {
                    places[found] = Int32(truncatingIfNeeded: place)
                    let second = seconds[place]
                    found &+= ((second > low) || isOpen) && (second <= end) ? 1 : 0
                }
                count = found
            }
        }
    }

    /// Sorts places by entity, by counting, and the columns with them. Columns are read in their own order and written to where the entity
    /// stands: reading them entity by entity would miss the cache at each record.
    private mutating func group(_ chosen: [Int32], by columns: RecordColumns) {
        var positions = [Int32](repeating: 0, count: chosen.count)
        columns.entities.withUnsafeBufferPointer { entities in
            chosen.withUnsafeBufferPointer { chosen in
                offsets.withUnsafeMutableBufferPointer { offsets in
                    for place in chosen { offsets[Int(entities[Int(place)]) &+ 1] &+= 1 }
                    for entity in 1..<max(offsets.count, 1) { offsets[entity] &+= offsets[entity &- 1] }
                }
                var next = offsets
                next.withUnsafeMutableBufferPointer { next in
                    positions.withUnsafeMutableBufferPointer { positions in
                        for at in 0..<chosen.count {
                            let entity = Int(entities[Int(chosen[at])])
                            positions[at] = next[entity]
                            next[entity] &+= 1
                        }
                    }
                }
            }
        }
        order = chosen
        if !columns.entitiesAscend { for (at, position) in positions.enumerated() { order[Int(position)] = chosen[at] } }
        if columns.at != nil { seconds = Self.moved(columns.seconds, chosen, to: positions) }
        units = columns.taken.map { taken in taken.numbers.map { Self.moved($0.units, chosen, to: positions) } ?? [] }
    }

    private static func moved(_ column: [Int64], _ chosen: [Int32], to positions: [Int32]) -> [Int64] {
        [Int64](unsafeUninitializedCapacity: chosen.count) { moved, count in
            column.withUnsafeBufferPointer { column in
                chosen.withUnsafeBufferPointer { chosen in
                    positions.withUnsafeBufferPointer { positions in
                        for at in 0..<chosen.count { moved[Int(positions[at])] = column[Int(chosen[at])] }
                    }
                }
            }
            count = chosen.count
        }
    }

    func places(of entity: Int32) -> ArraySlice<Int32> { order[Int(offsets[Int(entity)])..<Int(offsets[Int(entity) + 1])] }

    func future(of entity: Int32) -> [Int32] { later.isEmpty ? [] : later[entity] ?? [] }
}
