import FEEL
import Formats
import Records
import Values

/// What stays the same while a file is mapped: the context of expressions, and the last date of each rule, because
/// neighbouring rows mostly carry the same one.
final class MappingEnvironment {
    let context: EvaluationContext
    /// Hears what is looked at, made and missed, where somebody asks.
    let coverage: MappingCoverage?
    private var lastDates: [ObjectIdentifier: (text: String, time: String?, value: Value)] = [:]

    /// Buffers of a builder, kept so that a row costs no growing arrays.
    private var spareRow: [Value] = []
    private var spareOrigins: [FieldOrigin?] = []

    /// Where rules look up cross-references and rates; nil where there are none.
    let references: (any ReferenceRecords)?

    /// What records are to be like beyond the mapping's own checks.
    let quality: QualityPlan?

    init(context: EvaluationContext, references: (any ReferenceRecords)?, coverage: MappingCoverage?, quality: QualityPlan?) {
        self.context = context
        self.quality = quality
        self.references = references
        self.coverage = coverage
    }

    func lendBuffers(_ row: inout [Value], _ origins: inout [FieldOrigin?]) {
        swap(&row, &spareRow)
        swap(&origins, &spareOrigins)
    }

    func takeBuffers(_ row: inout [Value], _ origins: inout [FieldOrigin?]) {
        swap(&row, &spareRow)
        swap(&origins, &spareOrigins)
    }

    func value(_ text: String, time: String?, _ field: FieldRule) throws(ConversionFailure) -> Value {
        guard case .dateTime = field.conversion else {
            return try field.conversion.value(text, time: time, business: context.zone)
        }
        let key = ObjectIdentifier(field)
        if let last = lastDates[key], last.text == text, last.time == time { return last.value }
        let value = try field.conversion.value(text, time: time, business: context.zone)
        lastDates[key] = (text, time, value)
        return value
    }
}

extension SourceScope {
    /// The value of a field where its bytes give it at once: a number as it stands, a whole number with `.0` behind it.
    /// Nil where the text has to be looked at more closely.
    func plainValue(_ field: Int32, _ conversion: Conversion) -> Value? {
        let range = fields[Int(field)].text
        let start = Int(range.lowerBound), end = Int(range.upperBound)
        guard start < end else { return nil }
        switch conversion {
        case .decimal(let implied, let mark, let isOverpunched):
            guard implied == 0, !isOverpunched, mark == UInt8(ascii: "."), text[end - 1] != UInt8(ascii: "-") else { return nil }
            return text.withUnsafeBufferPointer { bytes in
                ExactDecimal(utf8: UnsafeBufferPointer(rebasing: bytes[start..<end])).map { .number($0) }
            }
        case .integerText:
            // Digits without a leading zero, then perhaps a point and zeros.
            guard text[start] >= UInt8(ascii: "1"), text[start] <= UInt8(ascii: "9") else { return nil }
            var digits = start
            while digits < end, text[digits] >= UInt8(ascii: "0"), text[digits] <= UInt8(ascii: "9") { digits += 1 }
            var rest = digits
            if rest < end, text[rest] == UInt8(ascii: ".") { rest += 1 }
            while rest < end, text[rest] == UInt8(ascii: "0") { rest += 1 }
            guard rest == end, digits - start <= 30 else { return nil }
            return .string(String(decoding: text[start..<digits], as: UTF8.self))
        default:
            return nil
        }
    }
}
