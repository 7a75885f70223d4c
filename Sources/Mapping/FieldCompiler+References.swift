import Configurations
import Diagnostics
import Records
import Values

/// From which currency an amount is converted, into which, and by the rate of which day.
struct CurrencyUse: Sendable {
    enum Sent: Sendable {
        case constant(String)
        case selector(Selector)
    }

    let sent: Sent
    let target: String
    /// Slot of the field whose day it is, a date or a dateTime.
    let day: Int
    /// Decimals of the amount that is kept.
    let decimals: Int
}

extension FieldCompiler {
    /// `currency: { from: CUR02, to: EUR, on: issuedAt }`
    mutating func currency(of node: ConfigurationNode, _ field: String) -> CurrencyUse? {
        guard let currency = node["currency"] else { return nil }
        guard let slot = definition.slot(field), definition.fields[slot].unit == "currency" else {
            found(.mapRule, "\(field) is no amount of money", currency, hint: nil)
            return nil
        }
        guard let on = currency["on"], let name = on.scalar, let day = definition.slot(name), [.date, .dateTime].contains(definition.fields[day].type)
        else {
            let known = definition.fields.filter { $0.type == .date || $0.type == .dateTime }.map(\.name)
            found(.mapRule, "`on` names no date of \(definition.kind.rawValue)", currency["on"] ?? currency, hint: "known are \(known.joined(separator: ", "))")
            return nil
        }
        guard mapped.contains(day) else {
            found(.mapExpressionName, "\(name) has no value yet: no rule before this one gives it", on, hint: "move the rule for \(name) up")
            return nil
        }
        guard let from = currency["from"], let text = from.scalar, let sent = sentCurrency(text, from) else { return nil }
        return CurrencyUse(
            sent: sent, target: currency.text("to"), day: day, decimals: currency["decimals"]?.scalar.flatMap { Int($0) } ?? 4)
    }

    /// A code in single quotes stands for itself.
    private mutating func sentCurrency(_ text: String, _ node: ConfigurationNode) -> CurrencyUse.Sent? {
        if text.count == 5, text.hasPrefix("'"), text.hasSuffix("'") { return .constant(String(text.dropFirst().dropLast())) }
        guard case .selector(let selector)? = plain(text, node) else { return nil }
        return .selector(selector)
    }
}
