import FEEL
import Records
import Values

/// What is known of the file and of the document in it that is being mapped, for all of its nodes.
final class MappingEnvironment {
    /// The context of expressions; its zone is the business zone.
    let context: EvaluationContext
    /// The business zone.
    let zone: ZoneRules
    /// Hears what is looked at, made and missed, where somebody asks.
    let coverage: MappingCoverage?

    /// Where rules look up cross-references and rates; nil where there are none.
    let references: (any ReferenceRecords)?

    /// What records are to be like beyond the mapping's own checks.
    let quality: QualityPlan?
    let hasQuality: Bool

    var place: DocumentPlace
    var client: String?
    /// The partner who sends.
    var partner: String?
    /// Names of the arena, for the places of findings.
    var names: [String] = []

    init(
        context: EvaluationContext, references: (any ReferenceRecords)?, coverage: MappingCoverage?, quality: QualityPlan?, place: DocumentPlace
    ) {
        self.place = place
        self.context = context
        zone = context.zone
        self.quality = quality
        hasQuality = quality != nil
        self.references = references
        self.coverage = coverage
    }
}
