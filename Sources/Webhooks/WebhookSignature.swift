import Crypto
import FoundationEssentials
package import Values

/// Signing and verifying as in Standard Webhooks (standardwebhooks.com, "Signature scheme"): HMAC-SHA256 or Ed25519 over
/// `id.timestamp.body`, base64, with the version in front: `v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=`, or `v1a,` for Ed25519.
package enum WebhookSignature {
    package static let idHeader = "webhook-id"
    package static let timestampHeader = "webhook-timestamp"
    package static let signatureHeader = "webhook-signature"

    /// The most signatures that are looked at in one header.
    static let signaturesMax = 16

    /// The `webhook-signature` for a body: one signature a secret that can sign, with a space between, so that a receiver may know the
    /// old secret or the new while one is changed for the other. `timestamp` is in seconds since 1970.
    package static func sign(id: String, timestamp: Int64, body: [UInt8], secrets: [SigningSecret]) -> String {
        let prefix = Array("\(id).\(timestamp).".utf8)
        return secrets.compactMap { signature(prefix: prefix, body: body, $0) }.joined(separator: " ")
    }

    private static func signature(prefix: [UInt8], body: [UInt8], _ secret: SigningSecret) -> String? {
        switch secret.key {
        case .shared(let key): return "v1,\(Data(code(prefix: prefix, body: body, key)).base64EncodedString())"
        case .pair(let pair):
            do {
                return "v1a,\(try pair.signature(for: Data(prefix + body)).base64EncodedString())"
            } catch {
                preconditionFailure("a key of Ed25519 signs any bytes: \(error)")
            }
        case .verifying: return nil
        }
    }

    /// What is found about a webhook that came in.
    package enum Verdict: String, Hashable, Sendable {
        case valid
        /// A header is missing or is not what it should be.
        case malformed
        /// The timestamp is further in the past than is tolerated: maybe a replay.
        case tooOld
        /// The timestamp is further in the future than is tolerated.
        case tooNew
        /// No signature is by one of the secrets.
        case wrongSignature
    }

    /// Checks the three headers and the body. The comparison takes the same time wherever the first difference is.
    package static func verify(
        id: String?, timestamp: String?, signatures: String?, body: [UInt8], secrets: [SigningSecret], now: Instant,
        toleranceSeconds: Int64 = 300
    ) -> Verdict {
        guard let id, !id.isEmpty, let timestamp, let sent = Int64(timestamp), sent >= 0, let signatures else {
            return .malformed
        }
        let prefix = Array("\(id).\(timestamp).".utf8)
        let given = signatures.split(separator: " ").prefix(signaturesMax)
        let codes = given.filter { $0.hasPrefix("v1,") }.compactMap { Data(base64Encoded: String($0.dropFirst(3))) }
        let asymmetric = given.filter { $0.hasPrefix("v1a,") }.compactMap { Data(base64Encoded: String($0.dropFirst(4))) }
        let isGenuine = secrets.contains { secret in
            switch secret.key {
            case .shared(let key):
                let expected = code(prefix: prefix, body: body, key)
                return codes.contains { expected == $0 }
            case .pair(let pair): return asymmetric.contains { pair.publicKey.isValidSignature($0, for: prefix + body) }
            case .verifying(let key): return asymmetric.contains { key.isValidSignature($0, for: prefix + body) }
            }
        }
        guard isGenuine else { return .wrongSignature }
        if sent < now.seconds - toleranceSeconds { return .tooOld }
        if sent > now.seconds + toleranceSeconds { return .tooNew }
        return .valid
    }

    private static func code(prefix: [UInt8], body: [UInt8], _ key: SymmetricKey) -> HMAC<SHA256>.MAC {
        var code = HMAC<SHA256>(key: key)
        code.update(data: prefix)
        code.update(data: body)
        return code.finalize()
    }
}
