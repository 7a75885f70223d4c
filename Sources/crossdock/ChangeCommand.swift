import ArgumentParser
import ChangeControl
import Pipeline
import Signatures
import Values

/// `crossdock change`: what is live changes through these, and in no other way.
struct ChangeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change", abstract: "Propose, approve and activate changes of what is live, and go back.",
        discussion: """
            Editing files under Mappings, Schemes, Overrides or Governance changes nothing. A change is proposed with \
            what lies in the folders, approved by a signature of another person over its digests, and activated. \
            docs/change-control.md tells it step by step.
            """,
        subcommands: [
            Propose.self, Diff.self, Impact.self, Assess.self, Statement.self, Approve.self, Take.self, Activate.self, Rollback.self, Reject.self, Withdraw.self,
            Freeze.self, Thaw.self, BreakGlass.self, Review.self, List.self, Show.self, Export.self, Upgrade.self,
        ])
}

extension ChangeRequestID: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension Principal: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension ChangeCommand {
    struct Propose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put what lies in the folders before the approvers.")

        @OptionGroup var options: SiteOptions
        @Option(help: "Who proposes: a person with the role author.") var author: Principal
        @Option(help: "What the change is, in one line.") var title: String
        @Option(help: "Why, in one line.") var reason: String
        @Option(help: "Open request of the same author that gets this content; its approvals become void.") var revises: ChangeRequestID?
        @Option(help: "Open request that this one follows: its target is the base, and what this one does is found once that is live.") var after: ChangeRequestID?
        @Option(help: "When it takes effect, such as 2026-12-01T06:00 in the zone of governance, or with Z or an offset; the daemon activates it then. A revision without it is activated by hand.")
        var effective: String?

        func run() async throws {
            let (request, findings) = try ChangeDesk(site: options.site()).propose(
                author: author, title: title, reason: reason, revising: revises, following: after, effective: effective, at: SystemClock.now())
            Console.report(findings)
            var text = """
                \(ChangeText.line(request))
                changes \(request.changedComponents.map(\.rawValue).joined(separator: ", ")); look at it with `crossdock change diff \(request.id)` and `crossdock change impact \(request.id)`
                """
            if let needed = request.requirement { text += "\n\(ChangeText.line(needed))" }
            if let effective = request.effective { text += "\ntakes effect at \(effective.text)" }
            if let after = request.after { text += "\nit follows \(after): what it does is found, and it can be approved, once that is live" }
            Console.answer(options.format, text: text, json: request.value)
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show which files and lines a request changes.")

        @OptionGroup var options: SiteOptions
        @Argument(help: "Request, such as CR-0001.") var request: ChangeRequestID

        func run() async throws {
            let text = try ChangeDesk(site: options.site()).diff(request)
            Console.answer(
                options.format, text: text,
                json: .context(ContextValue([("request", .string(request.description)), ("diff", .string(text))])))
        }
    }

    struct Statement: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write what a person signs to approve a request.",
            discussion: "Sign it with: ssh-keygen -Y sign -n approve@crossdock -f KEY FILE")

        @OptionGroup var options: SiteOptions
        @Argument(help: "Request, such as CR-0001.") var request: ChangeRequestID
        @Option(name: .customLong("for"), help: "Who is going to sign: a person with the role approver.") var person: Principal
        @Option(help: "The signer's own words, in one line.") var reason: String
        @Option(help: "File to write to; standard output where it is left out.") var output: String?

        func run() async throws {
            let text = try ChangeDesk(site: options.site()).statement(request, for: person, reason: reason).text
            if let output {
                try CommandFiles.write(text, to: CommandFiles.absolute(output))
                return Console.answer(
                    options.format, text: "ssh-keygen -Y sign -n approve@crossdock -f KEY \(output)",
                    json: .context(ContextValue([("path", .string(output)), ("statement", .string(text))])))
            }
            // Byte for byte what is signed: the text ends its own last line.
            if options.format == .text { return print(text, terminator: "") }
            print(JSONText.write(.context(ContextValue([("statement", .string(text))]))))
        }
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a signed approval to a request.",
            discussion: """
                Either --statement and --signature, the two files of an approver, or --as, --reason and --key, which signs \
                with a key of this machine or of the caller's agent.
                """)

        @OptionGroup var options: SiteOptions
        @Argument(help: "Request, such as CR-0001.") var request: ChangeRequestID
        @Option(help: "File that was signed.") var statement: String?
        @Option(help: "File that ssh-keygen -Y sign wrote.") var signature: String?
        @Option(name: .customLong("as"), help: "Who approves, with --key.") var person: Principal?
        @Option(help: "The approver's own words, with --key.") var reason = "Read and agreed"
        @Option(help: "Key to sign with.") var key: String?

        func validate() throws {
            let isDropped = statement != nil && signature != nil && key == nil && person == nil
            let isSigned = statement == nil && signature == nil && key != nil && person != nil
            guard isDropped || isSigned else {
                throw ValidationError("Give --statement and --signature, or --as and --key.")
            }
        }

        func run() async throws {
            let desk = ChangeDesk(site: try options.site())
            let approved = try await desk.approve(request, statement: try text(desk), signature: try await armour(desk), at: SystemClock.now())
            let needed = approved.requirement.map(ChangeText.line) ?? ""
            Console.answer(
                options.format, text: "\(ChangeText.line(approved))\n\(approved.approvals.count) approvals; \(needed)", json: approved.value)
        }

        private func text(_ desk: ChangeDesk) throws -> String {
            if let statement { return try CommandFiles.text(statement) }
            guard let person else { preconditionFailure("the options were not checked") }
            return try desk.statement(request, for: person, reason: reason).text
        }

        private func armour(_ desk: ChangeDesk) async throws -> String {
            if let signature { return try CommandFiles.text(signature) }
            guard let key else { preconditionFailure("the options were not checked") }
            return try await CommandFiles.maker().sign(Array(try text(desk).utf8), namespace: .approve, key: CommandFiles.absolute(key))
        }
    }
}
