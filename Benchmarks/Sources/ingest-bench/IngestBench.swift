import FEEL
import Formats
import Foundation
import Glibc
import Mapping
import Records
import Store
import Values

/// How fast records go into the store: `ingest-bench ROOT FEED FILE DATABASE [ROUNDS]` maps FILE by a feed of the bundle under ROOT, holds the
/// records in memory, and stores them as the loader does, in batches of 5,000, and publishes the load. Only the storing is timed. The last
/// round's DATABASE stays, so that others are given the same rows.
@main
enum IngestBench {
    /// As ``LoadReceiver`` has it.
    static let batch = 5000

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 4 else {
            print("usage: ingest-bench ROOT FEED FILE DATABASE [ROUNDS]")
            exit(2)
        }
        let records = map(arguments[3], by: arguments[2], under: arguments[1])
        var batches: [[PendingRecord]] = []
        for record in records {
            if batches.last?.count ?? Self.batch == Self.batch { batches.append([]) }
            batches[batches.count - 1].append(PendingRecord(record: record, version: version(of: record)))
        }
        var adding: [Double] = [], publishing: [Double] = [], processor: [Double] = []
        for _ in 0..<(arguments.count > 5 ? Int(arguments[5]) ?? 3 : 3) {
            let (add, publish, spent) = try store(batches, in: arguments[4])
            adding.append(add)
            publishing.append(publish)
            processor.append(spent)
        }
        print("ingest.records \(records.count) count")
        print("ingest.add \(Int(Double(records.count) / middle(adding))) rows/s")
        print("ingest.publish \(middle(publishing)) s")
        print("ingest.all \(Int(Double(records.count) / middle(zip(adding, publishing).map { $0 + $1 }))) rows/s")
        print("ingest.processor \(Int(Double(records.count) / middle(processor))) rows/s")
    }

    /// - Returns: seconds by the wall of adding and of publishing, and of the processor for both.
    static func store(_ batches: [[PendingRecord]], in path: String) throws -> (add: Double, publish: Double, processor: Double) {
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
        let store = try Store(driver: SQLiteDriver(path: path))
        let now = Instant(seconds: 1_800_000_000)
        let file = try store.add(LedgerFile(
            feed: "bench", name: "bench", digest: String(repeating: "0", count: 64), size: 0, status: .claimed, firstSeenAt: now, claimedAt: now))
        let started = seconds(CLOCK_MONOTONIC), spent = seconds(CLOCK_PROCESS_CPUTIME_ID)
        let load = try store.beginLoad(of: file, state: "")
        for batch in batches { try store.add(batch, rejected: [], touching: [], to: load) }
        let added = seconds(CLOCK_MONOTONIC)
        try store.driver.write { try Store.publish(load, counts: LoadCounts(), position: 1, in: $0) }
        return (added - started, seconds(CLOCK_MONOTONIC) - added, seconds(CLOCK_PROCESS_CPUTIME_ID) - spent)
    }

    static func map(_ path: String, by feed: String, under root: String) -> [Record] {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: root + "/Mappings")) ?? []
        let files = paths.sorted().compactMap { path in
            FileManager.default.contents(atPath: "\(root)/Mappings/\(path)").map { BundleFile(path: "Mappings/\(path)", bytes: Array($0)) }
        }
        guard let plan = MappingLibrary.compile(files).library?.plan(feed), let bytes = FileManager.default.contents(atPath: path) else {
            print("there is no bundle under \(root), no feed \(feed) in it, or no file \(path)")
            exit(2)
        }
        var session = FeedSession(
            plan: plan, file: path, context: EvaluationContext(now: Instant(seconds: 1_800_000_000), zone: .utc), receiver: RecordCollector())
        session.read(Array(bytes))
        return session.finish().receiver.records
    }

    static func version(of record: Record) -> Int64 {
        guard let slot = record.definition.version, case .dateTime(let time) = record.values[slot] else { return 0 }
        return time.instant(in: .utc).storeNanoseconds
    }

    static func middle(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }

    static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
