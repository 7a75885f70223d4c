import Attributes
import Configurations
import Decisions
import Diagnostics
import FEEL
import Glibc
import Mapping
import Microsegments
import Records
import Testing
import Values

/// Schemes, actions and outbound mappings of the project, read as the bundle reads them.
enum Desk {
    static func root(_ text: String, _ shape: ConfigurationShape, file: String) throws -> ConfigurationNode {
        let (root, problems) = ConfigurationText.parse(text, file: file)
        try #require(problems.isEmpty, "\(problems.map(\.text))")
        let node = try #require(root)
        let defects = shape.check(node)
        try #require(defects.isEmpty, "\(defects.map(\.text))")
        return node
    }

    static func scheme(_ name: String, attributes: String, replacing old: String = "", by new: String = "") throws -> Scheme {
        let attributeFile = "Schemes/attributes/\(attributes).yaml", file = "Schemes/\(name).yaml"
        let plan = try #require(AttributePlanReader.read(try root(try text(attributeFile), AttributeFile.shape, file: attributeFile)).plan)
        let text = old.isEmpty ? try text(file) : try text(file).replacing(old, with: new)
        let (scheme, diagnostics) = SchemeReader.scheme(
            try root(text, SchemeFile.scheme, file: file), plans: [plan.entity: plan],
            models: ["Schemes/item-value.dmn": Array(try self.text("Schemes/item-value.dmn").utf8)], fingerprint: "f")
        try #require(diagnostics.isEmpty, "\(diagnostics.map(\.text))")
        return try #require(scheme)
    }

    static let orderPriority = Result { try scheme("order-priority", attributes: "order") }
    static let itemValue = Result { try scheme("item-value", attributes: "item") }

    static func library(_ files: [(path: String, text: String)]) throws -> MappingLibrary {
        let compiled = MappingLibrary.compile(files.map { BundleFile(path: $0.path, bytes: Array($0.text.utf8)) })
        return try #require(compiled.library, "\(compiled.diagnostics.map(\.text))")
    }

    /// The outbound mappings of the project that write decisions.
    static let outbounds = Result {
        try library(["wms/pick-priority", "erp/stocking-policy"].map { ("Mappings/outbound/\($0).yaml", try text("Mappings/outbound/\($0).yaml")) })
    }

    static func read(_ text: String, schemes: [Scheme]? = nil, library: MappingLibrary? = nil) throws -> (action: Action?, diagnostics: [Diagnostic]) {
        ActionFile.read(
            try root(text, ActionFile.shape, file: "Schemes/actions/test.yaml"),
            schemes: try schemes ?? [orderPriority.get(), itemValue.get()], library: try library ?? outbounds.get())
    }

    static func sample(_ name: String) throws -> Action {
        let (action, diagnostics) = try read(text("Schemes/actions/\(name).yaml"))
        try #require(diagnostics.isEmpty, "\(diagnostics.map(\.text))")
        return try #require(action)
    }

    /// A file of the project, found from this one.
    static func text(_ path: String) throws -> String {
        var resolved = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let here = try #require(realpath(#filePath, &resolved).map { String(cString: $0) }).split(separator: "/", omittingEmptySubsequences: false)
        let full = here.dropLast(3).joined(separator: "/") + "/" + path
        let file = try #require(fopen(full, "r"), "\(full) cannot be read")
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    static let promise = Instant(written: "2026-11-23T12:00:00Z")

    /// The decision about an order that has so many hours left.
    static func decision(
        _ id: String, hours: Int64, former: String? = nil, tier: String? = nil, position: Int = 41, overrides: [Override] = [],
        scheme: Scheme? = nil
    ) throws -> Decision {
        let scheme = try scheme ?? orderPriority.get()
        let definition = RecordCatalogue.definition(.order)
        var own = [Value](repeating: .null, count: definition.fields.count)
        for (name, value): (String, Value) in [("orderNumber", .string(id)), ("customer", .string("C;1")), ("promisedAt", .dateTime(promise.dateTime(in: .utc)))] {
            if let slot = definition.slot(name) { own[slot] = value }
        }
        let party = RecordCatalogue.definition(.party)
        var customer = [Value](repeating: .null, count: party.fields.count)
        if let tier, let slot = party.slot("tier") { customer[slot] = .string(tier) }
        let now = promise.adding(DayTimeDuration(seconds: -hours * 3600))
        let context = EvaluationContext(now: now)
        let entity = EntityKey(.order, client: "NORDWIND", id: id)
        let row = try scheme.plan.evaluate(
            EntityFacts(
                entity: entity, own: Fact(row: 7, values: own), related: [Fact(row: 8, values: customer)],
                measured: scheme.plan.measures.map { _ in [] }),
            context: context)
        let assignment = try scheme.assign(
            row, own: Fact(row: 7, values: own), state: nil, overrides: OverrideSet(overrides), schemeChanged: false, context: context)
        return Decision(
            assignment, former: former, scheme: scheme,
            attributes: zip(scheme.plan.definitions, zip(row.values, row.evidence)).map {
                DecisionAttribute(name: $0.name, value: $1.0, records: $1.1)
            },
            at: now, state: "5f2a", position: position)
    }

    static func render(_ action: Action, _ decisions: [Decision]) throws -> [RenderedEffect] {
        let now = promise.adding(DayTimeDuration(seconds: -3600))
        return try action.render(decisions, position: 41, at: now, context: EvaluationContext(now: now))
    }
}

extension Instant {
    /// An instant that the test writes itself.
    init(written text: String) {
        guard let instant = Instant(text) else { preconditionFailure("\(text) is no instant") }
        self = instant
    }
}

extension Result where Failure == any Error {
    init(_ body: () throws -> Success) { self.init(catching: body) }
}
