import Diagnostics
import FEEL
import Formats
import Records
import Values

// From the text that was sent to the value that is kept.
extension RecordBuilder {
    mutating func convert(_ field: FieldRule, _ sent: String, _ timeText: String?, _ hit: SourceHit) {
        var text = sent
        for step in field.steps { text = step.apply(to: text) }
        guard !text.isEmpty else { return settle(field, .null, origin(hit)) }
        if let codes = field.codes {
            guard let known = translate(field, text, codes[text], "code list", hit) else { return }
            text = known
        }
        if let lookup = field.lookup {
            guard let known = translate(field, text, lookup.values[text], "lookup \(lookup.name)", hit) else { return }
            text = known
        }
        if let kind = field.reference {
            guard let known = translate(field, text, references?.own(kind, text), "cross-reference of kind \(kind)", hit) else { return }
            text = known
        }
        do {
            var value = try field.conversion.value(text, time: timeText, business: environment.context.zone)
            if let unit = field.unit, case .number(let number) = value {
                guard let kept = convert(number, unit, field, hit) else { return }
                value = .number(kept)
            }
            if let currency = field.currency, case .number(let amount) = value {
                guard let kept = convert(amount, currency, field, hit) else { return }
                value = .number(kept)
            }
            settle(field, value, origin(hit))
        } catch {
            let code: DiagnosticCode, what: String
            switch error {
            case .notNumber: (code, what) = (.mapNotNumber, "a number")
            case .notDate: (code, what) = (.mapNotDate, "a date as the picture says")
            case .notBoolean: (code, what) = (.mapNotBoolean, "a yes or a no that the rule knows")
            }
            let shown = timeText.map { text + " " + $0 } ?? text
            problem(code, .error, "\(field.name): `\(shown.prefix(60))` is not \(what)", at: hit)
        }
    }

    /// The number in the unit that the field is kept in, or nil where the missing or unknown unit has been dealt with.
    private mutating func convert(_ number: ExactDecimal, _ unit: UnitUse, _ field: FieldRule, _ hit: SourceHit) -> ExactDecimal? {
        var sent: MeasureUnit?
        var shown = ""
        switch unit.sent {
        case .constant(let constant): sent = constant
        case .selector(let selector, let standard):
            if let found = scope.find(selector, from: node) { shown = text(found, true) }
            sent = shown.isEmpty ? standard : MeasureUnit.coded(shown)
        }
        if let kept = sent?.converted(number, to: unit.target) { return kept }
        let fact = shown.isEmpty ? "no unit is sent" : "`\(shown.prefix(20))` is no unit that becomes \(unit.target.name ?? "it")"
        return miss(number, "units of measure", shown, fact, field, hit)
    }

    /// The amount in the currency that is kept, or nil where a missing currency or rate has been dealt with.
    private mutating func convert(_ amount: ExactDecimal, _ currency: CurrencyUse, _ field: FieldRule, _ hit: SourceHit) -> ExactDecimal? {
        var sent = ""
        switch currency.sent {
        case .constant(let constant): sent = constant
        case .selector(let selector): if let found = scope.find(selector, from: node) { sent = text(found, true) }
        }
        if sent == currency.target { return amount }
        let day: CalendarDate? = switch row[currency.day] {
        case .date(let date): date
        case .dateTime(let dateTime): dateTime.instant(in: .utc).dateTime(in: environment.context.zone).date
        default: nil
        }
        if let day, !sent.isEmpty, let (rate, isInverse) = references?.rate(from: sent, to: currency.target, on: day),
            let kept = isInverse ? try? amount.divided(by: rate) : try? amount.multiplying(by: rate) {
            return kept.scale > currency.decimals ? kept.rounded(scale: currency.decimals) : kept
        }
        let fact = sent.isEmpty ? "no currency is sent" : "there is no rate from `\(sent.prefix(20))` to \(currency.target) on \(day?.description ?? "no day")"
        return miss(amount, "rates of \(currency.target)", sent, fact, field, hit)
    }

    /// What rules look up in records, for the client and partner of this document.
    private var references: ReferenceLookup? {
        environment.references.map { ReferenceLookup(records: $0, client: row[0] == .null ? environment.client : row[0].text, partner: environment.partner) }
    }

    /// A number whose unit or currency could not be told: kept, or nil where the rule says otherwise and that has been dealt with.
    private mutating func miss(
        _ number: ExactDecimal, _ source: String, _ text: String, _ fact: String, _ field: FieldRule, _ hit: SourceHit
    ) -> ExactDecimal? {
        missed(field, source, text, hit)
        switch field.onMiss {
        case .keep: return number
        case .default: settle(field, .null, origin(hit))
        case .reject: problem(.mapMiss, .error, "\(field.name): \(fact)", at: hit)
        case .report:
            problem(.mapMiss, .warning, "\(field.name): \(fact)", at: hit)
            settle(field, .null, origin(hit))
        }
        return nil
    }

    /// The translated text, or nil where the miss has been dealt with.
    private mutating func translate(
        _ field: FieldRule, _ text: String, _ known: String?, _ source: String, _ hit: SourceHit
    ) -> String? {
        if let known { return known }
        missed(field, source, text, hit)
        var fact: String { "\(field.name): \(source) has no `\(text.prefix(60))`" }
        switch field.onMiss {
        case .keep: return text
        case .default: settle(field, .null, origin(hit))
        case .reject: problem(.mapMiss, .error, fact, at: hit)
        case .report:
            problem(.mapMiss, .warning, fact, at: hit)
            settle(field, .null, origin(hit))
        }
        return nil
    }

    private func missed(_ field: FieldRule, _ source: String, _ text: String, _ hit: SourceHit) {
        environment.coverage?.missed(
            "\(draft.rule.kind.rawValue).\(field.name)", in: source, text, at: environment.place.position(of: hit, in: scope, names: environment.names))
    }
}
