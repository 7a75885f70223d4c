package import Values

extension DisputeEvent {
    /// The body of the log entry, canonical JSON.
    package var body: String { JSONText.write(value) }

    package var value: Value {
        .context(ContextValue([
            ("dispute", .string(dispute.description)), ("event", .string(content.name)), ("time", .string(time.description)),
            ("by", by.map { .string($0.name) } ?? .null), ("reason", reason.map { .string($0) } ?? .null),
        ] + details))
    }

    private var details: [(name: String, value: Value)] {
        switch content {
        case .raised(let assignment, let policy): assignment.fields + policy.fields
        case .triaged(let owner): [("owner", .string(owner.name))]
        case .escalated(let due): [("due", .string(due.description))]
        case .decided(let outcome, let change):
            [("outcome", .string(outcome.rawValue)), ("change", change.map { .string($0.description) } ?? .null)]
        case .reopened(let policy): policy.fields
        case .paused, .resumed, .closed: []
        }
    }

    /// Reads the body of a log entry; nil unless it is the one text that ``body`` writes for it.
    package init?(body: String) {
        let parsed: Value
        do { parsed = try JSONText.parse(body) } catch { return nil }
        guard case .context(let fields) = parsed, let dispute = fields.text("dispute").flatMap({ DisputeID($0) }),
            let time = fields.text("time").flatMap({ Instant($0) }), let content = Content(fields)
        else { return nil }
        self.init(dispute, content, by: fields.text("by").flatMap { Principal($0) }, reason: fields.text("reason"), time: time)
        guard self.body == body else { return nil }
    }
}

extension DisputeEvent.Content {
    fileprivate init?(_ fields: ContextValue) {
        switch fields.text("event") {
        case "raised":
            guard let assignment = DisputedAssignment(fields), let policy = DisputePolicy(fields) else { return nil }
            self = .raised(assignment, policy)
        case "triaged":
            guard let owner = fields.text("owner").flatMap({ Principal($0) }) else { return nil }
            self = .triaged(owner: owner)
        case "paused": self = .paused
        case "resumed": self = .resumed
        case "escalated":
            guard let due = fields.text("due").flatMap({ Instant($0) }) else { return nil }
            self = .escalated(due: due)
        case "decided":
            guard let outcome = fields.text("outcome").flatMap({ DisputeOutcome(rawValue: $0) }) else { return nil }
            self = .decided(outcome, change: fields.text("change").flatMap { ChangeRequestID($0) })
        case "closed": self = .closed
        case "reopened":
            guard let policy = DisputePolicy(fields) else { return nil }
            self = .reopened(policy)
        default: return nil
        }
    }
}

extension DisputedAssignment {
    var fields: [(name: String, value: Value)] {
        [
            ("scheme", .string(scheme)), ("entity", .string(entity)), ("microsegment", .string(microsegment)), ("cause", .string(cause)),
            ("position", .integer(position)), ("state", .string(state.description)), ("authors", .list(authors.map { .string($0.name) })),
        ]
    }

    fileprivate init?(_ fields: ContextValue) {
        guard let scheme = fields.text("scheme"), let entity = fields.text("entity"), let microsegment = fields.text("microsegment"),
            let cause = fields.text("cause"), let position = fields.integer("position"), let state = fields.text("state").flatMap({ StateID($0) }),
            case .list(let names)? = fields["authors"]
        else { return nil }
        let authors = names.compactMap { name in if case .string(let text) = name { Principal(text) } else { nil } }
        self.init(scheme: scheme, entity: entity, microsegment: microsegment, cause: cause, position: position, state: state, authors: authors)
    }
}

extension DisputePolicy {
    var fields: [(name: String, value: Value)] {
        [("sla", .string(sla.description)), ("pauseMax", .string(pauseMax.description)), ("reopenMax", .integer(reopenMax))]
    }

    fileprivate init?(_ fields: ContextValue) {
        guard let sla = fields.text("sla").flatMap({ DayTimeDuration($0) }), let pauseMax = fields.text("pauseMax").flatMap({ DayTimeDuration($0) }),
            let reopenMax = fields.integer("reopenMax")
        else { return nil }
        self.init(sla: sla, pauseMax: pauseMax, reopenMax: reopenMax)
    }
}

extension ContextValue {
    fileprivate func text(_ name: String) -> String? { if case .string(let text)? = self[name] { text } else { nil } }
    fileprivate func integer(_ name: String) -> Int? { if case .number(let number)? = self[name] { number.integer } else { nil } }
}
