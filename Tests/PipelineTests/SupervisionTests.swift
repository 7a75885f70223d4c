import Foundation
import Glibc
import Pipeline
import Store
import Synchronization
import Testing

/// A service manager's socket, with every datagram that came.
private final class PlayedSocket: Sendable {
    let name: String
    private let socket: Int32
    private let came = Mutex<[String]>([])

    /// - Parameter name: a path, or `@` and a name of the abstract space.
    init(_ name: String) throws {
        self.name = name
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = name.hasPrefix("@") ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8) + [0]
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let result = withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) } }
        guard result == 0 else { throw CocoaError(.fileWriteUnknown) }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(socket) }

    /// The datagrams so far.
    var all: [String] { came.withLock(\.self) }

    /// Receives until one is as wanted; gives that.
    @discardableResult
    func wait(for wanted: (String) -> Bool) throws -> String {
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(socket, &block, block.count, 0)
            guard count >= 0 else { throw CocoaError(.fileReadUnknown) }
            let text = String(decoding: block[..<count], as: UTF8.self)
            came.withLock { $0.append(text) }
            if wanted(text) { return text }
        }
    }

    /// Whether nothing comes for a time.
    func isQuiet(seconds: Int) -> Bool {
        var patience = timeval(tv_sec: seconds, tv_usec: 0), former = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        defer { setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &former, socklen_t(MemoryLayout<timeval>.size)) }
        var block = [UInt8](repeating: 0, count: 4096)
        return recv(socket, &block, block.count, 0) < 0
    }

    /// Sends to it until it takes no more.
    func fill() throws {
        let sender = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(sender) }
        var address = sockaddr_un(), length = socklen_t(MemoryLayout<sockaddr_un>.size)
        _ = withUnsafeMutablePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) } }
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
                (0..<100_000).first { _ in sendto(sender, "X=1", 3, Int32(MSG_DONTWAIT), target, length) < 0 }
            }
        }
        guard sent != nil else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Takes what has come and was not looked at.
    func drain() {
        var block = [UInt8](repeating: 0, count: 4096)
        while recv(socket, &block, block.count, Int32(MSG_DONTWAIT)) >= 0 {}
    }
}

extension EndToEnd { @Suite struct SupervisionTests {
    @Test(arguments: [false, true]) func `a service manager is told of the start, a reload, a refused one, and the end`(_ isAbstract: Bool) async throws {
        let site = try await DeskSite.whole()
        let manager = try PlayedSocket(isAbstract ? "@crossdock-\(UUID().uuidString)" : "\(site.root)/notify")
        let daemon = try site.daemon(environment: ["NOTIFY_SOCKET": manager.name])
        try manager.wait { $0.hasPrefix("READY=1\nSTATUS=works, lease 1") }
        try await daemon.wait(for: "started")
        daemon.signal(SIGHUP)
        let reloading = try manager.wait { $0.hasPrefix("RELOADING=1\n") }
        #expect(reloading.contains(/\nMONOTONIC_USEC=[0-9]+\n/))
        try manager.wait { $0.hasPrefix("READY=1\n") }
        try site.edit("crossdock.yaml", "wms: { folder: wms }", "wms: { folder: wms, folder: wms }")
        daemon.signal(SIGHUP)
        try manager.wait { $0.hasPrefix("RELOADING=1\n") }
        try manager.wait { $0.hasPrefix("READY=1\n") && $0.contains("not followed") }
        let other = try PlayedSocket("\(site.root)/other"), second = try site.daemon(environment: ["NOTIFY_SOCKET": other.name])
        // Whoever stands by is ready too; it takes over at once.
        try site.edit("crossdock.yaml", "wms: { folder: wms, folder: wms }", "wms: { folder: wms }")
        daemon.signal(SIGTERM)
        try manager.wait { $0.hasPrefix("STOPPING=1\n") }
        daemon.waitUntilExit()
        _ = second
    }

    @Test func `a service manager that reads nothing holds up neither the work nor the end`() async throws {
        let site = try await DeskSite.whole()
        let manager = try PlayedSocket("\(site.root)/notify")
        try manager.fill()
        let daemon = try site.daemon(environment: ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "200000"])
        try await daemon.wait(for: "started")
        try site.drop(Array(DeskSite.order("N-1", control: 1).utf8), as: "n1.edi", in: "x12-orders")
        while try site.site.store.files(.archived).isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        daemon.signal(SIGTERM)
        daemon.waitUntilExit()
        manager.drain()
    }

    @Test func `who stands by is ready, and says so when it works`() async throws {
        let site = try await DeskSite.whole(DeskSite.configuration(further: "lease: 1s\n")), first = try site.daemon()
        try await first.wait(for: "started")
        let manager = try PlayedSocket("\(site.root)/notify"), second = try site.daemon(environment: ["NOTIFY_SOCKET": manager.name])
        try manager.wait { $0.hasPrefix("READY=1\nSTATUS=stands by; ") }
        first.signal(SIGTERM)
        try manager.wait { $0.hasPrefix("READY=1\nSTATUS=works, lease 2") }
        second.signal(SIGTERM)
        second.waitUntilExit()
    }

    @Test func `the watchdog is fed while all loops go on, and not while one is stuck`() async throws {
        let site = try await DeskSite.whole()
        let manager = try PlayedSocket("\(site.root)/notify")
        let daemon = try site.daemon(environment: ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "800000"])
        try await daemon.wait(for: "started")
        for _ in 0..<8 { try manager.wait { $0 == "WATCHDOG=1" } }
        // Somebody holds the database for as long as this transaction lasts: whoever wants to write waits.
        let path = "\(site.root)/Inbox/x12-orders"
        try site.site.store.driver.write { _ in
            try site.drop(Array(DeskSite.order("W-1", control: 1).utf8), as: "w1.edi", in: "x12-orders")
            #expect(FileManager.default.fileExists(atPath: path))
            // The deliverer and the lease look without writing; the worker wants to claim a file.
            var isQuiet = false
            for _ in 0..<20 where !isQuiet {
                manager.drain()
                isQuiet = manager.isQuiet(seconds: 2)
            }
            #expect(isQuiet)
        }
        try manager.wait { $0 == "WATCHDOG=1" }
        try await daemon.wait(for: "name=w1.edi")
        daemon.signal(SIGTERM)
        daemon.waitUntilExit()
    }

    @Test func `a loop that waits is alive, and one that was silent for longer is not`() async throws {
        let liveness = Liveness()
        #expect(liveness.silent(since: 0, now: 1_000_000) == [])
        try await liveness.with("worker") {
            let now = SystemClock.monotonicMilliseconds()
            #expect(liveness.silent(since: now + 1, now: now + Liveness.allowance - 100) == [])
            #expect(liveness.silent(since: now + 1, now: now + Liveness.allowance + 100) == ["worker"])
            try await liveness.with("lease", allowance: 60_000) {
                #expect(liveness.silent(since: now + 1, now: now + 30_000) == ["worker"])
                #expect(liveness.silent(since: now + 1, now: now + 70_000) == ["worker", "lease"])
            }
        }
        #expect(liveness.silent(since: .max, now: .max) == [])
        for environment in [[:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "relative"], ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 120)]] {
            #expect(Supervision(environment: environment) == nil)
        }
    }

    @Test func `the unit holds by systemd's own tools, and is exposed little`() throws {
        let tool = "/usr/bin/systemd-analyze"
        guard FileManager.default.fileExists(atPath: tool) else { return print("skipped: systemd-analyze is not installed") }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-unit-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // The program need not be installed where this runs.
        try String(contentsOfFile: "\(DeskSite.package)/Packaging/crossdock.service", encoding: .utf8).replacingOccurrences(of: "/usr/bin/crossdock", with: "/bin/true")
            .write(toFile: "\(folder)/crossdock.service", atomically: true, encoding: .utf8)
        let verified = try output(tool, ["verify", "--man=no", "\(folder)/crossdock.service"])
        #expect(verified.status == 0 && !verified.text.contains("crossdock.service:"), "\(verified.text)")
        let scored = try output(tool, ["security", "--no-pager", "--offline=true", "--threshold=15", "\(folder)/crossdock.service"])
        #expect(scored.status == 0, "\(scored.text.suffix(200))")
    }

    private func output(_ program: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}}
