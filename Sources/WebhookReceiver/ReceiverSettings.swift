package import Webhooks

/// How a receiver for trying things out is set up.
package struct ReceiverSettings: Sendable {
    /// On 127.0.0.1; 0 picks a free one.
    package var port: Int
    /// The secrets of which one must have signed; empty: nothing is verified and everything is accepted.
    package var secrets: [SigningSecret]
    /// How far a timestamp may be from now, in seconds.
    package var toleranceSeconds: Int64
    /// Each accepted webhook is appended here as one JSON line; nil: kept nowhere.
    package var journalPath: String?
    /// The largest body that is taken, in bytes.
    package var bodyBytesMax: Int
    /// How many webhook ids are remembered; the oldest are forgotten first.
    package var idsMax: Int

    package init(
        port: Int = 0, secrets: [SigningSecret] = [], toleranceSeconds: Int64 = 300, journalPath: String? = nil,
        bodyBytesMax: Int = 16 * 1_024 * 1_024, idsMax: Int = 1_000_000
    ) {
        self.port = port
        self.secrets = secrets
        self.toleranceSeconds = toleranceSeconds
        self.journalPath = journalPath
        self.bodyBytesMax = bodyBytesMax
        self.idsMax = idsMax
    }
}

/// Why a receiver cannot start or go on.
package struct ReceiverFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    package let errno: Int32
    package let description: String
}
