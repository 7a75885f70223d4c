import Foundation

/// The program itself, as another process in the folder of a site.
extension DeskSite {
    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("crossdock")

    /// A daemon in a process of its own.
    func daemon(environment: [String: String] = [:]) throws -> RunningDaemon { try RunningDaemon(Self.program, root: root, environment: environment) }

    /// Runs the program and kills it after a time; nil lets it end.
    ///
    /// - Returns: how long it ran, in seconds, and how it ended.
    @discardableResult
    func program(_ arguments: [String], killAfter seconds: Double? = nil, output: FileHandle? = nil) throws -> (seconds: Double, status: Int32) {
        let process = Process(), began = Date()
        process.executableURL = Self.program
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: root)
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        if let seconds {
            // There is no event to wait for: any moment of the other process is meant, and nothing is asked of how far it got.
            Thread.sleep(forTimeInterval: seconds)
            kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        return (Date().timeIntervalSince(began), process.terminationStatus)
    }
}
