import Attributes
import Configurations
import Diagnostics
import FEEL
import Records
import Values

/// Attributes, written as a site writes them, over a series of demand: one sale for each day of it.
enum MeasuredSeries {
    private static let end = CalendarDate(dayNumber: 20_000)

    /// The values of the attributes, in their order.
    ///
    /// - Parameter attributes: lines of a file of attributes, in which `SERIES` stands for the kind of record with entity, value, window and buckets.
    static func attributes(of series: [ExactDecimal], _ attributes: String) throws(CaseFailure) -> [Answer] {
        guard !series.isEmpty else { throw CaseFailure("the series is empty") }
        let measure = "salesLine, by: item, of: quantity, at: soldAt, bucket: day, window: P\(series.count - 1)DT12H"
        let lines = attributes.split(separator: "\n").map { "  \($0)\n" }.joined().replacing("SERIES", with: measure)
        let plan = try plan("attributes: case\nentity: item\nvalues:\n\(lines)")
        let facts = facts(series)
        do {
            let row = try plan.evaluate(
                EntityFacts(entity: EntityKey(.item, client: "", id: "1"), own: nil, related: [], measured: plan.measures.map { _ in facts }),
                context: EvaluationContext(now: noon(end), zone: .utc))
            return row.values.map(answer)
        } catch {
            throw CaseFailure(error.diagnostic.text)
        }
    }

    static func answer(_ value: Value) -> Answer {
        switch value {
        case .number: CaseInputs.double(value).map(Answer.number) ?? .none
        case .string(let text): .text(text)
        default: .none
        }
    }

    private static func plan(_ text: String) throws(CaseFailure) -> AttributePlan {
        let (root, problems) = ConfigurationText.parse(text, file: "case")
        guard let root else { throw CaseFailure(problems.map(\.text).joined(separator: "; ")) }
        let defects = AttributeFile.shape.check(root)
        guard defects.isEmpty else { throw CaseFailure(defects.map(\.text).joined(separator: "; ")) }
        let (plan, findings) = AttributePlanReader.read(root)
        guard let plan else { throw CaseFailure(findings.map(\.text).joined(separator: "; ")) }
        return plan
    }

    private static func facts(_ series: [ExactDecimal]) -> [Fact] {
        let definition = RecordCatalogue.definition(.salesLine)
        guard let quantity = definition.slot("quantity"), let soldAt = definition.slot("soldAt") else { preconditionFailure("a sale has both") }
        return series.enumerated().map { day, number in
            var values = [Value](repeating: .null, count: definition.fields.count)
            values[quantity] = .number(number)
            values[soldAt] = .dateTime(noon(CalendarDate(dayNumber: end.dayNumber - series.count + 1 + day)).dateTime(in: .utc))
            return Fact(row: Int64(day), values: values)
        }
    }

    private static func noon(_ date: CalendarDate) -> Instant {
        Instant(seconds: Int64(date.dayNumber) * 86_400 + 43_200)
    }
}
