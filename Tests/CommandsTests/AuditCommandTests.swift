import Foundation
import Testing

/// An exported log of a small site, and a checkpoint of it that was kept elsewhere.
struct AuditCommandTests {
    private static let key = "demo-site+5d9c0a51+AYlQ04hvBCt+gFuDY5mLBHXx2njjAGSsAhkv56XLvnEG"
    private static let logs = Command.project.appendingPathComponent("Tests/CommandsTests/Logs")

    /// A folder with the log, after `change`, and the checkpoint.
    private func folder(_ change: (String) -> String = { $0 }) throws -> ScratchFolder {
        try ScratchFolder([
            "log.jsonl": change(String(contentsOf: Self.logs.appendingPathComponent("exported.jsonl"), encoding: .utf8)),
            "kept.checkpoint": String(contentsOf: Self.logs.appendingPathComponent("kept.checkpoint"), encoding: .utf8),
        ])
    }

    @Test func `an exported log is verified where there is no site`() throws {
        let folder = try folder()
        let found = try folder.run("audit", "verify", "--file", "log.jsonl", "--witness", "kept.checkpoint", "--key", Self.key, "--format", "json")
        #expect(found.status == 0, "\(found.errors)")
        let answer = try found.json()
        #expect(answer["holds"] as? Bool == true)
        #expect(answer["entries"] as? Int == 8)
        #expect(answer["covered"] as? Int == 8)
        #expect(answer["keys"] as? [String] == [Self.key])
    }

    @Test(arguments: [("\"effects\":2", "\"effects\":3"), ("{\"position\":1,", "{\"position\": 1,"), ("demo-site", "demo-sote"), ("\n{\"end\"", "\n\n{\"end\"")])
    func `a changed log ends with 1 and says where`(_ old: String, _ new: String) throws {
        let folder = try folder { text in
            guard let place = text.ranges(of: old).first else { return text }
            return text.replacingCharacters(in: place, with: new)
        }
        let found = try folder.run("audit", "verify", "--file", "log.jsonl")
        #expect(found.status == 1)
        #expect(found.errors.hasPrefix("error: "), "\(found.errors)")
    }

    @Test func `what is no witness and no key is refused as a wrong call or a bad file`() throws {
        let folder = try folder()
        #expect(try folder.run("audit", "verify", "--file", "log.jsonl", "--key", "x").status == 2)
        #expect(try folder.run("audit", "verify", "--file", "log.jsonl", "--witness", "log.jsonl").status == 1)
        #expect(try folder.run("audit", "verify", "--file", "missing").status == 1)
    }
}
