import Clustering
import Dispatch
import Foundation

/// Clusters numbers of 64 bits from a file, and says how long it took; `Benchmarks/clusters` calls it beside its peers.
@main
struct ClusterBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 5, let rows = Int(arguments[3]), let columns = Int(arguments[4]) else {
            print("cluster-bench kmeans|seeded|ward|hdbscan FILE ROWS COLUMNS [CLUSTERS] [ITERATIONS] [THREADS] [CENTRES, or RESTARTS of seeded]")
            exit(2)
        }
        func number(_ place: Int, else value: Int) -> Int { place < arguments.count ? Int(arguments[place]) ?? value : value }
        let data = try Matrix(rows: rows, columns: columns, values: numbers(arguments[2], rows * columns))
        let workers = number(7, else: 1) > 1 ? threads : Workers.alone
        let clusters = number(5, else: 32), rounds = 3
        for _ in 0..<rounds {
            let begun = Begun()
            switch arguments[1] {
            case "kmeans":
                let centres = try Matrix(rows: clusters, columns: columns, values: numbers(arguments[8], clusters * columns))
                let found = try KMeans.refine(data, from: centres, iterationsMax: number(6, else: 50), workers: workers)
                report(begun, found, rows)
            case "seeded":
                let means = KMeans(clusters: clusters, seed: 1, restarts: number(8, else: 1), iterationsMax: number(6, else: 50))
                report(begun, try means.fit(data, workers: workers), rows)
            case "ward":
                let tree = try Linkage.ward.tree(of: data)
                print("\(begun.told) height \(tree.merges.last?.height ?? 0) sum \(tree.merges.reduce(0) { $0 + $1.height })")
            case "hdbscan":
                let found = try HDBSCAN(membersMin: clusters).fit(data)
                print("\(begun.told) clusters \(Partition.distinct(found.labels).count) noise \(found.labels.count { $0 == Partition.noise })")
            default: exit(2)
            }
        }
        print("memory \(try peak())")
    }

    private static let threads = Workers { count, body in DispatchQueue.concurrentPerform(iterations: count, execute: body) }

    private static func numbers(_ path: String, _ count: Int) throws -> [Double] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = bytes.copyBytes(to: buffer) / 8
        }
    }

    /// When a round began, by the wall and by the processor.
    private struct Begun {
        private let wall = ContinuousClock.now
        private let processor = clock()

        var told: String {
            let processor = Double(clock() - processor) / Double(CLOCKS_PER_SEC)
            return "seconds \((ContinuousClock.now - wall) / .seconds(1)) processor \(processor)"
        }
    }

    private static func report(_ begun: Begun, _ found: KMeansResult, _ rows: Int) {
        print("\(begun.told) iterations \(found.iterations) inertia \(found.inertia / Double(rows))")
    }

    /// Peak of resident memory in MB.
    private static func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1_000
    }
}
