import Configurations
import Diagnostics
import Records
import Values

extension FieldCompiler {
    /// What a field's text becomes where the rule says nothing about it.
    func defaultConversion(of type: RecordField.FieldType) -> Conversion {
        switch type {
        case .text: .text
        case .number: .decimal(impliedDecimals: 0, mark: customaryMark)
        case .boolean: .boolean(true: FieldCompiler.yes, false: FieldCompiler.no)
        case .date: .date(DateReading(datePictures))
        case .dateTime: .dateTime(DateReading(dateTimePictures, times: timePictures))
        }
    }

    mutating func conversion(
        of node: ConfigurationNode, _ type: RecordField.FieldType?, _ source: FieldRule.Source?
    ) -> Conversion? {
        switch source {
        case .feel, .parent: return Conversion.none
        case .rowNumber, .counter: return type == .number ? .integer : .integerText
        default: break
        }
        let name = node["as"]?.scalar ?? type?.rawValue.replacing("number", with: "decimal") ?? "text"
        guard accepts(name, type) else {
            found(
                .mapFieldType, "the field is \(type?.rawValue ?? "text"); `as: \(name)` gives another type", node["as"] ?? node,
                hint: "leave `as` out, or map another field")
            return nil
        }
        return conversion(named: name, node, type)
    }

    private func accepts(_ name: String, _ type: RecordField.FieldType?) -> Bool {
        switch type {
        case nil: true
        case .text: ["text", "integer", "decimal"].contains(name)
        case .number: ["decimal", "integer"].contains(name)
        case .boolean: name == "boolean"
        case .date: name == "date"
        case .dateTime: name == "dateTime"
        }
    }

    private mutating func conversion(
        named name: String, _ node: ConfigurationNode, _ type: RecordField.FieldType?
    ) -> Conversion {
        switch name {
        case "decimal":
            let mark = node["mark"]?.scalar?.utf8.first ?? customaryMark
            let implied = node["decimals"]?.scalar.flatMap { Int($0) } ?? 0
            return .decimal(impliedDecimals: implied, mark: mark, isOverpunched: node["sign"]?.scalar == "overpunch")
        case "integer": return type == .text ? .integerText : .integer
        case "boolean":
            return .boolean(
                true: words(node["true"]) ?? FieldCompiler.yes, false: words(node["false"]) ?? FieldCompiler.no)
        case "date": return .date(DateReading(pictures(node["picture"]) ?? datePictures))
        case "dateTime":
            let zone = node["zone"]?.scalar.flatMap(ZoneChoice.init) ?? .business
            return .dateTime(DateReading(
                pictures(node["picture"]) ?? dateTimePictures, times: pictures(node["timePicture"]) ?? timePictures, zone: zone))
        default: return .text
        }
    }

    /// A constant or default: its text runs through the same conversion as the file's.
    mutating func literal(_ node: ConfigurationNode?, _ conversion: Conversion, _ type: RecordField.FieldType?) -> Value? {
        guard let node, let text = node.scalar else { return nil }
        var conversion = conversion
        if case .none = conversion, let type { conversion = defaultConversion(of: type) }
        // Whatever a sender writes for yes and no, a mapping may write true and false.
        if case .boolean = conversion, text == "true" || text == "false" { return .boolean(text == "true") }
        do {
            return try conversion.value(text, time: nil, business: .utc)
        } catch {
            found(.mapFieldType, "`\(text)` is no \(type?.rawValue ?? "value of this type")", node, hint: nil)
            return nil
        }
    }

    mutating func time(of node: ConfigurationNode, _ conversion: Conversion) -> Selector? {
        guard let time = node["time"] else { return nil }
        guard case .dateTime = conversion else {
            found(.mapRule, "`time` belongs to a dateTime", time, hint: nil)
            return nil
        }
        guard case .selector(let selector)? = plain(time.scalar ?? "", time) else { return nil }
        return selector
    }

    mutating func codes(of node: ConfigurationNode) -> [String: String]? {
        guard let codes = node["codes"] else { return nil }
        return Dictionary(codes.entries.map { ($0.name, $0.value.scalar ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    /// `lookup: customers` uses the first two columns; the long form names table, key and value.
    mutating func lookup(of node: ConfigurationNode) -> LookupUse? {
        guard let lookup = node["lookup"] else { return nil }
        let name = lookup.scalar ?? lookup["table"]?.scalar ?? ""
        guard let table = lookups[name] else {
            found(.mapUnknownReference, "there is no lookup `\(name)`", lookup, hint: NearestName.hint(name, Array(lookups.keys).sorted()) ?? "add Mappings/lookups/\(name).csv")
            return nil
        }
        guard let key = column(of: table, lookup["key"], 0), let value = column(of: table, lookup["value"], 1) else { return nil }
        return LookupUse(table: table, name: name, values: table.values(by: key, giving: value))
    }

    private mutating func column(of table: LookupTable, _ node: ConfigurationNode?, _ standard: Int) -> Int? {
        guard let node, let name = node.scalar else { return min(standard, table.columns.count - 1) }
        if let index = table.columns.firstIndex(of: name) { return index }
        found(
            .mapUnknownName, "lookup \(table.name) has no column `\(name)`", node,
            hint: NearestName.hint(name, table.columns))
        return nil
    }

    private mutating func pictures(_ node: ConfigurationNode?) -> [DatePicture]? {
        guard let node else { return nil }
        let nodes = node.scalar == nil ? node.items : [node]
        return nodes.compactMap { item in
            guard let text = item.scalar else { return nil }
            if let picture = DatePicture(text) { return picture }
            found(.mapPicture, "`\(text)` is no date picture", item, hint: "write yyyyMMdd, dd.MM.yyyy HH:mm and the like")
            return nil
        }
    }

    private func words(_ node: ConfigurationNode?) -> Set<String>? {
        node.map { Set(($0.scalar.map { [$0] } ?? $0.items.compactMap(\.scalar)).map { $0.lowercased() }) }
    }

    // MARK: - What the formats write by custom

    /// ISO 9735, 10: comma and point are decimal marks alike, and there is no mark of thousands.
    private var customaryMark: UInt8 { reads.format == .edifact ? Conversion.eitherMark : UInt8(ascii: ".") }

    private static let yes: Set<String> = ["true", "yes", "y", "1", "x"]
    private static let no: Set<String> = ["false", "no", "n", "0"]

    private var datePictures: [DatePicture] {
        let texts = switch reads.format {
        case .x12, .edifact: ["yyyyMMdd", "yyMMdd"]
        case .tradacoms: ["yyMMdd"]
        case .xml, .idoc, .flat, .json: ["yyyyMMdd", "yyyy-MM-dd"]
        case .csv: ["yyyy-MM-dd"]
        }
        return texts.compactMap { DatePicture($0) }
    }

    private var dateTimePictures: [DatePicture] {
        let texts = switch reads.format {
        case .csv: ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss"]
        // DTM, C507 2379: 203 and 204.
        case .edifact: ["yyyyMMddHHmm", "yyyyMMddHHmmss"]
        case .json: ["yyyy-MM-ddTHH:mm:ss"]
        case .x12, .tradacoms, .xml, .idoc, .flat: [String]()
        }
        return texts.compactMap { DatePicture($0) } + datePictures
    }

    private var timePictures: [DatePicture] {
        ["HHmm", "HHmmss", "HHmmssSS", "HH:mm:ss", "HH:mm"].compactMap { DatePicture($0) }
    }
}
