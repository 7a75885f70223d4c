import Diagnostics
import FEEL
import Foundation
import Glibc
import Mapping
import Records
import Values

/// How fast one core makes records of a file, ready for the store, without storing or printing them. Speed is by processor time.
///
/// `map-bench ROOT FEED FILE [ROUNDS]` prints `name value unit` lines; ROOT has the folder `Mappings`.
/// `map-bench ROOT FEED --tell FILE...` prints what is made of files, with origins and findings; FEED `-` is each feed in turn.
@main
enum MapBench {
    static let blockBytes = 1 << 18

    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count > 3 else {
            print("usage: map-bench ROOT FEED FILE [ROUNDS]\n       map-bench ROOT FEED --tell FILE...")
            exit(2)
        }
        let library = library(arguments[1])
        if arguments[3] == "--tell" {
            let feeds = arguments[2] == "-" ? library.feeds.map(\.feed) : [arguments[2]]
            for file in arguments.dropFirst(4) { for feed in feeds { tell(file, plan(feed, library)) } }
        } else {
            measure(arguments[3], plan(arguments[2], library), rounds: arguments.count > 4 ? Int(arguments[4]) ?? 5 : 5)
        }
    }

    static func measure(_ path: String, _ plan: FeedPlan, rounds: Int) {
        var seconds: [Double] = [], taken = CountingReceiver(), outcome = MappingOutcome(), bytes = 0
        for _ in 0..<rounds {
            let started = now()
            var session = FeedSession(plan: plan, file: path, context: context, receiver: CountingReceiver())
            bytes = each(of: path) { session.read($0) }
            (_, outcome, taken) = session.finish()
            seconds.append(now() - started)
        }
        seconds.sort()
        let middle = seconds[seconds.count / 2], name = "map.\(plan.feed.feed)"
        print("\(name).speed \(tenths(Double(bytes) / middle / 1e6)) MB/s")
        print("\(name).best \(tenths(Double(bytes) / seconds[0] / 1e6)) MB/s")
        print("\(name).records \(taken.records) count")
        print("\(name).values \(taken.values) count")
        print("\(name).rejected \(taken.rejected) count")
        print("\(name).rate \(Int(Double(taken.records) / middle)) records/s")
        print("\(name).memory \(peakKilobytes()) kB")
        guard outcome.accepted > 0 else {
            print("nothing of \(path) was accepted")
            exit(1)
        }
    }

    static func tell(_ path: String, _ plan: FeedPlan) {
        print("== \(path) by \(plan.feed.feed)")
        var session = FeedSession(plan: plan, file: path, context: context, receiver: TellingReceiver())
        each(of: path) { session.read($0) }
        let outcome = session.finish().outcome
        print("read \(outcome.read) accepted \(outcome.accepted) reported \(outcome.reported) withdrawn \(outcome.withdrawn) aside \(outcome.setAside)")
        print("sets \(outcome.transactionSetsAccepted) \(outcome.transactionSetsRejected) unclaimed \(outcome.isUnclaimed)")
        for (kind, count) in outcome.records.sorted(by: { $0.key.rawValue < $1.key.rawValue }) { print("made \(kind.rawValue) \(count)") }
        for (name, count) in outcome.unmapped.sorted(by: { $0.key < $1.key }) { print("unmapped \(name) \(count)") }
    }

    // MARK: - What mapping needs

    static func plan(_ feed: String, _ library: MappingLibrary) -> FeedPlan {
        guard let plan = library.plan(feed) else {
            print("there is no feed \(feed); there are \(library.feeds.map(\.feed).joined(separator: ", "))")
            exit(2)
        }
        return plan
    }

    static func library(_ root: String) -> MappingLibrary {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: root + "/Mappings")) ?? []
        let files = paths.sorted().compactMap { path in
            FileManager.default.contents(atPath: "\(root)/Mappings/\(path)").map { BundleFile(path: "Mappings/\(path)", bytes: Array($0)) }
        }
        let (library, diagnostics) = MappingLibrary.compile(files)
        guard let library else {
            print(diagnostics.map(\.text).joined(separator: "\n"))
            exit(2)
        }
        return library
    }

    /// The zone has summer time, as most have.
    static let context: EvaluationContext = {
        let name = "America/Chicago"
        guard let bytes = FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name), let zone = ZoneRules(name: name, tzif: Array(bytes))
        else {
            print("there is no zone file of \(name)")
            exit(2)
        }
        return EvaluationContext(now: Instant(seconds: 1_800_000_000), zone: zone)
    }()

    // MARK: - Bytes, time and memory

    /// Gives the bytes of a file, block by block, and counts them.
    @discardableResult
    static func each(of path: String, _ take: (UnsafeBufferPointer<UInt8>) -> Void) -> Int {
        let file = open(path, O_RDONLY)
        guard file >= 0 else {
            print("cannot open \(path)")
            exit(2)
        }
        defer { close(file) }
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: blockBytes)
        defer { buffer.deallocate() }
        var bytes = 0
        while true {
            let count = Glibc.read(file, buffer.baseAddress, blockBytes)
            guard count > 0 else { return bytes }
            bytes += count
            take(UnsafeBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Seconds of processor time: what else the machine does is not counted.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func tenths(_ number: Double) -> Double { (number * 10).rounded() / 10 }

    static func peakKilobytes() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
