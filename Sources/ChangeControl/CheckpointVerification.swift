import Values

/// A checkpoint that was kept elsewhere, with a word on where.
package struct WitnessedCheckpoint: Hashable, Sendable {
    package let source: String
    package let signed: SignedCheckpoint

    package init(source: String, signed: SignedCheckpoint) {
        self.source = source
        self.signed = signed
    }
}

/// Holds checkpoints against a log whose entries stream past, in order: the tree over the entries is built on the way, and each
/// checkpoint is checked when its size is reached. Whether the entries chain is for `LogVerification`.
///
/// Keys are those that the log names, or those that the verifier brings along. A log that was replaced as a whole names what keys
/// it likes: then the roots of witnessed checkpoints are not those of its tree.
package struct CheckpointVerification: Sendable {
    private let pinned: [VerifierKey]
    /// By size, the greatest first: the next one is last.
    private var waiting: [WitnessedCheckpoint]
    private var range = MerkleRange()

    /// The log's name, from its genesis.
    package private(set) var origin: String?
    /// Keys that the log has named so far.
    package private(set) var keys: [VerifierKey] = []
    /// Checkpoints that hold.
    package private(set) var held = 0
    /// Entries that a checkpoint which holds covers.
    package private(set) var covered = 0
    private let conflict: LogDefect?

    /// - Parameters:
    ///   - pinned: keys known from elsewhere; where there are any, a witnessed checkpoint has to be signed by one of them.
    package init(witnessed: [WitnessedCheckpoint], pinned: [VerifierKey] = []) {
        self.pinned = pinned
        waiting = witnessed.sorted { $0.signed.checkpoint.size > $1.signed.checkpoint.size }
        conflict = zip(waiting, waiting.dropFirst()).lazy.compactMap(Self.fork).first
    }

    /// Two views of one log that no log can have at once.
    private static func fork(_ one: WitnessedCheckpoint, _ other: WitnessedCheckpoint) -> LogDefect? {
        let (left, right) = (one.signed.checkpoint, other.signed.checkpoint)
        guard left.size == right.size, left.origin == right.origin, left.root != right.root else { return nil }
        return LogDefect(
            position: left.size - 1,
            kind: .checkpoint("\(other.source) and \(one.source) have other roots for the same \(left.size) entries: the log was forked"))
    }

    /// Takes the next entry.
    ///
    /// - Parameters:
    ///   - leaf: of the hash, where it was worked out already.
    ///   - body: gives the entry's body; it is asked for entries that name the origin or a key.
    package mutating func add(_ hash: ContentDigest, _ kind: LogEntryKind, leaf: ContentDigest? = nil, body: () -> String) -> LogDefect? {
        if let conflict { return conflict }
        range.append(leaf ?? MerkleTree.leaf(hash))
        if kind == .genesis || kind == .checkpointKey, let defect = take(kind, body()) { return defect }
        while let next = waiting.last, next.signed.checkpoint.size == range.count {
            waiting.removeLast()
            if let why = refusal(next.signed, keys: pinned.isEmpty ? keys : pinned) {
                return LogDefect(position: range.count - 1, kind: .checkpoint("\(next.source): \(why)"))
            }
        }
        return nil
    }

    /// Checks a checkpoint that lies beside the log, at its place: it covers the entries so far, and has one signature.
    package mutating func check(_ signed: SignedCheckpoint, source: String) -> LogDefect? {
        let size = signed.checkpoint.size
        var why: String?
        if size != range.count {
            why = "it covers \(size) entries and stands after \(range.count)"
        } else if signed.note.signatures.count != 1 {
            why = "it has \(signed.note.signatures.count) signatures; 1 was written"
        }
        return (why ?? refusal(signed, keys: keys)).map { LogDefect(position: max(0, range.count - 1), kind: .checkpoint("\(source): \($0)")) }
    }

    /// After the last entry: whether the log is long enough, and names the keys that are known from elsewhere.
    package mutating func finish() -> LogDefect? {
        if let conflict { return conflict }
        if let next = waiting.last {
            return LogDefect(
                position: range.count,
                kind: .checkpoint("\(next.source): it covers \(next.signed.checkpoint.size) entries, and the log ends after \(range.count)"))
        }
        if let stranger = pinned.first(where: { !keys.contains($0) }) {
            return LogDefect(position: max(0, range.count - 1), kind: .checkpoint("the log does not name the key \(stranger)"))
        }
        return nil
    }

    /// The checkpoint of all entries so far, unsigned; nil before the genesis.
    package var checkpoint: Checkpoint? {
        origin.map { Checkpoint(origin: $0, size: range.count, root: range.root) }
    }

    private mutating func take(_ kind: LogEntryKind, _ body: String) -> LogDefect? {
        func unreadable(_ why: String) -> LogDefect { LogDefect(position: range.count - 1, kind: .checkpoint("log entry \(range.count - 1) \(why)")) }
        let value: Value
        do { value = try JSONText.parse(body) } catch { return unreadable("cannot be read: \(error)") }
        guard case .context(let fields) = value else { return unreadable("is no object") }
        if kind == .genesis {
            guard case .string(let name)? = fields["origin"] else { return unreadable("names no origin") }
            origin = name
            return nil
        }
        guard let key = Self.key(fields) else { return unreadable("names no key that verifies notes") }
        guard key.name == VerifierKey.name(forOrigin: origin ?? "") else { return unreadable("names a key of \(key.name)") }
        keys.append(key)
        return nil
    }

    /// The key that a `checkpointKey` entry names; nil where its body is not in that form.
    package static func key(in body: String) -> VerifierKey? {
        do {
            guard case .context(let fields) = try JSONText.parse(body) else { return nil }
            return key(fields)
        } catch {
            return nil
        }
    }

    private static func key(_ fields: ContextValue) -> VerifierKey? {
        if case .string(let text)? = fields["key"] { VerifierKey(text) } else { nil }
    }

    private mutating func refusal(_ signed: SignedCheckpoint, keys: [VerifierKey]) -> String? {
        let checkpoint = signed.checkpoint
        if checkpoint.origin != origin { return "it is of the log \(checkpoint.origin), and this is \(origin ?? "none")" }
        switch signed.note.verdict(keys) {
        case .unknown: return "no key that counts has signed it"
        case .forged(let key): return "the signature in the name of key \(key.hashText) is not of that key"
        case .signed: break
        }
        let root = range.root
        if checkpoint.root != root {
            return "the root over \(checkpoint.size) entries was \(checkpoint.root.hex), and is \(root.hex): what it covers was changed, or another log is in its place"
        }
        held += 1
        covered = max(covered, checkpoint.size)
        return nil
    }
}
