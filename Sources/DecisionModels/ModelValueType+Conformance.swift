package import FEEL
package import Values

extension ModelValueType {
    /// The value as this type takes it, or nil where it does not conform: as it is, as the one item of a list, as the list of
    /// one item, or a date as its midnight in UTC (DMN 1.5, 10.3.2.9.4).
    package func brought(_ value: Value, _ context: EvaluationContext) throws(EvaluationFailure) -> Value? {
        if try admits(value, context) { return value }
        switch (value, shape) {
        case (.list(let items), _) where !isList && items.count == 1:
            return try admits(items[0], context) ? items[0] : nil
        case (.date(let date), .plain(.dateTime)):
            guard let midnight = TimeOfDay(hour: 0, minute: 0, offsetSeconds: 0) else { return nil }
            let moment = Value.dateTime(DateTime(date: date, time: midnight))
            return try admits(moment, context) ? moment : nil
        case (.list, .list): return nil
        case (_, .list): return try admits(.list([value]), context) ? .list([value]) : nil
        default: return nil
        }
    }

    /// Whether a value conforms as it is (DMN 1.5, 10.3.2.9.2). Null conforms to every type.
    func admits(_ value: Value, _ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        if value == .null { return true }
        switch (shape, value) {
        case (.any, _): break
        case (.plain(.range(let element)), .range(let range)):
            for end in [range.lower, range.upper] {
                if let end, !element.accepts(end.type) { return false }
            }
        case (.plain(let type), _):
            guard type.accepts(value.type) else { return false }
        case (.list(let element), .list(let items)):
            for item in items where try !element.admits(item, context) { return false }
        case (.context(let entries), .context(let found)):
            for entry in entries {
                guard let part = found[entry.name], try entry.type.admits(part, context) else { return false }
            }
        default: return false
        }
        return try passesTests(value, context)
    }

    private func passesTests(_ value: Value, _ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        for check in checks {
            if check.isOfItems, case .list(let items) = value {
                for item in items where item != .null {
                    if try !check.test.matches(item, [], context) { return false }
                }
            } else if try !check.test.matches(value, [], context) {
                return false
            }
        }
        return true
    }
}
