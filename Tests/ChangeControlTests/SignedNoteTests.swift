import ChangeControl
import Testing

@Suite struct SignedNoteTests {
    /// The example of Go's `sumdb/note`, which others verify against too.
    private static let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    private static let verifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    private static let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    private static let signed = text + "\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

    @Test func `the published note is signed as it was, and verified`() throws {
        let signer = try #require(NoteSigner(Self.secret)), key = try #require(VerifierKey(Self.verifier))
        #expect(signer.key == key)
        #expect(signer.key.description == Self.verifier)
        #expect(signer.secretText == Self.secret)
        #expect(signer.sign(Self.text).whole == Self.signed)
        let note = try SignedNote.parse(Array(Self.signed.utf8))
        #expect(note.text == Self.text)
        #expect(note.verdict([key]) == .signed(by: key))
        let other = try #require(NoteSigner(name: "PeterNeumann", seed: [UInt8](repeating: 7, count: 32))).key
        #expect(note.verdict([other]) == .unknown)
        #expect(note.verdict([other, key]) == .signed(by: key))
    }

    @Test func `each byte of a note that is another one is found`() throws {
        let key = try #require(VerifierKey(Self.verifier)), bytes = Array(Self.signed.utf8)
        for index in bytes.indices {
            for flip: UInt8 in [1, 4, 32, 128] {
                var copy = bytes
                copy[index] ^= flip
                let note: SignedNote
                do { note = try SignedNote.parse(copy) } catch { continue }
                #expect(note.verdict([key]) != .signed(by: key), "byte \(index) ^ \(flip)")
            }
        }
    }

    @Test func `a note with a second signature of one key, or with a line that is none, does not stand`() throws {
        let key = try #require(VerifierKey(Self.verifier)), line = Self.signed.split(separator: "\n").last.map { $0 + "\n" } ?? ""
        #expect(try SignedNote.parse(Array((Self.signed + line).utf8)).verdict([key]) == .forged(key))
        for wrong in [
            Self.text, Self.signed + "x\n", String(Self.signed.dropLast()), Self.signed + "\n", "\n" + line, Self.signed.replacing("\u{2014} P", with: "- P"),
            Self.signed.replacing(" x08", with: "  x08"), Self.signed.replacing("JnAM=", with: "JnAN="), Self.signed.replacing("JnAM=", with: "JnAM"),
            Self.signed.replacing("the", with: "\tthe"), Self.text + "\n" + String(repeating: line, count: 17), "a\r\n\n" + line,
            String(repeating: "a", count: 70_000) + "\n\n" + line,
        ] {
            #expect(throws: SignedNote.Unreadable.self) { try SignedNote.parse(Array(wrong.utf8)) }
        }
    }

    @Test func `a key is read in its one form`() {
        for wrong in [
            "", "PeterNeumann", Self.verifier + " ", Self.verifier + "\n", Self.verifier.replacing("c74f20a3", with: "c74f20a4"),
            Self.verifier.replacing("c74f20a3", with: "C74F20A3"), Self.verifier.replacing("+AR", with: "+Ah"), Self.verifier.replacing("Neumann", with: " N"),
        ] {
            #expect(VerifierKey(wrong) == nil, "\(wrong)")
        }
        #expect(NoteSigner(Self.secret + "\n") != nil)
        for wrong in ["", Self.verifier, Self.secret + "A", Self.secret + "\n\n", Self.secret.replacing("c74f20a3", with: "c74f20a4"), Self.secret.lowercased()] {
            #expect(NoteSigner(wrong) == nil, "\(wrong)")
        }
        #expect(VerifierKey.name(forOrigin: "Wien Süd + Nord") == "Wien-Süd---Nord")
        #expect(VerifierKey.name(forOrigin: String(repeating: "ü", count: 200)).utf8.count == 254)
    }
}

@Suite struct CheckpointTests {
    private let signer = NoteSigner(name: "example-dc", seed: [UInt8](repeating: 3, count: 32))!

    @Test func `a checkpoint is three lines and a signature`() throws {
        let checkpoint = Checkpoint(origin: "example-dc", size: 1234, root: ContentDigest(of: [1]))
        let signed = SignedCheckpoint(checkpoint, by: signer)
        #expect(checkpoint.text == "example-dc\n1234\nS/USLzRFVMU73i67jNK349FgCtYxw4Wl18ziPHeFRZo=\n")
        #expect(signed.text.hasPrefix(checkpoint.text + "\n\u{2014} example-dc "))
        let again = try SignedCheckpoint(Array(signed.text.utf8))
        #expect(again == signed)
        #expect(again.note.verdict([signer.key]) == .signed(by: signer.key))
    }

    @Test func `further lines are kept, and what is not in the one form is refused`() throws {
        let root = String(repeating: "A", count: 43) + "="
        #expect(try Checkpoint.parse("a\n1\n\(root)\n") == Checkpoint(origin: "a", size: 1, root: .zero))
        #expect(try Checkpoint.parse("a b\n1\n\(root)\nmore 1\n").extensions == ["more 1"])
        for wrong in [
            "", "a\n", "a\n1\n", "a\n1\n\(root)", "a\n0\n\(root)\n", "a\n01\n\(root)\n", "a\n+1\n\(root)\n", "a\n-1\n\(root)\n", "a\n 1\n\(root)\n",
            "a\n1\n\(root)=\n", "a\n1\nAAAA\n", "\n1\n\(root)\n", " a\n1\n\(root)\n", "a\n1\n\(root)\n\n", "a\n99999999999999999999\n\(root)\n",
            "a\n1\n\(root)\n" + String(repeating: "x\n", count: 17), "a\n1\n" + root.replacing("A=", with: "B=") + "\n", "a\u{202E}\n1\n\(root)\n",
        ] {
            #expect(throws: SignedNote.Unreadable.self) { try Checkpoint.parse(wrong) }
        }
    }
}
