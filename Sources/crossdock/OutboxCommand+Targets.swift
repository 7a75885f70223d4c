import ArgumentParser
import Pipeline
import Store
import Values

extension OutboxCommand {
    struct Targets: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print targets: what waits for each, and which are disabled or left alone.")

        @OptionGroup var site: SiteOptions

        func run() async throws {
            let opened = try site.site(), store = opened.store
            let counts = Dictionary(grouping: try store.deliveryCounts(), by: \.target)
            let disabled = Dictionary(try store.disabledTargets().map { ($0.target, $0.reason) }, uniquingKeysWith: { first, _ in first })
            let leftAlone = Dictionary(try store.heldBackTargets().map { ($0.target, $0.reason) }, uniquingKeysWith: { first, _ in first })
            // Also those that the site does not have any more, while something waits for them.
            let names = Set(opened.configuration.targets.map(\.name)).union(counts.keys).sorted()
            let told = names.map { name -> (name: String, state: String, reason: String?, counts: [(status: String, count: Int)]) in
                let state = opened.configuration.target(name) == nil ? "unknown" : disabled[name] != nil ? "disabled" : leftAlone[name] != nil ? "left alone" : "open"
                return (name, state, disabled[name] ?? leftAlone[name], (counts[name] ?? []).map { ($0.status, $0.count) })
            }
            Console.answer(
                site.format,
                text: told.map { target in
                    "\(target.name): \(target.state)" + (target.reason.map { " (\($0))" } ?? "")
                        + target.counts.map { ", \($0.count) \($0.status)" }.joined()
                }.joined(separator: "\n"),
                json: .list(told.map { target in
                    .context(ContextValue([
                        ("target", .string(target.name)), ("state", .string(target.state)), ("reason", target.reason.map(Value.string) ?? .null),
                        ("effects", .context(ContextValue(target.counts.map { ($0.status, .integer($0.count)) }))),
                    ]))
                }))
        }
    }
}
