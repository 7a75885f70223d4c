package import Values

extension ChangeRequest {
    /// The request as a value: `JSONText.write` of it is its stored form and what log entries hold.
    package var value: Value {
        let fields: [(String, Value)] = [
            ("request", .string(id.description)), ("revision", .integer(revision)), ("status", .string(status.rawValue)),
            ("author", .string(author.name)), ("title", .string(title)), ("reason", .string(reason)),
            ("base", .string(base.text)), ("target", .string(target.text)),
            ("after", after.map { .string($0.description) } ?? .null), ("effective", effective?.value ?? .null), ("expires", .string(expires.description)),
            ("requirement", requirement?.value ?? .null),
            ("impact", impact.map { .string($0.hex) } ?? .null), ("approvals", .list(approvals.map(\.value))),
        ]
        return .context(ContextValue(fields + (rollout.map { [("rollout", $0.value)] } ?? [])))
    }

    /// Reads a stored request back; nil if it is not in that form. Its approvals count only with their signatures verified again.
    package init?(_ value: Value) {
        guard case .context(let fields) = value, let id = ChangeRequestID(fields.string("request")),
              case .number(let number)? = fields["revision"], let revision = number.integer, (1...1_000_000).contains(revision),
              let status = ChangeStatus(rawValue: fields.string("status")), let author = Principal(fields.string("author")),
              let base = StateDescription.parse(fields.string("base")).state,
              let target = StateDescription.parse(fields.string("target")).state, case .list(let items)? = fields["approvals"] else { return nil }
        let approvals = items.compactMap(Approval.init)
        guard approvals.count == items.count, let expires = Instant(fields.string("expires")) else { return nil }
        var effective: EffectiveInstant?, requirement: ApprovalRequirement?
        if let stored = fields["effective"], stored != .null {
            guard let read = EffectiveInstant(stored) else { return nil }
            effective = read
        }
        if let stored = fields["requirement"], stored != .null {
            guard let read = ApprovalRequirement(stored) else { return nil }
            requirement = read
        }
        var rollout: RolloutProgress?
        if let stored = fields["rollout"] {
            guard let read = RolloutProgress(stored) else { return nil }
            rollout = read
        }
        self.init(
            id: id, author: author, revision: revision, title: fields.string("title"), reason: fields.string("reason"), base: base,
            target: target, status: status, after: ChangeRequestID(fields.string("after")), effective: effective, expires: expires,
            impact: ContentDigest(hex: fields.string("impact")), requirement: requirement, approvals: approvals, rollout: rollout)
    }
}

extension RolloutProgress {
    fileprivate var value: Value {
        .context(ContextValue([
            ("step", .string(step.description)), ("since", .string(since.description)), ("next", .string(next.description)),
            ("verdict", verdict.map { .string($0.outcome.rawValue) } ?? .null), ("because", verdict.map { .string($0.reason) } ?? .null),
        ]))
    }

    fileprivate init?(_ value: Value) {
        guard case .context(let fields) = value, let step = RolloutStep(fields.string("step")), let since = Instant(fields.string("since")),
              let next = Instant(fields.string("next")) else { return nil }
        var verdict: RolloutVerdict?
        if let stored = fields["verdict"], stored != .null {
            guard let outcome = RolloutVerdict.Outcome(rawValue: fields.string("verdict")) else { return nil }
            verdict = RolloutVerdict(outcome, fields.string("because"))
        }
        self.init(step: step, since: since, next: next, verdict: verdict)
    }
}

extension EffectiveInstant {
    fileprivate var value: Value { .context(ContextValue([("instant", .string(instant.description)), ("local", .string(local))])) }

    fileprivate init?(_ value: Value) {
        guard case .context(let fields) = value, let instant = Instant(fields.string("instant")) else { return nil }
        self.init(instant: instant, local: fields.string("local"))
    }
}

extension ApprovalRequirement {
    fileprivate var value: Value {
        .context(ContextValue([
            ("classes", .list(classes.map(Value.string))), ("approvals", .integer(approvals)), ("functions", .list(functions.map(Value.string))),
        ]))
    }

    fileprivate init?(_ value: Value) {
        func texts(_ value: Value?) -> [String]? {
            guard case .list(let items)? = value else { return nil }
            let texts = items.compactMap { item -> String? in if case .string(let text) = item { text } else { nil } }
            return texts.count == items.count ? texts : nil
        }
        guard case .context(let fields) = value, let classes = texts(fields["classes"]), let functions = texts(fields["functions"]),
              case .number(let number)? = fields["approvals"], let approvals = number.integer, approvals > 0 else { return nil }
        self.init(classes: classes, approvals: approvals, functions: functions)
    }
}

extension Approval {
    /// The signed text and its signature: all that is needed to verify it again, with `ssh-keygen` alone.
    package var value: Value {
        .context(ContextValue([("statement", .string(statement.text)), ("signature", .string(signature))]))
    }

    init?(_ value: Value) {
        guard case .context(let fields) = value,
              let statement = ApprovalStatement.parse(fields.string("statement")).statement else { return nil }
        self.init(statement: statement, signature: fields.string("signature"))
    }
}

extension ContextValue {
    /// The text of a field; empty where it is absent or no text, which no form read here takes for valid.
    fileprivate func string(_ name: String) -> String {
        guard case .string(let text)? = self[name] else { return "" }
        return text
    }
}
