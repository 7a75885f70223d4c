import Attributes
import ChangeControl
import FEEL
import Microsegments
import Records
import Store
import Values

/// Asks changed rules what they would have said in the last runs: of the attributes as the decisions of then saw them, by the rules alone.
struct SchemeReplay {
    private static let runs = 10, decisionsMax = 20_000

    private let scheme: Scheme
    private let former: Scheme
    private let bundle: Bundle
    private let formerBundle: Bundle

    /// nil where the rules stay as they are, or are new.
    init?(_ scheme: Scheme, _ bundle: Bundle, former: Bundle) {
        guard let before = former.scheme(scheme.name), before.fingerprint != scheme.fingerprint else { return nil }
        self.scheme = scheme
        self.former = before
        self.bundle = bundle
        formerBundle = former
    }

    /// nil where nothing was decided yet.
    func replayed(_ store: Store) throws -> SchemeImpact.Replay? {
        let (runs, decisions) = try store.decisions(scheme: scheme.name, lastRuns: Self.runs, limit: Self.decisionsMax)
        guard !decisions.isEmpty else { return nil }
        var changes: [String: [String: Int]] = [:], unknown = 0
        for decision in decisions {
            guard let old = answer(former, formerBundle, decision), let new = answer(scheme, bundle, decision) else {
                unknown += 1
                continue
            }
            if old != new { changes[old, default: [:]][new, default: 0] += 1 }
        }
        let moves = changes.flatMap { from, counts in counts.map { SchemeImpact.Move(from: from, to: $0.key, count: $0.value) } }
        return SchemeImpact.Replay(
            runs: runs, decisions: decisions.count, changes: moves.sorted { ($0.from ?? "", $0.to) < ($1.from ?? "", $1.to) }, unknown: unknown)
    }

    /// nil where the rules have no answer, or look at what the decision does not hold.
    private func answer(_ scheme: Scheme, _ bundle: Bundle, _ decision: StoredDecision) -> String? {
        guard let subject = decision.subject, case .context(let body)? = try? JSONText.parse(decision.body), case .list(let attributes)? = body["attributes"] else { return nil }
        var known: [String: Value] = [:]
        for case .context(let attribute) in attributes { if case .string(let name)? = attribute["name"] { known[name] = attribute["value"] ?? .null } }
        let asked = scheme.attributeSlots
        var values: [Value] = []
        for (slot, definition) in scheme.plan.definitions.enumerated() {
            guard let value = known[definition.name] else {
                guard !asked.contains(slot) else { return nil }
                values.append(.null)
                continue
            }
            values.append(Self.value(value, definition.type))
        }
        let row = AttributeRow(entity: subject.entity, values: values, evidence: values.map { _ in [] }, windowChange: nil)
        let context = EvaluationContext(now: decision.at, zone: bundle.zone, zones: bundle.zones)
        do throws(EvaluationFailure) { return try scheme.compute(row, own: nil, context: context).microsegment } catch { return nil }
    }

    /// A value as it was, from the text that decisions have of it.
    private static func value(_ value: Value, _ type: ValueType) -> Value {
        guard case .string(let text) = value else { return value }
        return switch type {
        case .date: CalendarDate(text).map(Value.date) ?? .null
        case .time: TimeOfDay(text).map(Value.time) ?? .null
        case .dateTime: DateTime(text).map(Value.dateTime) ?? .null
        case .dayTimeDuration: DayTimeDuration(text).map(Value.dayTimeDuration) ?? .null
        case .yearMonthDuration: YearMonthDuration(text).map(Value.yearMonthDuration) ?? .null
        default: value
        }
    }
}
