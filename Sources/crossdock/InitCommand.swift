import ArgumentParser
import ChangeControl
import FoundationEssentials
import Pipeline
import Signatures
import Values

/// `crossdock init`: folders, store and the genesis ceremony.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make the folders and the store, and begin the site with two roots' signatures.",
        discussion: """
            Without signatures, writes Governance/in/genesis.statement and says how the two roots sign it. With \
            --signature twice, begins the site. --key twice signs by itself, for trials on one machine.
            Governance/README.md says how to make the keys.
            """)

    @OptionGroup var options: SiteOptions

    @Option(name: .long, help: "Why the site begins with this state; part of what the roots sign.")
    var reason = "First state of the site"

    @Option(name: .long, help: "Signature that a root made of the statement; give two.")
    var signature: [String] = []

    @Option(name: .long, help: "Private key to sign with, for trials; give two.")
    var key: [String] = []

    private static let statementPath = "\(ChangeDesk.dropFolder)/genesis.statement"

    func validate() throws {
        guard signature.isEmpty || key.isEmpty else { throw ValidationError("Give either --signature or --key.") }
        guard [0, 2].contains(signature.count + key.count) else { throw ValidationError("Two roots sign: give the option twice.") }
    }

    func run() async throws {
        let site = try options.soundSite(makesStore: true)
        let made = try site.makeFolders()
        let desk = ChangeDesk(site: site)
        if try desk.hasBegun(), signature.isEmpty, key.isEmpty {
            let live = try desk.history().last?.state.description ?? ""
            return Console.answer(
                options.format, text: "the site has begun; state \(live) is live",
                json: .context(ContextValue([("begun", .boolean(true)), ("state", .string(live))])))
        }
        let statement = try statement(site, desk)
        if signature.isEmpty, key.isEmpty { return try offer(statement, site, made) }
        let armours =
            if key.isEmpty { try signature.map(CommandFiles.text) } else { try await signed(statement) }
        try await desk.genesis(statement, signatures: try desk.signers(of: armours, for: statement), at: SystemClock.now())
        let first = try LogAudit.verify(site).head?.hash.hex ?? ""
        let key = try Checkpointer(site: site).nameKey(now: SystemClock.now())?.description ?? ""
        Console.answer(
            options.format,
            text: """
                the site \(statement.origin) has begun; state \(statement.state.id) is live
                log entry 0 is \(first): note it elsewhere, for `crossdock audit verify --genesis`
                checkpoints of the log are signed by \(key): note it elsewhere, for `crossdock audit verify --key`
                """,
            json: .context(ContextValue([
                ("begun", .boolean(true)), ("state", .string(statement.state.id.description)), ("genesis", .string(first)),
                ("key", .string(key)),
            ])))
    }

    /// The statement that was signed where it was written before, because its reason is part of it; else a new one.
    private func statement(_ site: Site, _ desk: ChangeDesk) throws -> GenesisStatement {
        let path = site.path(Self.statementPath)
        guard !signature.isEmpty, FileManager.default.fileExists(atPath: path) else {
            return try desk.genesisStatement(reason: reason)
        }
        let (statement, findings) = GenesisStatement.parse(try CommandFiles.text(path))
        guard let statement else {
            throw PipelineFailure(
                subject: Self.statementPath, cause: "it is not the statement that was written", hint: "remove it, and run `crossdock init` again",
                diagnostics: findings)
        }
        return statement
    }

    private func signed(_ statement: GenesisStatement) async throws -> [String] {
        var armours: [String] = []
        for path in key {
            armours.append(try await CommandFiles.maker().sign(statement, key: CommandFiles.absolute(path)))
        }
        return armours
    }

    private func offer(_ statement: GenesisStatement, _ site: Site, _ made: [String]) throws {
        let path = site.path(Self.statementPath)
        try CommandFiles.write(statement.text, to: path)
        let folders = made.isEmpty ? "" : "made \(made.joined(separator: ", "))\n"
        Console.answer(
            options.format,
            text: """
                \(folders)\(statement.text)
                Nothing is live yet. The two roots read this statement, and each signs it:

                  cp \(path) \(path).2
                  ssh-keygen -Y sign -n genesis@crossdock -f KEY-OF-\(statement.first.principal) \(path)
                  ssh-keygen -Y sign -n genesis@crossdock -f KEY-OF-\(statement.second.principal) \(path).2

                and then:

                  crossdock init --signature \(path).sig --signature \(path).2.sig
                """,
            json: .context(ContextValue([
                ("begun", .boolean(false)), ("statement", .string(statement.text)), ("path", .string(path)),
                ("made", .list(made.map { .string($0) })),
            ])))
    }
}
