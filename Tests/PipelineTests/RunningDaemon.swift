import Foundation
import Synchronization

/// `crossdock run` as another process, whose lines can be waited for. It is killed with the last reference.
final class RunningDaemon: Sendable {
    private let process: Mutex<Process>
    private let lines = Mutex<[String]>([])
    private let stream: AsyncStream<Void>

    init(_ program: URL, root: String) throws {
        let process = Process(), pipe = Pipe()
        let (stream, ring) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.stream = stream
        process.executableURL = program
        process.arguments = ["run"]
        process.currentDirectoryURL = URL(fileURLWithPath: root)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = pipe
        let begun = Mutex("")
        self.process = Mutex(process)
        pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            guard !data.isEmpty else {
                handle.readabilityHandler = nil
                return ring.finish()
            }
            let whole = begun.withLock { text -> [String] in
                text += String(decoding: data, as: UTF8.self)
                var parts = text.components(separatedBy: "\n")
                text = parts.removeLast()
                return parts
            }
            self?.lines.withLock { $0 += whole }
            ring.yield()
        }
        try process.run()
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
    var said: [String] { lines.withLock { $0 } }

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

    func waitUntilExit() { process.withLock { $0.waitUntilExit() } }
}
