package import ChangeControl
package import Store

/// One observable fact of the daemon's life. Whoever runs the daemon logs and counts them; nothing else does.
package enum PipelineEvent: Sendable {
    /// Work begins under a lease; once, whatever is reloaded later.
    case started(state: String, feeds: Int)
    case stateChanged(String)
    /// Another program, or other rules of zones, go on with what was live.
    case upgraded(StateUpgrade)
    /// An approval that was dropped as signed files was taken.
    case approval(DroppedApproval)
    /// Time alone did something to a change request.
    case timed(TimedChange)
    /// An operator holds what would go out, or does not any more (nil).
    case emissionsHeld(SafetyLedger.Hold?)
    /// No files are taken for a while, and why, or they are again (nil).
    case intakePaused(String?)
    /// A file came to its end, or to a stop.
    case file(LedgerFile, accepted: Int, reported: Int)
    /// No events come of a folder: it is looked at every now and then.
    case polling(folder: String, reason: String)
    /// Files lie where no live feed looks.
    case unwatched(UnwatchedFolder)
    case fileGivenUp(feed: String, name: String, reason: String)
    case run(occasion: String, Evaluator.RunCounts)
    /// A scheme on a schedule is not recalibrated, as feeds whose records it reads are bad; members keep what they have.
    case recalibrationHeldBack(scheme: String, [BadFeed])
    /// Feeds of a scheme have been silent for too long; until files come nobody of it is lowered.
    case stale(scheme: String, [StaleFeed])
    /// What a scheme looks at has shifted; it is run now.
    case shifted(scheme: String, [SchemeShift])
    /// A partner has not acknowledged in time what was delivered to it.
    case acknowledgementOverdue(SentTransactionSet)
    /// A dispute was not decided in time.
    case disputeEscalated(Dispute)
    /// Something did not succeed and is tried again.
    case trouble(subject: String, cause: String, hint: String?)
    /// A checkpoint of the log was signed.
    case checkpoint(entries: Int)
    case delivered(effect: String, target: String, attempts: Int)
    case notDelivered(effect: String, target: String, reason: String)
    /// The configuration was read anew and is followed.
    case reloaded
    /// The configuration was read anew, and is followed once this process takes over.
    case reloadWaits
    /// Another process works on the site; this one takes over once that has stopped.
    case standingBy(holder: String)
    /// This process works on the site from now on.
    case leaseTaken(fence: Int64)
    /// Another process has taken over; nothing more of this one counts.
    case leaseLost(LeaseLost)
    /// A target does not answer and is left alone, for a reason; nil: it answers again.
    case targetHeldBack(target: String, reason: String?)
    /// A file was fetched from a server and lies in the drop folder of a feed, under a name that may be another.
    case pulled(pull: String, name: String, bytes: Int, feed: String, as: String)
    /// Files of a server cannot be fetched, for a reason; nil: they are again.
    case pullStands(pull: String, failure: String?, hint: String?)
    case stopped
}

/// Takes events as they come; it is called from several tasks at once.
package typealias EventHandler = @Sendable (PipelineEvent) -> Void
