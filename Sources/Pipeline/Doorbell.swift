import Synchronization

/// Wakes one waiting loop: rings made while nobody waits are remembered as one.
package final class Doorbell: Sendable {
    private enum State {
        case quiet
        case rung
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.quiet)

    package init() {}

    package func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if case .awaited(let waiter) = state {
                state = .quiet
                return waiter
            }
            state = .rung
            return nil
        }
        waiter?.resume()
    }

    /// Waits for a ring, for at most so long, or until the task is cancelled. One task waits at a time.
    package func wait(atMost milliseconds: Int) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.waitForRing() }
            group.addTask {
                do { try await Task.sleep(for: .milliseconds(max(milliseconds, 1))) } catch { return }
            }
            await group.next()
            group.cancelAll()
        }
    }

    // An AsyncStream ends for good when a task that waits on it is cancelled, so the waiting is done by hand.
    private func waitForRing() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: CheckedContinuation<Void, Never>) in
                let isAnswered = state.withLock { state -> Bool in
                    if case .rung = state {
                        state = .quiet
                        return true
                    }
                    if Task.isCancelled { return true }
                    precondition({ if case .awaited = state { false } else { true } }(), "one task waits at a doorbell")
                    state = .awaited(waiter)
                    return false
                }
                if isAnswered { waiter.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard case .awaited(let waiter) = state else { return nil }
                state = .quiet
                return waiter
            }
            waiter?.resume()
        }
    }
}
