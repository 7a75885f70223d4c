import Diagnostics
package import FEEL
package import Values

/// Folds records into one measure of one entity. The order of the records does not matter: sums are exact
/// (``ExactSum``), samples are sorted, and there is one rounding to the scale, at the end.
package struct MeasureAccumulator: Sendable {
    let measure: Measure
    let calendar: MeasureCalendar
    private(set) var count = 0
    private(set) var sum = ExactSum()
    /// What the records hold for which the condition of `share` is true.
    private(set) var part = ExactSum()
    private(set) var least: Extreme?
    private(set) var greatest: Extreme?
    private(set) var anyTrue = false
    private(set) var buckets: [Int: ExactSum] = [:]
    /// What each record gives, or when each was, for statistics that need all of them.
    private(set) var sample: [ExactDecimal] = []
    private(set) var times: [Instant] = []
    private(set) var different: Set<Value> = []
    /// Sums by what `concentration` tells apart.
    private(set) var parts: [Value: ExactSum] = [:]
    /// The earliest and the latest record, with what it gives.
    private(set) var first: Edge?
    private(set) var last: Edge?
    private var rows: [Int64] = []
    /// When the next record enters the window, and when the next leaves it.
    private(set) var entering: Instant?
    private(set) var leaving: Instant?
    /// When the last of the records that make `any` true leaves the window.
    private(set) var lastTrueLeaves: Instant?
    /// Whether a record passed the filter, counted or not.
    private(set) var hasSeen = false

    /// The least or greatest number so far, and when the last record that has it leaves the window.
    struct Extreme {
        var number: ExactDecimal
        var leaves: Instant?
    }

    struct Edge {
        var at: Instant
        var value: Value
        /// When the record counts no more.
        var leaves: Instant?
    }

    package init(_ measure: Measure, now: Instant, zone: ZoneRules) {
        self.init(measure, MeasureCalendar(measure, now: now, zone: zone))
    }

    /// - Parameter calendar: of the measure.
    init(_ measure: Measure, _ calendar: MeasureCalendar) {
        self.measure = measure
        self.calendar = calendar
    }

    /// Adds one record, if it lies in the window and passes the filter. A record without the time that the window or the
    /// buckets go by does not count.
    package mutating func add(_ fact: Fact, _ context: EvaluationContext) throws(EvaluationFailure) {
        var at: Instant?
        if measure.at != nil {
            guard let instant = measure.instant(of: fact, in: calendar.zone) else { return }
            if let start = calendar.start, instant <= start { return }
            at = instant
        }
        let measure = measure
        let expiry = measure.expiry(of: fact, in: calendar.zone)
        if let expiry, expiry <= calendar.now { return }
        guard let reading = try measure.reading(fact, context) else { return }
        if let among = measure.among {
            let part = try among.evaluate(fact.values, context)
            guard part != .null else { return }
            try take(reading.value, at: at, row: fact.row, expiry: expiry, part: part)
        } else {
            try take(reading.value, at: at, row: fact.row, expiry: expiry) { () throws(EvaluationFailure) in
                try measure.that?.evaluate(fact.values, context) == .boolean(true)
            }
        }
    }

    /// Adds what one record gives that lies after the start of the window.
    ///
    /// - Parameters:
    ///   - expiry: from when on it counts no more.
    ///   - part: what `concentration` counts it for.
    ///   - holds: whether the condition of `share` holds; it is asked of records that count.
    mutating func take(
        _ value: Value?, at: Instant?, row: Int64, expiry: Instant? = nil, part: Value = .null, holds: () throws(EvaluationFailure) -> Bool = { () throws(EvaluationFailure) in false }
    ) throws(EvaluationFailure) {
        hasSeen = true
        if let at, at > calendar.now {
            entering = entering.map { min($0, at) } ?? at
            return
        }
        var bucket: Int?
        if let at, let kind = measure.bucket {
            bucket = kind.index(at, calendar.zone)
            // Buckets that lie in the window in part are left out where whole ones are wanted.
            guard let index = bucket, calendar.range?.contains(index) ?? false else { return }
        }
        let end = [at.flatMap { at in measure.window.map { at.adding($0) } }, expiry].compactMap { $0 }.min()
        if measure.aggregate == .concentration {
            try add(value.flatMap { if case .number(let number) = $0 { number } else { nil } } ?? .one, for: part, leaves: end)
        } else {
            try fold(value, at: at, leaves: end, bucket: bucket, holds: try holds())
        }
        count += 1
        note(row)
    }

    private mutating func add(_ number: ExactDecimal, for part: Value, leaves: Instant?) throws(EvaluationFailure) {
        guard parts[part, default: ExactSum()].add(number) else { throw pastValue }
        if let leaves, !number.isZero { leaving = leaving.map { min($0, leaves) } ?? leaves }
    }

    private mutating func fold(_ value: Value?, at: Instant?, leaves: Instant?, bucket: Int?, holds: Bool) throws(EvaluationFailure) {
        var counts = true
        switch measure.aggregate {
        case .any:
            guard value == .boolean(true) else { return }
            // Once true for ever, there is no last one that leaves.
            if let leaves { lastTrueLeaves = lastTrueLeaves.map { max($0, leaves) } ?? leaves }
            anyTrue = true
        case .distinct: if let value { different.insert(value) }
        case .last, .first, .since: if let at { take(Edge(at: at, value: value ?? .null, leaves: leaves)) }
        case .share:
            let weight = value.flatMap { if case .number(let number) = $0 { number } else { nil } } ?? .one
            try add(weight, to: \.sum)
            if holds { try add(weight, to: \.part) }
        case .count: break
        case .rate where value == nil: break
        default:
            if case .gaps = measure.sample {
                if let at { times.append(at) }
            } else if case .number(let number) = value {
                counts = try fold(number, leaves: leaves, bucket: bucket)
            }
        }
        if counts, let leaves { leaving = leaving.map { min($0, leaves) } ?? leaves }
    }

    /// - Returns: whether the number's leaving can change the measure.
    private mutating func fold(_ number: ExactDecimal, leaves: Instant?, bucket: Int?) throws(EvaluationFailure) -> Bool {
        if let bucket {
            guard buckets[bucket, default: ExactSum()].add(number) else { throw pastValue }
            try add(number, to: \.sum)
            return !number.isZero
        }
        switch measure.aggregate {
        case .min: Self.take(number, leaves, into: &least) { $0 < $1 }
        case .max: Self.take(number, leaves, into: &greatest) { $0 > $1 }
        case .sum, .rate:
            try add(number, to: \.sum)
            return !number.isZero
        case .mean: try add(number, to: \.sum)
        default: sample.append(number)
        }
        return true
    }

    private mutating func add(_ number: ExactDecimal, to path: WritableKeyPath<Self, ExactSum>) throws(EvaluationFailure) {
        guard self[keyPath: path].add(number) else { throw pastValue }
    }

    private var pastValue: EvaluationFailure { overflow("a value of \(measure.of?.source ?? "") is past 64 bits") }

    private static func take(
        _ number: ExactDecimal, _ leaves: Instant?, into extreme: inout Extreme?, beats: (ExactDecimal, ExactDecimal) -> Bool
    ) {
        guard let known = extreme, !beats(number, known.number) else {
            extreme = Extreme(number: number, leaves: leaves)
            return
        }
        guard number == known.number else { return }
        if let leaves, let former = known.leaves { extreme?.leaves = max(leaves, former) }
    }

    /// Of records at one instant, the one whose value's text is greatest stands for them, so that their order does not matter.
    private mutating func take(_ edge: Edge) {
        let at = edge.at, text = edge.value.text
        if last.map({ ($0.at, $0.value.text) < (at, text) }) ?? true { last = edge }
        if first.map({ at < $0.at || (at == $0.at && $0.value.text < text) }) ?? true { first = edge }
    }

    /// Keeps the least rows, so that the evidence does not depend on the order of the records.
    private mutating func note(_ row: Int64) {
        rows.append(row)
        if rows.count >= 2 * AttributePlan.evidenceLimit { rows = leastRows }
    }

    private var leastRows: [Int64] { Array(rows.sorted().prefix(AttributePlan.evidenceLimit)) }

    func overflow(_ fact: String) -> EvaluationFailure {
        EvaluationFailure(diagnostic: Diagnostic(
            .attributeOverflow, .error, fact, hint: "scale the measure, or filter what cannot be meant"))
    }

    /// The measure's value, rounded once to its scale, with what a row of attributes keeps of it.
    ///
    /// Fails with ATTR-OVERFLOW where the whole part of a sum is past 64 bits.
    package func measured() throws(EvaluationFailure) -> MeasuredValue {
        MeasuredValue(value: try value(), rows: leastRows, windowChange: windowChange)
    }
}
