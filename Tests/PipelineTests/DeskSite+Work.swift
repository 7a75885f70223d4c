import ChangeControl
import Diagnostics
import Foundation
import Intake
import Mapping
import Pipeline
import Records
import Store
import Testing
import Values

/// Tests of the whole house, one after the other: each works the disk and blocks its thread, and side by side they would
/// starve what they wait for.
@Suite(.serialized, .timeLimit(.minutes(2))) enum EndToEnd {}

/// The whole bundle at work: files dropped and taken, schemes changed, answers read.
extension DeskSite {
    static let secret = "whsec_Y3Jvc3Nkb2NrIHRyaWVzIGl0cyB3ZWJob29rcyE="

    /// The text of `crossdock.yaml` with the targets of the project's bundle.
    ///
    /// - Parameters:
    ///   - carrier: address of the webhook target.
    ///   - further: lines for the site, each ending with a line break.
    ///   - endpoint: lines for the webhook target, each ending with a line break.
    static func configuration(carrier: String = "http://127.0.0.1:9/none", further: String = "", endpoint: String = "    retry: [PT0S, PT0S]\n") -> String {
        """
        site: demo-site
        rescan: 1s
        \(further)targets:
          wms: { folder: wms }
          erp: { folder: erp }
          carrier-api:
            url: \(carrier)
            allowHTTP: true
            allowAddresses: [127.0.0.0/8]
            secret: { file: webhook.secret }
            timeout: 2s
        \(endpoint)
        """
    }

    /// A site with the whole bundle that has begun; feeds that wait for quiet wait not at all.
    static func whole(
        _ configuration: String = DeskSite.configuration(), prepare: (String) throws -> Void = { _ in }
    ) async throws -> DeskSite {
        let site = try DeskSite(.whole, configuration: configuration) { root in
            try (secret + "\n").write(toFile: "\(root)/webhook.secret", atomically: true, encoding: .utf8)
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(root)/Mappings/feeds") {
                let path = "\(root)/Mappings/feeds/\(name)"
                let text = try String(contentsOfFile: path, encoding: .utf8)
                try text.replacingOccurrences(of: "quiet: 5s", with: "quiet: 0s").write(toFile: path, atomically: true, encoding: .utf8)
            }
            try prepare(root)
        }
        try await site.begin()
        _ = try site.site.makeFolders()
        return site
    }

    // MARK: Files

    static func sample(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(package)/Samples/\(path)"))) }

    static func samples(_ feed: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: "\(package)/Samples/\(feed)").sorted() }

    /// Drops a file whole: under a name that nobody takes, then under its own.
    func drop(_ bytes: [UInt8], as name: String, in feed: String) throws {
        let folder = "\(root)/Inbox/\(feed)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/.\(name)"))
        try FileManager.default.moveItem(atPath: "\(folder)/.\(name)", toPath: "\(folder)/\(name)")
    }

    func dropSamples(_ feeds: [String]) throws {
        for feed in feeds { for name in try Self.samples(feed) { try drop(Self.sample("\(feed)/\(name)"), as: name, in: feed) } }
    }

    static let sampleFeeds = [
        "customers", "item-master", "order-history", "x12-orders", "x12-inventory", "x12-carrier-status", "idoc-orders", "warehouse-orders",
    ]

    func flow() throws -> FileFlow { try FileFlow(site: site, state: site.liveState()) }

    func evaluator() throws -> Evaluator { Evaluator(store: site.store, state: try site.liveState()) }

    /// Drops a file and takes it at once, without a daemon.
    @discardableResult
    func take(_ bytes: [UInt8], as name: String, in feed: String, flow: FileFlow? = nil) throws -> LedgerFile {
        try drop(bytes, as: name, in: feed)
        let definition = try #require(try site.liveState().bundle.library.feed(feed))
        let identity = try #require(try FileIdentity.of("\(root)/Inbox/\(feed)/\(name)"))
        let ready = FileFlow.ReadyFile(name: name, identity: identity, firstSeenAt: SystemClock.now())
        let outcomes = try (flow ?? self.flow()).take([ready], of: definition, now: SystemClock.now())
        return try #require(outcomes.files.first).result.get()
    }

    @discardableResult
    func take(_ text: String, as name: String, in feed: String, flow: FileFlow? = nil) throws -> LedgerFile {
        try take(Array(text.utf8), as: name, in: feed, flow: flow)
    }

    /// The bytes of a file as it is kept now.
    func kept(_ file: LedgerFile) throws -> [UInt8] {
        let path = try #require(file.archivedAs)
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(path)")))
    }

    /// The report beside a file that was set aside.
    func report(_ file: LedgerFile) throws -> String { try read("\(#require(file.archivedAs)).report.txt") }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }

    /// One X12 interchange of one order with one line.
    static func order(
        _ number: String, promise: String? = "20350312*1400", control: Int = 1, at time: String = "20261104*0815", quantity: String = "6",
        item: String = "NW-1001"
    ) -> String {
        let padded = String(repeating: "0", count: 9 - "\(control)".count) + "\(control)"
        let dates = promise.map { "DTM*002*\($0)~\n" } ?? ""
        return """
            ISA*00*          *00*          *ZZ*ALPENMARKT     *ZZ*DOCKYARD       *261104*0815*U*00401*\(padded)*0*P*>~
            GS*PO*ALPENMARKT*DOCKYARD*\(time)*\(control)*X*004010~
            ST*850*0001~
            BEG*00*SA*\(number)**20261102~
            \(dates)N1*BY*BUYER*92*AM-100~
            N1*ST*STORE*92*AM-DC1~
            PO1*1*\(quantity)*EA*9.5**VP*\(item)~
            CTT*1~
            SE*\(promise == nil ? 7 : 8)*0001~
            GE*1*\(control)~
            IEA*1*\(padded)~

            """
    }

    // MARK: Answers

    static func order(key id: String) -> EntityKey { EntityKey(.order, client: "NORDWIND", id: id) }

    func standing(_ id: String) throws -> Standing { try #require(try site.store.standing(scheme: "order-priority", Self.order(key: id))) }

    /// Where everything stands by the rules alone, as text.
    func computed(_ scheme: String) throws -> String {
        try site.store.standings(scheme: scheme).map { "\($0.entity) \($0.computed) rule \($0.rule) in \($0.microsegment) by \($0.cause)" }.joined(separator: "\n")
    }

    func text(ofEffect id: String) throws -> String {
        var explanation = Explanation(site: site)
        #expect(try explanation.explainEffect(id))
        return explanation.text
    }

    func text(of entity: EntityKey) throws -> String {
        var explanation = Explanation(site: site)
        #expect(try explanation.explainEntity(entity, state: site.liveState()))
        return explanation.text
    }

    // MARK: Change control

    /// Proposes what lies in the folders, has it approved, and activates it.
    @discardableResult
    func activate(_ title: String) async throws -> ChangeRequest {
        let now = SystemClock.now()
        let request = try desk.propose(author: DeskSite.mia, title: title, reason: "Tried", at: now).request
        _ = try await approve(request.id)
        _ = try await desk.activate(request.id, at: SystemClock.now())
        return request
    }

    func writeOverride(_ id: String, scheme: String, entity: String, microsegment: String, from: Instant? = nil, expires: Instant) throws {
        try write("Overrides/\(id).yaml", """
            override: \(id)
            scheme: \(scheme)
            entity: { client: NORDWIND, id: "\(entity)" }
            microsegment: \(microsegment)
            reason: Agreed by phone
            owner: mia@site
            \(from.map { "from: \($0)\n" } ?? "")expires: \(expires)

            """)
    }

    // MARK: Daemon

    /// One daemon that drains everything and ends; gives what it told.
    @discardableResult
    func runOnce() async throws -> [PipelineEvent] {
        let told = EventJournal()
        try await Daemon(site: site, once: true) { told.add($0) }.run()
        return told.events
    }

    /// A daemon for the time of `body`, which can wait for what it tells.
    func withDaemon(_ body: (EventJournal) async throws -> Void) async throws {
        let told = EventJournal()
        let daemon = try Daemon(site: site, once: false) { told.add($0) }
        let running = Task { try await daemon.run() }
        do {
            try await body(told)
        } catch {
            running.cancel()
            throw error
        }
        running.cancel()
        try await running.value
    }

    func audit() throws -> LogAudit { try LogAudit.verify(site) }
}

extension Instant {
    func adding(seconds: Int64, nanoseconds: Int32 = 0) -> Instant {
        adding(DayTimeDuration(seconds: seconds, nanoseconds: nanoseconds))
    }

    var aNanosecondBefore: Instant {
        nanoseconds > 0 ? Instant(seconds: seconds, nanoseconds: nanoseconds - 1) : Instant(seconds: seconds - 1, nanoseconds: 999_999_999)
    }
}
