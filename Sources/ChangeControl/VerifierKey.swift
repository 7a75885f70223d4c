import Crypto

/// An Ed25519 public key with the name that signed notes know it by (C2SP signed-note): `NAME+HASH+BASE64`, of which HASH is the
/// first 4 bytes of SHA-256 over name, LF, 0x01 and key, and the base64 is of 0x01 and the key.
package struct VerifierKey: Hashable, Sendable, CustomStringConvertible {
    /// Algorithm number of Ed25519.
    static let algorithm: UInt8 = 1

    package let name: String
    /// The 32 bytes.
    package let publicKey: [UInt8]
    /// What a signature line names the key by, besides its name.
    package let hash: [UInt8]

    /// Nil where the name cannot stand in a signature line, or the key has not 32 bytes.
    package init?(name: String, publicKey: [UInt8]) {
        guard Self.isName(name), publicKey.count == 32 else { return nil }
        self.name = name
        self.publicKey = publicKey
        hash = Array(ContentDigest(of: Array(name.utf8) + [10, Self.algorithm] + publicKey).bytes.prefix(4))
    }

    /// Reads the form of ``description``, strictly.
    package init?(_ text: String) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard text.utf8.count <= 1024, parts.count == 3, let data = Base64Text.decode(parts[2].utf8), data.first == Self.algorithm,
            let key = VerifierKey(name: String(parts[0]), publicKey: Array(data.dropFirst())), key.description == text
        else { return nil }
        self = key
    }

    package var description: String { "\(name)+\(hashText)+\(Base64Text.encode([Self.algorithm] + publicKey))" }

    /// The hash as 8 hexadecimal digits.
    package var hashText: String { hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

    /// Whether a signature of 64 bytes is of this text by this key.
    package func verifies(_ signature: [UInt8], of text: String) -> Bool {
        do {
            return try Curve25519.Signing.PublicKey(rawRepresentation: publicKey).isValidSignature(signature, for: Array(text.utf8))
        } catch {
            return false
        }
    }

    /// Not empty, no white space, no plus, at most 255 bytes.
    static func isName(_ name: String) -> Bool {
        (1...255).contains(name.utf8.count) && StatementLines.isLine(name)
            && name.unicodeScalars.allSatisfy { $0 != "+" && !$0.properties.isWhitespace }
    }

    /// The name of the key of a log: its origin, with a dash for what a name cannot hold.
    package static func name(forOrigin origin: String) -> String {
        var name = ""
        for scalar in origin.unicodeScalars {
            let next = scalar == "+" || scalar.properties.isWhitespace ? "-" : String(scalar)
            guard name.utf8.count + next.utf8.count <= 255 else { break }
            name += next
        }
        return name
    }
}
