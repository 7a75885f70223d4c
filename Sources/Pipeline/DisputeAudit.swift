import ChangeControl
import Values

/// Replays the disputes of a log while it is verified: each event must follow from those before it, and tell the log's time.
struct DisputeAudit {
    private var ledger = DisputeLedger()
    /// The latest instant so far.
    private var latest: Instant?
    /// What does not follow, as a sentence; what comes after it is not judged.
    private(set) var defect: String?

    mutating func take(_ entry: LogEntry) {
        let time = max(latest ?? entry.at, entry.at)
        latest = time
        guard entry.kind == .dispute, defect == nil else { return }
        do throws(ChangeRefusal) {
            try ledger.take(entry)
            if let told = ledger.time, told != time { defect = "log entry \(entry.position) says time \(told), and the log is at \(time)" }
        } catch {
            defect = "log entry \(entry.position) is no event that could happen: \(error.subject): \(error.fact)"
        }
    }
}
