import Foundation
import Outbox
import Testing
import Values

/// Lives of an outbox, each from a seed: daemons that are killed and stopped between any two steps, receivers in every weather, full disks, clocks that jump.
/// `SIMULATION_RUNS` says how many, `SIMULATION_SEED` where they begin; what fails names its seed.
@Suite struct SimulationTests {
    private static func setting(_ name: String, or standard: UInt64) -> UInt64 { ProcessInfo.processInfo.environment[name].flatMap(UInt64.init) ?? standard }

    private static let first = setting("SIMULATION_SEED", or: UInt64.random(in: 0..<1 << 40))
    private static let runs = setting("SIMULATION_RUNS", or: 2_000)
    /// Parts that are lived side by side.
    private static let parts = 2 as UInt64

    /// Minutes of trouble, and then days of calm.
    private static func life(_ seed: UInt64) -> SimulatedHouse {
        var house = SimulatedHouse(seed: seed)
        house.begin()
        house.live(150_000)
        house.calm()
        // Whatever died in the calm's first hours, as its schedule was used up or the clock had jumped, is sent again once.
        house.live(86_400_000)
        house.calm()
        house.live(5 * 86_400_000)
        return house
    }

    @Test(arguments: 0..<parts) func `nothing is lost, overtaken or sent after it was delivered, in thousands of lives`(part: UInt64) async {
        print("simulation: \(Self.runs) lives from seed \(Self.first), part \(part)")
        var counts = (sends: 0, kills: 0, stops: 0, refused: 0, effects: 0)
        for seed in Self.first..<(Self.first + Self.runs) where (seed - Self.first) % Self.parts == part {
            // Others have the thread in between.
            await Task.yield()
            let house = Self.life(seed)
            var faults = house.faults
            let left = house.order.filter { house.rows[$0]?.state.isSettled != true }
            if !left.isEmpty { faults.append("not settled after days of calm: \(left.prefix(5).map { "\($0) \(house.rows[$0]?.state.phase.code ?? "")" })") }
            let dead = house.order.filter { if case .dead? = house.rows[$0]?.state.phase { true } else { false } }
            if !dead.isEmpty { faults.append("dead although all is well and it was sent again: \(dead.prefix(5))") }
            if let worker = house.worker, let daemon = house.daemons[worker], daemon.dispatcher.count > 0 || daemon.dispatcher.inFlight > 0 {
                faults.append("\(daemon.dispatcher.count) are known, and \(daemon.dispatcher.inFlight) under way, although all is settled")
            }
            if !faults.isEmpty {
                Issue.record("seed \(seed): \(faults.joined(separator: "\n"))")
                return
            }
            counts = (
                counts.sends + house.counts.sends, counts.kills + house.counts.kills, counts.stops + house.counts.stops,
                counts.refused + house.counts.refused, counts.effects + house.order.count)
        }
        print("simulation, part \(part): \(counts.effects) effects, \(counts.sends) sends, \(counts.kills) kills, \(counts.stops) stops, \(counts.refused) commits refused by the fence")
        guard Self.runs >= 200 else { return }
        #expect(counts.kills > 0 && counts.stops > 0 && counts.sends > counts.effects)
    }

    @Test func `a life from the same seed is the same`() {
        for seed in 1...20 as ClosedRange<UInt64> {
            #expect(Self.life(seed).trace == Self.life(seed).trace)
        }
        #expect(Self.life(1).trace != Self.life(2).trace)
    }

    @Test func `a rate is kept in any weather where the clock does not jump`() {
        var troubles = SimulatedTroubles()
        (troubles.clockJumps, troubles.kills, troubles.stops) = (false, 0, 0)
        var checked = 0
        for seed in 0..<200 as Range<UInt64> {
            var house = SimulatedHouse(seed: seed, troubles: troubles)
            house.begin()
            house.live(300_000)
            for (name, receiver) in house.receivers {
                guard let bucket = receiver.bucket else { continue }
                checked += 1
                // In any second: those of a second, and those at once after a pause.
                for (place, begin) in receiver.begins.enumerated() {
                    let count = receiver.begins[place...].prefix { $0 < begin + 1_000 }.count
                    #expect(count <= bucket.requests + bucket.burst, "seed \(seed), \(name)")
                }
            }
        }
        #expect(checked > 20)
    }
}
