import Configurations
import Diagnostics
import Records
import Values

extension BundleReader {
    mutating func quality(_ node: ConfigurationNode, file: String) -> QualityPlan {
        if let share = node["badShare"], let value = node.percent("badShare"), value > ExactDecimal(1) {
            found(.mapRule, "a share is 100% at most", share)
        }
        return QualityPlan(
            feed: node.text("quality"), file: file, owner: node.text("owner"), badShare: node.percent("badShare"), last: node.integer("last") ?? 20,
            timely: node.duration("timely"), rules: node.list("rules").compactMap { qualityRule($0) },
            outliers: node.list("outliers").compactMap { outlierWatch($0) }, buckets: node.list("buckets").compactMap { bucketWatch($0) })
    }

    private mutating func qualityRule(_ node: ConfigurationNode) -> QualityRule? {
        guard let (kind, slot) = field(of: node) else { return nil }
        let type = RecordCatalogue.definition(kind).fields[slot].type
        let test: QualityRule.Test
        switch (node["min"] ?? node["max"], node["oneOf"], node["refersTo"]) {
        case (let bound?, nil, nil):
            if let least = node.decimal("min"), let greatest = node.decimal("max"), least > greatest {
                found(.mapRule, "min \(least) is over max \(greatest): every value would be wrong", bound)
            }
            if type != .number { found(.mapFieldType, "\(node.text("field")) is \(type.rawValue); a range is one of numbers", bound) }
            test = .range(node.decimal("min"), node.decimal("max"))
        case (nil, let texts?, nil):
            if type != .text { found(.mapFieldType, "\(node.text("field")) is \(type.rawValue); `oneOf` lists texts", texts) }
            if node.texts("oneOf").isEmpty { found(.mapRule, "`oneOf` lists no text: every value would be wrong", texts) }
            test = .oneOf(node.texts("oneOf"))
        case (nil, nil, let named?):
            guard let reference = QualityRule.references[named.scalar ?? ""] else {
                unknown(named.scalar ?? "", "record to refer to", named, QualityRule.references.keys.sorted())
                return nil
            }
            if type != .text { found(.mapFieldType, "\(node.text("field")) is \(type.rawValue); what refers to a record is text", named) }
            test = .known(reference.kind, role: reference.role)
        default:
            found(.mapRule, "a rule says one of min or max, oneOf, and refersTo", node)
            return nil
        }
        return QualityRule(kind: kind, slot: slot, test: test, rejects: node.optionalText("severity") == "error", line: node.position.line ?? 0)
    }

    private mutating func outlierWatch(_ node: ConfigurationNode) -> OutlierWatch? {
        guard let (kind, slot) = field(of: node) else { return nil }
        let definition = RecordCatalogue.definition(kind)
        if definition.fields[slot].type != .number { found(.mapFieldType, "\(node.text("field")) is no number", node["field"] ?? node) }
        var group: Int?
        if let by = node["by"] {
            group = definition.slot(by.scalar ?? "")
            if group == nil { unknown(by.scalar ?? "", "field of \(kind.rawValue)", by, definition.layout.names) }
        }
        return OutlierWatch(kind: kind, slot: slot, group: group, test: node.optionalText("test").flatMap(OutlierTest.init) ?? .modifiedZ)
    }

    private mutating func bucketWatch(_ node: ConfigurationNode) -> BucketWatch? {
        guard let (kind, slot) = field(of: node) else { return nil }
        let type = RecordCatalogue.definition(kind).fields[slot].type
        if type != .date, type != .dateTime { found(.mapFieldType, "\(node.text("field")) is no date", node["field"] ?? node) }
        return BucketWatch(kind: kind, slot: slot, countsWeekends: node.optionalText("days") != "weekdays")
    }

    private mutating func field(of node: ConfigurationNode) -> (RecordKind, Int)? {
        guard let record = node["record"], let kind = kind(record), let named = node["field"] else { return nil }
        let definition = RecordCatalogue.definition(kind)
        if let slot = definition.slot(named.scalar ?? "") { return (kind, slot) }
        unknown(named.scalar ?? "", "field of \(kind.rawValue)", named, definition.layout.names)
        return nil
    }
}
