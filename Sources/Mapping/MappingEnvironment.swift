import FEEL
import Formats
import Records
import Values

/// What is known of the file and of the document in it that is being mapped, for all of its nodes.
final class MappingEnvironment {
    /// The context of expressions; its zone is the business zone.
    let context: EvaluationContext
    /// Hears what is looked at, made and missed, where somebody asks.
    let coverage: MappingCoverage?

    /// Where rules look up cross-references and rates; nil where there are none.
    let references: (any ReferenceRecords)?

    /// What records are to be like beyond the mapping's own checks.
    let quality: QualityPlan?

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
        self.quality = quality
        self.references = references
        self.coverage = coverage
    }
}

extension SourceScope {
    /// The value of a field where its bytes give it at once: text, a number as it stands, a whole number with `.0` behind it.
    /// Nil where the text has to be looked at more closely.
    func plainValue(_ field: Int32, _ rule: FieldRule) -> Value? {
        switch rule.conversion {
        case .text, .none:
            let text = bytes(field, trimmed: rule.trims)
            return text.isEmpty ? nil : .string(String(decoding: text, as: UTF8.self))
        case .decimal(let implied, let mark, let isOverpunched):
            let text = bytes(field)
            guard let last = text.last, implied == 0, !isOverpunched, mark == UInt8(ascii: "."), last != UInt8(ascii: "-") else { return nil }
            return ExactDecimal(utf8: text).map { .number($0) }
        case .integerText:
            // Digits without a leading zero, then perhaps a point and zeros.
            let text = bytes(field)
            guard let first = text.first, first >= UInt8(ascii: "1"), first <= UInt8(ascii: "9") else { return nil }
            var digits = 0
            while digits < text.count, text[digits] >= UInt8(ascii: "0"), text[digits] <= UInt8(ascii: "9") { digits += 1 }
            var rest = digits
            if rest < text.count, text[rest] == UInt8(ascii: ".") { rest += 1 }
            while rest < text.count, text[rest] == UInt8(ascii: "0") { rest += 1 }
            guard rest == text.count, digits <= 30 else { return nil }
            return .string(String(decoding: UnsafeBufferPointer(rebasing: text[..<digits]), as: UTF8.self))
        default:
            return nil
        }
    }
}
