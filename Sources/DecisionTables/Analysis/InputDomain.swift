package import FEEL

/// What is known of an input besides its type: which values it can have at all. Analysis is exact within it.
package struct InputDomain: Sendable {
    /// Tests that every value passes, such as `"gold", "silver"` or `[0..100]`; nil where each value of the type may come.
    package var allowed: CompiledTest?
    /// Digits after the point that its numbers have, 0 for whole numbers; nil where numbers lie as close as one likes.
    package var scale: Int?
    /// Whether the input can be null; nil where nothing says so, see ``NullTreatment``.
    package var canBeNull: Bool?

    package init(allowed: CompiledTest? = nil, scale: Int? = nil, canBeNull: Bool? = nil) {
        self.allowed = allowed
        self.scale = scale
        self.canBeNull = canBeNull
    }
}

/// Whether an input that no ``InputDomain`` speaks of is taken to be null sometimes, when gaps are looked for.
///
/// What is said of rules (masked, redundant) and of two versions of a table always holds with null too, so that advice which is
/// followed changes no answer.
package enum NullTreatment: String, Sendable, CaseIterable {
    /// Where a cell of its column names null: `null`, `not(null)`.
    case named
    case always
    case never
}

/// How far an analysis goes before it says that it has not looked at everything.
package struct AnalysisLimits: Hashable, Sendable {
    /// Gaps that are kept.
    package var gaps: Int
    /// Pairs of overlapping rules that are kept; all are counted.
    package var overlaps: Int
    /// Regions of changed answers that are kept.
    package var changes: Int
    /// Findings of one kind that are kept.
    package var findings: Int
    /// Looks at one rule in one input of one part of the space, for each kind of question.
    package var looks: Int

    package init(gaps: Int = 1000, overlaps: Int = 200_000, changes: Int = 1000, findings: Int = 1000, looks: Int = 40_000_000) {
        self.gaps = gaps
        self.overlaps = overlaps
        self.changes = changes
        self.findings = findings
        self.looks = looks
    }
}

/// What an analysis is told besides the table.
package struct AnalysisScope: Sendable {
    /// By the header of the input.
    package var domains: [String: InputDomain]
    package var nulls: NullTreatment
    package var limits: AnalysisLimits

    package init(
        domains: [String: InputDomain] = [:], nulls: NullTreatment = .named, limits: AnalysisLimits = AnalysisLimits()
    ) {
        self.domains = domains
        self.nulls = nulls
        self.limits = limits
    }
}
