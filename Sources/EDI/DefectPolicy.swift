package import Diagnostics

/// What a defect rejects.
package enum Rejection: String, Sendable, Hashable, Codable {
    /// The finding is reported and reading goes on.
    case nothing
    /// The transaction set that holds the defect; the others of the file are kept.
    case transactionSet
}

/// How much one kind of defect weighs and what it rejects.
package struct DefectRule: Sendable, Hashable {
    package var severity: Severity
    package var rejects: Rejection

    package init(_ severity: Severity, rejects: Rejection = .nothing) {
        self.severity = severity
        self.rejects = rejects
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

    /// What holds where neither feed nor partner says otherwise.
    package static let standard = DefectPolicy(rules: [
        .x12NoInterchange: DefectRule(.error),
        .x12Junk: DefectRule(.warning),
        .x12ByteOrderMark: DefectRule(.note),
        .x12DocumentSize: DefectRule(.error, rejects: .transactionSet),
        .x12CutSegment: DefectRule(.error, rejects: .transactionSet),
        .x12HeaderElements: DefectRule(.error),
        .x12HeaderWidth: DefectRule(.warning),
        .x12Delimiters: DefectRule(.error),
        .x12Terminator: DefectRule(.warning),
        .x12Wrapped: DefectRule(.warning),
        .x12NoTransactionSets: DefectRule(.warning),
        .x12OutsideEnvelope: DefectRule(.error, rejects: .transactionSet),
        .x12MissingSE: DefectRule(.error, rejects: .transactionSet),
        .x12MissingGE: DefectRule(.error),
        .x12MissingIEA: DefectRule(.error),
        .x12SegmentCount: DefectRule(.error, rejects: .transactionSet),
        .x12TransactionSetControl: DefectRule(.error, rejects: .transactionSet),
        .x12TransactionSetCount: DefectRule(.warning),
        .x12GroupControl: DefectRule(.warning),
        .x12GroupCount: DefectRule(.warning),
        .x12InterchangeControl: DefectRule(.warning),
        .x12FunctionalIdentifier: DefectRule(.warning),
        .x12TransactionSetHeader: DefectRule(.error, rejects: .transactionSet),
        .x12SegmentTag: DefectRule(.error, rejects: .transactionSet),
        .x12EmptySegment: DefectRule(.warning),
        .x12SegmentSize: DefectRule(.error, rejects: .transactionSet),
        .x12FieldCount: DefectRule(.error, rejects: .transactionSet),
        .x12BinaryLength: DefectRule(.error, rejects: .transactionSet),
        .x12Indented: DefectRule(.note),
        .x12ControlCharacter: DefectRule(.warning),
        .x12Charset: DefectRule(.warning),
        .x12NoStructure: DefectRule(.note),
        .x12NearStructure: DefectRule(.note),
        .x12UndefinedSegment: DefectRule(.warning),
        .x12SegmentOrder: DefectRule(.warning),
        .x12MissingSegment: DefectRule(.error, rejects: .transactionSet),
        .x12MissingLoop: DefectRule(.error, rejects: .transactionSet),
        .x12SegmentUse: DefectRule(.warning),
        .x12LoopUse: DefectRule(.warning),
        .x12Hierarchy: DefectRule(.warning),
        .x12Depth: DefectRule(.error, rejects: .transactionSet),
    ])
}
