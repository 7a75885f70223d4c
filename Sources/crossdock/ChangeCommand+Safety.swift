import ArgumentParser
import ChangeControl
import Configurations
import Pipeline
import Values

/// A time on the command line: `90s`, `4h`, `2d` or ISO 8601.
struct ArgumentDuration: ExpressibleByArgument {
    let duration: DayTimeDuration

    init?(argument: String) {
        guard let duration = ConfigurationValue.duration(argument), duration > .zero else { return nil }
        self.duration = duration
    }
}

extension ChangeCommand {
    struct Freeze: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let nothing be activated for a time.",
            discussion: "Going back is never frozen. Freezes that are known ahead, such as a stocktaking, belong into Governance/governance.yaml.")

        @OptionGroup var options: SiteOptions
        @Option(name: .customLong("for"), help: "How long, such as 12h or 3d; 30 days at most.") var time: ArgumentDuration
        @Option(help: "Who freezes: a person with the role operator.") var by: Principal
        @Option(help: "Why, in one line.") var reason: String

        func run() async throws {
            let until = try ChangeDesk(site: options.site()).freeze(for: time.duration, by: by, reason: reason, at: SystemClock.now())
            Console.answer(options.format, text: "nothing is activated until \(until)", json: .context(ContextValue([("until", .string(until.description))])))
        }
    }

    struct Thaw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End the freezes that operators called.")

        @OptionGroup var options: SiteOptions
        @Option(help: "Who ends them: a person with the role operator.") var by: Principal
        @Option(help: "Why, in one line.") var reason: String

        func run() async throws {
            let desk = ChangeDesk(site: try options.site()), now = SystemClock.now()
            try desk.thaw(by: by, reason: reason, at: now)
            let due = try desk.list().filter { $0.status == .scheduled && ($0.effective.map { $0.instant <= now } ?? false) }.map(\.id.description)
            Console.answer(
                options.format,
                text: "operators' freezes are over; those of governance hold" + (due.isEmpty ? "" : "\nthe daemon now activates what waited: \(due.joined(separator: ", "))"),
                json: .context(ContextValue([("thawed", .boolean(true)), ("due", .list(due.map(Value.string)))])))
        }
    }

    struct BreakGlass: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "break-glass", abstract: "In an emergency: hold what goes out, or pin a bundle that was live before.",
            discussion: "No new content can become live this way. Each use opens a review, which another person closes.",
            subcommands: [Hold.self, Release.self, Pin.self])
    }

    struct Review: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what was done outside of the gate, or close a review with what you found.",
            discussion: "Rollbacks and breaks of the glass open reviews. An approver who did not do it closes one with --close, --by and --finding.")

        @OptionGroup var options: SiteOptions
        @Option(help: "Number of the review to close.") var close: Int?
        @Option(help: "Who reviewed it: a person with the role approver who did not do it.") var by: Principal?
        @Option(help: "What was found, in one line.") var finding: String?

        func validate() throws {
            guard (close == nil) == (by == nil), (close == nil) == (finding == nil) else {
                throw ValidationError("Give --close, --by and --finding together, or none of them.")
            }
        }

        func run() async throws {
            let desk = ChangeDesk(site: try options.site()), now = SystemClock.now()
            if let close, let by, let finding { try desk.closeReview(close, by: by, finding: finding, at: now) }
            let reviews = try desk.safety().reviews
            Console.answer(
                options.format,
                text: reviews.isEmpty ? "no reviews" : reviews.map { review in
                    let standing = review.finding.map { "closed: \($0)" } ?? (review.isOverdue(at: now) ? "OVERDUE since \(review.due)" : "open, due \(review.due)")
                    return "review \(review.position) of \(review.opened): \(review.by) \(review.deed) (\(review.reason)); \(standing)"
                }.joined(separator: "\n"),
                json: .list(reviews.map { review in
                    .context(ContextValue([
                        ("review", .integer(review.position)), ("opened", .string(review.opened.description)), ("due", .string(review.due.description)),
                        ("by", .string(review.by.name)), ("deed", .string(review.deed)), ("because", .string(review.reason)),
                        ("finding", review.finding.map(Value.string) ?? .null), ("overdue", .boolean(review.isOverdue(at: now))),
                    ]))
                }))
        }
    }
}

extension ChangeCommand.BreakGlass {
    struct Hold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let nothing go out for a time: no webhook, no action file. It waits in the outbox, and nothing is lost.")

        @OptionGroup var options: SiteOptions
        @Option(name: .customLong("for"), help: "How long, such as 2h; 24 hours at most.") var time: ArgumentDuration
        @Option(help: "Who holds: a person with the role operator.") var by: Principal
        @Option(help: "Why, in one line.") var reason: String

        func run() async throws {
            let until = try ChangeDesk(site: options.site()).hold(for: time.duration, by: by, reason: reason, at: SystemClock.now())
            Console.answer(
                options.format, text: "nothing goes out until \(until); a review is open: crossdock change review",
                json: .context(ContextValue([("until", .string(until.description))])))
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let what is held go out again.")

        @OptionGroup var options: SiteOptions
        @Option(help: "Who releases: a person with the role operator.") var by: Principal
        @Option(help: "Why, in one line.") var reason: String

        func run() async throws {
            try ChangeDesk(site: options.site()).release(by: by, reason: reason, at: SystemClock.now())
            Console.answer(options.format, text: "what was held goes out", json: .context(ContextValue([("released", .boolean(true))])))
        }
    }

    struct Pin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go back to a bundle that was live before, however long ago.",
            discussion: "Within the window of governance `crossdock change rollback` does the same without breaking the glass.")

        @OptionGroup var options: SiteOptions
        @Argument(help: "State to go back to: its id, or the first 8 or more digits of it.") var state: String
        @Option(help: "Who pins: a person with the role operator.") var by: Principal
        @Option(help: "Why, in one line.") var reason: String

        func run() async throws {
            let desk = ChangeDesk(site: try options.site())
            let live = try desk.rollback(.state(try desk.formerState(state)), by: by, reason: reason, breaksGlass: true, at: SystemClock.now())
            ChangeText.answerLive(options, live, "pinned, and a review is open")
        }
    }
}
