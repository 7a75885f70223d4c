package import Diagnostics

/// What a defect rejects.
package enum Rejection: String, Sendable, Hashable, Codable {
    /// The finding is reported and reading goes on.
    case nothing
    /// The element or component, which is left out of its EDI segment. Where the defect is about none, the EDI segment.
    case element
    /// The EDI segment, which is set aside: it gives no record, and its siblings are kept. Where it heads a loop, the loop.
    case segment
    /// The innermost loop, which is set aside with all that is in it. Where there is none, the EDI segment.
    case loop
    /// The transaction set that holds the defect; the others of the file are kept.
    case transactionSet
    /// The functional group, with all transaction sets in it, those before the defect too. Where there is none, the interchange.
    case group
    case interchange

    /// Whether it is a part of a transaction set.
    var isPart: Bool { self == .element || self == .segment || self == .loop }
}

/// How much one kind of defect weighs and what it rejects.
package struct DefectRule: Sendable, Hashable {
    package var severity: Severity
    package var rejects: Rejection
    /// False where it is not even noted.
    package var isSaid: Bool

    package init(_ severity: Severity, rejects: Rejection = .nothing, isSaid: Bool = true) {
        self.severity = severity
        self.rejects = rejects
        self.isSaid = isSaid
    }
}

/// What a feed or a partner says of one kind of defect.
package enum DefectSetting: String, Sendable, Hashable, CaseIterable {
    /// It is as if it were right.
    case accept
    /// It is noted, or warned of, and nothing is rejected.
    case note, warning
    /// It is warned of, and what holds it is set aside; the rest of the transaction set or message is kept.
    case rejectElement, rejectSegment, rejectLoop
    /// It is an error and rejects the transaction set or message that holds it.
    case reject
    /// It is an error and rejects all that is in the functional group, or in the interchange.
    case rejectGroup, rejectInterchange

    var rule: DefectRule {
        switch self {
        case .accept: DefectRule(.note, isSaid: false)
        case .note: DefectRule(.note)
        case .warning: DefectRule(.warning)
        case .rejectElement: DefectRule(.warning, rejects: .element)
        case .rejectSegment: DefectRule(.warning, rejects: .segment)
        case .rejectLoop: DefectRule(.warning, rejects: .loop)
        case .reject: DefectRule(.error, rejects: .transactionSet)
        case .rejectGroup: DefectRule(.error, rejects: .group)
        case .rejectInterchange: DefectRule(.error, rejects: .interchange)
        }
    }
}

/// Whose files a policy is for: the sender of an interchange, where a nil qualifier fits any.
package struct DefectSender: Sendable, Hashable {
    package let qualifier: String?
    package let id: String

    package init(qualifier: String?, id: String) {
        self.qualifier = qualifier
        self.id = id
    }
}

/// Which defects are errors, warnings or notes, and which reject a transaction set. A quarter of the files that their
/// owners hold to be normal fail a strict envelope check, so this is policy: a feed or a partner overrides single codes.
package struct DefectPolicy: Sendable, Hashable {
    private var rules: [DiagnosticCode: DefectRule]

    package init(rules: [DiagnosticCode: DefectRule] = [:]) { self.rules = rules }

    /// The rule for a code; a code without one is a warning that rejects nothing.
    package func rule(for code: DiagnosticCode) -> DefectRule { rules[code] ?? DefectRule(.warning) }

    /// The same policy with one rule replaced.
    package func overriding(_ code: DiagnosticCode, with rule: DefectRule) -> DefectPolicy {
        var copy = self
        copy.rules[code] = rule
        return copy
    }

    /// The same policy with what a feed or a partner says.
    package func overriding(_ settings: [DiagnosticCode: DefectSetting]) -> DefectPolicy {
        var copy = self
        for (code, setting) in settings { copy.rules[code] = setting.rule }
        return copy
    }

    /// The kinds of defect that it has rules for.
    package var codes: [DiagnosticCode] { rules.keys.sorted { $0.name < $1.name } }

    /// What holds where neither feed nor partner says otherwise.
    package static let standard: DefectPolicy = {
        var policy = DefectPolicy(rules: ownRules)
        for dialect in [EDIDialect.x12, .edifact, .tradacoms] {
            for defect in SharedDefect.allCases { policy.rules[dialect[defect]] = defect.rule }
            for envelope in [dialect.interchange, dialect.group] {
                policy.rules[envelope.missingTrailer] = DefectRule(.error)
                policy.rules[envelope.count] = DefectRule(.warning)
                if let control = envelope.control { policy.rules[control] = DefectRule(.warning) }
            }
            let set = dialect.transactionSet
            for code in [set.missingTrailer, set.count, set.control].compactMap(\.self) {
                policy.rules[code] = DefectRule(.error, rejects: .transactionSet)
            }
        }
        return policy
    }()

    /// Of the defects that one standard alone can have.
    private static let ownRules: [DiagnosticCode: DefectRule] = [
        .x12HeaderElements: DefectRule(.error),
        .x12HeaderWidth: DefectRule(.warning),
        .x12Terminator: DefectRule(.warning),
        .x12Wrapped: DefectRule(.warning),
        .x12FunctionalIdentifier: DefectRule(.warning),
        .x12BinaryLength: DefectRule(.error, rejects: .transactionSet),
        .x12Hierarchy: DefectRule(.warning),
        .x12Depth: DefectRule(.error, rejects: .transactionSet),
        .x12ElementMissing: DefectRule(.warning),
        .x12ElementCondition: DefectRule(.warning),
        .x12ElementExclusion: DefectRule(.warning),
        .x12ElementMany: DefectRule(.warning),
        .x12ElementValue: DefectRule(.warning),
        .x12ElementUnused: DefectRule(.warning),
        .edifactElementValue: DefectRule(.warning),
        .edifactElementUnused: DefectRule(.warning),
        .x12ElementShort: DefectRule(.warning),
        .x12ElementLong: DefectRule(.warning),
        .x12ElementCharacter: DefectRule(.warning),
        .x12ElementDate: DefectRule(.warning),
        .x12ElementTime: DefectRule(.warning),
        .edifactElementMissing: DefectRule(.warning),
        .edifactElementMany: DefectRule(.warning),
        .edifactElementRepetition: DefectRule(.warning),
        .edifactElementShort: DefectRule(.warning),
        .edifactElementLong: DefectRule(.warning),
        .edifactElementCharacter: DefectRule(.warning),
        .edifactElementDecimal: DefectRule(.warning),
        .edifactElementDigit: DefectRule(.warning),
        .x12HeaderValue: DefectRule(.warning),
        .x12GroupNumber: DefectRule(.warning),
        .x12GroupIdentifier: DefectRule(.note, isSaid: false),
        .edifactSeparators: DefectRule(.warning),
        .edifactSyntax: DefectRule(.warning),
        .edifactHeader: DefectRule(.warning),
        .tradacomsHeader: DefectRule(.warning),
        .tradacomsMessageNumber: DefectRule(.warning),
        .tradacomsReconciliation: DefectRule(.warning),
        .tradacomsMissingReconciliation: DefectRule(.warning),
    ]
}
