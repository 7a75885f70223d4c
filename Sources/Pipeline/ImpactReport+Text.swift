package import ChangeControl
import Diagnostics
package import Values

extension ImpactReport {
    /// The report for people.
    package func page(title: String) -> ReportPage {
        var sections = [ReportPage.Section(title: "In short", sentences: [
            "From state \(base.description.prefix(12)) to \(target.description.prefix(12)), as of \(asOf), log position \(head.position).",
            "\(moved) entities change their micro-segment, \(lowered) of them for the worse" + (noticed > 0 ? "; \(noticed) are told that they will be lowered" : "")
                + (kept > 0 ? "; \(kept) would be if nothing kept them" : "") + (failures > 0 ? "; \(failures) could not be evaluated." : "."),
        ])]
        sections += schemes.filter { !$0.moves.isEmpty }.flatMap(Self.sections)
        sections += schemes.compactMap(Self.noticeSection) + schemes.compactMap(Self.figureSection)
        sections += schemes.compactMap { Self.boundarySection($0.scheme, $0.boundaries) } + schemes.compactMap(Self.replaySection)
        sections += rules.map(Self.ruleSection)
        let quiet = schemes.filter { $0.moves.isEmpty }.map(\.scheme)
        if !quiet.isEmpty { sections[0].sentences.append("Nobody moves in \(quiet.joined(separator: ", ")).") }
        if promises != PromiseImpact() {
            sections.append(ReportPage.Section(
                title: "Open orders", sentences: ["\(promises.gain) gain, \(promises.lose) lose, \(promises.redistribute) are redistributed."]))
        }
        if !contracts.isEmpty { sections.append(contractSection) }
        sections += emissionSections
        if !redundantOverrides.isEmpty {
            sections.append(ReportPage.Section(title: "Overrides that say what the rules say too", sentences: redundantOverrides))
        }
        return ReportPage(title: title, sections: sections + [ReportPage.Section(title: "Not known", sentences: unknown)])
    }

    static func sections(_ scheme: SchemeImpact) -> [ReportPage.Section] {
        var sections = [
            ReportPage.Section(
                title: scheme.scheme,
                sentences: ["\(scheme.moved) of \(scheme.members) members move" + (scheme.valueMoved.map { ", worth \($0)" } ?? "") + "."],
                header: ["from", "to", "entities"], rows: scheme.moves.map { [$0.from ?? "(new)", $0.to, "\($0.count)"] }),
            ReportPage.Section(
                title: "Sizes in \(scheme.scheme)", header: ["micro-segment", "before", "after", ""],
                rows: scheme.sizes.map { [$0.microsegment, "\($0.before)", "\($0.after)", $0.remark ?? ""] }),
        ]
        guard !scheme.movers.isEmpty else { return sections }
        let more = scheme.moved - scheme.movers.count
        sections.append(ReportPage.Section(
            title: "Who moves in \(scheme.scheme)", sentences: more > 0 ? ["The first \(scheme.movers.count); \(more) more move."] : [],
            header: ["entity", "from", "by rule", "to", "by"],
            rows: scheme.movers.map { mover in
                [
                    LineText.name(mover.entity), mover.from ?? "(new)", mover.formerRule.map { "\($0)" } ?? "", mover.to,
                    mover.cause == "rules" ? "rule \(mover.rule)" : mover.cause,
                ]
            }))
        return sections
    }

    private static func ruleSection(_ rules: RuleImpact) -> ReportPage.Section {
        var sentences = rules.changes.isEmpty ? [] : ["Whoever is there now: where the two tables answer otherwise, each with an instance."]
        sentences += rules.undecided.map { "Where \($0) it cannot be said, as something is computed there." }
        if !rules.isComplete { sentences.append("There is more: not everything is told here; crossdock table diff \(rules.scheme).") }
        return ReportPage.Section(
            title: "What the rules of \(rules.scheme) say otherwise", sentences: sentences, header: ["where", "was", "is", "for instance"],
            rows: rules.changes.map { [$0.region, $0.former, $0.answer, $0.witness] })
    }

    static func noticeSection(_ scheme: SchemeImpact) -> ReportPage.Section? {
        guard let earliest = scheme.earliestEffective else { return nil }
        let more = scheme.notices.count - samplesMax
        return ReportPage.Section(
            title: "Who is told of a lower tier in \(scheme.scheme)",
            sentences: ["\(scheme.notices.count) of \(scheme.members) members; none is lowered before \(earliest)." + (more > 0 ? " The first \(samplesMax):" : "")],
            header: ["entity", "from", "to", "not before"], rows: scheme.notices.prefix(samplesMax).map { [LineText.name($0.entity), $0.from, $0.to, "\($0.effective)"] })
    }

    private static func figureSection(_ scheme: SchemeImpact) -> ReportPage.Section? {
        guard !scheme.figures.isEmpty else { return nil }
        return ReportPage.Section(
            title: "What \(scheme.scheme) costs and gives", sentences: ["Over the members of whom it is known before and after, by their attributes as they are now and the parameters of their micro-segments."],
            header: ["figure", "before", "after", "change", "known of", "unknown"],
            rows: scheme.figures.map { figure in
                let unit = figure.unit.map { " \($0)" } ?? ""
                return [figure.name, "\(figure.before)\(unit)", "\(figure.after)\(unit)", figure.change.map { "\($0)\(unit)" } ?? "past what a number holds", "\(figure.known)", "\(figure.unknown)"]
            })
    }

    static func boundarySection(_ scheme: String, _ boundaries: [SchemeImpact.Boundary]) -> ReportPage.Section? {
        let near = boundaries.filter { $0.entities > 0 }
        guard !near.isEmpty else { return nil }
        return ReportPage.Section(
            title: "Near a boundary of \(scheme)", sentences: ["Entities whose attribute is within 5 % of a number that the rules compare it with."],
            header: ["attribute", "boundary", "entities"], rows: near.map { [$0.attribute, "\($0.threshold)", "\($0.entities)"] })
    }

    private static func replaySection(_ scheme: SchemeImpact) -> ReportPage.Section? {
        guard let replay = scheme.replay else { return nil }
        let count = replay.changes.reduce(0) { $0 + $1.count }
        return ReportPage.Section(
            title: "What \(scheme.scheme) would have said in its last runs",
            sentences: [
                "Of \(replay.decisions) decisions in \(replay.runs) runs, asked again with the attributes of then and by the rules alone, \(count) would have been others."
                    + (replay.unknown > 0 ? " Of \(replay.unknown) it cannot be told." : ""),
            ],
            header: replay.changes.isEmpty ? [] : ["said", "would have said", "decisions"], rows: replay.changes.map { [$0.from ?? "", $0.to, "\($0.count)"] })
    }

    private var contractSection: ReportPage.Section {
        ReportPage.Section(
            title: "Contracts of those who are lowered, or told that they will be", header: ["contract", "entity", "scheme", "floor", "notice ends"],
            rows: contracts.map {
                [$0.contract, LineText.name($0.entity), $0.scheme, $0.floor.map { "\($0) %" } ?? "none said", $0.noticeEnds?.description ?? "no notice wanted"]
            })
    }

    private var emissionSections: [ReportPage.Section] {
        guard !emissions.isEmpty else { return [ReportPage.Section(title: "What goes out", sentences: ["Nothing."])] }
        return emissions.map { emission in
            ReportPage.Section(
                title: "\(emission.action) to \(emission.target)",
                sentences: ["\(emission.count) of \(emission.kind), \(emission.bytes) bytes. The first:"],
                verbatim: emission.samples.first.map { "\($0.fileName ?? $0.id)\n\($0.text.replacing("\r\n", with: "\n"))" } ?? "")
        }
    }
}
