package import Values

/// What a receiver has seen: counts, and which webhook ids came before. Pure.
package struct ReceiverLedger: Sendable {
    /// One accepted webhook, as the journal keeps it.
    package struct Entry: Hashable, Sendable {
        package var id: String
        /// The `webhook-timestamp` as it was sent; empty if there was none.
        package var timestamp: String
        package var path: String
        /// True if a secret was given and the signature is by it.
        package var isVerified: Bool
        /// How often this id was accepted before.
        package var repeats: Int
        /// False if this id came before with another body.
        package var isSameBody: Bool
        /// SHA-256 of the body, in hexadecimal.
        package var bodyHash: String
        package var bodyBytes: Int
        package var receivedAt: Instant

        /// One line of JSON, without the line break.
        package var line: String {
            JSONText.write(
                .context(
                    ContextValue([
                        ("id", .string(id)), ("timestamp", .string(timestamp)), ("path", .string(path)),
                        ("verified", .boolean(isVerified)), ("repeat", .integer(repeats)), ("sameBody", .boolean(isSameBody)),
                        ("sha256", .string(bodyHash)), ("bytes", .integer(bodyBytes)),
                        ("receivedAt", .string(receivedAt.description)),
                    ])))
        }
    }

    private struct Seen: Sendable {
        var count: Int
        var bodyHash: String
    }

    private let idsMax: Int
    private var seen: [String: Seen] = [:]
    /// Ids in the order they first came, from `oldest` on.
    private var order: [String] = []
    private var oldest = 0
    package private(set) var requests = 0
    package private(set) var accepted = 0
    package private(set) var distinct = 0
    package private(set) var repeated = 0
    package private(set) var refused = 0
    package private(set) var misbehaved = 0

    package init(idsMax: Int) {
        precondition(idsMax >= 1, "a receiver remembers at least one id")
        self.idsMax = idsMax
    }

    /// Accepts a webhook. Without an id it is always taken for a new one.
    package mutating func accept(
        id: String?, timestamp: String, path: String, isVerified: Bool, bodyHash: String, bodyBytes: Int, at now: Instant
    ) -> Entry {
        requests += 1
        accepted += 1
        var entry = Entry(
            id: id ?? "", timestamp: timestamp, path: path, isVerified: isVerified, repeats: 0, isSameBody: true,
            bodyHash: bodyHash, bodyBytes: bodyBytes, receivedAt: now)
        guard let id else {
            distinct += 1
            return entry
        }
        if let before = seen[id] {
            seen[id]?.count += 1
            repeated += 1
            entry.repeats = before.count
            entry.isSameBody = before.bodyHash == bodyHash
        } else {
            distinct += 1
            remember(id, bodyHash)
        }
        return entry
    }

    /// A webhook that is not by the secret, or too old, or malformed.
    package mutating func refuse() {
        requests += 1
        refused += 1
    }

    /// A request to a path that misbehaves on purpose.
    package mutating func misbehave() {
        requests += 1
        misbehaved += 1
    }

    /// How often this id was accepted.
    package func count(of id: String) -> Int { seen[id]?.count ?? 0 }

    /// The counts, as one JSON object.
    package var statistics: String {
        JSONText.write(
            .context(
                ContextValue([
                    ("requests", .integer(requests)), ("accepted", .integer(accepted)), ("distinct", .integer(distinct)),
                    ("repeated", .integer(repeated)), ("refused", .integer(refused)), ("misbehaved", .integer(misbehaved)),
                ])))
    }

    private mutating func remember(_ id: String, _ bodyHash: String) {
        seen[id] = Seen(count: 1, bodyHash: bodyHash)
        order.append(id)
        guard seen.count > idsMax else { return }
        seen[order[oldest]] = nil
        oldest += 1
        if oldest > 1_024, oldest * 2 > order.count {
            order.removeFirst(oldest)
            oldest = 0
        }
    }
}
