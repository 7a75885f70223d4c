import Crypto

/// A private key that signs notes, kept in the form `PRIVATE+KEY+NAME+HASH+BASE64` that tools for signed notes share; the base64 is of
/// 0x01 and the 32 bytes of the Ed25519 seed (RFC 8032).
package struct NoteSigner: Sendable {
    package let key: VerifierKey
    private let seed: [UInt8]
    private let signing: Curve25519.Signing.PrivateKey

    /// - Parameter seed: 32 bytes that nobody can guess; drawn by the caller.
    package init?(name: String, seed: [UInt8]) {
        guard seed.count == 32 else { return nil }
        do { signing = try Curve25519.Signing.PrivateKey(rawRepresentation: seed) } catch { return nil }
        guard let key = VerifierKey(name: name, publicKey: Array(signing.publicKey.rawRepresentation)) else { return nil }
        self.key = key
        self.seed = seed
    }

    /// Reads ``secretText`` back, strictly; a line end after it is passed over.
    package init?(_ text: String) {
        let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
        let parts = line.split(separator: "+", maxSplits: 4, omittingEmptySubsequences: false)
        guard line.utf8.count <= 1024, parts.count == 5, let data = Base64Text.decode(parts[4].utf8), data.first == VerifierKey.algorithm,
            let signer = NoteSigner(name: String(parts[2]), seed: Array(data.dropFirst())), signer.secretText == line
        else { return nil }
        self = signer
    }

    /// The key as its file holds it. It is written nowhere else.
    package var secretText: String { "PRIVATE+KEY+\(key.name)+\(key.hashText)+\(Base64Text.encode([VerifierKey.algorithm] + seed))" }

    /// A note over a text that ends with a LF.
    package func sign(_ text: String) -> SignedNote {
        precondition(SignedNote.isText(text), "the text of a note is lines without control characters")
        do {
            let signature = try signing.signature(for: Array(text.utf8))
            return SignedNote(text: text, signatures: [NoteSignature(name: key.name, hash: key.hash, signature: Array(signature))])
        } catch {
            preconditionFailure("Ed25519 signs any bytes: \(error)")
        }
    }
}
