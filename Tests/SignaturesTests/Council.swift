import ChangeControl
import Foundation
import Signatures
import Subprocess
import Testing
import Values

/// A folder with real keys made by `ssh-keygen`, and a governance that names them. Removed with the last reference.
final class Council: Sendable {
    static let mia = Principal("mia@example-dc")!, ole = Principal("ole@example-dc")!

    let folder: String
    let governance: Governance
    let first: StateDescription
    let second: StateDescription

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-council-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var lines = ""
        for name in ["mia", "ole", "kim", "eve"] {
            _ = try await Council.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", "\(folder)/\(name)"])
            let key = try String(contentsOfFile: "\(folder)/\(name).pub", encoding: .utf8)
            if name != "eve" { lines += "\(name)@example-dc namespaces=\"approve@crossdock,genesis@crossdock\" \(key)" }
        }
        try lines.write(toFile: "\(folder)/allowed_signers", atomically: true, encoding: .utf8)
        let signers = try #require(AllowedSigners.parse(Array(lines.utf8), file: "allowed_signers").signers)
        let manifest = ContentDigest(ofText: "governance")
        governance = try #require(Governance.make(
            origin: "example-dc", threshold: 1,
            persons: [
                Person(principal: Council.mia, name: "Mia Berg", roles: [.author, .root]),
                Person(principal: Council.ole, name: "Ole Dahl", roles: [.approver, .root]),
                Person(principal: Principal("kim@example-dc")!, name: "Kim Noor", roles: [.approver]),
            ], signers: signers, manifest: manifest).governance)
        func state(_ rules: String) -> StateDescription {
            StateDescription(
                bundle: ContentDigest(ofText: rules), overrides: ContentDigest(ofText: ""), governance: manifest, engine: "crossdock 0.1.0",
                zones: "2026a")
        }
        first = state("rules 1")
        second = state("rules 2")
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder): \(error)") }
    }

    func key(_ name: String) -> String { "\(folder)/\(name)" }

    static func at(_ second: Int64) -> Instant { Instant(seconds: 1_763_700_000 + second) }

    /// A report in which nobody moves.
    var facts: ImpactFacts {
        var facts = ImpactFacts()
        facts.components = [.bundle]
        return facts
    }

    func request() throws -> ChangeRequest {
        try ChangeRequest.draft(
            id: ChangeRequestID(number: 1), author: Council.mia, title: "Rush gold orders", reason: "Contract", base: first, target: second,
            expires: Council.at(86_400)
        ).proposed(live: first, governance: governance, at: Council.at(0))
            .assessed(impact: ContentDigest(ofText: "impact"), facts: facts, live: first, governance: governance)
    }

    /// Runs a program of the system and gives its exit and output.
    static func run(_ program: String, _ arguments: [String], input: [UInt8] = []) async throws -> (isSuccess: Bool, output: String) {
        let result = try await Subprocess.run(
            .name(program), arguments: Arguments(arguments), input: .array(input), output: .string(limit: 65536), error: .string(limit: 65536))
        return (result.terminationStatus.isSuccess, result.standardOutput + result.standardError)
    }
}

/// The failure that a body ends in; nil where it does not fail.
func failure<Result>(_ body: () async throws -> Result) async -> SignatureFailure? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? SignatureFailure }
}
