import Glibc
import Outbox
import Pipeline
import Store
import Synchronization
import Values

/// Latencies of a live target, from the commit of a webhook to its answer, alone and beside a target that is dead.
struct LiveRuns {
    let url: String
    let bodyPath: String
    let count: Int

    func tell() async throws {
        var ratios: [Double] = []
        for pair in 1...5 {
            let alone = try await latencies(besideDead: false), beside = try await latencies(besideDead: true)
            ratios.append(beside.p99 / alone.p99)
            print("live.p99.alone \(alone.p99 * 1e3) ms  # pair \(pair), p50 \(alone.p50 * 1e3)")
            print("live.p99.beside \(beside.p99 * 1e3) ms  # pair \(pair), p50 \(beside.p50 * 1e3)")
        }
        ratios.sort()
        print("live.ratio \(ratios[2]) times  # median of 5, \(ratios[0]) to \(ratios[4])")
    }

    /// A dead target: packets to it vanish, as 198.51.100.0/24 is nobody's (RFC 5737), or are refused; 2,000 webhooks wait for it.
    private static let dead = """
          dead:
            url: http://127.0.0.1:9/
            allowHTTP: true
            allowAddresses: [127.0.0.0/8]
            parallel: 64
          silent:
            url: http://127.0.0.1:PORT/
            allowHTTP: true
            allowAddresses: [127.0.0.0/8]
            parallel: 64
            timeout: 2s
        """

    private func latencies(besideDead isBesideDead: Bool) async throws -> (p50: Double, p99: Double) {
        let silent = SilentListener()
        defer { silent.stop() }
        let site = try BenchSite(
            url: url, bodyPath: bodyPath, parallel: 8, others: Self.dead.replacing("PORT", with: "\(silent.port)").split(separator: "\n").map { "  " + $0.dropFirst(2) }.joined(separator: "\n"))
        if isBesideDead {
            try site.add(2_000, to: "dead")
            try site.add(2_000, to: "silent", from: 5_000)
        }
        let began = Mutex<[String: Double]>([:]), took = Mutex<[Double]>([]), slow = Mutex<[(Double, Double)]>([])
        let zero = seconds()
        let bell = Doorbell()
        let deliverer = try Deliverer(store: site.store, targets: site.targets, doorbell: bell) { event in
            guard case .delivered(let id, _, _) = event, let start = began.withLock({ $0[id] }) else { return }
            took.withLock { $0.append(seconds() - start) }
            if seconds() - start > 0.003 { slow.withLock { $0.append((start - zero, seconds() - start)) } }
        }
        try await deliverer.recover()
        let running = Task { try await deliverer.run(untilIdle: false) }
        try await Task.sleep(for: .milliseconds(500))
        for number in 0..<count {
            let id = "live-\(String(number + 110_000 + 10_000_000))-0123456789abcdef"
            began.withLock { $0[id] = seconds() }
            try site.add(1, to: "live", from: 110_000 + number)
            bell.ring()
            try await Task.sleep(for: .milliseconds(2))
        }
        while took.withLock({ $0.count }) < count { try await Task.sleep(for: .milliseconds(10)) }
        running.cancel()
        do { try await running.value } catch is CancellationError {}
        await deliverer.shutDown()
        site.remove()
        if getenv("SLOW") != nil { print(slow.withLock { $0.map { "\(Int($0.0 * 1000)):\(Int($0.1 * 1000))" }.joined(separator: " ") }) }
        let sorted = took.withLock { $0.sorted() }
        return (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
    }
}

/// Takes connections and never answers.
final class SilentListener: Sendable {
    let port: Int
    private let listener: Int32

    init() {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(listener, raw, length) == 0 && listen(listener, 4096) == 0 && getsockname(listener, raw, &length) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    func stop() { close(listener) }
}
