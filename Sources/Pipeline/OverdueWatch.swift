import ChangeControl
package import Store
package import Values

/// Finds what was delivered to a partner and not acknowledged in the time that its file gives: each set is told of once.
package struct OverdueWatch {
    let store: Store
    let state: ActiveState

    package init(store: Store, state: ActiveState) {
        self.store = store
        self.state = state
    }

    /// Sets that one transaction takes.
    private static let batchMax = 1000

    /// - Returns: the sets that are overdue since now.
    package func look(now: Instant) throws -> [SentTransactionSet] {
        // Mostly there are none, and no reader should wait for a writer to learn that.
        guard try !store.driver.read({ try Store.unanswered(at: now, limit: 1, in: $0).isEmpty }) else { return [] }
        return try store.driver.write { session in
            let late = try Store.unanswered(at: now, limit: Self.batchMax, in: session)
            guard !late.isEmpty else { return [] }
            let position = try Store.nextPosition(in: session)
            var overdue: [SentTransactionSet] = []
            for var sent in late {
                sent.status = .overdue
                try Store.update(sent, in: session)
                try Notice(sent, .overdue, state: state, position: position, at: now).add(in: session)
                overdue.append(sent)
            }
            try Store.append(
                .acknowledgementsOverdue,
                .context(ContextValue([
                    ("state", .string(state.id)),
                    ("sets", .list(overdue.map { .string("\($0.partner) \($0.told) \($0.effect)") })),
                ])),
                at: now, in: session)
            return overdue
        }
    }
}
