package import Values

/// What a log entry records. An open set: rooms add their own kinds, and a reader passes over those that it does not know.
package struct LogEntryKind: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    /// 1 to 64 ASCII letters, digits, `.` and `-`; nil for anything else.
    package init?(rawValue: String) {
        let isWord = rawValue.utf8.allSatisfy { byte in
            switch byte {
            case 45, 46, 48...57, 65...90, 97...122: true
            default: false
            }
        }
        guard isWord, (1...64).contains(rawValue.utf8.count) else { return nil }
        self.rawValue = rawValue
    }

    private init(_ word: StaticString) { rawValue = word.description }

    package var description: String { rawValue }

    /// The first entry of a log: its origin, the first state and the statement that two roots signed.
    package static let genesis = LogEntryKind("genesis")
    package static let stateActivated = LogEntryKind("stateActivated")
    package static let stateRolledBack = LogEntryKind("stateRolledBack")
    /// Another program, or other rules of zones, go on with what is live; the entry digests the report of what differs.
    package static let stateUpgraded = LogEntryKind("stateUpgraded")
    /// The kinds of entries that say which state is live from there.
    package static let ofStates: [LogEntryKind] = [.genesis, .stateActivated, .stateRolledBack, .stateUpgraded]
    package static let changeProposed = LogEntryKind("changeProposed")
    /// What a change would do was found; the entry digests the report.
    package static let changeAssessed = LogEntryKind("changeAssessed")
    package static let changeApproved = LogEntryKind("changeApproved")
    /// A change that was approved is watched without effect before anybody has it.
    package static let changeShadowed = LogEntryKind("changeShadowed")
    /// A look at a shadow or a canary found something.
    package static let changeLookedAt = LogEntryKind("changeLookedAt")
    /// The kinds of entries that hold one request, as it is after them.
    package static let ofRequests: [LogEntryKind] = [
        .changeProposed, .changeAssessed, .changeApproved, .changeRejected, .changeWithdrawn, .changeExpired, .changeShadowed, .changeLookedAt, .stateActivated,
    ]
    /// A dropped approval that does not stand.
    package static let approvalRefused = LogEntryKind("approvalRefused")
    package static let changeRejected = LogEntryKind("changeRejected")
    package static let changeWithdrawn = LogEntryKind("changeWithdrawn")
    /// Decisions that were made by hand were brought back, each reconciled, made an override, or flagged.
    package static let manualDecisions = LogEntryKind("manualDecisions")
    /// A request was open for longer than governance lets it be.
    package static let changeExpired = LogEntryKind("changeExpired")
    /// An operator let nothing be activated until an instant, or ended that.
    package static let changesFrozen = LogEntryKind("changesFrozen")
    package static let changesThawed = LogEntryKind("changesThawed")
    /// An operator broke the glass: nothing goes out until an instant; or ended that.
    package static let emissionsHeld = LogEntryKind("emissionsHeld")
    package static let emissionsReleased = LogEntryKind("emissionsReleased")
    /// What an operator did outside of the gate was looked at by another person.
    package static let reviewClosed = LogEntryKind("reviewClosed")
    package static let loadPublished = LogEntryKind("loadPublished")
    /// A file that was set aside has its acknowledgement.
    package static let fileAnswered = LogEntryKind("fileAnswered")
    /// Partners have not acknowledged in time what was delivered to them.
    package static let acknowledgementsOverdue = LogEntryKind("acknowledgementsOverdue")
    package static let runCommitted = LogEntryKind("runCommitted")
    /// What a scheme looks at has shifted, so that a run is due before its period has passed.
    package static let schemeShifted = LogEntryKind("schemeShifted")
    package static let evaluationFailed = LogEntryKind("evaluationFailed")
    /// Spans of the history went from the table to an archive, whose manifest the entry digests.
    package static let historyArchived = LogEntryKind("historyArchived")
    /// An archive of history was deleted, as its time had passed.
    package static let historyPurged = LogEntryKind("historyPurged")
    /// The keys of a subject were destroyed, so that what is personal of it can be read no more; originals may have gone with them.
    package static let subjectShredded = LogEntryKind("subjectShredded")
    /// A subject that was shredded may have a new key.
    package static let subjectAdmitted = LogEntryKind("subjectAdmitted")
    /// A key that checkpoints of this log are signed with from here on.
    package static let checkpointKey = LogEntryKind("checkpointKey")
    /// A checkpoint went to witnesses that are told by webhooks.
    package static let checkpointSent = LogEntryKind("checkpointSent")
    /// The site goes on from a backup: what was logged after that is lost, and nothing goes out until an operator releases it.
    package static let siteRestored = LogEntryKind("siteRestored")
    /// Something happened in a dispute about where an entity stands.
    package static let dispute = LogEntryKind("dispute")
    package static let tick = LogEntryKind("tick")
    package static let effect = LogEntryKind("effect")
}

/// One entry of the log: what happened, chained to what happened before it by a digest over both.
///
/// `hash` is SHA-256 over the UTF-8 of `crossdock log 1`, position, instant, kind, previous hash and body, each but the
/// last ended by one LF. Only the body can hold a LF, and it is last, so no two entries have one text.
package struct LogEntry: Hashable, Sendable {
    /// From 0, without gaps.
    package let position: Int
    /// When it was recorded. Order is by position: a clock can be set back.
    package let at: Instant
    package let kind: LogEntryKind
    /// Canonical JSON (`JSONText.write`), digested as it stands.
    package let body: String
    /// The hash of the entry before, zero for the first.
    package let previous: ContentDigest
    package let hash: ContentDigest

    /// An entry as it was stored; `LogVerification` says whether it is as it was written.
    package init(position: Int, at: Instant, kind: LogEntryKind, body: String, previous: ContentDigest, hash: ContentDigest) {
        self.position = position
        self.at = at
        self.kind = kind
        self.body = body
        self.previous = previous
        self.hash = hash
    }

    /// The first entry of a log.
    package static func genesis(at: Instant, body: String) -> LogEntry {
        chained(position: 0, at: at, kind: .genesis, body: body, previous: .zero)
    }

    /// The entry that follows `head`.
    package static func next(after head: LogHead, at: Instant, kind: LogEntryKind, body: String) -> LogEntry {
        chained(position: head.position + 1, at: at, kind: kind, body: body, previous: head.hash)
    }

    /// What the entry after this one has to know of it.
    package var head: LogHead { LogHead(position: position, hash: hash) }

    private static func chained(
        position: Int, at: Instant, kind: LogEntryKind, body: String, previous: ContentDigest
    ) -> LogEntry {
        let draft = LogEntry(position: position, at: at, kind: kind, body: body, previous: previous, hash: .zero)
        var buffer: [UInt8] = []
        return LogEntry(
            position: position, at: at, kind: kind, body: body, previous: previous, hash: draft.computedHash(&buffer))
    }

    /// What the digested text of every entry begins with.
    static let title = Array("crossdock log 1\n".utf8)

    /// The hash that the other fields call for. `buffer` is working space, kept between calls to save allocations.
    func computedHash(_ buffer: inout [UInt8]) -> ContentDigest {
        buffer.removeAll(keepingCapacity: true)
        buffer += Self.title
        buffer += String(position).utf8
        buffer.append(10)
        at.append(to: &buffer)
        buffer.append(10)
        buffer += kind.rawValue.utf8
        buffer.append(10)
        previous.append(to: &buffer)
        buffer.append(10)
        buffer += body.utf8
        return ContentDigest(of: buffer)
    }
}

/// The last entry of a log, or of a part of one: what a witness keeps to notice a dropped tail or a rewritten past.
package struct LogHead: Hashable, Sendable {
    package let position: Int
    package let hash: ContentDigest

    package init(position: Int, hash: ContentDigest) {
        self.position = position
        self.hash = hash
    }
}
