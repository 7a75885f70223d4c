import ChangeControl
import Foundation
import Pipeline
import Store
import Testing
import Values

/// The steps of docs/change-control.md, as they stand there, run by the tools that they name.
@Suite struct CheckpointByHandTests {
    /// The lines of the page from one that begins so, up to one that begins otherwise, or up to an empty one.
    private func steps(from first: String, to last: String) throws -> String {
        let page = try String(contentsOfFile: "\(DeskSite.package)/docs/change-control.md", encoding: .utf8)
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix(first) })
        let end = try #require(lines[start...].firstIndex { last.isEmpty ? $0.isEmpty : $0.hasPrefix(last) })
        return lines[start..<end].joined(separator: "\n") + "\n"
    }

    private func run(_ script: String, in folder: String, key: String = "") throws -> (status: Int32, output: String) {
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(["VKEY": key]) { $1 }
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    private func has(_ tool: String) throws -> Bool {
        if try run("command -v \(tool)", in: "/").status == 0 { return true }
        print("skipped: there is no \(tool)")
        return false
    }

    @Test func `an approval is verified by ssh-keygen and a bundle by sha256sum, as the page says`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let request = try site.propose()
        let text = try site.desk.statement(request.id, for: DeskSite.jo, reason: "Read").text
        try site.write("CR-0001.approve", text)
        try site.write("CR-0001.approve.sig", try await site.sign(text, as: "jo"))
        let verify = try steps(from: "ssh-keygen -Y verify", to: "")
        #expect(try run(verify, in: site.root).status == 0)
        try site.write("CR-0001.approve", text.replacingOccurrences(of: "revision 1", with: "revision 2"))
        #expect(try run(verify, in: site.root).status != 0)

        let parts = try steps(from: "find Mappings Schemes", to: "")
        func digests() throws -> [String] { try run(parts, in: site.root).output.split(separator: "\n").map { String($0.prefix(64)) } }
        let target = request.target
        #expect(try digests() == [target.bundle.hex, target.overrides.hex, target.governance.hex])
        let state = try steps(from: "printf 'crossdock state 1", to: "```")
            .replacingOccurrences(of: "BUNDLE OVERRIDES GOVERNANCE", with: try digests().joined(separator: " "))
            .replacing(/'crossdock [0-9.]+' 'tzdata [0-9a-f]+'/, with: "'\(target.engine)' '\(target.zones)'")
        #expect(try run(state, in: site.root).output.prefix(64) == target.id.description)
        try site.edit("Schemes/order-priority.yaml", "< 36", "< 37")
        #expect(try digests().first != target.bundle.hex)
    }

    @Test func `a checkpoint is verified by openssl, its root by python and an entry by sha256sum`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let key = try #require(try Checkpointer(site: site.site).nameKey(now: DeskSite.at(1)))
        for number in 0..<9 {
            try site.site.store.driver.write { _ = try Store.append(.tick, .context(ContextValue([("n", .integer(number))])), at: DeskSite.at(2), in: $0) }
        }
        let signed = try #require(try Checkpointer(site: site.site).sign(now: DeskSite.at(3)))
        _ = try LogExport.write(site.site, to: "\(site.root)/log.jsonl")
        try site.write("kept.checkpoint", signed.text)
        if try has("openssl") {
            let script = try steps(from: "{ printf '", to: "# The root")
            #expect(try run(script, in: site.root, key: key.description).status == 0)
            try site.write("kept.checkpoint", signed.text.replacingOccurrences(of: "\n11\n", with: "\n12\n"))
            #expect(try run(script, in: site.root, key: key.description).status != 0)
        }
        if try has("python3") {
            let script = try steps(from: "python3 - log.jsonl SIZE", to: "```").replacingOccurrences(of: "SIZE", with: "11")
            let root = signed.checkpoint.text.split(separator: "\n")[2]
            #expect(try run(script, in: site.root).output == "\(root)\n")
        }
        let entry = try #require(try site.site.store.lastLogEntry())
        let script = try steps(from: "printf 'crossdock log", to: "#").replacingOccurrences(
            of: "POSITION AT KIND PREVIOUS BODY", with: "\(entry.position) \(entry.at) \(entry.kind) \(entry.previous) '\(entry.body)'")
        #expect(try run(script, in: site.root).output == "\(entry.hash)  -\n")
    }
}
