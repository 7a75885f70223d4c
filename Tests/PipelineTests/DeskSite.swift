import ChangeControl
import Foundation
import Pipeline
import Signatures
import Store
import Testing
import Values

/// A site in a folder of its own, with real keys and a real store. Removed with the last reference.
final class DeskSite: Sendable {
    static let mia = Principal("mia@site")!, jo = Principal("jo@site")!, kim = Principal("kim@site")!, ops = Principal("ops@site")!

    let root: String
    let keys: String
    let site: Site
    var desk: ChangeDesk { ChangeDesk(site: site) }

    /// Which files of the project's bundle the site has.
    enum Extent {
        /// One scheme and what it needs: enough for change control, and quick.
        case oneScheme
        case whole

        var paths: [String] {
            switch self {
            case .oneScheme: [
                "Mappings", "Overrides", "Schemes/calendar.yaml", "Schemes/attributes/order.yaml",
                "Schemes/order-priority.yaml", "Schemes/actions/order-priority-changed.yaml",
            ]
            case .whole: ["Mappings", "Schemes", "Overrides"]
            }
        }
    }

    /// - Parameters:
    ///   - configuration: the text of `crossdock.yaml`; nil takes the project's.
    ///   - prepare: is given the root before the site opens.
    init(_ extent: Extent = .oneScheme, configuration: String? = nil, prepare: (String) throws -> Void = { _ in }) throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appendingPathComponent("crossdock-desk-\(UUID().uuidString)").path
        root = folder + "/site"
        keys = folder + "/keys"
        for path in [root + "/Governance/in", keys] { try files.createDirectory(atPath: path, withIntermediateDirectories: true) }
        if extent == .oneScheme {
            for path in [root + "/Schemes/attributes", root + "/Schemes/actions"] { try files.createDirectory(atPath: path, withIntermediateDirectories: true) }
        }
        for name in extent.paths { try files.copyItem(atPath: "\(Self.package)/\(name)", toPath: "\(root)/\(name)") }
        try Self.thinOut("\(root)/Mappings")
        let projects = try String(contentsOfFile: "\(Self.package)/crossdock.yaml", encoding: .utf8)
        try (configuration ?? projects).write(toFile: "\(root)/crossdock.yaml", atomically: true, encoding: .utf8)
        try """
            governance: demo-site
            threshold: 1
            persons:
              - { principal: mia@site, name: Mia Berg, roles: [author, approver] }
              - { principal: jo@site, name: Jo Sandvik, roles: [approver, root] }
              - { principal: kim@site, name: Kim Noor, roles: [approver, root] }
              - { principal: ops@site, name: Ola Prins, roles: [operator] }

            """.write(toFile: "\(root)/Governance/governance.yaml", atomically: true, encoding: .utf8)
        var signers = ""
        for name in ["mia", "jo", "kim"] {
            try Self.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", "\(keys)/\(name)"])
            let key = try String(contentsOfFile: "\(keys)/\(name).pub", encoding: .utf8)
            signers += "\(name)@site namespaces=\"approve@crossdock,genesis@crossdock\" \(key)"
        }
        try signers.write(toFile: "\(root)/Governance/allowed_signers", atomically: true, encoding: .utf8)
        try prepare(root)
        site = try Site.open(root: root)
    }

    /// Takes away what no feed of the project uses, as the state is compiled many times over: tests of mappings, mappings that are there to be
    /// copied, and what writes for them.
    private static func thinOut(_ mappings: String) throws {
        let files = FileManager.default
        let feeds = try files.contentsOfDirectory(atPath: "\(mappings)/feeds").map { try String(contentsOfFile: "\(mappings)/feeds/\($0)", encoding: .utf8) }
        for folder in ["csv", "edifact", "flat", "json", "x12", "xml"] {
            for name in try files.contentsOfDirectory(atPath: "\(mappings)/\(folder)") {
                let isUsed = name.hasSuffix(".yaml") && feeds.contains { $0.contains("\(folder)/\(name.dropLast(5))") }
                if !isUsed { try files.removeItem(atPath: "\(mappings)/\(folder)/\(name)") }
            }
        }
        for folder in ["edi", "house"] { try files.removeItem(atPath: "\(mappings)/outbound/\(folder)") }
    }

    deinit {
        let folder = String(root.dropLast("/site".count))
        do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder): \(error)") }
    }

    /// The package's root, whatever links this file was compiled through.
    static let package: String = {
        let here = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    }()

    static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }

    static func at(_ second: Int64) -> Instant { Instant(seconds: 1_763_700_000 + second) }

    /// Signs as a person, with `ssh-keygen` on the text's bytes.
    func sign(_ text: String, as name: String, _ namespace: SignatureNamespace = .approve) async throws -> String {
        try await SignatureMaker().sign(Array(text.utf8), namespace: namespace, key: "\(keys)/\(name)")
    }

    /// The genesis ceremony.
    func begin() async throws {
        let statement = try desk.genesisStatement(reason: "First state")
        let signatures = [
            (DeskSite.jo, try await sign(statement.text, as: "jo", .genesis)), (DeskSite.kim, try await sign(statement.text, as: "kim", .genesis)),
        ]
        try await desk.genesis(statement, signatures: signatures, at: DeskSite.at(0))
    }

    /// Puts another text in place of one in a file of the state.
    func edit(_ path: String, _ old: String, _ new: String) throws {
        let text = try read(path)
        precondition(text.contains(old), "\(path) does not have \(old)")
        try write(path, text.replacingOccurrences(of: old, with: new))
    }

    func read(_ path: String) throws -> String { try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8) }

    func write(_ path: String, _ text: String) throws {
        try text.write(toFile: "\(root)/\(path)", atomically: true, encoding: .utf8)
    }

    /// Edits the hours of one rule and proposes that.
    func propose(hours: Int = 36) throws -> ChangeRequest {
        let scheme = "Schemes/order-priority.yaml"
        let text = try read(scheme)
        try write(scheme, text.replacing(/< \d+ +\| - +\|\| "rush" +\|\| the/, with: "< \(hours)             | -       || \"rush\"       || the"))
        return try desk.propose(author: DeskSite.mia, title: "Rush at \(hours)", reason: "Contract", at: DeskSite.at(10)).request
    }

    /// An approval of a request by a person.
    func approve(_ id: ChangeRequestID, as name: String = "jo") async throws -> ChangeRequest {
        let text = try desk.statement(id, for: Principal("\(name)@site")!, reason: "Read").text
        return try await desk.approve(statement: text, signature: try await sign(text, as: name), at: DeskSite.at(20))
    }

    /// The kinds of the log's entries, in order.
    func logKinds() throws -> [String] {
        var kinds: [String] = []
        try site.store.forEachLogEntry { entry in
            kinds.append(entry.kind.rawValue)
            return true
        }
        return kinds
    }
}

/// The kind of refusal that a body ends in; nil where it ends in none.
func refusal<Result>(_ body: () async throws -> Result) async -> ChangeRefusal.Kind? {
    do {
        _ = try await body()
        return nil
    } catch let refusal as ChangeRefusal { return refusal.kind } catch {
        Issue.record("not a refusal: \(error)")
        return nil
    }
}
