import ArgumentParser
import ChangeControl
import Pipeline
import Values

/// `crossdock dispute`: somebody says that an entity does not belong where it stands, and others decide.
struct DisputeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispute", abstract: "Dispute where an entity stands, look into it, decide.",
        discussion: """
            Each step is an entry of the log, and the clock of a dispute is a replay of those entries. A dispute moves nobody: \
            what is to change goes through `crossdock change`. docs/change-control.md tells it step by step.
            """,
        subcommands: [Raise.self, Triage.self, Pause.self, Resume.self, Escalate.self, Decide.self, Close.self, Reopen.self, List.self, Show.self])
}

extension DisputeID: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension DisputeOutcome: ExpressibleByArgument {}

/// What the commands of one dispute take.
struct DisputeOptions: ParsableArguments {
    @OptionGroup var site: SiteOptions
    @Argument(help: "Dispute, such as DP-0001.") var dispute: DisputeID
    @Option(help: "Who does it: a person of governance with the role author, approver or operator.") var by: Principal

    func desk() throws -> DisputeDesk { DisputeDesk(site: try site.site()) }
}

extension DisputeCommand {
    struct Raise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Dispute where an entity stands in a scheme now.",
            discussion: "A place has one live dispute. Who disputes for a customer says so in the reason.")

        @OptionGroup var options: SiteOptions
        @Argument(help: "The scheme.") var scheme: String
        @Argument(help: "The entity: CLIENT/id, or kind:CLIENT/id.") var entity: String
        @Option(help: "Who disputes: a person of governance with the role author, approver or operator.") var by: Principal
        @Option(help: "What is wrong, in one line.") var reason: String

        func run() async throws {
            let site = try options.site()
            let key = try EntityArgument.key(entity, scheme: scheme, in: site)
            DisputeText.answer(options, try DisputeDesk(site: site).raise(scheme: scheme, key, by: by, reason: reason, at: SystemClock.now()))
        }
    }

    struct Triage: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Name who looks into a dispute.")

        @OptionGroup var options: DisputeOptions
        @Option(help: "Who looks into it: a person with the role author, approver or operator.") var owner: Principal
        @Option(help: "Why, in one line.") var reason: String?

        func run() async throws {
            DisputeText.answer(options.site, try options.desk().triage(options.dispute, owner: owner, by: options.by, reason: reason, at: SystemClock.now()))
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop the clock while something is waited for.",
            discussion: "Its owner does. All pauses of a round together last at most pauseMax of governance; the clock runs on by itself then.")

        @OptionGroup var options: DisputeOptions
        @Option(help: "What is waited for, in one line.") var reason: String

        func run() async throws {
            DisputeText.answer(options.site, try options.desk().pause(options.dispute, by: options.by, reason: reason, at: SystemClock.now()))
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let the clock run again.")

        @OptionGroup var options: DisputeOptions
        @Option(help: "Why, in one line.") var reason: String?

        func run() async throws {
            DisputeText.answer(options.site, try options.desk().resume(options.dispute, by: options.by, reason: reason, at: SystemClock.now()))
        }
    }

    struct Escalate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a dispute up before its time is over.", discussion: "Once it is over, the daemon does.")

        @OptionGroup var options: DisputeOptions
        @Option(help: "Why, in one line.") var reason: String

        func run() async throws {
            DisputeText.answer(options.site, try options.desk().escalate(options.dispute, by: options.by, reason: reason, at: SystemClock.now()))
        }
    }

    struct Decide: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decide a dispute.",
            discussion: "An approver decides who neither raised the dispute nor wrote what put the entity there. A decision moves nobody: that is a change request.")

        @OptionGroup var options: DisputeOptions
        @Argument(help: "upheld: the entity does not belong there. rejected: it stays.") var outcome: DisputeOutcome
        @Option(help: "Why, in one line.") var reason: String
        @Option(help: "Change request that mends it, such as CR-0001.") var change: ChangeRequestID?

        func run() async throws {
            DisputeText.answer(
                options.site,
                try options.desk().decide(options.dispute, outcome, change: change, by: options.by, reason: reason, at: SystemClock.now()))
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a dispute that was decided.", discussion: "Before a decision, who raised it withdraws it so.")

        @OptionGroup var options: DisputeOptions
        @Option(help: "Why, in one line.") var reason: String?

        func run() async throws {
            DisputeText.answer(options.site, try options.desk().close(options.dispute, by: options.by, reason: reason, at: SystemClock.now()))
        }
    }

    struct Reopen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look at a decided or closed dispute again, on a new clock.", discussion: "At most reopenMax of governance times.")

        @OptionGroup var options: DisputeOptions
        @Option(help: "Why, in one line.") var reason: String

        func run() async throws {
            DisputeText.answer(options.site, try options.desk().reopen(options.dispute, by: options.by, reason: reason, at: SystemClock.now()))
        }
    }
}
