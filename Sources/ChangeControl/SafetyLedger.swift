package import Values

/// What operators did to be safe, as the log tells it: freezes, held emissions, and the reviews that a step outside of the gate opened.
package struct SafetyLedger: Hashable, Sendable {
    /// Emissions that are not delivered until an instant. Nothing is lost: they wait in the outbox.
    package struct Hold: Hashable, Sendable {
        /// Position of its log entry.
        package let position: Int
        package let from: Instant
        package let until: Instant
        package let by: Principal
        package let reason: String

        /// Whether it ends by a release alone.
        package var hasNoEnd: Bool { until == Self.never }
        /// The end of a hold that has none.
        static let never = Instant(seconds: 253_402_300_799, nanoseconds: 0)
        /// What lasts until when, in words.
        package var untilText: String { hasNoEnd ? "until an operator releases it" : "until \(until)" }
    }

    /// Who holds what a restored site would send.
    package static let restorer = Principal("crossdock-restore")

    /// What somebody else has to look at afterwards.
    package struct Review: Hashable, Sendable {
        /// Position of the entry that opened it, and its number.
        package let position: Int
        package let opened: Instant
        package let due: Instant
        /// Who did it; another closes the review.
        package let by: Principal
        package let reason: String
        /// What was done, in words.
        package let deed: String
        package fileprivate(set) var finding: String?

        package func isOverdue(at now: Instant) -> Bool { finding == nil && due <= now }
    }

    /// By operators; those of governance are in its file.
    package private(set) var freezes: [Freeze] = []
    package private(set) var holds: [Hold] = []
    package private(set) var reviews: [Review] = []

    /// The kinds of entries that it is folded from.
    package static let kinds: [LogEntryKind] = [.changesFrozen, .changesThawed, .emissionsHeld, .emissionsReleased, .siteRestored, .stateRolledBack, .reviewClosed]

    package init() {}

    package func freeze(at now: Instant) -> Freeze? { freezes.last { $0.holds(at: now) } }
    package func hold(at now: Instant) -> Hold? { holds.last { $0.from <= now && now < $0.until } }
    package var openReviews: [Review] { reviews.filter { $0.finding == nil } }

    /// Takes the next entry in the order of the log; those of other kinds say nothing here.
    package mutating func take(_ entry: LogEntry) {
        guard Self.kinds.contains(entry.kind), let parsed = try? JSONText.parse(entry.body), case .context(let fields) = parsed else { return }
        func text(_ name: String) -> String { if case .string(let text)? = fields[name] { text } else { "" } }
        let until = Instant(text("until")), by = Principal(text("by"))
        switch entry.kind {
        case .changesFrozen:
            if let until, let by, entry.at < until { freezes.append(Freeze(name: by.name, from: entry.at, until: until, reason: text("because"))) }
        case .changesThawed: freezes = freezes.compactMap { Self.cut($0, at: entry.at) }
        case .emissionsHeld:
            guard let until, let by, entry.at < until else { return }
            holds.append(Hold(position: entry.position, from: entry.at, until: until, by: by, reason: text("because")))
            open(entry, by, "held emissions until \(until)", due: text("review"), text("because"))
        case .siteRestored:
            guard let restorer = Self.restorer else { return }
            holds.append(Hold(position: entry.position, from: entry.at, until: Hold.never, by: restorer, reason: "restored from the backup \(text("backup"))"))
        case .emissionsReleased:
            holds = holds.compactMap { hold in
                guard hold.until > entry.at else { return hold }
                return hold.from < entry.at
                    ? Hold(position: hold.position, from: hold.from, until: entry.at, by: hold.by, reason: hold.reason) : nil
            }
        case .stateRolledBack:
            guard let by else { return }
            let deed = fields["glass"] == .boolean(true) ? "broke the glass and pinned" : "rolled back to"
            open(entry, by, "\(deed) state \(text("to").prefix(16))", due: text("review"), text("because"))
        case .reviewClosed:
            guard case .number(let number)? = fields["review"], let position = number.integer,
                let index = reviews.firstIndex(where: { $0.position == position }) else { return }
            reviews[index].finding = text("finding")
        default: break
        }
    }

    private mutating func open(_ entry: LogEntry, _ by: Principal, _ deed: String, due: String, _ reason: String) {
        // Rollbacks of before there were reviews have no time for one.
        guard let due = Instant(due) else { return }
        reviews.append(Review(position: entry.position, opened: entry.at, due: due, by: by, reason: reason, deed: deed))
    }

    private static func cut(_ freeze: Freeze, at instant: Instant) -> Freeze? {
        guard freeze.until > instant else { return freeze }
        return freeze.from < instant ? Freeze(name: freeze.name, from: freeze.from, until: instant, reason: freeze.reason) : nil
    }

    // MARK: What is to be logged

    /// For `changesFrozen`: nothing is activated until an instant.
    package func frozen(until: Instant, by person: Principal, reason: String, governance: Governance, at now: Instant) throws(ChangeRefusal) -> String {
        try expectOperator(person, governance)
        try expect(reason, until: until, within: ChangeTerms.freezeLimit, of: "a freeze", at: now)
        return LogBody.precaution(by: person, reason: reason, [("until", .string(until.description))])
    }

    /// For `changesThawed`.
    package func thawed(by person: Principal, reason: String, governance: Governance, at now: Instant) throws(ChangeRefusal) -> String {
        try expectOperator(person, governance)
        try expectLine(reason)
        guard freeze(at: now) != nil else {
            throw ChangeRefusal(.status, "freeze", "no operator's freeze holds now", hint: "a freeze of governance ends by its own time, or by a change of governance")
        }
        return LogBody.precaution(by: person, reason: reason, [])
    }

    /// For `emissionsHeld`: breaking the glass holds what would go out, and opens a review.
    package func held(until: Instant, by person: Principal, reason: String, governance: Governance, at now: Instant) throws(ChangeRefusal) -> String {
        try expectOperator(person, governance)
        try expect(reason, until: until, within: ChangeTerms.holdLimit, of: "a hold", at: now)
        return LogBody.precaution(by: person, reason: reason, [
            ("until", .string(until.description)), ("review", .string(now.adding(governance.terms.reviewWithin).description)),
        ])
    }

    /// For `emissionsReleased`.
    package func released(by person: Principal, reason: String, governance: Governance, at now: Instant) throws(ChangeRefusal) -> String {
        try expectOperator(person, governance)
        try expectLine(reason)
        guard hold(at: now) != nil else { throw ChangeRefusal(.status, "hold", "nothing is held now", hint: "`crossdock status` says what waits, and why") }
        return LogBody.precaution(by: person, reason: reason, [])
    }

    /// For `reviewClosed`: an approver who did not do it says what they found.
    package func closed(_ position: Int, by person: Principal, finding: String, governance: Governance) throws(ChangeRefusal) -> String {
        guard let review = reviews.first(where: { $0.position == position }) else {
            throw ChangeRefusal(.status, "review \(position)", "there is no such review", hint: "`crossdock change review` lists them")
        }
        guard review.finding == nil else { throw ChangeRefusal(.status, "review \(position)", "it was closed already", hint: "`crossdock change review` lists those that are open") }
        guard person != review.by else { throw ChangeRefusal(.ownChange, person.name, "did what is reviewed", hint: "another person reviews") }
        guard governance.person(person)?.roles.contains(.approver) == true else {
            throw ChangeRefusal(.role, person.name, "is not an approver", hint: "governance names the approvers")
        }
        try expectLine(finding)
        return LogBody.precaution(by: person, reason: finding, [("review", .integer(position)), ("finding", .string(finding))])
    }

    private func expectOperator(_ person: Principal, _ governance: Governance) throws(ChangeRefusal) {
        guard governance.person(person)?.roles.contains(.operator) == true else {
            throw ChangeRefusal(.role, person.name, "is not an operator", hint: "governance names the operators")
        }
    }

    private func expectLine(_ reason: String) throws(ChangeRefusal) {
        guard StatementLines.isLine(reason) else {
            throw ChangeRefusal(.text, "reason", "the reason is not one line of text", hint: "write one line, without control characters")
        }
    }

    private func expect(_ reason: String, until: Instant, within limit: DayTimeDuration, of what: String, at now: Instant) throws(ChangeRefusal) {
        try expectLine(reason)
        guard now < until, now.distance(to: until) <= limit else {
            throw ChangeRefusal(
                .effective, until.description, "\(what) ends after now (\(now)) and within \(limit)", hint: "renew it with a reason when it ends")
        }
    }
}
