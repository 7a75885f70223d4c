import ChangeControl
import Diagnostics
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
        case .upgraded(let upgrade):
            ("warning", "upgraded from=\(quoted(upgrade.from.text(beside: upgrade.to))) to=\(quoted(upgrade.to.text(beside: upgrade.from))) state=\(upgrade.to.id.description.prefix(12)) moved=\(upgrade.report.moved) lowered=\(upgrade.report.lowered)")
        case .approval(let taken): ("info", "approval name=\(quoted(taken.name)) outcome=\(quoted("\(taken.outcome)"))")
        case .timed(let change): timedLine(change)
        case .emissionsHeld(let hold?):
            ("warning", "nothing goes out until=\(hold.hasNoEnd ? "released" : hold.until.description) by=\(hold.by) reason=\(quoted(hold.reason))")
        case .emissionsHeld(nil): ("info", "held emissions go out again")
        case .file(let file, let accepted, let reported): fileLine(file, accepted, reported)
        case .polling(let folder, let reason): ("warning", "folder is polled folder=\(quoted(folder)) reason=\(quoted(reason))")
        case .unwatched(let folder):
            ("warning", "files in no feed code=\(DiagnosticCode.inboxUnwatched) folder=\(quoted(folder.path)) reason=\(quoted(folder.told)) hint=\(quoted("move them into the folder of a feed; `crossdock feeds` lists those that are live"))")
        case .fileGivenUp(let feed, let name, let reason): ("warning", "file given up feed=\(feed) name=\(quoted(name)) reason=\(quoted(reason))")
        case .run(let occasion, let counts):
            ("info", "evaluated occasion=\"\(occasion)\" entities=\(counts.evaluated) changed=\(counts.changed) decisions=\(counts.decisions) effects=\(counts.effects) failures=\(counts.failures)")
        case .recalibrationHeldBack(let scheme, let feeds):
            ("warning", "recalibration held back scheme=\(scheme) reason=\(quoted(feeds.map(\.description).joined(separator: "; ")))")
        case .stale(let scheme, let feeds):
            ("warning", "nobody is lowered scheme=\(scheme) reason=\(quoted(feeds.map(\.description).joined(separator: "; ")))")
        case .shifted(let scheme, let shifts):
            ("info", "run before its time scheme=\(scheme) reason=\(quoted(shifts.map(\.description).joined(separator: "; ")))")
        case .acknowledgementOverdue(let sent):
            ("warning", "acknowledgement overdue partner=\(sent.partner) set=\(quoted(sent.told)) effect=\(sent.effect)")
        case .disputeEscalated(let dispute):
            ("warning", "dispute escalated dispute=\(dispute.id) scheme=\(quoted(dispute.assignment.scheme)) entity=\(quoted(dispute.assignment.entity)) due=\(dispute.escalatedDue.map { "\($0)" } ?? "-")")
        case .trouble(let subject, let cause, let hint):
            ("error", "trouble subject=\(quoted(subject)) cause=\(quoted(cause))" + (hint.map { " hint=\(quoted($0))" } ?? ""))
        case .checkpoint(let entries): ("info", "checkpoint entries=\(entries)")
        case .delivered(let effect, let target, let attempts): ("info", "delivered effect=\(effect) target=\(target) attempts=\(attempts)")
        case .notDelivered(let effect, let target, let reason): ("warning", "not delivered effect=\(effect) target=\(target) reason=\(quoted(reason))")
        case .reloaded: ("info", "reloaded")
        case .reloadWaits: ("info", "crossdock.yaml is sound, and is followed once this daemon takes over")
        case .standingBy(let holder): ("info", "standing by holder=\(quoted(holder))")
        case .leaseTaken(let fence): ("info", "lease taken fence=\(fence)")
        case .leaseLost(let lost): ("error", "lease lost fence=\(lost.fence) holder=\(quoted(lost.holder ?? "-"))")
        case .intakePaused(let reason?): ("warning", "intake paused reason=\(quoted(reason))")
        case .intakePaused(nil): ("info", "intake goes on")
        case .targetHeldBack(let target, let reason?): ("warning", "target left alone target=\(target) reason=\(quoted(reason))")
        case .targetHeldBack(let target, nil): ("info", "target answers again target=\(target)")
        case .pulled(let pull, let name, let bytes, let feed, let local):
            ("info", "pulled pull=\(quoted(pull)) name=\(quoted(name)) bytes=\(bytes) feed=\(feed) as=\(quoted(local))")
        case .pullStands(let pull, let failure?, let hint):
            ("error", "pull fails pull=\(quoted(pull)) cause=\(quoted(failure))" + (hint.map { " hint=\(quoted($0))" } ?? ""))
        case .pullStands(let pull, nil, _): ("info", "pull works again pull=\(quoted(pull))")
        case .stopped: ("info", "stopped")
        }
    }

    private func timedLine(_ change: TimedChange) -> (level: String, text: String) {
        switch change.outcome {
        case .activated(let state): ("info", "change activated request=\(change.request) state=\(state.description.prefix(12))")
        case .looked(let verdict): (verdict.outcome == .pass ? "info" : "warning", "rollout looked at request=\(change.request) verdict=\(verdict.outcome.rawValue) reason=\(quoted(verdict.reason))")
        case .stepped(let step, let state): ("info", "rollout went on request=\(change.request) step=\(quoted(step?.description ?? "everybody")) state=\(state.description.prefix(12))")
        case .damaged: ("error", "change request is not as the log has it request=\(change.request) hint=\(quoted("crossdock audit verify; restore the store from a backup, or roll back"))")
        case .rolledBack(let reason): ("error", "rollout rolled back request=\(change.request) reason=\(quoted(reason))")
        case .waits: ("info", "change waits request=\(change.request)")
        case .assessed: ("info", "change assessed request=\(change.request)")
        case .putBack(let reason): ("warning", "change put back request=\(change.request) reason=\(quoted(reason))")
        case .expired: ("info", "change expired request=\(change.request)")
        }
    }

    private func fileLine(_ file: LedgerFile, _ accepted: Int, _ reported: Int) -> (level: String, text: String) {
        var text = "file \(file.status.rawValue) id=\(file.id) feed=\(file.feed) name=\(quoted(file.name)) bytes=\(file.size) accepted=\(accepted) reported=\(reported)"
        if let place = file.archivedAs { text += " now=\(quoted(place))" }
        if file.status == .quarantined || file.status == .duplicate, let reason = file.reason {
            text += " reason=\(quoted(String(reason.prefix { !$0.isNewline })))"
        }
        return (file.status == .quarantined ? "warning" : "info", text)
    }

    /// A value as it is where it is plain, else as a JSON text: whoever names a file cannot forge a line.
    private func quoted(_ text: String) -> String {
        let isWord = !text.isEmpty && LineText.isPlain(text) && !text.unicodeScalars.contains { $0 == " " || $0 == "\"" }
        return isWord ? text : LineText.quoted(text)
    }
}
