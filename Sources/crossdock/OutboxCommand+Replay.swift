import ArgumentParser
import Configurations
import Outbox
import Pipeline
import Store
import Values

extension OutboxCommand {
    /// Refuses a target that there is not and never was.
    static func checkTarget(_ target: String, of site: Site) throws {
        let known = Set(site.configuration.targets.map(\.name) + (try site.store.deliveryCounts().map(\.target))).sorted()
        guard known.contains(target) else {
            throw PipelineFailure(
                subject: target, cause: "there is no such target, and nothing was ever sent to it",
                hint: NearestName.of(target, in: known).map { "did you mean \($0)?" } ?? "there are \(known.joined(separator: ", "))")
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send dead effects again, and those that wait at once, under the same id.",
            discussion: """
                Names one effect, or tells those that are meant by their target, action, failure and when they were given up; all that is told has to hold. A \
                target that answered 410 is enabled by it. --since alone recovers all that was given up since an outage began. What waits for its next attempt is tried at \
                once where its id is named, or with --waiting.
                """)

        @OptionGroup var site: SiteOptions
        @Option(name: .long, help: "The effect's id, or the beginning of it.") var effect: String?
        @Option(name: .long, help: "Dead effects of this target.") var target: String?
        @Option(name: .long, help: "Dead effects of this action.") var action: String?
        @Option(name: .long, help: "Those whose last failure was this: dns, http-503, http-5xx, or a code such as DELIVERY-EXHAUSTED.") var failure: String?
        @Option(name: .long, help: "Those that were given up at or after this instant, such as 2026-11-21T09:00:00Z.") var since: String?
        @Option(name: .long, help: "Those that were given up before this instant.") var until: String?
        @Flag(name: .long, help: "Those that wait for their next attempt, and not dead ones.") var waiting = false
        @Option(name: .long, help: "How many hours delivery is wanted from now on.") var hours = 72
        @Flag(name: .long, help: "Say how many there are, by target, and change nothing.") var dryRun = false

        func validate() throws {
            let filters = [target, action, failure, since, until].compactMap(\.self)
            guard (effect == nil) != (filters.isEmpty && !waiting) else {
                throw ValidationError("name either --effect, or one or more of --target, --action, --failure, --since, --until and --waiting")
            }
            guard !waiting || since == nil && until == nil else { throw ValidationError("--since and --until are of effects that were given up, and --waiting is of others") }
            guard (1...87_600).contains(hours) else { throw ValidationError("--hours is from 1 to 87600") }
            if let failure, !Self.isFailure(failure) {
                throw ValidationError("\(failure) is no failure; docs/diagnostics/delivery.md lists them, such as connect, http-503, http-5xx or DELIVERY-EXHAUSTED")
            }
        }

        func run() async throws {
            let site = try site.site(), store = site.store
            if let target { try OutboxCommand.checkTarget(target, of: site) }
            let named = try effect.map { try OutboxCommand.effect($0, store) }
            let (chosen, sealed) = try named.map { ([$0], $0.isSealed ? [$0.effect.id] : []) } ?? choose(store)
            // Payloads that cannot be read any more are not sent.
            let lost = try Set(sealed.filter { try store.effect($0).flatMap { try store.opened($0) } == nil })
            let deadline = SystemClock.now().adding(DayTimeDuration(seconds: Int64(hours) * 3600, nanoseconds: 0))
            func restored(_ state: DeliveryState) -> DeliveryState? { state.replayed(deadline: deadline) ?? state.hurried(at: SystemClock.now()) }
            var again = chosen.filter { !$0.isRemoved && !lost.contains($0.effect.id) }.compactMap { item in restored(item.delivery).map { (target: item.effect.target, state: $0) } }
            if !dryRun {
                again = try store.driver.write { session in
                    // As they stand now: one that waited may be under way.
                    let again = try again.compactMap { item in
                        try Store.effect(item.state.effectID, in: session).flatMap { restored($0.delivery) }.map { (target: item.target, state: $0) }
                    }
                    try Store.replay(again.map(\.state), at: SystemClock.now(), in: session)
                    for name in Set(again.map(\.target)).sorted() { try Store.enable(name, in: session) }
                    return again
                }
            }
            let counts = Dictionary(grouping: again, by: \.target).map { (target: $0.key, count: $0.value.count) }.sorted { $0.target < $1.target }
            let verb = dryRun ? "would be sent again" : "are sent again"
            let lines = ["\(again.count) of \(chosen.count) \(verb)"] + counts.map { "\($0.target): \($0.count)" }
            Console.answer(
                self.site.format, text: lines.joined(separator: "\n"),
                json: .context(ContextValue([
                    ("replayed", .integer(dryRun ? 0 : again.count)), ("chosen", .integer(chosen.count)), ("sendable", .integer(again.count)),
                    ("targets", .context(ContextValue(counts.map { ($0.target, .integer($0.count)) }))),
                ])))
            if again.isEmpty { throw ExitCode(1) }
        }

        /// Dead effects that the options tell, without payloads, and the ids of those whose payload is sealed.
        private func choose(_ store: Store) throws -> (chosen: [StoredEffect], sealed: [String]) {
            let from = try since.map { try CommandTime.instant($0) }, to = try until.map { try CommandTime.instant($0) }
            var chosen: [StoredEffect] = [], sealed: [String] = []
            try store.forEachEffect(waiting ? "waiting" : "dead") { item in
                let at: Instant
                switch item.delivery.phase {
                case .dead(let end, _): at = end
                case .waiting(let until): at = until
                default: return
                }
                if let target, item.effect.target != target { return }
                if let action, item.action != action { return }
                if let from, at < from { return }
                if let to, at >= to { return }
                if let failure, !Self.matches(failure, item) { return }
                if item.isSealed { sealed.append(item.effect.id) }
                chosen.append(item.withoutPayload)
            }
            return (chosen, sealed)
        }

        private static func isFailure(_ text: String) -> Bool {
            text == "http-4xx" || text == "http-5xx" || text == "redirect-3xx" || text.hasPrefix("DELIVERY-") || FailureClass(code: text) != nil
        }

        private static func matches(_ failure: String, _ item: StoredEffect) -> Bool {
            if failure.hasPrefix("DELIVERY-") { return item.reason?.hasPrefix(failure + ":") == true }
            guard let code = item.delivery.lastFailure?.code else { return false }
            return failure.hasSuffix("xx") ? code.hasPrefix(failure.dropLast(2)) : code == failure
        }
    }
}
