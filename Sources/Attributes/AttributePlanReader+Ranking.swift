import Configurations
import Diagnostics
import FEEL
import Values

// Attributes that rank the population.
extension AttributePlanReader {
    mutating func addRanking(_ entry: ConfigurationEntry, _ name: String) {
        let node = entry.value
        guard let attribute = declared(node, name), let at = node[name] else { return }
        guard definitions[attribute].type == .number else {
            return refuse(at, .attributeForm, "\(definitions[attribute].name) is no number, so it cannot rank")
        }
        guard let form = form(entry, name) else { return }
        var within: [Int] = [], isWithinClient = false
        for item in node.list("within") {
            guard let text = item.scalar else { continue }
            if let index = definitions.firstIndex(where: { $0.name == text }) {
                within.append(index)
            } else if text == "client" {
                isWithinClient = true
            } else {
                return refuse(item, .attributeName, "attribute \(text) is not declared above", hint: "name attributes, or client")
            }
        }
        for index in [attribute] + within where isRanked(index) {
            return refuse(at, .attributeForm, "\(definitions[index].name) is a rank or share, which changes with every other entity", hint: "rank by a measure, or by what a class or tile gives")
        }
        define(
            entry,
            .population(PopulationMeasure(
                attribute: attribute, form: form, isAscending: node.optionalText("order") == "ascending", within: within, isWithinClient: isWithinClient,
                scale: node.integer("scale") ?? 0)),
            name == "class" ? .string : .number, scale: name == "class" ? nil : node.integer("scale") ?? 0)
    }

    private mutating func declared(_ node: ConfigurationNode, _ key: String) -> Int? {
        if let index = definitions.firstIndex(where: { $0.name == node.text(key) }) { return index }
        if let at = node[key] {
            refuse(
                at, .attributeName, "attribute \(node.text(key)) is not declared above",
                hint: NearestName.of(node.text(key), in: definitions.map(\.name)).map { "did you mean \($0)?" })
        }
        return nil
    }

    private mutating func form(_ entry: ConfigurationEntry, _ name: String) -> PopulationMeasure.Form? {
        let node = entry.value
        switch name {
        case "rank": return .rank
        case "percentile": return .percentile
        case "cumulativeShare": return .cumulativeShare
        case "shareOf": return .share
        case "tile":
            if let tiles = node.integer("tiles") { return .tile(count: tiles) }
            refuse(entry.key, .attributeForm, "tile needs tiles", hint: "tiles: 5 makes quintiles")
            return nil
        default: break
        }
        let cuts = node.list("cuts").compactMap { $0.scalar.flatMap { ExactDecimal($0) } }, names = node.texts("names")
        guard !cuts.isEmpty, names.count == cuts.count + 1, zip(cuts, cuts.dropFirst()).allSatisfy({ $0 < $1 }),
            cuts.allSatisfy({ $0 > .zero && $0 < ExactDecimal(100) }), Set(names).count == names.count
        else {
            refuse(
                node["cuts"] ?? entry.key, .attributeForm, "there are \(cuts.count) cuts and \(names.count) names",
                hint: "cuts ascend between 0 and 100, and there is one name more than cuts, each once")
            return nil
        }
        return .classes(cuts: cuts, names: names, crossing: PopulationMeasure.Crossing(rawValue: node.optionalText("crossing") ?? "") ?? .up)
    }

    private func isRanked(_ attribute: Int) -> Bool {
        switch definitions[attribute].source {
        case .population(let measure): measure.steps == nil
        case .derived(let expression): expression.slots.contains { isRanked($0) }
        default: false
        }
    }
}
