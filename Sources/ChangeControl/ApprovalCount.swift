/// Which approvals of a request stand, judged anew each time from content, keys and persons. The one place that counts.
package struct ApprovalCount: Sendable {
    package struct Verdict: Hashable, Sendable {
        package let approval: Approval
        /// Why it does not count; nil where it does.
        package let refusal: ChangeRefusal?
    }

    /// In the order in which they were given.
    package private(set) var verdicts: [Verdict] = []

    private let request: ChangeRequest
    private let governance: Governance
    private let verified: Set<VerifiedSignature>

    /// - Parameter verified: signatures that were checked just now; an approval without one among them is void.
    package init(request: ChangeRequest, governance: Governance, verified: [VerifiedSignature]) {
        self.request = request
        self.governance = governance
        self.verified = Set(verified)
        var counted: [Approval] = []
        for approval in request.approvals {
            let refusal = refusal(of: approval, after: counted)
            if refusal == nil { counted.append(approval) }
            verdicts.append(Verdict(approval: approval, refusal: refusal))
        }
    }

    /// The approvals that stand: each by another person with another key, none by the author.
    package var counted: [Approval] { verdicts.filter { $0.refusal == nil }.map(\.approval) }

    /// Why an approval does not count beside those that do already; nil where it does.
    func refusal(of approval: Approval, after counted: [Approval]) -> ChangeRefusal? {
        let statement = approval.statement, who = statement.principal
        if let refusal = contentRefusal(statement) { return refusal }
        guard let signer = governance.signers.signer(who), signer.namespaces.contains(.approve) else {
            return ChangeRefusal(.signature, who.name, "has no key for approvals in the live governance", hint: "allowed_signers names the keys")
        }
        let needed = VerifiedSignature(
            principal: who, fingerprint: signer.fingerprint, namespace: .approve, message: ContentDigest(ofText: statement.text))
        guard verified.contains(needed) else {
            return ChangeRefusal(
                .signature, who.name, "no verified signature by key \(signer.fingerprint) stands behind the statement",
                hint: "sign the statement as printed: ssh-keygen -Y sign -n \(SignatureNamespace.approve.rawValue) -f KEY FILE")
        }
        let authorKey = governance.signers.signer(request.author)?.fingerprint
        if who == request.author || signer.fingerprint == authorKey {
            return ChangeRefusal(
                .ownChange, who.name, "is the author of \(request.id), or signs with the author's key", hint: "another person approves")
        }
        for other in counted {
            let otherKey = governance.signers.signer(other.statement.principal)?.fingerprint
            if other.statement.principal == who || otherKey == signer.fingerprint {
                return ChangeRefusal(
                    .countedAlready, who.name, "the person or the key has approved \(request.id) already", hint: "another person approves")
            }
        }
        return nil
    }

    private func contentRefusal(_ statement: ApprovalStatement) -> ChangeRefusal? {
        let expected: ApprovalStatement
        do {
            expected = try request.statement(for: statement.principal, reason: statement.reason, governance: governance)
        } catch { return error }
        guard let difference = statement.difference(from: expected) else { return nil }
        return ChangeRefusal(
            .otherContent, statement.principal.name,
            "signed '\(difference.key) \(difference.found)', and \(request.id) has '\(difference.key) \(difference.expected)'",
            hint: "print the statement of the request as it is now, read it, and sign that")
    }
}
