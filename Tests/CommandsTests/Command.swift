import Foundation
import Testing

/// The built program, run as a person runs it.
struct Command {
    let status: Int32
    let output: String
    let errors: String

    /// Runs the program that was built beside the tests.
    ///
    /// - Parameter megabytes: the memory that it may have; past that it has none and dies.
    static func run(_ arguments: [String], in folder: URL? = nil, megabytes: Int? = nil) throws -> Command {
        let program = try #require(executable, "the program is not beside the tests")
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        // Files, as a pipe that nobody reads meanwhile would stop the program.
        let output = scratch.appendingPathComponent("output"), errors = scratch.appendingPathComponent("errors")
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = megabytes == nil ? program : URL(fileURLWithPath: "/bin/sh")
        process.arguments = megabytes.map { ["-c", "ulimit -d \($0 * 1024); exec \"$0\" \"$@\"", program.path] + arguments } ?? arguments
        process.currentDirectoryURL = folder ?? Self.project
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return Command(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8), errors: try String(contentsOf: errors, encoding: .utf8))
    }

    /// The answer as JSON.
    func json() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }

    private static let executable: URL? = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let program = tests.deletingLastPathComponent().appendingPathComponent("crossdock")
        return FileManager.default.isExecutableFile(atPath: program.path) ? program : nil
    }()

    /// The project's folder.
    static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// A folder for the time of one test.
final class ScratchFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-tables-\(UUID().uuidString)")

    init(_ files: [String: String] = [:]) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: url.appendingPathComponent(name)) }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func text(_ name: String) throws -> String { try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8) }

    func run(_ arguments: String...) throws -> Command { try Command.run(arguments, in: url) }
}
