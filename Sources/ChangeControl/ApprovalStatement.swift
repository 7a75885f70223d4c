package import Diagnostics
package import Values

/// The number of a change request, written `CR-0001`.
package struct ChangeRequestID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// From 1.
    package let number: Int

    package init(number: Int) {
        precondition((1...Self.limit).contains(number), "change requests are numbered from 1 to 9,999,999")
        self.number = number
    }

    package static let limit = 9_999_999

    /// Reads the one way to write a number: `CR-` and at least four digits, without more leading zeros than that takes.
    package init?(_ text: String) {
        guard text.hasPrefix("CR-"), (7...10).contains(text.utf8.count), let number = Int(text.dropFirst(3)), number > 0 else { return nil }
        self.number = number
        guard description == text else { return nil }
    }

    package var description: String { "CR-" + padded(number, 4) }

    package static func < (left: ChangeRequestID, right: ChangeRequestID) -> Bool { left.number < right.number }
}

/// What a signature says about a change (21 CFR 11.50: the meaning stands in what is signed).
package enum ApprovalMeaning: String, Hashable, Sendable {
    case approve
}

/// What an approver signs, under the namespace `approve@crossdock`: all that the approval is to be bound to, in plain lines.
/// There is no time in it, because the signer could write any; the log's position says when.
package struct ApprovalStatement: Hashable, Sendable {
    package let origin: String
    package let request: ChangeRequestID
    package let revision: Int
    package let author: Principal
    package let base: StateID
    package let target: StateID
    /// Digest of the impact report that was read.
    package let impact: ContentDigest
    /// Names of the classes that the change is of, or `standard`.
    package let classes: String
    /// `at once`, or when it takes effect.
    package let effective: String
    /// From when on the approval is worth nothing.
    package let expires: Instant
    package let bundle: ContentDigest
    package let overrides: ContentDigest
    package let governance: ContentDigest
    package let title: String
    /// Who signs.
    package let principal: Principal
    /// The signer's name as printed.
    package let name: String
    package let meaning: ApprovalMeaning
    /// The signer's own words.
    package let reason: String

    /// The text to sign, ended by a LF.
    package var text: String {
        StatementLines.write(ApprovalStatement.title, [
            ("origin", origin), ("request", request.description), ("revision", String(revision)), ("author", author.name),
            ("base", base.description), ("target", target.description), ("impact", impact.hex),
            ("class", classes), ("effective", effective), ("expires", expires.description), ("bundle", bundle.hex), ("overrides", overrides.hex),
            ("governance", governance.hex), ("title", title), ("principal", principal.name), ("name", name),
            ("meaning", meaning.rawValue), ("reason", reason),
        ])
    }

    /// Reads `text` back; nil with an error for anything that is not exactly such a text.
    package static func parse(_ text: String) -> (statement: ApprovalStatement?, diagnostics: [Diagnostic]) {
        let keys = ["origin", "request", "revision", "author", "base", "target", "impact", "class", "effective", "expires", "bundle", "overrides",
                    "governance", "title", "principal", "name", "meaning", "reason"]
        let read = StatementLines.read(text, title: title, keys: keys, code: .statementText)
        guard let lines = read.lines else { return (nil, read.diagnostics) }
        guard let request = ChangeRequestID(lines[1]), let revision = Int(lines[2]), let author = Principal(lines[3]),
              let base = StateID(lines[4]), let target = StateID(lines[5]), let impact = ContentDigest(hex: lines[6]),
              let expires = Instant(lines[9]), let bundle = ContentDigest(hex: lines[10]), let overrides = ContentDigest(hex: lines[11]),
              let governance = ContentDigest(hex: lines[12]), let principal = Principal(lines[14]),
              let meaning = ApprovalMeaning(rawValue: lines[16]) else {
            return (nil, [Diagnostic(.statementText, .error, "a line of the statement does not have the form that it must have")])
        }
        let statement = ApprovalStatement(
            origin: lines[0], request: request, revision: revision, author: author, base: base, target: target, impact: impact,
            classes: lines[7], effective: lines[8], expires: expires, bundle: bundle, overrides: overrides, governance: governance, title: lines[13],
            principal: principal, name: lines[15], meaning: meaning, reason: lines[17])
        guard statement.text.utf8.elementsEqual(text.utf8) else {
            return (nil, [Diagnostic(.statementText, .error, "the statement is not in its one canonical form")])
        }
        return (statement, [])
    }

    /// The first line in which this differs from what was expected of the same signer: its key, with both values.
    func difference(from expected: ApprovalStatement) -> (key: String, found: String, expected: String)? {
        let pairs = zip(text.split(separator: "\n"), expected.text.split(separator: "\n"))
        guard let (found, wanted) = pairs.first(where: { !$0.utf8.elementsEqual($1.utf8) }) else { return nil }
        let key = found.prefix { $0 != " " }
        return (String(key), String(found.dropFirst(key.count + 1)), String(wanted.dropFirst(key.count + 1)))
    }

    private static let title = "crossdock approval 3"
}

/// What a check of a signature found to be true. Made by the room that verifies, and good only for these bytes and this purpose.
package struct VerifiedSignature: Hashable, Sendable {
    package let principal: Principal
    package let fingerprint: KeyFingerprint
    package let namespace: SignatureNamespace
    /// The digest of the bytes that were signed.
    package let message: ContentDigest

    package init(principal: Principal, fingerprint: KeyFingerprint, namespace: SignatureNamespace, message: ContentDigest) {
        self.principal = principal
        self.fingerprint = fingerprint
        self.namespace = namespace
        self.message = message
    }
}

/// A signed statement as it is kept: good for nothing until its signature has been verified again.
package struct Approval: Hashable, Sendable {
    package let statement: ApprovalStatement
    /// The armoured OpenSSH signature over the statement's text.
    package let signature: String

    package init(statement: ApprovalStatement, signature: String) {
        self.statement = statement
        self.signature = signature
    }
}
