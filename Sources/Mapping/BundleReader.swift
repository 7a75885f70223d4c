import Configurations
import Diagnostics
import EDI
import FEEL
import Formats
import FlatFiles
import Records
import Values

/// Reads the small files of the bundle, feeds, partners, outbounds and routes, from nodes whose shape has been checked.
struct BundleReader {
    private(set) var diagnostics: [Diagnostic] = []

    // MARK: - Feeds and partners

    mutating func feed(_ node: ConfigurationNode, file: String) -> FeedDefinition? {
        guard let format = SourceFormat(rawValue: node.text("format")) else { return nil }
        let csv = node["csv"]
        if let csv, format != .csv { found(.mapRule, "`csv` belongs to a feed of format csv", csv) }
        if let layout = node["layout"], format != .flat { found(.mapRule, "`layout` belongs to a feed of format flat", layout) }
        if format == .flat, node["layout"] == nil { found(.mapRule, "a feed of format flat says its layout", node) }
        if let encoding = node["encoding"], ![.flat, .idoc, .json].contains(format) {
            found(.mapRule, "`encoding` belongs to a feed of format flat, idoc or json; CSV has its own in `csv`", encoding)
        }
        if let external = node["externalDocumentType"], format != .xml { found(.mapRule, "`externalDocumentType` belongs to a feed of format xml", external) }
        if node.texts("mappings").isEmpty { found(.mapRule, "the feed names no mapping", node) }
        return FeedDefinition(
            feed: node.text("feed"), file: file, format: format, mappings: node.texts("mappings"),
            folder: node.optionalText("folder") ?? node.text("feed"), completion: completion(node["complete"]),
            giveUpAfter: duration(node, "giveUp") ?? DayTimeDuration(seconds: 600, nanoseconds: 0),
            subfolderDepth: node.integer("subfolders") ?? 0, order: node.optionalText("order").flatMap(FeedDefinition.Order.init) ?? .name,
            isInSequence: node.flag("inSequence", default: false),
            duplicates: node.optionalText("duplicates").flatMap(FeedDefinition.Duplicates.init) ?? .reject,
            onStructureDefect: node["onError"]?.optionalText("structure").flatMap(FeedDefinition.StructureDefect.init) ?? .quarantine,
            onRecordDefect: node["onError"]?.optionalText("record").flatMap(FeedDefinition.RecordDefect.init) ?? .report,
            client: node.optionalText("client"), partner: node.optionalText("partner"),
            csv: CSVLayout(
                separator: csv?.optionalText("separator").flatMap(MappingShapes.separatorBytes),
                quote: csv?.optionalText("quote").map(MappingShapes.quoteByte) ?? UInt8(ascii: "\""),
                hasHeader: csv?.flag("header", default: true) ?? true, columns: csv?.texts("columns") ?? [],
                encoding: csv?.optionalText("encoding").flatMap(DeclaredEncoding.init), linesSkipped: csv?.integer("skipLines") ?? 0,
                comment: csv?.optionalText("comment").map { Array($0.utf8) }),
            layout: node.optionalText("layout"), encoding: node.optionalText("encoding").flatMap(DeclaredEncoding.init),
            ignoresExternalDocumentType: node.optionalText("externalDocumentType") == "ignore",
            defects: defects(node["defects"], format))
    }

    /// The settings of `defects`; an unknown code, or one of another format, is a finding.
    private mutating func defects(_ node: ConfigurationNode?, _ format: SourceFormat?) -> [DiagnosticCode: DefectSetting] {
        var settings: [DiagnosticCode: DefectSetting] = [:]
        let prefix = switch format {
        case .x12: "X12-"
        case .edifact: "EDF-"
        case .tradacoms: "TRD-"
        case .csv, .xml, .flat, .idoc, .json: "no format"
        case nil: ""
        }
        let known = DefectPolicy.standard.codes.map(\.name).filter { $0.hasPrefix(prefix) }
        for entry in node?.entries ?? [] {
            if known.contains(entry.name), let setting = entry.value.scalar.flatMap(DefectSetting.init) {
                settings[DiagnosticCode(entry.name)] = setting
            } else {
                diagnostics.append(entry.key.diagnostic(
                    .mapRule, "`\(entry.name)` is no defect that the feed's format has",
                    hint: NearestName.hint(entry.name, known) ?? "the codes are in docs/diagnostics/edi.md"))
            }
        }
        return settings
    }

    /// A time for which files wait.
    private mutating func duration(_ node: ConfigurationNode, _ key: String) -> DayTimeDuration? {
        guard let duration = node.duration(key) else { return nil }
        let most = DayTimeDuration(seconds: 30 * 86_400)
        if duration < .zero || duration > most { found(.mapRule, "`\(key)` is \(duration): write 0s to \(most)", node[key] ?? node) }
        return duration
    }

    private mutating func completion(_ node: ConfigurationNode?) -> FeedDefinition.Completion {
        guard let node, node.scalar == nil else { return .automatic }
        switch (duration(node, "quiet"), node.optionalText("doneFile")) {
        case (let quiet?, nil): return .quiet(quiet)
        case (nil, let name?):
            if name.contains("/") || !name.contains("{name}") {
                found(.mapRule, "`\(name)` is no marker name: it holds {name} and no `/`", node)
            }
            return .doneFile(name)
        default:
            found(.mapRule, "`complete` says either quiet or doneFile", node)
            return .automatic
        }
    }

    mutating func partner(_ node: ConfigurationNode) -> PartnerDefinition {
        let defects = defects(node["defects"], nil)
        return PartnerDefinition(
            partner: node.text("partner"), name: node.optionalText("name") ?? node.text("partner"),
            client: node.text("client"),
            identifiers: node.list("identifiers").map {
                PartnerDefinition.Identifier(qualifier: $0.optionalText("qualifier"), id: $0.text("id"))
            },
            defects: defects, acknowledge: node["acknowledge"].flatMap { acknowledge($0) }, send: node["send"].flatMap { send($0, node) })
    }

    private mutating func acknowledge(_ node: ConfigurationNode) -> AcknowledgementPolicy? {
        let file = node.optionalText("file") ?? AcknowledgementPolicy.standardFile
        if file.contains("/") || file.hasPrefix(".") || !file.contains("{number}") {
            found(.mapRule, "`\(file)` is no name for answers: it holds {number}, no `/` and begins with no dot", node["file"] ?? node)
        }
        let kind = node.optionalText("kind").flatMap(AcknowledgementKind.init) ?? .auto
        let answered: [EDIStandard] = kind == .auto ? [.x12, .edifact] : kind == .contrl ? [.edifact] : [.x12]
        return AcknowledgementPolicy(
            target: node.text("target"), kind: kind,
            interchange: node.optionalText("interchange").flatMap(AcknowledgementDraft.InterchangeAnswer.init) ?? .asked,
            occasion: node.optionalText("when").flatMap(AcknowledgementPolicy.Occasion.init) ?? .always,
            tellsApplicationErrors: node.optionalText("application") == "rejected", separators: separators(node, for: answered), file: file)
    }

    private mutating func send(_ node: ConfigurationNode, _ partner: ConfigurationNode) -> SendingPolicy? {
        guard let sender = node["as"].map({ party($0) }),
            let receiver = (node["to"] ?? partner.list("identifiers").first).map({ party($0) })
        else {
            found(.mapRule, "`send` wants `to`, as the partner has no identifier", node)
            return nil
        }
        return SendingPolicy(
            sender: sender, receiver: receiver, isTest: node.flag("test", default: false),
            batching: node.optionalText("batch").flatMap(SendingPolicy.Batching.init) ?? .together, version: node.optionalText("version"),
            syntax: node.optionalText("syntax") ?? "UNOC",
            // Which standard it is, the routes say.
            separators: separators(node, for: []), acknowledgedWithin: node.duration("acknowledgedWithin"), notify: node.optionalText("notify"))
    }

    private mutating func separators(_ node: ConfigurationNode, for standards: [EDIStandard]) -> EDISeparators {
        var separators = EDISeparators()
        guard let node = node["separators"] else { return separators }
        func byte(_ key: String) -> UInt8? { node.optionalText(key).flatMap(MappingShapes.delimiterByte) }
        (separators.element, separators.component, separators.repetition) = (byte("element"), byte("component"), byte("repetition"))
        (separators.release, separators.terminator, separators.decimalMark) = (byte("release"), byte("terminator"), byte("decimalMark"))
        separators.lineBreak = node.optionalText("lineBreak").flatMap(EDISeparators.LineBreak.init) ?? .none
        if node["una"] != nil { separators.hasUNA = node.flag("una", default: false) }
        for standard in standards {
            var own = separators
            // Where both standards are answered, what EDIFACT alone has is for that.
            if standard == .x12, standards.count > 1 { (own.release, own.decimalMark, own.hasUNA) = (nil, nil, nil) }
            for defect in own.defects(standard) { found(.mapRule, defect, node) }
        }
        return separators
    }

    private func party(_ node: ConfigurationNode) -> SendingPolicy.Party {
        SendingPolicy.Party(
            qualifier: node.optionalText("qualifier") ?? "", id: node.text("id"), application: node.optionalText("application") ?? node.text("id"))
    }

    // MARK: - Routes

    mutating func route(_ node: ConfigurationNode, file: String) -> RouteDefinition? {
        guard let from = node["from"], let kind = kind(from) else { return nil }
        let condition = node["when"].flatMap { expression($0, RecordCatalogue.definition(kind).layout, .boolean) }
        return RouteDefinition(
            route: node.text("route"), file: file, kind: kind, outbound: node.text("outbound"), partner: node.optionalText("partner"),
            target: node.text("target"),
            condition: condition)
    }

    mutating func kind(_ node: ConfigurationNode) -> RecordKind? {
        let name = node.scalar ?? ""
        if let kind = RecordKind(rawValue: name) { return kind }
        let known = RecordKind.allCases.map(\.rawValue)
        diagnostics.append(node.diagnostic(
            .mapUnknownName, "the catalogue has no record `\(name)`",
            hint: NearestName.hint(name, known) ?? "known are \(known.joined(separator: ", "))"))
        return nil
    }

    mutating func expression(_ node: ConfigurationNode, _ layout: Layout, _ wanted: ValueType?) -> CompiledExpression? {
        expression(node.scalar ?? "", at: node.textOrigin, node, layout, wanted)
    }

    /// An expression that is a part of a node's text.
    mutating func expression(
        _ text: String, at origin: TextOrigin, _ node: ConfigurationNode, _ layout: Layout, _ wanted: ValueType?
    ) -> CompiledExpression? {
        let compiled = FEEL.expression(text, layout: layout, at: origin, profile: .strict)
        diagnostics += compiled.diagnostics
        guard let product = compiled.product else { return nil }
        if product.readsClock { found(.mapRule, "the expression reads the clock; what goes out depends on the record alone", node) }
        if let wanted, !FieldCompiler.fits(product.type, wanted) {
            found(.mapFieldType, "the expression gives \(product.type); \(wanted) is wanted", node)
        }
        return product
    }

    mutating func unknown(_ name: String, _ what: String, _ node: ConfigurationNode, _ known: [String]) {
        diagnostics.append(node.diagnostic(
            .mapUnknownName, "there is no \(what) `\(name)`", hint: NearestName.hint(name, known) ?? "known are \(known.joined(separator: ", "))"))
    }

    mutating func found(_ code: DiagnosticCode, _ fact: String, _ node: ConfigurationNode) {
        diagnostics.append(node.diagnostic(code, fact))
    }
}
