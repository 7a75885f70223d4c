import ChangeControl
import Microsegments
import Records
import Store
import Values

extension Cohort {
    /// The list of a cohort as it is kept.
    struct ListText {
        let text: String
        let digest: String

        init(_ units: Set<EntityKey>) {
            text = Cohort.list(of: units)
            digest = ContentDigest(ofText: text).hex
        }
    }
}

extension ChangeDesk {
    /// Refused where the first cohort of a request could not be drawn as things are.
    func expectCohort(_ plan: RolloutPlan, _ request: ChangeRequest, _ bundle: Bundle, _ live: Live, at now: Instant) throws {
        guard let canary = plan.canary else { return }
        _ = try cohort(of: canary, stage: 0, request.id, bundle, live, at: now)
    }

    /// Who has the change in a stage. Whoever had it in the stage before still has it. Refused where cohort and rest are to be compared and draw on
    /// the same stock.
    func cohort(
        of canary: RolloutPlan.Canary, stage: Int, _ id: ChangeRequestID, _ bundle: Bundle, _ live: Live, at now: Instant
    ) throws -> (cohort: Cohort, list: Cohort.ListText?) {
        guard let unit = CohortUnit(canary.unit) else {
            throw ChangeRefusal(.rollout, id.description, "\(canary.unit) is nothing that a canary can be drawn by", hint: "write entity, stock, or a kind of entity")
        }
        let share = canary.stages[stage].share
        let control = try compiled(try StateFiles.stored(live.description.control, in: site.store), "what the rest has").bundle
        let kinds = Set(bundle.changedSchemes(from: control).compactMap { (bundle.scheme($0) ?? control.scheme($0))?.entity })
        let drawing = kinds.filter { StockReader.draws(on: $0) == true }
        guard unit == .stock || canary.isExperiment && !drawing.isEmpty else { return (Cohort(salt: id.description, unit: unit, draw: .share(share)), nil) }
        let pools = try site.store.driver.read { session in
            try StockReader.pools(byOrder: unit == .entity && drawing.contains(.order), since: now.adding(canary.stockWithin.negated), zone: bundle.zone, in: session)
        }
        var cohort = Cohort(salt: id.description, unit: unit, draw: .share(share)), list: Cohort.ListText?
        if unit == .stock {
            let former = try live.description.canary.map { try CanaryFiles($0, live.description, in: site.store).cohort }
            let units = pools.draw(share: share, salt: id.description, keeping: former?.units ?? [])
            guard !units.isEmpty else {
                let groups = pools.groups()
                throw ChangeRefusal(
                    .rollout, id.description,
                    groups.isEmpty ? "nobody has ordered anything lately, so that stock ties nobody together"
                        : "what was ordered ties \(groups.reduce(0) { $0 + $1.count }) customers and items into \(groups.count) groups, and none fits into a share of \(share): the smallest has \(groups.map(\.count).min() ?? 0)",
                    hint: "draw by customer or entity and judge by most and least, or watch it in a shadow")
            }
            let text = Cohort.ListText(units)
            cohort = Cohort(salt: id.description, unit: unit, draw: .list(units, digest: text.digest))
            list = text
        }
        if canary.isExperiment, let shared = pools.shared(cohort.holds) {
            throw ChangeRefusal(
                .rollout, id.description, "cohort and rest would draw on the same stock, so that one spoils the other: \(shared.item) goes to \(shared.cohort) and to \(shared.rest)",
                hint: "draw `by: stock`, or judge by most and least instead of overControl and underControl")
        }
        return (cohort, list)
    }
}
