package import ChangeControl
import Decisions
import Outbox
import Store
package import Values

/// Signs checkpoints of the log, and hands them to witnesses.
///
/// What the tree over the log comes to is kept between checkpoints (``MerkleRange``), so that one more costs what was logged since.
/// Nothing is signed over an entry that does not follow the one before it. `audit verify` builds the tree anew.
package struct Checkpointer: Sendable {
    let site: Site

    package init(site: Site) { self.site = site }

    /// Signs a checkpoint of all entries where any has come since the last one; nil where none has. The first one makes the key,
    /// and names it in the log.
    package func sign(now: Instant) throws -> SignedCheckpoint? {
        guard let origin = try site.logOrigin() else { return nil }
        let signer = try CheckpointKeyFile.signer(site, origin: origin)
        // Most of the log is read while nobody waits for it; the writer reads what came since.
        let read = try site.store.driver.read { session -> LogTree in
            var tree = try LogTree.stored(in: session)
            try tree.advance(in: session)
            return tree
        }
        guard read.hasNews else { return nil }
        return try site.store.driver.write { session in
            var tree = read
            try tree.advance(in: session)
            // Somebody else may have signed meanwhile.
            guard try Store.latestCheckpoint(in: session)?.size ?? 0 < tree.range.count else { return nil }
            if try Self.namedKey(in: session) != signer.key {
                try Store.append(.checkpointKey, text: LogBody.checkpointKey(signer.key), at: now, in: session)
                try tree.advance(in: session)
            }
            let signed = SignedCheckpoint(Checkpoint(origin: origin, size: tree.range.count, root: tree.range.root), by: signer)
            try Store.add(StoredCheckpoint(size: tree.range.count, at: now, note: signed.text), in: session)
            try tree.store(in: session)
            try send(signed, key: signer.key, now: now, in: session)
            return signed
        }
    }

    /// Makes the key where there is none, and names it in the log where that was not done; gives it. nil before the genesis.
    package func nameKey(now: Instant) throws -> VerifierKey? {
        guard let origin = try site.logOrigin() else { return nil }
        let signer = try CheckpointKeyFile.signer(site, origin: origin)
        try site.store.driver.write { session in
            if try Self.namedKey(in: session) != signer.key {
                try Store.append(.checkpointKey, text: LogBody.checkpointKey(signer.key), at: now, in: session)
            }
        }
        return signer.key
    }

    private static func namedKey(in session: any StoreSession) throws -> VerifierKey? {
        try Store.lastEntry(of: [.checkpointKey], in: session).flatMap { CheckpointVerification.key(in: $0.body) }
    }

    /// Webhooks to witnesses, as effects like any other, with the log entry that answers for them.
    private func send(_ signed: SignedCheckpoint, key: VerifierKey, now: Instant, in session: any StoreSession) throws {
        let targets = site.configuration.witnesses.compactMap { witness in if case .target(let name) = witness { name } else { nil } }
        guard !targets.isEmpty else { return }
        let position = try Store.nextPosition(in: session), size = signed.checkpoint.size
        for target in targets {
            let body = Value.context(ContextValue([
                ("type", .string("log.checkpoint")), ("timestamp", .string(now.description)),
                ("data", .context(ContextValue([
                    ("origin", .string(signed.checkpoint.origin)), ("size", .integer(size)), ("checkpoint", .string(signed.text)),
                ]))),
            ]))
            let effect = Effect(
                id: DeterministicID.of(["checkpoint", key.description, "\(size)", target]), kind: .webhook, target: target, lane: "audit",
                payload: Array(JSONText.write(body).utf8), createdAt: now, deadline: now.adding(Effect.standardLifetime))
            try Store.add(effect, action: "log.checkpoint", position: position, sources: [], in: session)
        }
        try Store.append(.checkpointSent, .context(ContextValue([("size", .integer(size)), ("targets", .list(targets.map { .string($0) }))])), at: now, in: session)
    }
}

extension Site {
    /// The name of the log, from its genesis; nil before it.
    package func logOrigin() throws -> String? {
        guard let genesis = try store.driver.read({ try Store.entry(at: 0, in: $0) }) else { return nil }
        do {
            if case .context(let fields) = try JSONText.parse(genesis.body), case .string(let name)? = fields["origin"] { return name }
        } catch {}
        throw PipelineFailure(subject: "log entry 0", cause: "it names no origin", hint: "`crossdock audit verify` says more")
    }
}

/// The tree over the log as far as a checkpoint went, and on.
private struct LogTree {
    private(set) var range = MerkleRange()
    private var head: LogHead?
    /// Whether anything came that a checkpoint is worth: that one was sent is not.
    private(set) var hasNews = false

    /// Under which the store keeps it.
    private static let fact = "log tree"

    /// The tree as the store keeps it; an empty one where it keeps none, or none that can be read: then it is built anew.
    static func stored(in session: any StoreSession) throws -> LogTree {
        var tree = LogTree()
        let parts = try Store.siteValue(fact, in: session)?.split(separator: ":", maxSplits: 1) ?? []
        guard parts.count == 2, let hash = ContentDigest(hex: parts[0]), let range = MerkleRange(String(parts[1])), range.count > 0 else { return tree }
        tree.range = range
        tree.head = LogHead(position: range.count - 1, hash: hash)
        guard try Store.entry(at: range.count - 1, in: session)?.hash == hash else {
            throw PipelineFailure(
                subject: "the log", cause: "entry \(range.count - 1) is not the one that the last checkpoint ended with",
                hint: "stop, keep this copy as evidence, and compare it with a witness: `crossdock audit verify` says more")
        }
        return tree
    }

    func store(in session: any StoreSession) throws {
        guard let head else { return }
        try Store.setSiteValue(Self.fact, "\(head.hash.hex):\(range.text)", in: session)
    }

    /// Takes the entries that came since, each of which has to follow the one before it.
    mutating func advance(in session: any StoreSession) throws {
        var verification = head.map(LogVerification.init(after:)) ?? LogVerification()
        try Store.forEachEntry(from: range.count, in: session) { entry in
            guard verification.check(entry) == nil else { return false }
            range.append(MerkleTree.leaf(entry.hash))
            if entry.kind != .checkpointSent { hasNews = true }
            return true
        }
        if let defect = verification.defect {
            throw PipelineFailure(subject: "the log", cause: "no checkpoint is signed: \(defect.fact)", hint: "`crossdock audit verify` says more")
        }
        head = verification.head
    }
}
