import Synchronization

/// Ends what is under way on a server of files, from any thread: within a second, as ``TransferFailure/Kind/cancelled``.
package final class RemoteStop: Sendable {
    private let asked = Atomic<Bool>(false)

    package init() {}

    package var isAsked: Bool { asked.load(ordering: .relaxed) }

    package func ask() { asked.store(true, ordering: .relaxed) }
}
