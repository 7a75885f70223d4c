@testable import ChangeControl
import Values

/// A log as it is exported, line by line, for tests to damage.
struct ExportedLog {
    static let signer = NoteSigner(name: "example-dc", seed: [UInt8](repeating: 5, count: 32))!
    static let start = Instant(seconds: 1_795_000_000)

    var entries: [LogEntry] = []
    var checkpoints: [SignedCheckpoint] = []

    /// Entries with a genesis, a key, and a body of about `width` bytes each; a checkpoint after each `every`, and one at the end.
    init(entries count: Int, width: Int = 120, every: Int = 50, origin: String = "example-dc", signer: NoteSigner = ExportedLog.signer, salt: String = "") {
        entries = [.genesis(at: Self.start, body: "{\"origin\":\"\(origin)\"}")]
        while entries.count < count {
            let number = entries.count
            let kind: LogEntryKind = number == 1 ? .checkpointKey : number % 3 == 0 ? .tick : .loadPublished
            let filler = String(repeating: "päckchen ", count: max(1, width / 10)).prefix(max(1, width - 30))
            let body = number == 1 ? LogBody.checkpointKey(signer.key) : "{\"load\":\(number),\"note\":\"\(filler)\(salt)\"}"
            entries.append(.next(
                after: entries[number - 1].head, at: Instant(seconds: Self.start.seconds + Int64(number), nanoseconds: 250_000_000), kind: kind,
                body: body))
        }
        for size in 2...max(2, count) where size % every == 0 || size == count { checkpoints.append(checkpoint(size, origin: origin, signer: signer)) }
    }

    /// The entries in a chain of their own, as whoever can write to the store would make it, with checkpoints by a key of theirs.
    mutating func rebuild(from position: Int, by signer: NoteSigner) {
        for index in max(1, position)..<entries.count {
            let entry = entries[index]
            let body = entry.kind == .checkpointKey ? LogBody.checkpointKey(signer.key) : entry.body
            entries[index] = .next(after: entries[index - 1].head, at: entry.at, kind: entry.kind, body: body)
        }
        checkpoints = checkpoints.map { checkpoint($0.checkpoint.size, origin: $0.checkpoint.origin, signer: signer) }
    }

    func root(_ size: Int) -> ContentDigest {
        var range = MerkleRange()
        for entry in entries.prefix(size) { range.append(MerkleTree.leaf(entry.hash)) }
        return range.root
    }

    func checkpoint(_ size: Int, origin: String = "example-dc", signer: NoteSigner = ExportedLog.signer) -> SignedCheckpoint {
        SignedCheckpoint(Checkpoint(origin: origin, size: size, root: root(size)), by: signer)
    }

    var keys: [VerifierKey] {
        entries.filter { $0.kind == .checkpointKey }.compactMap { entry in
            guard case .context(let fields)? = try? JSONText.parse(entry.body), case .string(let text)? = fields["key"] else { return nil }
            return VerifierKey(text)
        }
    }

    /// The lines, each with its end.
    var lines: [[UInt8]] {
        var lines: [[UInt8]] = []
        for entry in entries {
            var line: [UInt8] = []
            precondition(LogFile.append(entry, to: &line))
            lines.append(line)
            for item in checkpoints where item.checkpoint.size == entry.position + 1 { lines.append(Array((LogFile.line(item) + "\n").utf8)) }
        }
        return lines + [Array((LogFile.endLine(entries: entries.count, checkpoints: checkpoints.count, keys: keys) + "\n").utf8)]
    }

    static func verify(
        _ lines: [[UInt8]], genesis: ContentDigest? = nil, witnessed: [SignedCheckpoint] = [], keys: [VerifierKey] = []
    ) -> LogFileVerification {
        var verification = LogFileVerification(genesis: genesis, checkpoints: CheckpointVerification(
            witnessed: witnessed.enumerated().map { WitnessedCheckpoint(source: "witness \($0.offset)", signed: $0.element) }, pinned: keys))
        for line in lines { line.withUnsafeBytes { _ = verification.add($0) } }
        _ = verification.finish()
        return verification
    }
}
