import Attributes
package import ChangeControl
import Decisions
import DecisionTables
import FEEL
import Microsegments
import Records
import Store
package import Values

/// What a scheme as it lies in the folders would do to those whom the live one divides, before anybody proposes it: the records are read once, and
/// the rules are asked of everybody at once. Actions, budgets and other schemes are not looked at: `change impact` tells all of it.
package struct SchemeComparison: Sendable {
    package let impact: SchemeImpact
    /// Entities that the rules, or their attributes, have no answer for.
    package let failures: Int
    /// Numbers that the rules compare attributes with, and how many entities are near each, in the order of attributes and numbers.
    package let boundaries: [SchemeImpact.Boundary]
    /// Milliseconds that reading and measuring took, and asking.
    package let read: Int
    package let asked: Int

    package init(_ name: String, site: Site, now: Instant) throws {
        let files = try StateFiles.onDisk(root: site.root)
        let (bundle, findings) = files.compile()
        guard let bundle else {
            throw PipelineFailure(subject: "the files of the state", cause: "they have errors", hint: "`crossdock check` lists them as well", diagnostics: findings)
        }
        guard let scheme = bundle.scheme(name) else {
            throw PipelineFailure(subject: name, cause: "the folders have no such scheme", hint: "there are \(bundle.schemes.map(\.name).joined(separator: ", "))")
        }
        let begun = SystemClock.monotonicMilliseconds()
        let state = ActiveState(id: files.manifests.id.description, description: files.manifests.description, bundle: bundle)
        let evaluator = Evaluator(store: site.store, state: state), context = state.context(now: now)
        let items = try evaluator.population(scheme, now: now)
        let known = Dictionary(try site.store.standings(scheme: name).map { ($0.entity, $0) }, uniquingKeysWith: { first, _ in first })
        let isStale = try !SchemeWatch(store: site.store, state: state).staleFeeds(of: scheme, now: now).isEmpty
        let tally: SchemeTally
        if scheme.cadence == .live {
            read = SystemClock.monotonicMilliseconds() - begun
            tally = try Self.oneByOne(items, scheme, known, evaluator, isStale: isStale, now: now)
            failures = tally.failures
        } else {
            let owns = Dictionary(items.compactMap { item in item.own.map { (item.entity, $0) } }, uniquingKeysWith: { first, _ in first })
            let population = ResidentPopulation(items, of: scheme, known: known, context: context)
            read = SystemClock.monotonicMilliseconds() - begun
            tally = try population.impact(
                of: scheme, overrides: bundle.overrides, schemeChanged: { evaluator.schemeDiffers(scheme, under: $0, own: owns[$0.entity]) },
                formerTiers: { evaluator.formerTiers(scheme, $0, own: $0.flatMap { owns[$0.entity] }) }, isStale: isStale, context: context)
            failures = tally.failures + items.count - population.entities.count
        }
        impact = tally.impact
        boundaries = try scheme.boundaries(items.lazy.compactMap { item in if case .success(let row) = item.attributes { row } else { nil } })
        asked = SystemClock.monotonicMilliseconds() - begun - read
    }

    /// A live scheme is asked entity by entity, as when records arrive.
    private static func oneByOne(
        _ items: [Evaluator.Item], _ scheme: Scheme, _ known: [EntityKey: Standing], _ evaluator: Evaluator, isStale: Bool, now: Instant
    ) throws -> SchemeTally {
        var limits = Evaluator.RunLimits(), tally = SchemeTally(scheme)
        limits.stale = isStale ? [scheme.name] : []
        for item in items {
            let former = known[item.entity]
            guard case .success(let assignment) = evaluator.assignment(item, former, limits, .free, now: now) else {
                tally.fail()
                continue
            }
            if assignment.verdict == .noticed, let notice = assignment.stability.notice {
                tally.note(SchemeImpact.Notice(entity: item.entity.description, from: assignment.stability.settled, to: notice.to, effective: notice.effective))
            }
            if Scheme.keeping.contains(assignment.verdict), scheme.lowers(assignment.stability.settled, to: assignment.computed.microsegment), former.map({ !scheme.isKept($0) }) ?? true { tally.keep(item.entity) }
            if former?.microsegment == assignment.microsegment {
                tally.stay(in: assignment.microsegment)
            } else {
                tally.move(
                    item.entity, from: former?.microsegment, to: assignment.microsegment, formerRule: former?.rule, rule: assignment.computed.rule,
                    cause: assignment.cause.text, worth: assignment.value)
            }
        }
        return tally
    }

    package var value: Value {
        .context(ContextValue([
            ("impact", impact.value), ("failures", .integer(failures)),
            ("boundaries", .list(boundaries.map(\.value))),
        ]))
    }

    /// The comparison for people.
    package var page: ReportPage {
        var sections = [ReportPage.Section(title: "In short", sentences: [
            "\(impact.moved) of \(impact.members) members of \(impact.scheme) would move, \(impact.lowered.count) of them for the worse"
                + (impact.kept.isEmpty ? "" : "; \(impact.kept.count) more would be lowered if nothing kept them")
                + (failures > 0 ? "; \(failures) could not be asked" : "") + ". Read in \(read) ms, asked in \(asked) ms.",
        ])]
        if !impact.moves.isEmpty { sections += ImpactReport.sections(impact) }
        if let near = ImpactReport.boundarySection(impact.scheme, boundaries) { sections.append(near) }
        if let notices = ImpactReport.noticeSection(impact) { sections.append(notices) }
        return ReportPage(title: "What \(impact.scheme) as it lies in the folders would do", sections: sections)
    }
}
