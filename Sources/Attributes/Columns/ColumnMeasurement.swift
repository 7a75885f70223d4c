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
    private func isBounded(_ entity: Int, by limit: UInt64) -> Bool {
        let count = UInt64(selection.offsets[entity + 1] - selection.offsets[entity])
        let (product, overflow) = count.multipliedReportingOverflow(by: UInt64(taken.numbers?.magnitudeMax ?? 1))
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
        let taken = taken, offsets = selection.offsets
        let numbers = taken.numbers?.units ?? [], scale = taken.numbers?.scale ?? 0
        let isPlain = !numbers.isEmpty && taken.absent.isEmpty
        selection.order.withUnsafeBufferPointer { order in
            for entity in 0..<result.count {
                var tally = RecordTally()
                let range = Int(offsets[entity])..<Int(offsets[entity + 1])
                if isPlain {
                    for at in range { tally.add(numbers[Int(order[at])]) }
                } else {
                    for at in range where !taken.isAbsent(Int(order[at])) { tally.add(numbers.isEmpty ? 1 : numbers[Int(order[at])]) }
                }
                settle(isBounded(entity, by: 1 << 62) ? tally.answer(measure, scale: scale) : .unknown, entity, &result)
            }
        }
        return result
    }

    private func overBuckets() -> MeasureColumn {
        var result = blank
        guard let slots, let numbers = taken.numbers else { return result }
        let taken = taken, offsets = selection.offsets, seconds = columns.seconds, units = numbers.units
        var sums = [Int64](repeating: 0, count: slots.count)
        var touched: [Int32] = []
        selection.order.withUnsafeBufferPointer { order in
            for entity in 0..<result.count {
                guard isBounded(entity, by: BucketTally.sumLimit) else {
                    settle(.unknown, entity, &result)
                    continue
                }
                for at in Int(offsets[entity])..<Int(offsets[entity + 1]) {
                    let place = Int(order[at])
                    if taken.isAbsent(place) { continue }
                    let slot = slots.slot(seconds[place])
                    guard slot >= 0 else { continue }
                    // A bucket may come to nothing and be touched anew; the second look finds it empty.
                    if sums[slot] == 0 { touched.append(Int32(truncatingIfNeeded: slot)) }
                    sums[slot] &+= units[place]
                }
                settle(Self.tally(&sums, &touched).answer(measure, scale: numbers.scale), entity, &result)
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
    private static func tally(_ sums: inout [Int64], _ touched: inout [Int32]) -> BucketTally {
        var tally = BucketTally(buckets: sums.count)
        for slot in touched {
            let sum = sums[Int(slot)]
            if sum == 0 { continue }
            sums[Int(slot)] = 0
            tally.nonzero &+= 1
            tally.sum &+= sum
            tally.squares &+= UInt128(sum.magnitude) &* UInt128(sum.magnitude)
            tally.least = min(tally.least, sum)
            tally.greatest = max(tally.greatest, sum)
            tally.last = max(tally.last, Int(slot))
        }
        touched.removeAll(keepingCapacity: true)
        return tally
    }
}
