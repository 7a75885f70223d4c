import Diagnostics
import FEEL
import Formats
import Records
import Values

/// Makes one record of one node: source values, condition, fields, checks, required fields, in this order.
///
/// It lives for the length of one call; it holds a view of the arena.
struct RecordBuilder {
    /// What came of a node for one rule.
    enum Outcome {
        /// The rule's condition does not hold.
        case notApplicable
        case record(Record, warnings: [Diagnostic])
        case rejected(RejectedRecord)
    }

    private let mapping: CompiledMapping
    let node: Int32
    let scope: SourceScope
    let names: [String]
    let place: DocumentPlace
    let environment: MappingEnvironment
    let client: String?
    /// The partner who sent the document.
    let partner: String?

    var rule: RecordRule
    private var counter = 0
    var row: [Value] = []
    private var origins: [FieldOrigin?] = []
    private var errors: [Diagnostic] = []
    private var warnings: [Diagnostic] = []

    init(
        _ mapping: CompiledMapping, rule: RecordRule, node: Int32, scope: SourceScope, names: [String],
        place: DocumentPlace, environment: MappingEnvironment, client: String?, partner: String?
    ) {
        self.mapping = mapping
        self.rule = rule
        self.node = node
        self.scope = scope
        self.names = names
        self.place = place
        self.environment = environment
        self.client = client
        self.partner = partner
        environment.lendBuffers(&row, &origins)
    }

    /// Gives the buffers back for the next node.
    mutating func finish() { environment.takeBuffers(&row, &origins) }

    /// Begins a record of a rule on the same node.
    private mutating func begin(_ rule: RecordRule, counter: Int) {
        self.rule = rule
        self.counter = counter
        row.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
        for _ in 0..<rule.width {
            row.append(.null)
            origins.append(nil)
        }
        if !errors.isEmpty { errors = [] }
        if !warnings.isEmpty { warnings = [] }
    }

    /// - Parameters:
    ///   - counter: number of the record within its enclosing node, for rules that ask for it.
    ///   - ordinal: of the record within its file.
    ///   - isFirst: whether no record was made of the node before.
    mutating func build(_ rule: RecordRule, counter: Int, ordinal: Int, isFirst: Bool) -> Outcome {
        if let when = rule.when, when.expression == nil, !isFirst { return .notApplicable }
        begin(rule, counter: counter)
        for field in rule.lets { fill(field) }
        if let when = rule.when?.expression {
            switch evaluate(when) {
            case .boolean(true): break
            case .boolean(false), .null: if errors.isEmpty { return .notApplicable }
            default: return .notApplicable
            }
        }
        fillFields()
        if errors.isEmpty { check() }
        if errors.isEmpty { require() }
        if errors.isEmpty, let quality = environment.quality { assure(quality) }
        guard errors.isEmpty else {
            let bytes = scope.nodes[Int(node)].bytes
            return .rejected(RejectedRecord(
                kind: rule.kind, code: errors[0].code, diagnostics: errors + warnings, bytes: bytes,
                ordinal: scope.nodes[Int(node)].ordinal))
        }
        return .record(
            Record(
                kind: rule.kind, values: Array(row[..<rule.fieldCount]), origins: Array(origins[..<rule.fieldCount]),
                rules: rule.rules, ordinal: ordinal),
            warnings: warnings)
    }

    private mutating func fillFields() {
        if !rule.mapsClient, let client { row[0] = .string(client) }
        for field in rule.fields { fill(field) }
    }

    // MARK: - One field

    private mutating func fill(_ field: FieldRule) {
        switch field.source {
        case .selector(let selector):
            convert(field, scope.find(selector, from: node))
        case .first(let selectors):
            var hit: SourceHit?
            for selector in selectors {
                guard let found = scope.find(selector, from: node), !text(found, field.trims).isEmpty else { continue }
                hit = found
                break
            }
            convert(field, hit)
        case .concat(let parts, let separator):
            concatenate(field, parts, separator)
        case .constant(let value):
            row[field.slot] = value
        case .feel(let expression):
            let value = evaluate(expression, field)
            settle(field, value, origin(of: expression))
        case .rowNumber:
            let number = scope.nodes[Int(node)].ordinal
            settle(field, rowNumberValue(field, number), nodeOrigin())
        case .counter:
            settle(field, rowNumberValue(field, counter), nil)
        case .parent(let record, let slot):
            fillFromParent(field, record, slot)
        }
    }

    private func rowNumberValue(_ field: FieldRule, _ number: Int) -> Value {
        if case .integer = field.conversion { return .number(ExactDecimal(number)) }
        return .string(String(number))
    }

    private mutating func convert(_ field: FieldRule, _ hit: SourceHit?) {
        guard let hit else { return settle(field, .null, nil) }
        if field.isDirect, hit.field >= 0, let value = scope.plainValue(hit.field, field.conversion) {
            return settle(field, value, origin(hit))
        }
        let text = text(hit, field.trims)
        guard !text.isEmpty else { return settle(field, .null, origin(hit)) }
        var timeText: String?
        if let time = field.time, let timeHit = scope.find(time, from: node) { timeText = self.text(timeHit, true) }
        convert(field, text, timeText, hit)
    }

    private mutating func concatenate(_ field: FieldRule, _ parts: [FieldRule.ConcatPart], _ separator: String) {
        var texts: [String] = []
        var first: SourceHit?
        for part in parts {
            switch part {
            case .text(let text): texts.append(text)
            case .selector(let selector):
                guard let hit = scope.find(selector, from: node) else { continue }
                let found = text(hit, field.trims)
                guard !found.isEmpty else { continue }
                first = first ?? hit
                texts.append(found)
            }
        }
        guard let first else { return settle(field, .null, nil) }
        convert(field, texts.joined(separator: separator), nil, SourceHit(node: first.node, field: -1))
    }

    /// Puts a value into its slot, or the default where there is none.
    mutating func settle(_ field: FieldRule, _ value: Value, _ origin: FieldOrigin?) {
        var value = value
        if case .null = value, let replacement = field.defaultValue { value = replacement }
        if case .null = value, field.isRequired {
            problem(.mapRequired, .error, "\(field.name) is required and empty", at: SourceHit(node: node, field: -1))
        }
        // The store keeps a coefficient of 64 bits; a source value that only expressions see may have all 34 digits.
        if case .number(let number) = value, number.coefficient64 == nil, field.slot < rule.fieldCount {
            problem(
                .mapDigits, .error, "\(field.name): \(number) has more than the 18 digits that a record keeps",
                at: SourceHit(node: node, field: -1))
        }
        row[field.slot] = value
        origins[field.slot] = origin
    }

    private mutating func fillFromParent(_ field: FieldRule, _ index: Int, _ slot: Int) {
        let parent = mapping.records[index]
        var ancestor = scope.nodes[Int(node)].parent
        while ancestor >= 0, scope.symbol(of: ancestor) != parent.lastName { ancestor = scope.nodes[Int(ancestor)].parent }
        guard ancestor >= 0 else { return settle(field, .null, nil) }
        var builder = RecordBuilder(
            mapping, rule: parent, node: ancestor, scope: scope, names: names, place: place, environment: environment,
            client: client, partner: partner)
        builder.begin(parent, counter: 0)
        guard let source = parent.fields.first(where: { $0.slot == slot }) else { return settle(field, .null, nil) }
        if case .feel = source.source {
            for field in parent.lets { builder.fill(field) }
            builder.fillFields()
        } else {
            builder.fill(source)
        }
        settle(field, builder.row[slot], builder.origins[slot])
        builder.finish()
    }

    // MARK: - Conditions

    private mutating func check() {
        for check in rule.checks {
            let result: Value
            do {
                result = try check.expression.evaluate(row, environment.context)
            } catch {
                problem(.mapExpression, .error, "check \(check.code): \(error.diagnostic.fact)", at: hit(of: check.slot))
                continue
            }
            if case .boolean(true) = result { continue }
            var diagnostic = Diagnostic(
                check.code, check.severity, "\(rule.kind.rawValue): `\(check.expression.source)` does not hold",
                at: position(of: check.slot), hint: check.hint)
            if let slot = check.slot, slot < rule.definition.fields.count {
                let shown = row[slot] == .null ? "empty" : "`\(row[slot].text.prefix(60))`"
                diagnostic.fact += "; \(rule.definition.fields[slot].name) is \(shown)"
            }
            if check.severity == .error { errors.append(diagnostic) } else { warnings.append(diagnostic) }
        }
    }

    private mutating func require() {
        for slot in rule.required {
            guard case .null = row[slot] else { continue }
            problem(
                .mapRequired, .error, "\(rule.kind.rawValue).\(rule.definition.fields[slot].name) is required and empty",
                at: hit(of: slot))
        }
    }

    /// What the feed's quality plan says of the finished record. References are looked for where there are records to look in.
    private mutating func assure(_ quality: QualityPlan) {
        let records = environment.references
        let found = quality.violations(of: rule.kind, row) { kind, key in
            records.map { $0.record(kind, client: row[0].text, keys: key...key) != nil } ?? true
        }
        for (rule, fact) in found {
            problem(rule.isReference ? .mapUnknownRecord : .mapOutOfRange, rule.rejects ? .error : .warning, fact, at: hit(of: rule.slot))
        }
    }

    private mutating func evaluate(_ expression: RuleExpression, _ field: FieldRule? = nil) -> Value {
        do {
            return try expression.evaluate(row, environment.context)
        } catch {
            let subject = field.map { "\($0.name): " } ?? ""
            problem(.mapExpression, .error, subject + error.diagnostic.fact, at: SourceHit(node: node, field: -1))
            return .null
        }
    }

    // MARK: - Texts and places

    func text(_ hit: SourceHit, _ trims: Bool) -> String {
        guard hit.field >= 0 else { return "" }
        return scope.string(hit.field, trimmed: trims)
    }

    func origin(_ hit: SourceHit) -> FieldOrigin {
        let bytes = scope.nodes[Int(hit.node)].bytes
        return FieldOrigin(node: bytes, field: hit.field >= 0 ? scope.fields[Int(hit.field)].bytes : bytes)
    }

    /// Of a computed value: what the one value that it was computed from has, or the node of the first of several.
    private func origin(of expression: RuleExpression) -> FieldOrigin {
        let read = expression.slots.compactMap { origins[$0] }
        guard let first = read.first else { return nodeOrigin() }
        return read.count == 1 ? first : FieldOrigin(node: first.node, field: first.node)
    }

    private func nodeOrigin() -> FieldOrigin { origin(SourceHit(node: node, field: -1)) }

    /// Where the value of a slot was read, or the whole node.
    private func hit(of slot: Int?) -> SourceHit {
        for field in rule.fields where field.slot == slot {
            if case .selector(let selector) = field.source, let hit = scope.find(selector, from: node) { return hit }
        }
        return SourceHit(node: node, field: -1)
    }

    private func position(of slot: Int?) -> SourcePosition { place.position(of: hit(of: slot), in: scope, names: names) }

    mutating func problem(_ code: DiagnosticCode, _ severity: Severity, _ fact: String, at hit: SourceHit) {
        let diagnostic = Diagnostic(code, severity, fact, at: place.position(of: hit, in: scope, names: names))
        if severity == .error { errors.append(diagnostic) } else { warnings.append(diagnostic) }
    }
}
