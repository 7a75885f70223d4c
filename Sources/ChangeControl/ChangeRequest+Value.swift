package import Values

extension ChangeRequest {
    /// The request as a value: `JSONText.write` of it is its stored form and what log entries hold.
    package var value: Value {
        .context(ContextValue([
            ("request", .string(id.description)), ("revision", .integer(revision)), ("status", .string(status.rawValue)),
            ("author", .string(author.name)), ("title", .string(title)), ("reason", .string(reason)),
            ("base", .string(base.text)), ("target", .string(target.text)),
            ("impact", impact.map { .string($0.hex) } ?? .null), ("approvals", .list(approvals.map(\.value))),
        ]))
    }

    /// Reads a stored request back; nil if it is not in that form. Its approvals count only with their signatures verified again.
    package init?(_ value: Value) {
        guard case .context(let fields) = value, let id = ChangeRequestID(fields.string("request")),
              case .number(let number)? = fields["revision"], let revision = number.integer, revision > 0,
              let status = ChangeStatus(rawValue: fields.string("status")), let author = Principal(fields.string("author")),
              let base = StateDescription.parse(fields.string("base")).state,
              let target = StateDescription.parse(fields.string("target")).state, case .list(let items)? = fields["approvals"] else { return nil }
        let approvals = items.compactMap(Approval.init)
        guard approvals.count == items.count else { return nil }
        self.init(
            id: id, author: author, revision: revision, title: fields.string("title"), reason: fields.string("reason"), base: base,
            target: target, status: status, impact: ContentDigest(hex: fields.string("impact")), approvals: approvals)
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
