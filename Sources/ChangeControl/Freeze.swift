package import Values

/// A time in which nothing is activated: by governance (stocktaking, year end), or called by an operator. Going back is never frozen.
package struct Freeze: Hashable, Sendable {
    package let name: String
    package let from: Instant
    /// The first instant at which it does not hold any more.
    package let until: Instant
    package let reason: String

    /// Precondition: `from` is before `until`.
    package init(name: String, from: Instant, until: Instant, reason: String) {
        precondition(from < until, "a freeze has a length")
        self.name = name
        self.from = from
        self.until = until
        self.reason = reason
    }

    package func holds(at instant: Instant) -> Bool { from <= instant && instant < until }

    func refusal(of id: ChangeRequestID, _ event: String) -> ChangeRefusal {
        ChangeRefusal(
            .frozen, id.description, "changes are frozen from \(from) until \(until) by \(name): \(reason)",
            hint: "\(event) after that; a rollback is never frozen")
    }
}
