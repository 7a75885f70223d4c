import Attributes
import ChangeControl
import Microsegments
import Records
import Store
import Values

/// Measures a canary: how many have the change, what failed, and the means that it is judged by.
struct CanaryReader {
    let site: Site
    let state: ActiveState
    let canary: RolloutPlan.Canary
    /// When the stage began.
    let since: Instant

    init(site: Site, state: ActiveState, _ canary: RolloutPlan.Canary, since: Instant) {
        self.site = site
        self.state = state
        self.canary = canary
        self.since = since
    }

    func measured(now: Instant) throws -> CanaryMeasurement {
        var found = CanaryMeasurement()
        found.failures = try site.store.driver.read { try Store.entries(of: .evaluationFailed, in: $0) }.count { $0.at >= since }
        let changed = state.bundle.namedSchemes.compactMap(\.arm).first?.cohort
        guard let cohort = changed else { return found }
        var smallest: (cohort: Int, rest: Int)?
        for scheme in state.bundle.namedSchemes {
            let metrics = canary.metrics.filter { $0.scheme == scheme.name }
            guard scheme.arm != nil || !metrics.isEmpty, let reader = CohortUnitReader(cohort.unit, of: scheme.plan) else { continue }
            let evaluator = Evaluator(store: site.store, state: state)
            let population = try evaluator.population(of: scheme.plan, describedOnly: scheme.cadence == .live, now: now)
            let isIn = population.rows.map { cohort.holds(reader.unit(of: $0.entity, own: population.owns[$0.entity])) }
            if scheme.arm != nil {
                let members = isIn.count { $0 }, others = isIn.count - members
                smallest = (min(members, smallest?.cohort ?? members), min(others, smallest?.rest ?? others))
            }
            for metric in metrics {
                guard let slot = scheme.plan.definitions.firstIndex(where: { $0.name == metric.attribute }) else { continue }
                func mean(_ wanted: Bool) -> CanaryMeasurement.Mean? { Self.mean(zip(population.rows, isIn).lazy.filter { $0.1 == wanted }.map { $0.0.values[slot] }) }
                found.means[metric.name] = CanaryMeasurement.Means(cohort: mean(true), rest: mean(false))
            }
        }
        (found.cohort, found.rest) = smallest ?? (0, 0)
        if canary.isExperiment { found.sharedStock = try sharedStock(cohort, now: now) }
        return found
    }

    /// What came into both parts since they were drawn.
    private func sharedStock(_ cohort: Cohort, now: Instant) throws -> String? {
        let kinds = Set(state.bundle.schemes.filter { $0.arm != nil }.map(\.entity))
        guard cohort.unit == .stock || kinds.contains(where: { StockReader.draws(on: $0) == true }) else { return nil }
        let pools = try site.store.driver.read { session in
            try StockReader.pools(byOrder: cohort.unit == .entity && kinds.contains(.order), since: now.adding(canary.stockWithin.negated), zone: state.bundle.zone, in: session)
        }
        return pools.shared(cohort.holds).map { "cohort and rest draw on the same stock by now: \($0.item) goes to \($0.cohort) and to \($0.rest)" }
    }

    /// The mean of the numbers among values; nil where there is none, or where their sum is past what a number holds.
    private static func mean(_ values: some Sequence<Value>) -> CanaryMeasurement.Mean? {
        var sum = ExactDecimal.zero, count = 0
        for case .number(let number) in values {
            guard let next = try? sum.adding(number) else { return nil }
            sum = next
            count += 1
        }
        guard count > 0, let mean = try? sum.divided(by: ExactDecimal(count)) else { return nil }
        return CanaryMeasurement.Mean(value: mean, count: count)
    }
}
