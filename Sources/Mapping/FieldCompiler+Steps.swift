import Configurations
import Diagnostics
import Records

extension FieldCompiler {
    /// What a rule does to the text, in the order in which it works: `split` and `part`, `take`, `strip`, `pad`, `case`.
    mutating func steps(of node: ConfigurationNode) -> [TextStep] {
        var steps: [TextStep] = []
        together("split", "part", node)
        together("pad", "width", node)
        if let separator = node["split"]?.scalar, let part = node["part"]?.scalar.flatMap({ Int($0) }) {
            if part == 0 { found(.mapRule, "parts are counted from 1, or from the end with -1", node["part"] ?? node, hint: nil) }
            steps.append(.part(part, separator: separator))
        }
        if let take = node["take"], let range = positions(take) { steps.append(.take(from: range.from, to: range.to)) }
        if let character = node["strip"]?.scalar?.first { steps.append(.strip(character)) }
        if let character = node["pad"]?.scalar?.first, let width = node["width"]?.scalar.flatMap({ Int($0) }) {
            steps.append(.pad(character, width: width))
        }
        switch node["case"]?.scalar {
        case "upper": steps.append(.upper)
        case "lower": steps.append(.lower)
        default: break
        }
        return steps
    }

    /// Keys that work on text that is read, with a source that reads none.
    mutating func checkVerbs(of node: ConfigurationNode, _ source: FieldRule.Source) {
        switch source {
        case .selector, .first, .concat: return
        case .constant, .feel, .rowNumber, .counter, .parent: break
        }
        for key in ["split", "part", "take", "strip", "pad", "width", "case", "sign", "unit", "reference", "currency"] {
            guard let verb = node[key] else { continue }
            found(.mapRule, "`\(key)` works on text that is read, and this rule reads none", verb, hint: "read it with `at` into a `let` first, or write the value as it is to be")
        }
    }

    private mutating func together(_ one: String, _ other: String, _ node: ConfigurationNode) {
        guard (node[one] == nil) != (node[other] == nil) else { return }
        let (there, missing) = node[one] == nil ? (other, one) : (one, other)
        found(.mapRule, "`\(there)` goes together with `\(missing)`", node[there] ?? node, hint: nil)
    }

    /// `4`, `4-9` or `4-`.
    private mutating func positions(_ node: ConfigurationNode) -> (from: Int, to: Int?)? {
        let halves = (node.scalar ?? "").split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let from = halves.first.flatMap { Int($0) } ?? 0
        let to = halves.count == 1 ? from : halves[1].isEmpty ? nil : Int(halves[1]) ?? 0
        if from >= 1, to.map({ $0 >= from }) ?? true { return (from, to) }
        found(.mapRule, "`take: \(node.scalar ?? "")` is no range of characters", node, hint: "write 4-9, 4 for one, 4- for the rest")
        return nil
    }

    // MARK: - Units

    /// `unit: PO103` or `unit: { constant: LB }`: in which unit the number is sent; it is kept in that of the field.
    mutating func unit(of node: ConfigurationNode, _ field: String) -> UnitUse? {
        guard let unit = node["unit"] else { return nil }
        let own = definition.slot(field).flatMap { definition.fields[$0].unit }
        guard let own, let target = MeasureUnit.named(own) else {
            found(.mapRule, "\(field) is kept in no unit of measure", unit, hint: own.map { "its unit is \($0)" } ?? "take the unit as a field of its own")
            return nil
        }
        if let text = unit["constant"]?.scalar {
            guard let sent = MeasureUnit.coded(text), sent.converts(to: target) else {
                found(.mapRule, "`\(text)` is no code of a unit that becomes \(own)", unit["constant"] ?? unit, hint: "known are \(MeasureUnit.codes(of: target.dimension).joined(separator: ", "))")
                return nil
            }
            return UnitUse(sent: .constant(sent), target: target)
        }
        let place = unit["at"] ?? unit
        guard case .selector(let selector)? = plain(place.scalar ?? "", place) else { return nil }
        return UnitUse(sent: .selector(selector, unit["default"]?.scalar.flatMap { MeasureUnit.coded($0) }), target: target)
    }
}

/// In which unit a number is sent, and in which it is kept.
struct UnitUse: Sendable {
    enum Sent: Sendable {
        case constant(MeasureUnit)
        /// Where its code stands, and the unit where none is sent.
        case selector(Selector, MeasureUnit?)
    }

    let sent: Sent
    let target: MeasureUnit
}
