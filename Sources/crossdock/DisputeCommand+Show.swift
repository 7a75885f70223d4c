import ArgumentParser
import ChangeControl
import Diagnostics
import Pipeline
import Values

extension DisputeCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List disputes that are not closed.")

        @OptionGroup var options: SiteOptions
        @Flag(help: "List those that are closed too.") var all = false
        @Flag(help: "List only undecided ones past their time.") var overdue = false
        @Option(help: "List only those of a scheme.") var scheme: String?

        func run() async throws {
            let reading = try DisputeDesk(site: options.site()).reading(at: SystemClock.now())
            let found = (all ? reading.ledger.disputes : reading.ledger.liveDisputes).filter { dispute in
                (scheme.map { $0 == dispute.assignment.scheme } ?? true) && (!overdue || dispute.isOverdue(at: reading.time))
            }
            Console.answer(
                options.format, text: found.isEmpty ? "there are none" : found.map { DisputeText.line($0, at: reading.time) }.joined(separator: "\n"),
                json: .list(found.map { $0.value(at: reading.time) }))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a dispute, its clock and all that happened.",
            discussion: "While a decision is awaited in time, it ends with the override that holds the entity where it is until then.")

        @OptionGroup var options: SiteOptions
        @Argument(help: "Dispute, such as DP-0001.") var dispute: DisputeID

        func run() async throws {
            let reading = try DisputeDesk(site: options.site()).reading(at: SystemClock.now())
            let found = try reading.dispute(dispute)
            let sheet = found.holdSheet(at: reading.time)
            let value = DisputeText.value(found, at: reading.time, adding: [("hold", sheet.map { .string($0) } ?? .null)])
            Console.answer(options.format, text: DisputeText.whole(found, at: reading.time, sheet), json: value)
        }
    }
}

/// How disputes are told.
enum DisputeText {
    /// The answer to an event.
    static func answer(_ options: SiteOptions, _ outcome: DisputeDesk.Reading.Outcome) {
        var text = line(outcome.dispute, at: outcome.time)
        if outcome.wasEscalated, let due = outcome.dispute.escalatedDue { text += "\nit was due at \(due), so its escalation was logged first" }
        Console.answer(
            options.format, text: text, json: value(outcome.dispute, at: outcome.time, adding: [("wasEscalated", .boolean(outcome.wasEscalated))]))
    }

    static func value(_ dispute: Dispute, at time: Instant, adding fields: [(name: String, value: Value)]) -> Value {
        guard case .context(let context) = dispute.value(at: time) else { preconditionFailure("a dispute is told as an object") }
        return .context(ContextValue(context.entries + fields))
    }

    /// One line: number, status, what is disputed, and when a decision is due.
    static func line(_ dispute: Dispute, at time: Instant) -> String {
        let assignment = dispute.assignment
        var text = "\(dispute.id) \(dispute.status.rawValue): \(LineText.name(assignment.entity)) in \(assignment.microsegment) of \(assignment.scheme) (by \(dispute.raiser))"
        if let owner = dispute.owner { text += ", looked into by \(owner)" }
        if let outcome = dispute.outcome, let decider = dispute.decider {
            text += ", \(outcome.rawValue) by \(decider)" + (dispute.change.map { ", mended by \($0)" } ?? "")
        } else if dispute.status == .closed {
            text += ", withdrawn"
        }
        if let due = dispute.clock.due {
            text += dispute.isOverdue(at: time) ? ", was due \(due)" : ", due \(due)"
            if dispute.clock.isPaused { text += dispute.clock.advanced(to: time).pauseLeft > .zero ? ", paused" : ", pauses used up" }
        }
        return text
    }

    static func whole(_ dispute: Dispute, at time: Instant, _ sheet: String?) -> String {
        let clock = dispute.clock.advanced(to: time), assignment = dispute.assignment
        var lines = [
            line(dispute, at: time),
            "put there by \(assignment.cause), log position \(assignment.position)"
                + (assignment.authors.isEmpty ? "" : ", written by \(assignment.authors.map(\.name).joined(separator: ", "))"),
            "round \(dispute.round), of at most \(dispute.policy.reopenMax + 1)",
            "clock ran \(clock.elapsed) of \(clock.sla), stood \(clock.stood) of \(clock.pauseMax)",
        ]
        for event in dispute.events { lines.append(line(event)) }
        if let sheet {
            lines.append("to hold it until then, put this under Overrides/ and propose it (`crossdock change propose`):")
            lines.append(String(sheet.dropLast()))
        }
        return lines.joined(separator: "\n")
    }

    private static func line(_ event: DisputeEvent) -> String {
        var text = "\(event.time)  \(event.content.name) by \(event.by?.name ?? "the clock")"
        switch event.content {
        case .triaged(let owner): text += " to \(owner)"
        case .escalated(let due): text += due <= event.time ? ", was due \(due)" : ", due \(due)"
        case .decided(let outcome, let change): text += " as \(outcome.rawValue)" + (change.map { ", mended by \($0)" } ?? "")
        case .raised, .paused, .resumed, .closed, .reopened: break
        }
        return text + (event.reason.map { ": \($0)" } ?? "")
    }
}
