import ArgumentParser
import DecisionTables
import Diagnostics
import Microsegments
import Pipeline
import Values

extension TableCommand {
    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which rows two versions of a table answer differently, whatever their texts look like.",
            discussion: "With one scheme alone, what lies on disk is compared with what is live.")

        @OptionGroup var site: SiteOptions
        @OptionGroup var options: TableOptions
        @Argument(help: "The old version: a scheme, or a file with a table.") var old: String
        @Argument(help: "The new version.") var new: String?

        func run() async throws {
            let (before, after) = try versions()
            var scope = after.scope
            scope.domains.merge(before.scope.domains) { kept, _ in kept }
            let difference = TableDifference.make(from: before.table, to: after.table, scope)
            Console.answer(site.format, text: difference.text, json: difference.value)
        }

        private func versions() throws -> (TableSource, TableSource) {
            if let new { return (try TableSource.read(old, site, options), try TableSource.read(new, site, options)) }
            let onDisk = try TableSource.read(old, site, options)
            let state = try site.site().liveState()
            guard let live = state.bundle.scheme(old) else {
                throw ValidationError("there is no live scheme \(old); there are \(state.bundle.schemes.map(\.name).joined(separator: ", "))")
            }
            return (TableSource.scheme(live), onDisk)
        }
    }
}

extension TableDifference {
    fileprivate var text: String {
        if isSame { return isRewritten ? "no change of answer; the texts differ" : "no change" }
        var lines: [String] = []
        for change in changes {
            lines.append("where \(told(change.region)): \(change.old.told) becomes \(change.new.told)")
            lines.append("  for instance \(change.region.witness.map(\.text).joined(separator: ", "))")
        }
        for region in undecided {
            lines.append("where \(told(region)) it cannot be said, as cells or outputs are computed there")
        }
        lines.append("\(counted(changes.count, "region")) with another answer\(isComplete ? "" : " and more: not everything was looked at")")
        return lines.joined(separator: "\n")
    }

    fileprivate var value: Value {
        func region(_ region: TableRegion) -> [(name: String, value: Value)] {
            [("cells", .context(ContextValue(zip(inputs, region.cells).map { ($0, .string($1)) }))), ("witness", region.witness.value)]
        }
        return .context(ContextValue([
            ("same", .boolean(isSame)), ("rewritten", .boolean(isRewritten)), ("complete", .boolean(isComplete)),
            ("changes", .list(changes.map { .context(ContextValue(region($0.region) + [("old", $0.old.value), ("new", $0.new.value)])) })),
            ("undecided", .list(undecided.map { .context(ContextValue(region($0))) })),
        ]))
    }
}

extension TableAnswer {
    fileprivate var value: Value {
        .context(ContextValue([("answer", .string(text)), ("rules", .list(rules.map { .integer($0) }))]))
    }
}
