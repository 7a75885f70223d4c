import FEEL
package import Values

/// What a measure comes to for one entity.
package struct MeasuredValue: Sendable {
    package let value: Value
    /// The least rows behind it, ascending, up to ``AttributePlan/evidenceLimit``.
    package let rows: [Int64]
    /// When the passing of time alone can next change it; nil where it cannot.
    package let windowChange: Instant?

    init(value: Value, rows: [Int64], windowChange: Instant?) {
        self.value = value
        self.rows = rows
        self.windowChange = windowChange
    }
}

/// What a measure takes from a record that counts: a value, or that it is there.
struct MeasureReading {
    let value: Value?
}

extension Measure {
    /// When a record was; nil where it does not say so, or where the measure does not go by time.
    func instant(of fact: Fact, in zone: ZoneRules) -> Instant? {
        at.flatMap { Self.instant(fact.values[$0], in: zone) }
    }

    /// From when on a record counts no more; nil where it counts on.
    func expiry(of fact: Fact, in zone: ZoneRules) -> Instant? {
        until.flatMap { Self.instant(fact.values[$0], in: zone) }
    }

    /// A date is its first instant.
    private static func instant(_ value: Value, in zone: ZoneRules) -> Instant? {
        switch value {
        case .dateTime(let time): time.instant(in: zone)
        case .date(let date): DateTime(date: date, time: .midnight).instant(in: zone)
        default: nil
        }
    }

    /// What a record gives: nil where the filter leaves it out or its value is missing. A measure without `of` takes no value.
    func reading(_ fact: Fact, _ context: EvaluationContext) throws(EvaluationFailure) -> MeasureReading? {
        if let filter, try filter.evaluate(fact.values, context) != .boolean(true) { return nil }
        let value = try of?.evaluate(fact.values, context)
        return value == .null ? nil : MeasureReading(value: value)
    }
}
