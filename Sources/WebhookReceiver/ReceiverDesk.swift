import Crypto
import Glibc
import Synchronization
import Values
import Webhooks

/// Takes webhooks in: verifies them, knows which came before, and writes the journal. Shared by all connections.
final class ReceiverDesk: Sendable {
    /// What came in, without its HTTP wrapping.
    struct Delivery: Sendable {
        var path: String
        var id: String?
        var timestamp: String?
        var signatures: String?
        var body: [UInt8]
    }

    enum Answer: Hashable, Sendable {
        case accepted
        /// The signature, the timestamp or a header is not as it must be.
        case refused(WebhookSignature.Verdict)
    }

    private struct State: ~Copyable {
        var ledger: ReceiverLedger
        let journal: ReceiverJournal?
        /// How often each id was failed on purpose.
        var flaked: [String: Int] = [:]

        init(ledger: ReceiverLedger, journal: consuming ReceiverJournal?) {
            self.ledger = ledger
            self.journal = journal
        }
    }

    private let secrets: [SigningSecret]
    private let toleranceSeconds: Int64
    private let state: Mutex<State>
    private static let flakedMax = 100_000

    init(_ settings: ReceiverSettings) throws(ReceiverFailure) {
        secrets = settings.secrets
        toleranceSeconds = settings.toleranceSeconds
        let ledger = ReceiverLedger(idsMax: settings.idsMax)
        if let path = settings.journalPath {
            let journal = try ReceiverJournal(path: path)
            state = Mutex(State(ledger: ledger, journal: journal))
        } else {
            state = Mutex(State(ledger: ledger, journal: nil))
        }
    }

    var statistics: String { state.withLock { $0.ledger.statistics } }

    func accept(_ delivery: Delivery, at now: Instant) throws(ReceiverFailure) -> Answer {
        if !secrets.isEmpty {
            let verdict = WebhookSignature.verify(
                id: delivery.id, timestamp: delivery.timestamp, signatures: delivery.signatures, body: delivery.body,
                secrets: secrets, now: now, toleranceSeconds: toleranceSeconds)
            guard verdict == .valid else {
                state.withLock { $0.ledger.refuse() }
                return .refused(verdict)
            }
        }
        let hash = SHA256.hash(data: delivery.body).map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 1 ? "0" + text : text
        }.joined()
        try state.withLock { (state) throws(ReceiverFailure) in
            let entry = state.ledger.accept(
                id: delivery.id, timestamp: delivery.timestamp ?? "", path: delivery.path, isVerified: !secrets.isEmpty,
                bodyHash: hash, bodyBytes: delivery.body.count, at: now)
            // Written under the lock: the journal's order is the ledger's.
            try state.journal?.append(entry.line)
        }
        return .accepted
    }

    func noteMisbehaviour() { state.withLock { $0.ledger.misbehave() } }

    /// True if this id was failed fewer than `failures` times yet; it counts as failed once more then.
    func flakes(id: String, failures: Int) -> Bool {
        state.withLock { state in
            let before = state.flaked[id] ?? 0
            guard before < failures, before > 0 || state.flaked.count < ReceiverDesk.flakedMax else { return false }
            state.flaked[id] = before + 1
            state.ledger.misbehave()
            return true
        }
    }

    static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }
}
