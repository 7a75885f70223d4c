import Pipeline
import Store
import Values

/// Writes the daemon's events as lines to standard error: `2026-11-21T09:38:42Z level event key=value …`.
struct EventLog: Sendable {
    func take(_ event: PipelineEvent) {
        let (level, text) = line(event)
        let now = SystemClock.now()
        Console.note("\(Instant(seconds: now.seconds, nanoseconds: 0)) \(level) \(text)")
    }

    private func line(_ event: PipelineEvent) -> (level: String, text: String) {
        switch event {
        case .started(let state, let feeds): ("info", "started state=\(state.prefix(12)) feeds=\(feeds)")
        case .stateChanged(let state): ("info", "state changed state=\(state.prefix(12))")
        case .approval(let taken): ("info", "approval name=\(taken.name) outcome=\(taken.outcome)")
        case .file(let file, let accepted, let reported): fileLine(file, accepted, reported)
        case .fileGivenUp(let feed, let name, let reason): ("warning", "file given up feed=\(feed) name=\(name) reason=\"\(reason)\"")
        case .run(let occasion, let counts):
            ("info", "evaluated occasion=\"\(occasion)\" entities=\(counts.evaluated) changed=\(counts.changed) decisions=\(counts.decisions) effects=\(counts.effects) failures=\(counts.failures)")
        case .trouble(let subject, let cause, let hint):
            ("error", "trouble subject=\(subject) cause=\"\(cause)\"" + (hint.map { " hint=\"\($0)\"" } ?? ""))
        case .delivered(let effect, let target, let attempts): ("info", "delivered effect=\(effect) target=\(target) attempts=\(attempts)")
        case .notDelivered(let effect, let target, let reason): ("warning", "not delivered effect=\(effect) target=\(target) reason=\"\(reason)\"")
        case .stopped: ("info", "stopped")
        }
    }

    private func fileLine(_ file: LedgerFile, _ accepted: Int, _ reported: Int) -> (level: String, text: String) {
        var text = "file \(file.status.rawValue) id=\(file.id) feed=\(file.feed) name=\(file.name) bytes=\(file.size) accepted=\(accepted) reported=\(reported)"
        if let place = file.archivedAs { text += " now=\(place)" }
        if file.status == .quarantined || file.status == .duplicate, let reason = file.reason {
            text += " reason=\"\(reason.prefix { $0 != "\n" })\""
        }
        return (file.status == .quarantined ? "warning" : "info", text)
    }
}
