import Foundation
import Synchronization

/// `crossdock run` as another process, whose lines can be waited for. It is killed with the last reference.
final class RunningDaemon: Sendable {
    private let process: Mutex<Process>
    private let lines = Lines()
    private let stream: AsyncStream<Void>

    /// - Parameter environment: what it has besides what this process has.
    init(_ program: URL, root: String, environment: [String: String] = [:]) throws {
        let process = Process(), pipe = Pipe()
        let (stream, ring) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.stream = stream
        process.executableURL = program
        process.arguments = ["run"]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.currentDirectoryURL = URL(fileURLWithPath: root)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = pipe
        self.process = Mutex(process)
        try process.run()
        // A thread that waits for lines, and no source of events: that one would have to be taken back before the pipe is closed.
        let reading = pipe.fileHandleForReading, lines = lines
        Thread.detachNewThread {
            var begun = "", block = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(reading.fileDescriptor, &block, block.count)
                guard count > 0 else { break }
                begun += String(decoding: block[..<count], as: UTF8.self)
                var parts = begun.components(separatedBy: "\n")
                begun = parts.removeLast()
                lines.add(parts)
                ring.yield()
            }
            ring.finish()
        }
    }

    deinit {
        process.withLock { process in
            guard process.isRunning else { return }
            kill(process.processIdentifier, SIGCONT)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    /// Everything it has said so far.
    var said: [String] { lines.all }

    private final class Lines: Sendable {
        private let known = Mutex<[String]>([])
        var all: [String] { known.withLock(\.self) }
        func add(_ lines: [String]) { known.withLock { $0 += lines } }
    }

    /// Waits until it has said lines that hold these texts, in this order. Tests that wait have a time limit.
    func wait(for texts: String...) async throws {
        func isThere() -> Bool {
            var rest = texts[...]
            for line in said { if let next = rest.first, line.contains(next) { rest = rest.dropFirst() } }
            return rest.isEmpty
        }
        if isThere() { return }
        for await _ in stream where isThere() { return }
        if !isThere() { throw CancellationError() }
    }

    func signal(_ number: Int32) { process.withLock { _ = kill($0.processIdentifier, number) } }

    /// Stops it, and returns when every thread of it has stopped.
    func stop() {
        process.withLock { process in
            kill(process.processIdentifier, SIGSTOP)
            var status = siginfo_t()
            // Looks without taking the news from whoever waits for its end.
            while waitid(P_PID, id_t(process.processIdentifier), &status, WSTOPPED | WNOWAIT) < 0, errno == EINTR {}
        }
    }

    func waitUntilExit() { process.withLock { $0.waitUntilExit() } }
}
