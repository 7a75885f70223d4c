import Formats
import Intake
import Testing

/// Drop folders in simulated time: writers of every kind, looks at any moment that may see what was there a while ago, as a share's client does. Each life follows from its seed.
@Suite struct SettlingSimulationTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            let bits = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            return (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        }
        mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    }

    /// A file at a moment: how many of its units are there, and how it looks from outside.
    private struct Version {
        var at: Int
        var units: Int
        var identity: FileIdentity
    }

    /// One writer's file: its versions in order, and how many units make it whole.
    private struct Writing {
        let name: String
        let whole: Int
        var versions: [Version] = []
        var doneAt = 0
        /// When its marker is put there.
        var markedAt = 0

        /// - Parameter pauseMax: the longest pause between two writes, in milliseconds.
        init(_ number: Int, _ random: inout Random, pauseMax: Int) {
            name = "f\(number).edi"
            whole = random.pick(1...6)
            var at = random.pick(0...20_000), units = 0, modified = Int64(at)
            // Some keep an old time stamp to the end, some begin anew, and some come whole by a rename.
            let keepsTime = random.pick(0...2) == 0, comesWhole = random.pick(0...3) == 0
            var rewrites = random.pick(0...2) == 0 ? 1 : 0
            func version() -> Version {
                Version(at: at, units: units, identity: FileIdentity(device: 1, inode: UInt64(number + 1), size: units * 100, modified: keepsTime ? 5 : modified))
            }
            if comesWhole {
                units = whole
                versions.append(version())
            } else {
                versions.append(version())
                while units < whole {
                    at += random.pick(1...pauseMax)
                    modified = Int64(at)
                    if rewrites > 0, units > 0, random.pick(0...2) == 0 {
                        (rewrites, units) = (rewrites - 1, 0)
                    } else {
                        units += 1
                    }
                    versions.append(version())
                }
            }
            doneAt = at
            markedAt = at + random.pick(1...3_000)
        }

        func seen(at time: Int) -> Version? { versions.last { $0.at <= time } }
    }

    /// Looks into the folder until all is taken, and gives what was taken when and how much of it there was.
    private func live(_ seed: UInt64, _ policy: Settling.Policy, pauseMax: Int, lag: Int) -> (taken: [String: (at: Int, units: Int)], writings: [Writing]) {
        var random = Random(state: seed)
        let writings = (0..<random.pick(1...12)).map { Writing($0, &random, pauseMax: pauseMax) }
        var settling = Settling(policy: policy), taken: [String: (at: Int, units: Int)] = [:], time = 0
        while taken.count < writings.count, time < 3_600_000 {
            // A client of a share may show what was there a while ago.
            let shown = time - random.pick(0...lag)
            var sightings: [Sighting] = []
            for writing in writings where taken[writing.name] == nil {
                if let version = writing.seen(at: shown) { sightings.append(Sighting(name: writing.name, identity: version.identity, changed: Int64(version.at))) }
                if case .doneFile(let pattern) = policy.rule, writing.markedAt <= shown {
                    sightings.append(Sighting(name: Settling.marker(pattern, of: writing.name), identity: FileIdentity(device: 1, inode: 9, size: 0, modified: 1)))
                }
            }
            settling.saw(sightings, at: time)
            for name in settling.toProbe {
                guard let writing = writings.first(where: { $0.name == name }), let version = writing.seen(at: shown) else { continue }
                settling.probed(name, version.units == writing.whole ? .complete : .incomplete("no end yet"), isOpen: false)
            }
            for (name, verdict) in settling.verdicts(at: time) {
                guard case .ready = verdict, let writing = writings.first(where: { $0.name == name }) else { continue }
                // It is opened before it is copied, which shows it as it is; a changed one is let go and seen anew.
                guard let now = writing.seen(at: time), now.identity == settling.seen(name)?.identity else { continue }
                taken[name] = (time, now.units)
                settling.took(name)
            }
            let next = settling.nextLook(after: time).map { $0 - time } ?? .max
            time += max(1, min(next, random.pick(1...2_000)))
        }
        return (taken, writings)
    }

    @Test(arguments: [
        (Settling.Policy(rule: .auto, giveUpMilliseconds: 900_000), 60_000, 3_000),
        (Settling.Policy(rule: .quiet(milliseconds: 30_000)), 20_000, 3_000),
        (Settling.Policy(rule: .doneFile("{name}.done")), 120_000, 0),
        (Settling.Policy(rule: .auto, order: .number, isInSequence: true, giveUpMilliseconds: 900_000), 60_000, 0),
    ]) func `no file is taken by half and each is taken, whoever writes it`(_ way: (policy: Settling.Policy, pauseMax: Int, lag: Int)) {
        for seed in 1...1_000 as ClosedRange<UInt64> {
            let (taken, writings) = live(seed, way.policy, pauseMax: way.pauseMax, lag: way.lag)
            for writing in writings {
                guard let found = taken[writing.name] else {
                    Issue.record("seed \(seed): \(writing.name) is not taken")
                    return
                }
                if found.units != writing.whole {
                    Issue.record("seed \(seed): \(writing.name) is taken with \(found.units) of \(writing.whole)")
                    return
                }
            }
            if way.policy.isInSequence {
                // Of those that were there together the lower number is taken first, or at the same look.
                for (left, right) in zip(writings, writings.dropFirst()) where left.versions[0].at <= right.versions[0].at {
                    #expect(taken[left.name]?.at ?? 0 <= taken[right.name]?.at ?? 0, "seed \(seed)")
                }
            }
        }
    }
}
