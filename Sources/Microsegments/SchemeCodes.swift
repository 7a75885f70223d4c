package import Diagnostics

extension DiagnosticCode {
    /// No rule of a scheme matches an entity, so it stays unassigned. Add a last row that matches everything.
    package static let schemeNoRule: DiagnosticCode = "SCHEME-NORULE"
    /// A rule answers a micro-segment that the scheme does not declare. Declare it, or mend the cell.
    package static let schemeUnknownMicrosegment: DiagnosticCode = "SCHEME-MICROSEGMENT"
    /// A scheme names an entity kind that has no attributes. Add a file under Schemes/attributes.
    package static let schemeAttributes: DiagnosticCode = "SCHEME-ATTRIBUTES"
    /// A live scheme uses an attribute of the whole population, which only full runs compute. Give it a period.
    package static let schemeCadence: DiagnosticCode = "SCHEME-CADENCE"
    /// Two files declare one scheme, action or calendar. Rename or merge.
    package static let schemeTwice: DiagnosticCode = "SCHEME-TWICE"
    /// A scheme's table must have exactly one output column, the micro-segment. Move the rest under microsegments.
    package static let schemeOutputs: DiagnosticCode = "SCHEME-OUTPUTS"
    /// A scheme's rules are to come from a model that is not there, or that has no one table for them.
    package static let schemeModel: DiagnosticCode = "SCHEME-MODEL"
    /// No rule of a scheme answers one of its micro-segments. Remove it, or add a rule.
    package static let schemeUnused: DiagnosticCode = "SCHEME-UNUSED"
    /// An override names a scheme, kind of entity or micro-segment that there is not. Mend the name.
    package static let overrideName: DiagnosticCode = "OVERRIDE-NAME"
    /// Two overrides of one entity in one scheme are in force at the same time. Shorten or remove one.
    package static let overrideOverlap: DiagnosticCode = "OVERRIDE-OVERLAP"
    /// An override says in no way, or in several, what is decided. Use one of microsegment, pin, and floor with or without ceiling.
    package static let overrideForm: DiagnosticCode = "OVERRIDE-FORM"
    /// An override expires before it begins. Mend the dates.
    package static let overridePeriod: DiagnosticCode = "OVERRIDE-PERIOD"
    /// A live scheme uses time in a way whose changes cannot be foreseen. Compare an hoursUntil attribute with numbers.
    package static let schemeClock: DiagnosticCode = "SCHEME-CLOCK"
    /// What holds entities back names no number of the rules, or holds nothing back. Mend the part that is marked.
    package static let schemeStability: DiagnosticCode = "SCHEME-STABILITY"
    /// How a scheme finds clusters cannot work, its frozen model does not fit, or its rules and the model name other clusters. Mend, or recalibrate.
    package static let schemeClusters: DiagnosticCode = "SCHEME-CLUSTERS"
    /// Too many micro-segments, floors that cannot work, or tiers and parents that are none. Mend the part that is marked.
    package static let schemeGranularity: DiagnosticCode = "SCHEME-GRANULARITY"
    /// A micro-segment gives what its parent, or another one, gives. Give it a parameter of its own, or merge the two.
    package static let schemeNoAction: DiagnosticCode = "SCHEME-NO-ACTION"
    /// How entities are protected from going down cannot work: no tiers, or an attribute that there is not or that says no such thing. Mend the part that is marked.
    package static let schemeDowngrade: DiagnosticCode = "SCHEME-DOWNGRADE"
    /// A figure of a scheme is no number. Write an expression that gives one.
    package static let schemeFigure: DiagnosticCode = "SCHEME-FIGURE"
}
