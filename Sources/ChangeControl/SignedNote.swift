/// One signature line of a note: `— NAME BASE64`, the base64 of the key's hash of 4 bytes and the signature.
package struct NoteSignature: Hashable, Sendable {
    package let name: String
    /// The 4 bytes that tell keys of one name apart.
    package let hash: [UInt8]
    package let signature: [UInt8]

    var line: String { "\u{2014} \(name) \(Base64Text.encode(hash + signature))" }
}

/// A text with signatures (C2SP signed-note): the text, an empty line, and one line for each signature.
package struct SignedNote: Hashable, Sendable {
    /// Ends with a LF.
    package let text: String
    /// In the order of the note; of keys that are known and of others.
    package let signatures: [NoteSignature]

    package static let bytesMax = 64 * 1024
    package static let signaturesMax = 16

    /// Why a text is no signed note, or no checkpoint.
    package struct Unreadable: Error, Hashable, Sendable {
        package let fact: String

        init(_ fact: String) { self.fact = fact }
    }

    init(text: String, signatures: [NoteSignature]) {
        self.text = text
        self.signatures = signatures
    }

    /// The note as it is kept and sent.
    package var whole: String { text + "\n" + signatures.map { $0.line + "\n" }.joined() }

    /// Reads a note in its one form: what it writes is, byte for byte, what was read.
    package static func parse(_ bytes: [UInt8]) throws(Unreadable) -> SignedNote {
        guard bytes.count <= bytesMax else { throw Unreadable("it has more than \(bytesMax) bytes") }
        guard let whole = String(validating: bytes, as: UTF8.self) else { throw Unreadable("it is not UTF-8") }
        // Signature lines are never empty, so the last empty line is the one before them.
        let lines = whole.utf8.split(separator: 10, omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard lines.last == "", let gap = lines.dropLast().lastIndex(of: ""), gap > 0 else {
            throw Unreadable("it has no empty line between text and signatures")
        }
        let text = lines[..<gap].map { $0 + "\n" }.joined()
        guard isText(text) else { throw Unreadable("its text has control characters") }
        let signed = lines[(gap + 1)..<(lines.count - 1)]
        guard (1...signaturesMax).contains(signed.count) else { throw Unreadable("it has \(signed.count) signatures; 1 to \(signaturesMax) are read") }
        var signatures: [NoteSignature] = []
        for line in signed { signatures.append(try signature(line)) }
        let note = SignedNote(text: text, signatures: signatures)
        guard note.whole.utf8.elementsEqual(bytes) else { throw Unreadable("it is not in its one form") }
        return note
    }

    private static func signature(_ line: String) throws(Unreadable) -> NoteSignature {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "\u{2014}", VerifierKey.isName(String(parts[1])), let data = Base64Text.decode(parts[2].utf8), data.count > 4 else {
            throw Unreadable("a signature line is not: dash, name, base64")
        }
        return NoteSignature(name: String(parts[1]), hash: Array(data.prefix(4)), signature: Array(data.dropFirst(4)))
    }

    /// What the signatures of a note come to under some keys.
    package enum Verdict: Hashable, Sendable {
        case signed(by: VerifierKey)
        /// No signature is of one of the keys.
        case unknown
        /// A signature names this key and is not of it, or names it twice.
        case forged(VerifierKey)
    }

    package func verdict(_ keys: some Sequence<VerifierKey>) -> Verdict {
        var signer: VerifierKey?
        for key in keys {
            let own = signatures.filter { $0.name == key.name && $0.hash == key.hash }
            guard let first = own.first else { continue }
            guard own.count == 1, key.verifies(first.signature, of: text) else { return .forged(key) }
            signer = signer ?? key
        }
        return signer.map { .signed(by: $0) } ?? .unknown
    }

    /// Lines that all end, of characters that are no controls.
    static func isText(_ text: String) -> Bool {
        text.utf8.last == 10 && text.utf8.count <= bytesMax && text.utf8.allSatisfy { $0 >= 32 || $0 == 10 }
    }
}
