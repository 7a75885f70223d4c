package import ChangeControl
import Dispatch
package import Store
import Synchronization

/// Reads the log while another core digests what was read before.
package enum DigestedLog {
    /// Entries that are handed over at once.
    private static let batch = 8_192

    /// Gives each entry in order, with its digests, until `body` says false.
    package static func forEach(in session: any StoreSession, _ body: (LogEntry, EntryDigests) throws -> Bool) throws {
        let queue = DispatchQueue(label: "log digests")
        var filling: [LogEntry] = [], pending: Batch?, goesOn = true
        filling.reserveCapacity(batch)
        func take(_ batch: Batch?) throws {
            guard let batch else { return }
            for (entry, digests) in zip(batch.entries, batch.digests()) where goesOn { goesOn = try body(entry, digests) }
        }
        try Store.forEachEntry(in: session) { entry in
            filling.append(entry)
            guard filling.count == batch else { return true }
            let next = Batch(filling, on: queue)
            filling.removeAll(keepingCapacity: true)
            try take(pending)
            pending = next
            return goesOn
        }
        try take(pending)
        if goesOn { try take(Batch(filling, on: queue)) }
    }

    private struct Batch {
        let entries: [LogEntry]
        private let found = Found()
        private let group = DispatchGroup()

        private final class Found: Sendable { let digests = Mutex<[EntryDigests]>([]) }

        init(_ entries: [LogEntry], on queue: DispatchQueue) {
            self.entries = entries
            queue.async(group: group) { [found] in
                let digests = EntryDigests.of(entries)
                found.digests.withLock { $0 = digests }
            }
        }

        /// Waits for them.
        func digests() -> [EntryDigests] {
            group.wait()
            return found.digests.withLock { $0 }
        }
    }
}
