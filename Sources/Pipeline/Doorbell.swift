/// Wakes one waiting loop: rings made while nobody waits are remembered as one.
package struct Doorbell: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func ring() { continuation.yield() }

    /// Waits for a ring, for at most so long, or until the task is cancelled.
    package func wait(atMost milliseconds: Int) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in stream { return } }
            group.addTask {
                do { try await Task.sleep(for: .milliseconds(max(milliseconds, 1))) } catch { return }
            }
            await group.next()
            group.cancelAll()
        }
    }
}
