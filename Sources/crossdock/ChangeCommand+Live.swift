import ArgumentParser
import ChangeControl
import Pipeline
import Values

extension ChangeCommand {
    struct Activate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make an approved request live.")

        @OptionGroup var options: SiteOptions
        @Argument(help: "Request, such as CR-0001.") var request: ChangeRequestID
        @Option(help: "Who activates, for the log; the author where it is left out.") var by: Principal?

        func run() async throws {
            let desk = ChangeDesk(site: try options.site())
            let state = try await desk.activate(request, by: by, at: SystemClock.now()), activated = try desk.request(request)
            if activated.status == .shadow {
                return Console.answer(
                    options.format, text: "\(ChangeText.line(activated))\nnobody has it yet; the daemon goes on with it", json: activated.value)
            }
            ChangeText.answerLive(options, state, activated.rollout.map { "\(request) is live for a part of the entities, \($0.step)" } ?? "\(request) is active")
        }
    }

    struct Rollback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go back to a bundle that was live before.",
            discussion: """
                Give the request to undo, which must be what is live, or --to with a state that was live before \
                (`crossdock change list --states`). Overrides and governance stay as they are.
                """)

        @OptionGroup var options: SiteOptions
        @Argument(help: "Request to undo, such as CR-0001.") var request: ChangeRequestID?
        @Option(help: "State to go back to: its id, or the first 8 or more digits of it.") var to: String?
        @Option(help: "Who goes back: a person with the role operator.") var by: Principal
        @Option(help: "Why, in one line.") var reason: String

        func validate() throws {
            guard (request == nil) != (to == nil) else { throw ValidationError("Give either a request or --to.") }
        }

        func run() async throws {
            let desk = ChangeDesk(site: try options.site())
            let state = try desk.rollback(try aim(desk), by: by, reason: reason, at: SystemClock.now())
            ChangeText.answerLive(options, state, "rolled back")
        }

        private func aim(_ desk: ChangeDesk) throws -> RollbackAim {
            if let request { return .before(request) }
            return .state(try desk.formerState(to ?? ""))
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a request by an approver's no.")

        @OptionGroup var options: SiteOptions
        @Argument(help: "Request, such as CR-0001.") var request: ChangeRequestID
        @Option(help: "Who rejects: a person with the role approver.") var by: Principal
        @Option(help: "Why, in one line.") var reason: String

        func run() async throws {
            let ended = try ChangeDesk(site: options.site()).reject(request, by: by, reason: reason, at: SystemClock.now())
            Console.answer(options.format, text: ChangeText.line(ended), json: ended.value)
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a request by its author.")

        @OptionGroup var options: SiteOptions
        @Argument(help: "Request, such as CR-0001.") var request: ChangeRequestID
        @Option(help: "Who withdraws: the author.") var by: Principal
        @Option(help: "Why, in one line.") var reason: String

        func run() async throws {
            let ended = try ChangeDesk(site: options.site()).withdraw(request, by: by, reason: reason, at: SystemClock.now())
            Console.answer(options.format, text: ChangeText.line(ended), json: ended.value)
        }
    }

    struct Take: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the approvals that were dropped into Governance/in, as the daemon does by itself.")

        @OptionGroup var options: SiteOptions

        func run() async throws {
            let taken = try await ChangeDesk(site: options.site()).takeDropped(at: SystemClock.now())
            let lines: [(name: String, isAccepted: Bool, text: String)] = taken.map { item in
                switch item.outcome {
                case .accepted(let id): (item.name, true, "counted for \(id)")
                case .refused(let why): (item.name, false, "refused: \(why)")
                }
            }
            Console.answer(
                options.format,
                text: lines.isEmpty ? "nothing to take" : lines.map { "\($0.name): \($0.text)" }.joined(separator: "\n"),
                json: .list(lines.map {
                    .context(ContextValue([("name", .string($0.name)), ("accepted", .boolean($0.isAccepted)), ("because", .string($0.text))]))
                }))
            if lines.contains(where: { !$0.isAccepted }) { throw ExitCode(1) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List requests, or the states that were live.")

        @OptionGroup var options: SiteOptions
        @Flag(help: "List the states that were live, the live one last.") var states = false

        func run() async throws {
            let desk = ChangeDesk(site: try options.site())
            if states { return try listStates(desk) }
            let requests = try desk.list()
            let lines = try requests.map { request in
                let stale = try desk.staleness(request).map { "\n  waits: \($0.fact); \($0.hint)" }
                return ChangeText.line(request) + (stale ?? "")
            }
            Console.answer(
                options.format, text: lines.isEmpty ? "no change requests" : lines.joined(separator: "\n"),
                json: .list(requests.map(\.value)))
        }

        private func listStates(_ desk: ChangeDesk) throws {
            let history = try desk.history()
            Console.answer(
                options.format,
                text: history.enumerated().map { place, item in
                    "\(item.at)  \(item.state)  \(item.kind)\(item.request.map { " \($0)" } ?? "")\(place == history.count - 1 ? "  (live)" : "")"
                }.joined(separator: "\n"),
                json: .list(history.map { item in
                    .context(ContextValue([
                        ("position", .number(ExactDecimal(item.position))), ("at", .string(item.at.description)),
                        ("kind", .string(item.kind.rawValue)), ("state", .string(item.state.description)),
                        ("request", item.request.map { .string($0.description) } ?? .null),
                    ]))
                }))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show a request, and what its approvals are worth now.")

        @OptionGroup var options: SiteOptions
        @Argument(help: "Request, such as CR-0001.") var request: ChangeRequestID

        func run() async throws {
            let desk = ChangeDesk(site: try options.site())
            let (request, verdicts) = try await desk.show(request)
            var text = """
                \(ChangeText.line(request))
                reason \(request.reason)
                base   \(request.base.id)
                target \(request.target.id)
                impact \(request.impact?.hex ?? "not found yet: \(request.after.map { "it follows \($0)" } ?? "crossdock change assess \(request.id)")")
                needs  \(request.requirement.map(ChangeText.line) ?? "what its impact asks for")
                effect \(request.effective.map { "at \($0.text)" } ?? "when it is activated"); expires \(request.expires)
                """
            let plan = try desk.plan(of: request.id)
            text += "\ngoes live \(plan?.text ?? "at once, for everybody")"
            if verdicts.isEmpty { text += "\nno approvals" }
            for verdict in verdicts {
                let statement = verdict.approval.statement
                text += "\n\(statement.principal) \"\(statement.reason)\": \(verdict.refusal.map { "void, \($0.fact)" } ?? "counts")"
            }
            let stale = try desk.staleness(request), governance = try desk.governance()
            let standing = verdicts.filter { $0.refusal == nil }.compactMap { governance.person($0.approval.statement.principal) }
            let missing = request.status.isOpen ? request.requirement?.missing(standing) : nil
            if let stale { text += "\nwaits  \(stale.fact)\n  hint: \(stale.hint)" } else if let missing { text += "\nwaits  \(missing)" }
            let judged: [Value] = verdicts.map { verdict in
                .context(ContextValue([
                    ("principal", .string(verdict.approval.statement.principal.name)), ("counts", .boolean(verdict.refusal == nil)),
                    ("because", verdict.refusal.map { .string($0.fact) } ?? .null),
                ]))
            }
            Console.answer(
                options.format, text: text,
                json: .context(ContextValue([
                    ("change", request.value), ("verdicts", .list(judged)), ("waits", (stale?.fact ?? missing).map(Value.string) ?? .null),
                    ("plan", plan.map { .string($0.text) } ?? .null),
                ])))
        }
    }
}

/// How change control is told in one line.
enum ChangeText {
    static func line(_ request: ChangeRequest) -> String {
        "\(request.id) revision \(request.revision) \(request.status.rawValue): \(request.title) (by \(request.author))"
            + (request.status.isUnderWay ? request.rollout.map { "\n  \($0.text)" } ?? "" : "")
    }

    static func line(_ needed: ApprovalRequirement) -> String {
        let functions = needed.functions.isEmpty ? "" : ", \(needed.functions.joined(separator: " and ")) among them"
        return "class \(needed.text); \(needed.approvals == 1 ? "1 approval" : "\(needed.approvals) approvals") needed\(functions)"
    }

    static func answerLive(_ options: SiteOptions, _ state: StateID, _ event: String) {
        Console.answer(
            options.format,
            text: """
                \(event); state \(state) is live
                schemes with cadence live are evaluated anew by the daemon; scheduled ones with their next run. No file was changed
                """,
            json: .context(ContextValue([("state", .string(state.description))])))
    }
}
