import Foundation
import Testing

struct SchemaCommandTests {
    @Test func `every sample file passes the schema of its place, and a wrong key does not`() throws {
        let folder = try ScratchFolder()
        #expect(try folder.run("schema", "--write", "s").status == 0)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let python = ProcessInfo.processInfo.environment["CROSSDOCK_PYTHON"] ?? "python3"
        process.arguments = [python, Command.project.appendingPathComponent("Tests/CommandsTests/Peers/schemas.py").path, folder.url.path + "/s"]
        process.currentDirectoryURL = Command.project
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationStatus == 3 { return print("skipped: jsonschema and PyYAML are not installed for \(python)") }
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.contains("a wrong key is refused"))
    }

    @Test func `a kind that there is not is a wrong call with a suggestion`() throws {
        let found = try Command.run(["schema", "maping"])
        #expect(found.status == 2)
        #expect(found.errors.contains("did you mean mapping?"))
        #expect(try Command.run(["schema"]).output.contains("feed: Mappings/**/*.yaml"))
    }
}
