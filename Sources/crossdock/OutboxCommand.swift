import ArgumentParser
import Diagnostics
import Outbox
import Pipeline
import Store
import Values

struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Look at effects and their deliveries, and send dead ones again.",
        subcommands: [List.self, Show.self, Replay.self, Targets.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print effects, the latest first.")

        @OptionGroup var site: SiteOptions
        @Option(name: .long, help: "Only of this status: pending, sending, waiting, delivered or dead.") var status: String?
        @Option(name: .long, help: "Only to this target.") var target: String?

        private static let statuses = ["pending", "sending", "waiting", "delivered", "dead"]

        func validate() throws {
            if status == "disabled" {
                throw ValidationError("disabled are targets, and `crossdock outbox targets` tells which; what waits for one is listed by --target NAME with --status pending or waiting")
            }
            if let status, !Self.statuses.contains(status) { throw ValidationError("\(status) is no status; there are \(Self.statuses.joined(separator: ", "))") }
        }

        @Option(name: .long, help: "Most effects that are printed.") var limit = 50

        func run() async throws {
            let site = try site.site(), effects = try site.store.effects(status: status, target: target, limit: limit)
            if effects.isEmpty, let target { try OutboxCommand.checkTarget(target, of: site) }
            let disabled = Set(try site.store.disabledTargets().map(\.target))
            Console.answer(
                self.site.format, text: effects.map { Self.line($0, isDisabled: disabled.contains($0.effect.target)) }.joined(separator: "\n"),
                json: .list(effects.map { OutboxCommand.value($0, $0.isSealed || $0.isRemoved ? nil : $0.effect.payload) }))
        }

        /// - Parameter isDisabled: whether its target is, so that it waits for as long as that lasts.
        private static func line(_ stored: StoredEffect, isDisabled: Bool) -> String {
            let what = LineText.name(stored.effect.fileName ?? stored.effect.lane ?? "")
            var line = "\(stored.effect.id) \(stored.delivery.phase.code) \(stored.effect.target) \(stored.action) \(what) attempts \(stored.delivery.attempts)"
            if let reason = stored.reason { line += " (\(LineText.line(reason)))" }
            if isDisabled, !stored.delivery.isSettled {
                line += ", its target is disabled"
            } else if let next = OutboxCommand.next(stored) {
                line += ", again at \(next)"
            }
            return line
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print an effect with its payload and its attempts.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The effect's id, or the beginning of it.") var effect: String
        @Flag(name: .long, help: "Only the payload, byte for byte.") var payload = false

        func run() async throws {
            let store = try site.site().store
            let stored = try OutboxCommand.effect(effect, store)
            let opened = try store.opened(stored)?.payload
            if payload {
                guard let opened else { throw PipelineFailure(subject: stored.effect.id, cause: "its payload \(try store.fate(of: stored))", hint: "its sources are still told by `crossdock explain`") }
                return FileHandleText.standardOutput(opened)
            }
            let attempts = try store.attempts(ofEffect: stored.effect.id)
            let sent = try store.sent(in: stored.effect.id)
            let isDisabled = try store.disabledTargets().contains { $0.target == stored.effect.target }
            let lines = [Self.head(stored, isDisabled: isDisabled)]
                + sent.map { "\($0.identifier) \($0.control): \($0.status.rawValue)" + ($0.faults.isEmpty ? "" : ", \(LineText.line($0.faults.joined(separator: "; ")))") + ($0.answeredBy.map { ", by file \($0)" } ?? "") }
                + attempts.map { "attempt \($0.number) at \($0.at): \($0.outcome), \(LineText.line($0.detail)), \($0.milliseconds) ms" }
                + ["", try opened.map { String(decoding: $0, as: UTF8.self) } ?? "the payload \(store.fate(of: stored))"]
            Console.answer(site.format, text: lines.joined(separator: "\n"), json: OutboxCommand.value(stored, opened))
        }

        /// - Parameter isDisabled: whether its target is, so that it waits for as long as that lasts.
        private static func head(_ stored: StoredEffect, isDisabled: Bool) -> String {
            var head = "\(stored.effect.id) to \(stored.effect.target) by \(stored.action): \(stored.delivery.phase.code)"
            if let reason = stored.reason { head += ", \(LineText.line(reason))" }
            if isDisabled, !stored.delivery.isSettled {
                head += ", its target is disabled; `crossdock outbox targets` tells why"
            } else if let next = OutboxCommand.next(stored) {
                head += ", again at \(next), until \(stored.delivery.deadline); `crossdock outbox replay --effect \(stored.effect.id)` tries it now"
            }
            return head
        }
    }

    /// When it is tried again; nil where it does not wait for that.
    fileprivate static func next(_ stored: StoredEffect) -> Instant? {
        switch stored.delivery.phase {
        case .waiting(let until): until
        case .pending, .sending, .disabled, .delivered, .dead: nil
        }
    }

    /// The one effect whose id begins so.
    static func effect(_ prefix: String, _ store: Store) throws -> StoredEffect {
        let ids = try store.effectIDs(startingWith: prefix)
        guard ids.count == 1, let found = try store.effect(ids[0]) else {
            throw PipelineFailure(
                subject: prefix, cause: ids.isEmpty ? "no effect begins with that" : "several effects begin with that",
                hint: "`crossdock outbox list` lists effects")
        }
        return found
    }

    /// - Parameter payload: as it is sent; nil where it is sealed and was not asked for, or cannot be read any more.
    fileprivate static func value(_ stored: StoredEffect, _ payload: [UInt8]?) -> Value {
        .context(ContextValue([
            ("id", .string(stored.effect.id)), ("kind", .string(stored.effect.kind.rawValue)), ("target", .string(stored.effect.target)),
            ("action", .string(stored.action)), ("status", .string(stored.delivery.phase.code)),
            ("attempts", .integer(stored.delivery.attempts)), ("next", next(stored).map { .string($0.description) } ?? .null), ("deadline", .string(stored.delivery.deadline.description)), ("lane", stored.effect.lane.map(Value.string) ?? .null),
            ("file", stored.effect.fileName.map(Value.string) ?? .null), ("reason", stored.reason.map(Value.string) ?? .null),
            ("payload", payload.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null),
        ]))
    }
}
