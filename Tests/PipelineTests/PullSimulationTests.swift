import Diagnostics
import Foundation
import Pipeline
import Testing

/// Lives of a pull, each from a seed. `SIMULATION_RUNS` says how many, `SIMULATION_SEED` where they begin; what fails names its seed.
///
/// Simulated are: the server (times in seconds or minutes, a rename that replaces or does not, things that were done and whose answer was lost, connections that are cut before
/// anything or within a file, rights that are missing for a while), its writers (whole at once, in place, piece by piece, renamed over what lies there, withdrawn, with
/// markers), the intake that empties the drop folder, clocks that jump, and the ends of the daemon: between any two steps, with the power or without. Real are all that decides
/// (``PullState``), SQLite, and the files that are staged and placed.
///
/// Not simulated are: libcurl and what is on the wire (`PullTests` has real servers), a full disk of the drop folder, whether fsync does what it says, two daemons or two
/// sites at one folder at a time, several pulls into one drop folder, a server's clock that is put back, somebody who writes within the milliseconds between the last look
/// at a file and its removal, and files of one name and one size within a minute where there are markers and no times.
@Suite struct PullSimulationTests {
    private static func setting(_ name: String, or standard: UInt64) -> UInt64 { ProcessInfo.processInfo.environment[name].flatMap(UInt64.init) ?? standard }

    private static let first = setting("SIMULATION_SEED", or: UInt64.random(in: 0..<1 << 40))
    private static let runs = setting("SIMULATION_RUNS", or: 2_000)
    /// Parts that are lived side by side, each with a store of its own.
    private static let parts = 4 as UInt64

    /// A folder with a store for lives that are lived one after the other. In memory where the machine has such a place: each file is synced.
    private final class Place {
        let root: String
        let driver: SimulatedDriver
        let ways: [SimulatedPull.Way]

        init() throws {
            let memory = "/dev/shm", isThere = FileManager.default.isWritableFile(atPath: memory)
            root = "\(isThere ? memory : FileManager.default.temporaryDirectory.path)/crossdock-pull-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            driver = try SimulatedDriver(path: "\(root)/store.sqlite")
            ways = try Self.ways(root)
        }

        deinit {
            driver.life = nil
            do { try FileManager.default.removeItem(atPath: root) } catch { print("left behind: \(root): \(error)") }
        }

        func life(_ seed: UInt64) throws -> SimulatedPull {
            let life = try SimulatedPull(seed: seed, ways: ways, driver: driver, root: root)
            try life.live()
            driver.life = nil
            return life
        }

        /// With a marker or without, deleted or moved, claimed or not; in some of them a round takes two files at most.
        private static func ways(_ root: String) throws -> [SimulatedPull.Way] {
            try "secret".write(toFile: "\(root)/password", atomically: true, encoding: .utf8)
            let pulls = (0..<8).map { number in
                "  - { remote: acme, folder: out\(number), feed: x12-orders, every: 5s, filesMax: \(number % 3 == 0 ? 2 : 100)"
                    + (number & 1 == 0 ? ", quiet: 6s" : ", done: '{name}.ok'") + (number & 2 == 0 ? "" : ", after: { move: old\(number) }")
                    + (number & 4 == 0 ? "" : ", claim: mine\(number)") + " }\n"
            }
            let text = """
                site: demo
                remotes:
                  acme: { url: "sftp://127.0.0.1/", user: dock, password: { file: \(root)/password }, hostKey: "SHA256:\(String(repeating: "A", count: 43))" }
                pulls:
                \(pulls.joined())targets:
                  wms: { folder: wms }

                """
            let (read, findings) = SiteConfiguration.read(text, file: "crossdock.yaml")
            let site = try #require(read, "\(findings.map(\.fact))")
            return try PullSettings.all(site, root: root).enumerated().map { number, settings in
                SimulatedPull.Way(
                    settings: settings, from: "/out\(number)", claims: number & 4 == 0 ? nil : "/mine\(number)", moved: number & 2 == 0 ? nil : "/old\(number)",
                    isMarked: number & 1 == 1)
            }
        }
    }

    @Test(arguments: 0..<parts) func `each file that its writer left is taken once and whole, and nothing is taken away that is not here, in thousands of lives`(part: UInt64) async throws {
        let place = try Place()
        print("simulation of pulls: \(Self.runs) lives from seed \(Self.first), part \(part)")
        var counts = SimulatedPull.Counts()
        for seed in Self.first..<(Self.first + Self.runs) where (seed - Self.first) % Self.parts == part {
            let life = try place.life(seed)
            if !life.faults.isEmpty {
                Issue.record("seed \(seed), \(life.way.from), times \(life.times), \(life.troubles): \(life.faults.joined(separator: "\n"))")
                return
            }
            counts = counts + life.counts
            // Others have the thread in between.
            await Task.yield()
        }
        print("simulation of pulls, part \(part): \(counts)")
        guard Self.runs >= 400 else { return }
        #expect(counts.kills > 0 && counts.powerLosses > 0 && counts.cuts > 0 && counts.lostAnswers > 0 && counts.doubtfulCommits > 0 && counts.changed > 0)
        #expect(counts.taken > counts.versions / 2)
    }

    @Test func `a life of a pull from the same seed is the same`() throws {
        let place = try Place()
        for seed in 1...10 as ClosedRange<UInt64> { #expect(try place.life(seed).trace == place.life(seed).trace) }
        #expect(try place.life(1).trace != place.life(2).trace)
    }
}
