import Crypto
import FoundationEssentials

/// The secret that a target and this house share to sign webhooks. It never shows itself in text.
package struct SigningSecret: Sendable, CustomStringConvertible {
    /// Standard Webhooks, "Signature scheme": a symmetric secret has 24 to 64 bytes.
    package static let byteCounts = 24...64

    let key: SymmetricKey

    /// nil if there are too few or too many bytes.
    package init?(bytes: [UInt8]) {
        guard SigningSecret.byteCounts.contains(bytes.count) else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// Reads `whsec_` and base64; the prefix may be left out. nil if it is not that, or has too few or too many bytes.
    package init?(_ text: String) {
        let prefix = "whsec_"
        let encoded = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        guard let data = Data(base64Encoded: encoded) else { return nil }
        self.init(bytes: [UInt8](data))
    }

    package var description: String { "SigningSecret" }
}
