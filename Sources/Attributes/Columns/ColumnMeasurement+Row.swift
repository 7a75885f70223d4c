import FEEL
import Values

// What a row of attributes keeps of a measure besides its value.
extension ColumnMeasurement {
    /// What ``MeasureAccumulator/measured()`` says of the entity's records.
    func measured(_ entity: Int) throws(EvaluationFailure) -> MeasuredValue {
        if let failure = taken.failed[Int32(entity)] { throw failure }
        if result.exceptions[entity] != nil || hasWide(entity) { return try accumulator(entity).measured() }
        return MeasuredValue(value: try result.value(of: entity), rows: rows(entity), windowChange: windowChange(entity))
    }

    /// The least rows of the records that count.
    private func rows(_ entity: Int) -> [Int64] {
        var rows: [Int64] = []
        for place in selection.places(of: Int32(entity)) where counts(Int(place)) {
            rows.append(columns.rows[Int(place)])
            if columns.rowsAscend, rows.count == AttributePlan.evidenceLimit { return rows }
        }
        return columns.rowsAscend ? rows : Array(rows.sorted().prefix(AttributePlan.evidenceLimit))
    }

    /// Whether a record of the window counts: it gives something, and lies in a bucket of the sample where that has buckets.
    private func counts(_ place: Int) -> Bool {
        if taken.isAbsent(place) { return false }
        guard measure.bucket != nil else { return true }
        return slots.map { $0.slot(columns.seconds[place]) >= 0 } ?? false
    }

    private func windowChange(_ entity: Int) -> Instant? {
        let places = selection.places(of: Int32(entity)).lazy.map { Int($0) }
        let future = selection.future(of: Int32(entity)).lazy.map { Int($0) }.filter { !taken.isAbsent($0) }
        var changes = [future.map { columns.instant(at: $0) }.min()]
        if case .buckets(let bucket, whole: true) = measure.sample {
            // Records come and go with their buckets.
            let hasSeen = !future.isEmpty || places.contains { !taken.isAbsent($0) }
            return hasSeen ? calendar.wholeBucketChanges(bucket).compactMap { $0 }.min() : nil
        }
        guard let window = measure.window else { return changes[0] }
        let counting = places.filter { counts($0) }
        switch (measure.aggregate, measure.sample) {
        case (.since, _): changes.append(counting.map { columns.instant(at: $0) }.max()?.adding(window))
        case (.min, .records), (.max, .records):
            guard let units = taken.numbers?.units else { break }
            let extreme = measure.aggregate == .min ? counting.map { units[$0] }.min() : counting.map { units[$0] }.max()
            changes.append(counting.filter { units[$0] == extreme }.map { columns.instant(at: $0) }.max()?.adding(window))
        default:
            // A zero leaves a sum as it is.
            let hangs = taken.numbers.map { numbers in counting.filter { !isIdle(numbers.units[$0]) } } ?? counting.filter { _ in true }
            changes.append(hangs.map { columns.instant(at: $0) }.min()?.adding(window))
            if case .buckets(let bucket, whole: false) = measure.sample, !counting.isEmpty { changes += calendar.bucketChanges(bucket) }
        }
        return changes.compactMap { $0 }.min()
    }

    private func isIdle(_ units: Int64) -> Bool {
        units == 0 && (measure.bucket != nil || measure.aggregate == .sum || measure.aggregate == .rate)
    }
}
