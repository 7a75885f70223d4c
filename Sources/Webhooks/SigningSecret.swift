import Crypto
import FoundationEssentials

/// What webhooks to one target are signed with, or verified with: a secret that both sides share, or a pair of keys of which the receiver
/// has the public one alone. It never shows itself in text.
package struct SigningSecret: Sendable, CustomStringConvertible {
    /// Standard Webhooks, "Signature scheme": a symmetric secret has 24 to 64 bytes.
    package static let byteCounts = 24...64

    enum Key: Sendable {
        /// HMAC-SHA256, `v1`.
        case shared(SymmetricKey)
        /// Ed25519, `v1a`.
        case pair(Curve25519.Signing.PrivateKey)
        /// The public half of a pair.
        case verifying(Curve25519.Signing.PublicKey)
    }

    let key: Key

    private init(key: Key) { self.key = key }

    /// A shared secret; nil if there are too few or too many bytes.
    package init?(bytes: [UInt8]) {
        guard SigningSecret.byteCounts.contains(bytes.count) else { return nil }
        self.init(key: .shared(SymmetricKey(data: bytes)))
    }

    /// Reads a prefix and base64: `whsec_` is a shared secret, and may be left out; `whsk_` is a private key of Ed25519, as its seed of 32 bytes, with or without
    /// the 32 bytes of its public key behind it; `whpk_` is a public key. nil if it is none of these, or has too few or too many bytes.
    package init?(_ text: String) {
        let prefix = ["whsec_", "whsk_", "whpk_"].first { text.hasPrefix($0) } ?? ""
        guard let data = Data(base64Encoded: String(text.dropFirst(prefix.count))) else { return nil }
        switch prefix {
        case "whsk_":
            guard data.count == 32 || data.count == 64, let found = SigningSecret.privateKey(data.prefix(32)),
                data.count == 32 || found.publicKey.rawRepresentation == data.suffix(32)
            else { return nil }
            self.init(key: .pair(found))
        case "whpk_":
            guard data.count == 32, let found = SigningSecret.publicKey(data) else { return nil }
            self.init(key: .verifying(found))
        default: self.init(bytes: [UInt8](data))
        }
    }

    private static func privateKey(_ seed: Data) -> Curve25519.Signing.PrivateKey? {
        do { return try Curve25519.Signing.PrivateKey(rawRepresentation: seed) } catch { return nil }
    }

    private static func publicKey(_ bytes: Data) -> Curve25519.Signing.PublicKey? {
        do { return try Curve25519.Signing.PublicKey(rawRepresentation: bytes) } catch { return nil }
    }

    /// Whether webhooks can be signed with it: a public key only verifies.
    package var canSign: Bool { if case .verifying = key { false } else { true } }

    /// `whpk_` and the public key in base64, for the receivers of what a pair signs; nil for a shared secret.
    package var publicKey: String? {
        switch key {
        case .shared: nil
        case .pair(let pair): "whpk_" + pair.publicKey.rawRepresentation.base64EncodedString()
        case .verifying(let key): "whpk_" + key.rawRepresentation.base64EncodedString()
        }
    }

    package var description: String { "SigningSecret" }
}
