package import Values

/// One thing that leaves the house: an action file, a webhook or an acknowledgement, rendered to its last byte.
///
/// The id is a function of what caused the effect, so a repeat after a crash carries the same id and whoever gets it
/// can recognise it (ARCHITECTURE.md, invariant 4).
package struct Effect: Hashable, Sendable {
    /// How an effect leaves.
    package enum Kind: String, CaseIterable, Sendable {
        /// A file put into a target's folder. Acknowledgements are files too.
        case actionFile
        /// A signed HTTP POST to a target's address.
        case webhook
    }

    /// The most characters an effect id may have: a SHA-256 in hexadecimal.
    package static let idLengthMax = 64

    /// Deterministic; 1 to ``idLengthMax`` characters from `A-Z a-z 0-9 - _`. It is the `webhook-id` on the wire.
    package let id: String
    package let kind: Kind
    /// The name of the target in the site configuration.
    package let target: String
    /// Effects of one target and lane leave in the order of their creation, one at a time. nil: no order is kept.
    package let lane: String?
    /// The media type of the payload, such as `application/json`.
    package let contentType: String
    /// The file's final name, for an action file. Never a path.
    package let fileName: String?
    package let payload: [UInt8]
    package let createdAt: Instant
    /// No attempt starts after this moment.
    package let deadline: Instant

    /// A malformed id is a bug of the caller, as ids are derived and never read from input.
    package init(
        id: String, kind: Kind, target: String, lane: String? = nil, contentType: String = "application/json",
        fileName: String? = nil, payload: [UInt8], createdAt: Instant, deadline: Instant
    ) {
        precondition(Effect.isValid(id: id), "an effect id is 1 to 64 characters from A-Z a-z 0-9 - _")
        self.id = id
        self.kind = kind
        self.target = target
        self.lane = lane
        self.contentType = contentType
        self.fileName = fileName
        self.payload = payload
        self.createdAt = createdAt
        self.deadline = deadline
    }

    /// The same effect with another payload: one that was opened.
    package func with(payload: [UInt8]) -> Effect {
        Effect(
            id: id, kind: kind, target: target, lane: lane, contentType: contentType, fileName: fileName, payload: payload, createdAt: createdAt,
            deadline: deadline)
    }

    /// How long delivery is wanted where nobody says otherwise: three days outlast a weekend.
    package static let standardLifetime = DayTimeDuration(seconds: 72 * 3600)

    /// True if `id` may name an effect. The dot is left out: it separates the parts of the signed text
    /// (Standard Webhooks, "Signature scheme").
    package static func isValid(id: String) -> Bool {
        let characters = id.utf8
        guard (1...idLengthMax).contains(characters.count) else { return false }
        return characters.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
