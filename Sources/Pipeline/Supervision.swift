import Foundation
import Glibc
import Store
import Synchronization

/// Tells the service manager that started the daemon how it stands, by datagrams to the socket that it named (sd_notify(3)): ready, reloading, stopping, and,
/// where it asked for that, that every loop goes on. Without such a socket nobody is told.
package final class Supervision: Sendable {
    let liveness = Liveness()
    private let socket: Int32
    private let address: [UInt8]
    /// Milliseconds between two looks at the loops; nil where nobody asked.
    private let period: Int?
    private let stoppingSince = Mutex<Int?>(nil)

    /// Milliseconds that the daemon asks for beyond the time that the unit gives it to stop, while its loops go on.
    static let extensionMax = 300_000
    private static let extensionMilliseconds = 15_000, lookMilliseconds = 5_000

    /// - Parameter environment: `NOTIFY_SOCKET`, a path, or a name in the abstract space behind `@`; `WATCHDOG_USEC` and `WATCHDOG_PID` (sd_watchdog_enabled(3)).
    /// - Returns: nil where no socket is named.
    package init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard let name = environment["NOTIFY_SOCKET"], let first = name.utf8.first, name.utf8.count < 108, first == UInt8(ascii: "/") || first == UInt8(ascii: "@") else { return nil }
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        let path = Array(name.utf8)
        // A name in the abstract space begins with a zero, and ends where the address does.
        address = first == UInt8(ascii: "@") ? [0] + path.dropFirst() : path + [0]
        let isMine = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        period = environment["WATCHDOG_USEC"].flatMap { isMine ? Int($0) : nil }.map { max(1, $0 / 4_000) }
        Thread.detachNewThread { [weak self] in Self.look(self?.period) { self } }
    }

    deinit { close(socket) }

    // MARK: - What is told

    func take(_ event: PipelineEvent) {
        switch event {
        case .leaseTaken(let fence): send("READY=1\nSTATUS=works, lease \(fence)")
        case .standingBy(let holder): send("READY=1\nSTATUS=stands by; \(holder) works")
        case .leaseLost(let lost): send("STATUS=lost its lease to \(lost.holder ?? "nobody")")
        case .reloaded: send("READY=1\nSTATUS=works; crossdock.yaml was read anew")
        default: break
        }
    }

    func reloading() { send("RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds())\nSTATUS=reads crossdock.yaml anew") }
    func notReloaded() { send("READY=1\nSTATUS=works; crossdock.yaml has errors and is not followed") }

    func stopping() {
        stoppingSince.withLock { $0 = $0 ?? SystemClock.monotonicMilliseconds() }
        send("STOPPING=1\nSTATUS=ends what is at hand")
    }

    private static func monotonicMicroseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
    }

    /// A daemon goes on where nobody listens.
    private func send(_ text: String) {
        // One line each: what another process is called must not be an order.
        let bytes = Array(text.utf8.map { $0 == 10 || $0 >= 0x20 ? $0 : 0x20 })
        var target = sockaddr_un()
        target.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: address) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + address.count)
        _ = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sendto(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), $0, length) }
        }
    }

    // MARK: - The watchdog

    /// On a thread of its own: the loops may hold every thread that tasks have.
    private static func look(_ period: Int?, _ supervision: () -> Supervision?) {
        var former = SystemClock.monotonicMilliseconds()
        while true {
            usleep(UInt32(min(period ?? lookMilliseconds, lookMilliseconds)) * 1_000)
            guard let supervision = supervision() else { return }
            let now = SystemClock.monotonicMilliseconds()
            let since = supervision.stoppingSince.withLock(\.self)
            // What is stuck gets no more time: the manager ends it, and starts it anew.
            guard now - former >= period ?? 0, supervision.liveness.silent(since: former, now: now).isEmpty else { continue }
            former = now
            if period != nil { supervision.send("WATCHDOG=1") }
            if let since, now - since < extensionMax { supervision.send("EXTEND_TIMEOUT_USEC=\(extensionMilliseconds * 1_000)") }
        }
    }
}
