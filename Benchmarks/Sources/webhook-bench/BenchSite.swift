import Glibc
import Outbox
import Pipeline
import Store
import Synchronization
import Values

/// A store of its own with webhooks in it, and the targets that they go to.
struct BenchSite {
    let folder: String
    let store: Store
    let body: [UInt8]
    let targets: TargetDirectory

    /// - Parameter others: further targets, as lines of `crossdock.yaml`.
    init(url: String, bodyPath: String, parallel: Int, others: String = "") throws {
        let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        folder = "\(temporary)/webhook-bench-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        mkdir(folder, 0o700)
        store = try Store(driver: SQLiteDriver(path: "\(folder)/store.sqlite"))
        body = try FileBytes.read(bodyPath, limit: 1 << 20)
        setenv("WEBHOOK_BENCH_SECRET", "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjMTI=", 1)
        let (site, findings) = SiteConfiguration.read("""
            site: bench
            targets:
              live:
                url: \(url)
                allowHTTP: true
                allowAddresses: [127.0.0.0/8]
                secret: { environment: WEBHOOK_BENCH_SECRET }
                parallel: \(parallel)
            \(others)
            """, file: "bench.yaml")
        guard let site else { throw PipelineFailure(subject: "bench.yaml", cause: "it is wrong", diagnostics: findings) }
        targets = try TargetDirectory(site, root: folder)
    }

    func add(_ count: Int, to target: String, from first: Int = 0) throws {
        let now = SystemClock.now()
        for start in stride(from: first, to: first + count, by: 10_000) {
            try store.driver.write { session in
                let position = try Store.nextPosition(in: session)
                for number in start..<min(start + 10_000, first + count) {
                    let effect = Effect(
                        id: "\(target)-\(String(number + 10_000_000))-0123456789abcdef", kind: .webhook, target: target, lane: "order:ACME/\(number)",
                        payload: body, createdAt: now, deadline: now.adding(DayTimeDuration(seconds: 3_600)))
                    // A position each, as one insertion asks for the greatest place at its position.
                    try Store.add(effect, action: "bench", position: position + number, sources: [], in: session)
                }
            }
        }
    }

    /// Delivers until nothing is left.
    func tellSpeed(count: Int) async throws {
        try add(count, to: "live")
        let delivered = Atomic<Int>(0), failed = Atomic<Int>(0)
        let deliverer = try Deliverer(store: store, targets: targets, doorbell: Doorbell()) { event in
            switch event {
            case .delivered: delivered.add(1, ordering: .relaxed)
            case .notDelivered: failed.add(1, ordering: .relaxed)
            default: break
            }
        }
        try await deliverer.recover()
        let start = seconds(), processor = seconds(CLOCK_PROCESS_CPUTIME_ID)
        try await deliverer.run(untilIdle: true)
        let took = seconds() - start, worked = seconds(CLOCK_PROCESS_CPUTIME_ID) - processor
        await deliverer.shutDown()
        print("webhooks.delivered \(delivered.load(ordering: .relaxed)) webhooks")
        print("webhooks.failed \(failed.load(ordering: .relaxed)) attempts")
        print("webhooks.rate \(Int(Double(count) / took)) a second")
        print("webhooks.processor \(worked / Double(count) * 1e6) us a webhook")
        remove()
    }

    func remove() {
        for name in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm", "store.sqlite.keys"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }
}
