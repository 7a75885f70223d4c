package import Diagnostics
package import Values

/// What a person may do. Exact: no role includes another.
package enum GovernanceRole: String, CaseIterable, Hashable, Sendable {
    /// Proposes changes.
    case author
    /// Signs approvals.
    case approver
    /// Rolls back to a formerly active state.
    case `operator`
    /// Signs the genesis of a site.
    case root
}

/// A person as governance names them.
package struct Person: Hashable, Sendable {
    package let principal: Principal
    /// The name as printed in what they sign.
    package let name: String
    package let roles: Set<GovernanceRole>
    /// What the person speaks for when they approve, such as `sales` or `legal`.
    package let functions: Set<String>
    /// Where governance says so.
    package let position: SourcePosition

    package init(
        principal: Principal, name: String, roles: Set<GovernanceRole>, functions: Set<String> = [], position: SourcePosition = SourcePosition()
    ) {
        self.principal = principal
        self.name = name
        self.roles = roles
        self.functions = functions
        self.position = position
    }
}

/// Who may change what, with which keys: `Governance/governance.yaml` and `Governance/allowed_signers`, checked together.
package struct Governance: Hashable, Sendable {
    /// The name of the site, in everything that is signed, so that a signature made for one site is void on another.
    package let origin: String
    /// How many approvals a change needs, at least 1.
    package let threshold: Int
    /// The share by which counts of an impact report may differ when the change is activated.
    package let tolerance: ExactDecimal
    package let terms: ChangeTerms
    /// Kinds of changes that take more than the threshold.
    package let classes: [ApprovalClass]
    package let freezes: [Freeze]
    package let persons: [Person]
    package let signers: AllowedSigners
    /// The id of the governance manifest that this was read from.
    package let manifest: ContentDigest
    /// Keys that count no more, whatever the other files say.
    package var revoked = RevokedKeys.none
    /// How long a dispute may take.
    package var disputes = DisputePolicy.standard

    /// The most approvals that may be asked for.
    package static let thresholdLimit = 100
    /// One in twenty.
    package static let standardTolerance = ExactDecimal(coefficient: 5, scale: 2)

    private init(
        origin: String, threshold: Int, tolerance: ExactDecimal, terms: ChangeTerms, classes: [ApprovalClass], freezes: [Freeze], persons: [Person],
        signers: AllowedSigners, manifest: ContentDigest
    ) {
        self.origin = origin
        self.threshold = threshold
        self.tolerance = tolerance
        self.terms = terms
        self.classes = classes
        self.freezes = freezes
        self.persons = persons
        self.signers = signers
        self.manifest = manifest
    }

    /// Governance that holds together; nil with at least one error otherwise.
    package static func make(
        origin: String, threshold: Int, tolerance: ExactDecimal = standardTolerance, terms: ChangeTerms = ChangeTerms(), classes: [ApprovalClass] = [],
        freezes: [Freeze] = [], persons: [Person], signers: AllowedSigners, manifest: ContentDigest,
        at position: SourcePosition = SourcePosition()
    ) -> (governance: Governance?, diagnostics: [Diagnostic]) {
        var findings: [Diagnostic] = []
        func find(_ code: DiagnosticCode, _ fact: String, _ hint: String, _ severity: Severity = .error, at place: SourcePosition? = nil) {
            findings.append(Diagnostic(code, severity, fact, at: place ?? position, hint: hint))
        }
        if !StatementLines.isLine(origin) {
            find(.governanceShape, "the origin is not one line of printable text", "write a name such as example-dc")
        }
        if !(1...thresholdLimit).contains(threshold) {
            find(.governanceThreshold, "the threshold is \(threshold); it is 1 to \(thresholdLimit)", "an approval is always needed")
        }
        if tolerance < .zero || tolerance > .one {
            find(.governanceShape, "the tolerance is \(tolerance); it is 0 to 1", "write 0.05 for one in twenty, or 0 for none")
        }
        var names: Set<String> = []
        for person in persons {
            if !names.insert(person.principal.name.lowercased()).inserted {
                find(.governancePerson, "\(person.principal) is listed twice", "list each person once", at: person.position)
            }
            if !StatementLines.isLine(person.name) {
                find(.governancePerson, "the name of \(person.principal) is not one line of printable text", "write the name as it is to be printed", at: person.position)
            }
        }
        let known = Set(persons.map(\.principal))
        for signer in signers.signers where !known.contains(signer.principal) {
            find(.governanceKey, "\(signer.principal) has a key and is no person of governance", "add the person, or remove the key", at: signer.position)
        }
        let approvers = persons.filter { $0.roles.contains(.approver) }
        for approver in approvers where signers.signer(approver.principal)?.namespaces.contains(.approve) != true {
            find(.governanceKey, "\(approver.principal) is an approver and has no key for \(SignatureNamespace.approve.rawValue)",
                 "add a line to allowed_signers, or remove the role", .warning, at: approver.position)
        }
        let able = approvers.filter { signers.signer($0.principal)?.namespaces.contains(.approve) == true }
        let authors = persons.filter { $0.roles.contains(.author) }
        if authors.isEmpty {
            find(.governanceQuorum, "nobody is an author, so nothing could be changed any more", "give somebody the role author")
        }
        for author in authors {
            let others = able.filter { $0.principal != author.principal }
            if others.count < threshold {
                find(.governanceQuorum, "changes by \(author.principal) need \(threshold) approvals and \(others.count) others can approve",
                     "name more approvers with keys of their own, or lower the threshold")
            }
            for one in classes where others.count < one.approvals {
                find(.governanceQuorum, "changes of class \(one.name) by \(author.principal) need \(one.approvals) approvals and \(others.count) others can approve",
                     "name more approvers with keys of their own, or ask for fewer", at: one.position)
            }
            for one in classes {
                for function in one.functions where !others.contains(where: { $0.functions.contains(function) }) {
                    find(.governanceQuorum, "changes of class \(one.name) by \(author.principal) need somebody of \(function), and nobody else of it can approve",
                         "give an approver with a key the function \(function)", at: one.position)
                }
            }
        }
        if !findings.contains(where: { $0.code == .governanceQuorum }), !authors.contains(where: { author in able.count { $0.principal != author.principal } >= ownThreshold }) {
            find(.governanceQuorum, "a change of governance needs \(ownThreshold) approvals, and no author has so many others who can approve",
                 "name more approvers with keys of their own")
        }
        if !persons.contains(where: { $0.roles.contains(.operator) }) {
            find(.governancePerson, "nobody is an operator, so nobody could hold, freeze or roll back", "give somebody the role operator", .warning)
        }
        for one in classes where one.limits.isNever {
            find(.governanceShape, "nothing could make a change one of class \(one.name)",
                 "write what it takes: counts and values above 0, components, or paths that begin with Mappings/, Schemes/, Overrides/ or Governance/", at: one.position)
        }
        for one in classes where !StatementLines.isLine(one.name) || one.name.contains(",") || one.name == "standard" {
            find(.governanceShape, "the class '\(one.name)' cannot be named so", "use one line without commas, other than standard", at: one.position)
        }
        if Set(classes.map(\.name)).count < classes.count { find(.governanceShape, "two classes have one name", "name each once") }
        guard !findings.contains(where: { $0.severity == .error }) else { return (nil, findings) }
        let governance = Governance(
            origin: origin, threshold: threshold, tolerance: tolerance, terms: terms, classes: classes, freezes: freezes, persons: persons, signers: signers,
            manifest: manifest)
        return (governance, findings)
    }

    package func person(_ principal: Principal) -> Person? {
        persons.first { $0.principal == principal }
    }
}
