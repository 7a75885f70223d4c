import Synchronization

/// Whether the loops of a daemon go on: each notes every transaction that it has ended, well or not. One that waits for work looks into the store at least each second,
/// so silence means that it is stuck.
package final class Liveness: Sendable {
    /// One loop.
    package final class Member: Sendable {
        package let name: String
        /// Milliseconds that it may be silent, as it only waits.
        private let allowance: Int
        private let last: Atomic<Int>

        fileprivate init(_ name: String, allowance: Int, now: Int) {
            self.name = name
            self.allowance = allowance
            last = Atomic(now)
        }

        func beat() { last.store(SystemClock.monotonicMilliseconds(), ordering: .releasing) }

        fileprivate func isAlive(since former: Int, now: Int) -> Bool {
            let last = last.load(ordering: .acquiring)
            return last >= former || now - last <= allowance
        }
    }

    /// The loop that runs in a task and what it leads to.
    @TaskLocal static var member: Member?

    /// The longest pause of a loop that waits, and some.
    package static let allowance = 4_000

    private let members = Mutex<[Member]>([])

    package init() {}

    /// Runs a loop as a member, for as long as it runs.
    package func with<Result: Sendable>(_ name: String, allowance: Int = Liveness.allowance, _ body: () async throws -> Result) async throws -> Result {
        let member = Member(name, allowance: allowance, now: SystemClock.monotonicMilliseconds())
        members.withLock { $0.append(member) }
        defer { members.withLock { $0.removeAll { $0 === member } } }
        return try await Self.$member.withValue(member) { try await body() }
    }

    /// Names of the members that have done nothing since an instant, in milliseconds of the monotonic clock, and are not merely waiting.
    package func silent(since former: Int, now: Int) -> [String] {
        members.withLock { $0.filter { !$0.isAlive(since: former, now: now) }.map(\.name) }
    }
}
