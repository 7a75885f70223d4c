import FEEL
import Values

/// Measures over columns as of one instant. What ``MeasureAccumulator`` says of the same records is said here, in whole numbers and by
/// entity; where those do not tell (numbers past their digits, statistics that need every value), an accumulator is asked.
struct ColumnMeasurement: Sendable {
    let measure: Measure
    let calendar: MeasureCalendar
    let columns: RecordColumns
    let selection: ColumnSelection
    let taken: RecordColumns.Taken
    /// Of what is taken, the units of the records in the window, entity by entity.
    private let units: [Int64]
    let slots: CalendarSlots?
    /// What it comes to for every entity.
    private(set) var result: MeasureColumn
    private let blank: MeasureColumn
    /// Entities that have a number wider than 64 bits.
    private let wideEntities: Set<Int32>

    /// - Parameter selection: of the measure's window.
    init(
        _ measure: Measure, _ columns: RecordColumns, place: Int, _ selection: ColumnSelection, _ calendar: MeasureCalendar,
        entityCount: Int
    ) {
        precondition(measure.isColumnar, "the measure hangs on more than numbers")
        self.measure = measure
        self.columns = columns
        self.selection = selection
        self.calendar = calendar
        taken = columns.taken[place]
        units = selection.units[place]
        slots = CalendarSlots(measure, calendar)
        blank = MeasureColumn(scale: measure.aggregate == .count ? 0 : measure.scale, count: entityCount)
        result = blank
        wideEntities = Set((taken.numbers?.wide.keys).map { $0.map { columns.entities[$0] } } ?? [])
        result = answered()
        for (entity, failure) in taken.failed { result.exceptions[Int(entity)] = .failure(failure) }
    }

    private func answered() -> MeasureColumn {
        switch (measure.aggregate, measure.sample) {
        case (.since, _): since()
        case (_, .buckets) where slots == nil: long()
        case (.quantile, .buckets), (.trend, .buckets), (.smoothed, .buckets): long()
        case (_, .buckets): overBuckets()
        case (.count, .records), (.sum, .records), (.mean, .records), (.min, .records), (.max, .records), (.rate, .records): overRecords()
        default: long()
        }
    }

    // MARK: an entity in full

    /// Whether sums of an entity's numbers stay below a limit.
    @inline(__always)
    private func isBounded(_ count: Int, _ entity: Int, by limit: UInt64) -> Bool {
        let (product, overflow) = UInt64(count).multipliedReportingOverflow(by: UInt64(taken.numbers?.magnitudeMax ?? 1))
        return !overflow && product < limit && !hasWide(entity)
    }

    func hasWide(_ entity: Int) -> Bool { !wideEntities.isEmpty && wideEntities.contains(Int32(entity)) }

    private func long() -> MeasureColumn {
        var result = blank
        for entity in 0..<result.count { result.set(long(entity), of: entity) }
        return result
    }

    private func long(_ entity: Int) -> Result<Value, EvaluationFailure> {
        Result { () throws(EvaluationFailure) in try accumulator(entity).value() }
    }

    /// All that an accumulator keeps of an entity's records, those after the window too.
    func accumulator(_ entity: Int) throws(EvaluationFailure) -> MeasureAccumulator {
        var accumulator = MeasureAccumulator(measure, calendar)
        for place in selection.places(of: Int32(entity)) { try take(place, into: &accumulator) }
        for place in selection.future(of: Int32(entity)) { try take(place, into: &accumulator) }
        return accumulator
    }

    private func take(_ place: Int32, into accumulator: inout MeasureAccumulator) throws(EvaluationFailure) {
        let place = Int(place)
        guard !taken.isAbsent(place) else { return }
        try accumulator.take(
            taken.value(at: place), at: columns.at == nil ? nil : columns.instant(at: place), row: columns.rows[place])
    }

    // MARK: all entities

    private func since() -> MeasureColumn {
        var result = blank
        for entity in 0..<result.count {
            let places = selection.places(of: Int32(entity)).lazy.map { Int($0) }.filter { !taken.isAbsent($0) }
            let days = places.map { columns.instant(at: $0) }.max()?.distanceInDays(to: calendar.now, scale: measure.scale)
            result.set(.success(days.map { .number($0) } ?? .null), of: entity)
        }
        return result
    }

    private func overRecords() -> MeasureColumn {
        var result = blank
        let taken = taken, order = selection.order, scale = taken.numbers?.scale ?? 0
        let isPlain = !units.isEmpty && taken.absent.isEmpty
        selection.offsets.withUnsafeBufferPointer { offsets in
            units.withUnsafeBufferPointer { units in
                for entity in 0..<result.count {
                    var tally = RecordTally()
                    let range = Int(offsets[entity])..<Int(offsets[entity + 1])
                    if isPlain {
                        for at in range { tally.add(units[at]) }
                    } else {
                        for at in range where !taken.isAbsent(Int(order[at])) { tally.add(units.isEmpty ? 1 : units[at]) }
                    }
                    settle(isBounded(range.count, entity, by: 1 << 62) ? tally.answer(measure, scale: scale) : .unknown, entity, &result)
                }
            }
        }
        return result
    }

    private func overBuckets() -> MeasureColumn {
        var result = blank
        guard let slots, let numbers = taken.numbers else { return result }
        let taken = taken, order = selection.order, hasAbsent = !taken.absent.isEmpty, buckets = slots.slots(selection.seconds)
        var sums = [Int64](repeating: 0, count: slots.count)
        // One more than there are, so that what has no bucket can be written there.
        var touched = [Int32](repeating: 0, count: slots.count + 1)
        selection.offsets.withUnsafeBufferPointer { offsets in
            units.withUnsafeBufferPointer { units in
                buckets.withUnsafeBufferPointer { buckets in
                    sums.withUnsafeMutableBufferPointer { sums in
                        touched.withUnsafeMutableBufferPointer { touched in
                            for entity in 0..<result.count {
                                let range = Int(offsets[entity])..<Int(offsets[entity + 1])
                                guard isBounded(range.count, entity, by: BucketTally.sumLimit) else {
                                    settle(.unknown, entity, &result)
                                    continue
                                }
                                var count = 0
                                for at in range {
                                    let slot = Int(buckets[at]), number = units[at]
                                    if slot < 0 || number == 0 || (hasAbsent && taken.isAbsent(Int(order[at]))) { continue }
                                    if sums[slot] == 0 {
                                        // A bucket that came to nothing and is touched anew stands here twice; the second look finds it empty.
                                        if count == sums.count { count = Self.compact(touched, sums) }
                                        touched[count] = Int32(truncatingIfNeeded: slot)
                                        count &+= 1
                                    }
                                    sums[slot] &+= number
                                }
                                settle(Self.tally(sums, touched, count).answer(measure, scale: numbers.scale), entity, &result)
                            }
                        }
                    }
                }
            }
        }
        return result
    }

    /// Keeps an answer, or works it out record by record.
    @inline(__always)
    private func settle(_ answer: ColumnAnswer, _ entity: Int, _ result: inout MeasureColumn) {
        if answer == .unknown { result.set(long(entity), of: entity) } else { result.set(answer, of: entity) }
    }

    /// Adds up the buckets that were touched, and empties them.
    @inline(__always)
    private static func tally(_ sums: UnsafeMutableBufferPointer<Int64>, _ touched: UnsafeMutableBufferPointer<Int32>, _ count: Int) -> BucketTally {
        var tally = BucketTally(buckets: sums.count)
        for at in 0..<count {
            let slot = Int(touched[at]), sum = sums[slot]
            if sum == 0 { continue }
            sums[slot] = 0
            tally.add(sum, slot)
        }
        return tally
    }

    /// Writes the buckets that are not empty anew, each once.
    private static func compact(_ touched: UnsafeMutableBufferPointer<Int32>, _ sums: UnsafeMutableBufferPointer<Int64>) -> Int {
        var count = 0
        for slot in sums.indices where sums[slot] != 0 {
            touched[count] = Int32(slot)
            count += 1
        }
        return count
    }
}
