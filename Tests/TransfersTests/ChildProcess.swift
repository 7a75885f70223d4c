import Glibc
import Synchronization

/// A program that a test starts, with no descriptor of the test's but its outputs: Foundation's `Process` learns of the end of a program by a socket, and one
/// that a server has got by inheritance, which runs on, hides that end.
final class ChildProcess: Sendable {
    let id: pid_t
    /// What it writes, to either of its outputs.
    private let output: Int32
    private let status = Mutex<Int32?>(nil)

    /// - Parameter arguments: behind the program's path.
    init(_ program: String, _ arguments: [String]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(text: "no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for number in [Int32(1), 2] { posix_spawn_file_actions_adddup2(&actions, ends[1], number) }
        var words: [UnsafeMutablePointer<CChar>?] = (["bash", "-c", Self.closing, program, program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        let failure = posix_spawn(&id, "/bin/bash", &actions, nil, &words, environ)
        close(ends[1])
        guard failure == 0 else {
            close(ends[0])
            throw Failure(text: "\(program): errno \(failure)")
        }
        self.id = id
        output = ends[0]
    }

    /// Closes what was inherited besides the three, and becomes the program.
    private static let closing = "for file in /proc/self/fd/*; do number=${file##*/}; [ $number -gt 2 ] && eval \"exec $number>&-\"; done; exec \"$@\""

    struct Failure: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }

    deinit {
        stop()
        close(output)
    }

    /// The next of what it writes; nil at the end.
    func read() -> String? {
        var block = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(output, &block, block.count)
        return count > 0 ? String(decoding: block[..<count], as: UTF8.self) : nil
    }

    /// All that it writes until it closes its outputs.
    func readAll() -> String {
        var text = ""
        while let more = read() { text += more }
        return text
    }

    /// Waits for its end, and gives its exit status, or 128 and the signal.
    @discardableResult
    func wait() -> Int32 {
        status.withLock { status in
            if let status { return status }
            var raw: Int32 = 0
            while waitpid(id, &raw, 0) < 0, errno == EINTR {}
            let told = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + (raw & 0x7F)
            status = told
            return told
        }
    }

    /// Kills it: it has the signals of the thread that started it, which may have held the others back.
    func stop() {
        let hasEnded = status.withLock { $0 != nil }
        if !hasEnded { kill(id, SIGKILL) }
        wait()
    }

    /// Runs a program to its end, and gives what it wrote.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let child = try ChildProcess(program, arguments)
        let text = child.readAll()
        let status = child.wait()
        guard status == 0 else { throw Failure(text: "\(program) \(arguments.joined(separator: " ")): status \(status): \(text)") }
        return text
    }

    /// Starts a server and waits until it says that it listens. What it says further is read and forgotten.
    static func server(_ program: String, _ arguments: [String], says listening: String) throws -> ChildProcess {
        let child = try ChildProcess(program, arguments)
        var text = ""
        while !text.contains(listening) {
            guard let more = child.read() else { throw Failure(text: "\(program) ended with \(child.wait()): \(text)") }
            text += more
        }
        child.forgetOutput()
        return child
    }

    private final class Reader: Sendable {
        let output: Int32
        init(_ output: Int32) { self.output = output }
    }

    /// Reads on, on a thread of its own, so that a full pipe does not stop it.
    private func forgetOutput() {
        var thread = pthread_t()
        pthread_create(&thread, nil, { context in
            guard let context else { return nil }
            let output = Unmanaged<Reader>.fromOpaque(context).takeRetainedValue().output
            var block = [UInt8](repeating: 0, count: 4_096)
            while Glibc.read(output, &block, block.count) > 0 {}
            close(output)
            return nil
        }, Unmanaged.passRetained(Reader(dup(output))).toOpaque())
        pthread_detach(thread)
    }
}
