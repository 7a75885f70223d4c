/// What a log commits to at some size (C2SP tlog-checkpoint): its origin, how many entries it has, and the root of the tree over
/// them. Whoever keeps one can show later whether the log was changed before it.
package struct Checkpoint: Hashable, Sendable {
    package let origin: String
    /// Entries that it covers, from 0 on; at least 1.
    package let size: Int
    package let root: ContentDigest
    /// Further lines, which have no meaning here.
    package let extensions: [String]

    package static let extensionsMax = 16

    package init(origin: String, size: Int, root: ContentDigest, extensions: [String] = []) {
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// The text that is signed.
    package var text: String {
        ([origin, String(size), Base64Text.encode(root.bytes)] + extensions).map { $0 + "\n" }.joined()
    }

    /// Reads a checkpoint's text in its one form.
    package static func parse(_ text: String) throws(SignedNote.Unreadable) -> Checkpoint {
        let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard lines.count >= 4, lines.last == "" else { throw SignedNote.Unreadable("it has not the three lines of a checkpoint") }
        guard lines.count - 4 <= extensionsMax else { throw SignedNote.Unreadable("it has more than \(extensionsMax) lines beyond the three") }
        guard StatementLines.isLine(lines[0]) else { throw SignedNote.Unreadable("its origin is no line of printable text") }
        guard let size = Int(lines[1]), size > 0, String(size) == lines[1] else { throw SignedNote.Unreadable("its size is no number of entries") }
        guard let root = Base64Text.decode(lines[2].utf8).flatMap({ ContentDigest(bytes: $0) }) else {
            throw SignedNote.Unreadable("its root is not 32 bytes in base64")
        }
        let extensions = Array(lines[3..<(lines.count - 1)])
        guard extensions.allSatisfy(StatementLines.isLine) else { throw SignedNote.Unreadable("a line beyond the three is empty or not printable") }
        return Checkpoint(origin: lines[0], size: size, root: root, extensions: extensions)
    }
}

/// A checkpoint with the note that signs it.
package struct SignedCheckpoint: Hashable, Sendable {
    package let checkpoint: Checkpoint
    package let note: SignedNote

    /// Signs a checkpoint.
    package init(_ checkpoint: Checkpoint, by signer: NoteSigner) {
        self.checkpoint = checkpoint
        note = signer.sign(checkpoint.text)
    }

    /// Reads a note that holds a checkpoint; whether its signatures hold is for the keys to say.
    package init(_ bytes: [UInt8]) throws(SignedNote.Unreadable) {
        note = try SignedNote.parse(bytes)
        checkpoint = try Checkpoint.parse(note.text)
    }

    /// The note as it is kept and sent.
    package var text: String { note.whole }
}
