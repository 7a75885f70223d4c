package import Configurations
package import Diagnostics
import FEEL
package import Mapping
import Outbox
package import Microsegments
import Values

/// How the files under `Schemes/actions` look, and how they are read.
package enum ActionFile {
    package static let shape = ConfigurationShape.record([
        ConfigurationKey("action", .text, required: true, "name of the action"),
        ConfigurationKey("scheme", .text, required: true, "scheme whose decisions it acts on"),
        ConfigurationKey("on", .choice(Action.Occasion.allCases.map(\.rawValue)), default: "change", "change: where the micro-segment changed; evaluation: each time; notice: where a notice of a lower tier begins"),
        ConfigurationKey("when", .text, "FEEL over the decision: only where it holds"),
        ConfigurationKey("target", .text, required: true, "target in the site's configuration"),
        ConfigurationKey("deadline", .duration, default: "72h", "how long delivery is wanted"),
        ConfigurationKey("file", .record([
            ConfigurationKey("outbound", .text, required: true, "outbound mapping that writes the rows, or outbound set"),
            ConfigurationKey("partner", .text, "of an outbound set: the partner that it goes to, whose file says `send`"),
        ]), "an action file with one row a decision, or EDI to a partner"),
        ConfigurationKey("webhook", .record([
            ConfigurationKey("event", .text, required: true, "event type, such as order.priority.changed"),
            ConfigurationKey("fields", .map(.record([
                ConfigurationKey("feel", .text, required: true, "FEEL over the decision"),
            ])), required: true, "the payload's data, by name"),
            ConfigurationKey("body", .text, "mustache over the fields, event, timestamp and effect, in place of the house's own payload"),
            ConfigurationKey("contentType", .text, default: "application/json", "media type of the body"),
        ]), "one request a decision, in order by entity"),
    ])


    /// - Parameter root: the file's root, checked against ``shape``.
    package static func read(
        _ root: ConfigurationNode, schemes: [Scheme], library: MappingLibrary, access: [AccessScope] = []
    ) -> (action: Action?, diagnostics: [Diagnostic]) {
        let name = root.text("scheme")
        guard let scheme = schemes.first(where: { $0.name == name }) else {
            return (nil, [(root["scheme"] ?? root).diagnostic(
                .actionName, "there is no scheme \(name)", hint: NearestName.of(name, in: schemes.map(\.name)).map { "did you mean \($0)?" })])
        }
        guard (root["file"] == nil) != (root["webhook"] == nil) else {
            return (nil, [root.diagnostic(.actionForm, "an action is either a file or a webhook", hint: "keep one of the two")])
        }
        let names = DecisionLayout(scheme)
        var findings = names.hiddenParameters.map { hidden in
            (root["scheme"] ?? root).diagnostic(
                .actionName, "scheme \(name) has a parameter \(hidden), and every decision has a \(hidden) already", hint: "give the parameter another name")
        }
        func expression(_ node: ConfigurationNode) -> CompiledExpression? {
            let place = node.contentPosition
            let compilation = FEEL.expression(
                node.scalar ?? "", layout: names.layout,
                at: TextOrigin(file: place.file, line: place.line ?? 1, column: place.column ?? 1, indentation: max(0, (place.column ?? 1) - 1)))
            findings += compilation.diagnostics
            return compilation.product
        }
        let scope = access.first { $0.target == root.text("target") }
        let filter = root["when"].flatMap(expression)
        if let when = root["when"], let filter, filter.type != .boolean {
            findings.append(when.diagnostic(.actionForm, "when needs true or false, and gives \(filter.type)"))
        }
        if let wanted = root["deadline"], root.duration("deadline") == .zero {
            findings.append(wanted.diagnostic(.actionForm, "nothing is delivered in no time", hint: "leave deadline out for 72h"))
        }
        if let on = root["on"], on.scalar == Action.Occasion.notice.rawValue, !(scheme.downgrade?.givesNotice ?? false) {
            findings.append(on.diagnostic(.actionForm, "scheme \(name) gives no notice", hint: "give it downgrade with notice or grace, or let the action be on: change"))
        }
        var output: Action.Output?
        if let file = root["file"] {
            let (found, layout, problems) = fileOutput(file, names, library, action: root.text("action"))
            findings += problems
            if let scope { findings += (layout?.names ?? []).compactMap { scope.refusal(of: $0, names, at: file["outbound"] ?? file) } }
            output = found
        } else if let webhook = root["webhook"] {
            let fields = (webhook["fields"]?.entries ?? []).compactMap { entry in
                entry.value["feel"].flatMap(expression).map { (name: entry.name, expression: $0) }
            }
            for field in fields {
                guard let scope, let node = webhook["fields"]?[field.name]?["feel"] else { continue }
                findings += field.expression.slots.compactMap { scope.refusal(of: names.layout.names[$0], names, at: node) }
            }
            let (body, problems) = body(webhook, names: fields.map(\.name))
            findings += problems
            output = .webhook(event: webhook.text("event"), fields: fields, body: body)
        }
        guard let output, !findings.contains(where: { $0.severity == .error }) else { return (nil, findings) }
        let action = Action(
            name: root.text("action"), scheme: name,
            occasion: root.optionalText("on").flatMap { Action.Occasion(rawValue: $0) } ?? .change, filter: filter,
            target: root.text("target"), deadline: root.duration("deadline") ?? Effect.standardLifetime, output: output, names: names,
            hashed: Set(names.layout.names.indices.filter { scope?.hashed.contains(names.layout.names[$0]) ?? false }))
        return (action, findings)
    }

    /// A body that the action writes itself; nil where it does not.
    private static func body(_ webhook: ConfigurationNode, names: [String]) -> (body: Action.Body?, [Diagnostic]) {
        let contentType = webhook.optionalText("contentType") ?? "application/json"
        guard let node = webhook["body"] else {
            let stray = webhook["contentType"]?.diagnostic(.actionForm, "contentType is of a body, and there is none", hint: "leave it out, or write body")
            return (nil, stray.map { [$0] } ?? [])
        }
        guard contentType.contains("/"), contentType.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            return (nil, [(webhook["contentType"] ?? node).diagnostic(.actionForm, "\(contentType) is no media type", hint: "such as application/json")])
        }
        let syntax = PayloadTemplate.Syntax(contentType: contentType), text = node.scalar ?? ""
        let template: PayloadTemplate
        do {
            template = try PayloadTemplate(text, syntax)
        } catch {
            return (nil, [node.diagnostic(.actionForm, "body: \(error.fact)", inText: error.offset..<min(error.offset + 2, text.utf8.count))])
        }
        let known = names + [Action.eventName, Action.timestampName, Action.effectName]
        let unknown = template.names.subtracting(known).sorted().map { name in
            node.diagnostic(
                .actionName, "body names \(name), which is no field", hint: NearestName.of(name, in: known).map { "did you mean \($0)?" } ?? "add it to fields")
        }
        guard unknown.isEmpty else { return (nil, unknown) }
        // With something and with nothing in every place it has to be JSON; what stands there does not change that.
        for value in [Value.string("x"), .null] where syntax == .json {
            let sample = ContextValue(template.names.sorted().map { ($0, value) })
            do { _ = try JSONText.parse(template.render(sample)) } catch {
                return (nil, [node.diagnostic(.actionForm, "body is no JSON where its names are \(value == .null ? "null" : "texts"): \(error)", hint: "write \"{{name}}\" for texts, and {{{name}}} for whole values")])
            }
        }
        return (Action.Body(template: template, contentType: contentType), [])
    }

    private static func fileOutput(
        _ file: ConfigurationNode, _ names: DecisionLayout, _ library: MappingLibrary, action: String
    ) -> (output: Action.Output?, layout: Layout?, [Diagnostic]) {
        if let set = library.outboundSet(file.text("outbound")) { return interchange(set, file, names, library) }
        if let partner = file["partner"] {
            return (nil, nil, [partner.diagnostic(.actionForm, "a partner gets an outbound set", hint: "leave partner out, or name an outbound set")])
        }
        let (outbound, findings) = outbound(file, names, library, action: action)
        return (outbound.map { .file($0) }, outbound?.layout, findings)
    }

    /// An outbound set of named values, to a partner that can be sent to.
    private static func interchange(
        _ set: OutboundSet, _ file: ConfigurationNode, _ names: DecisionLayout, _ library: MappingLibrary
    ) -> (output: Action.Output?, layout: Layout?, [Diagnostic]) {
        let node = file.node("outbound")
        guard set.kinds.isEmpty else {
            return (nil, nil, [node.diagnostic(.actionForm, "\(set.name) writes records, not decisions", hint: "use an outbound set with values")])
        }
        guard let wanted = file["partner"] else {
            return (nil, nil, [node.diagnostic(.actionForm, "an outbound set goes to a partner", hint: "say partner beside outbound")])
        }
        guard let partner = library.partners.partner(named: wanted.scalar ?? "") else {
            let known = library.partners.partners.map(\.partner)
            return (nil, nil, [wanted.diagnostic(
                .actionName, "there is no partner \(wanted.scalar ?? "")", hint: NearestName.of(wanted.scalar ?? "", in: known).map { "did you mean \($0)?" })])
        }
        guard let policy = partner.send else {
            return (nil, nil, [wanted.diagnostic(.actionForm, "partner \(partner.partner) has no send", hint: "say in its file how interchanges to it are written")])
        }
        let findings = values(set.fields, set.name, names, node)
            + policy.defects(for: set).map { wanted.diagnostic(.actionForm, "nothing can be sent with the partner's separators: \($0)") }
        return (findings.isEmpty ? .interchange(set, partner: partner.partner, policy) : nil, set.fields, findings)
    }

    private static func outbound(
        _ file: ConfigurationNode, _ names: DecisionLayout, _ library: MappingLibrary, action: String
    ) -> (OutboundMapping?, [Diagnostic]) {
        let name = file.text("outbound")
        let node = file.node("outbound")
        guard let outbound = library.outbound(name) else {
            let known = library.outbounds.filter(\.kinds.isEmpty).map(\.name)
            return (nil, [node.diagnostic(
                .actionName, "there is no outbound mapping \(name)",
                hint: NearestName.of(name, in: library.outbounds.map(\.name)).map { "did you mean \($0)?" }
                    ?? (known.isEmpty ? "add one with values under Mappings/outbound" : "there are \(known.joined(separator: ", "))"))])
        }
        guard outbound.kinds.isEmpty else {
            return (nil, [node.diagnostic(.actionForm, "\(name) writes records, not decisions", hint: "use an outbound mapping with values")])
        }
        let findings = values(outbound.layout, outbound.name, names, node) + fileName(outbound, action: action, node)
        return (findings.isEmpty ? outbound : nil, findings)
    }

    /// Each value that the outbound mapping wants must be one of a decision, of the same type.
    private static func values(_ layout: Layout, _ outbound: String, _ names: DecisionLayout, _ node: ConfigurationNode) -> [Diagnostic] {
        zip(layout.names, layout.types).compactMap { wanted, type in
            guard let found = names.layout.type(of: wanted) else {
                return node.diagnostic(
                    .actionName, "\(outbound) wants \(wanted), which a decision does not have",
                    hint: NearestName.of(wanted, in: names.layout.names).map { "did you mean \($0)?" } ?? "a decision has \(names.layout.names.joined(separator: ", "))")
            }
            guard !type.accepts(found) else { return nil }
            return node.diagnostic(
                .actionForm, "\(outbound) takes \(wanted) for a \(type), and it is a \(found)", hint: "give it the type of the decision's value")
        }
    }

    /// Two runs must never give one name to different bytes, so the name holds what only one file has.
    private static func fileName(_ outbound: OutboundMapping, action: String, _ node: ConfigurationNode) -> [Diagnostic] {
        let name = outbound.fileName(Action.fileNameValues(position: "1", effect: "e", action: action))
        if !outbound.fileName.contains("{effect}") {
            return [node.diagnostic(.actionForm, "two runs would give one name to two files: \(outbound.fileName) lacks {effect}", hint: "put {effect} into file of the outbound mapping")]
        }
        if name.contains("{") || name.contains("/") {
            return [node.diagnostic(.actionForm, "\(name) is no name of an action file", hint: "use {position}, {effect} and {action}; a name holds no /")]
        }
        return []
    }
}
