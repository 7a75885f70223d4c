import Diagnostics
import FEEL
import Formats
import Records
import Values

/// Makes one record of one node: source values, condition, fields, checks, required fields, in this order.
///
/// One is used for all nodes that a mapping makes records of, so that a node costs no copy of what stays the same.
struct RecordBuilder {
    /// What came of a node for one rule.
    enum Outcome {
        /// The rule's condition does not hold.
        case notApplicable
        case record(Record, warnings: [Diagnostic])
        case rejected(RejectedRecord)
    }

    let mapping: CompiledMapping
    let environment: MappingEnvironment
    private(set) var scope = SourceScope.none
    private(set) var draft: RecordDraft
    /// Drafts for records of enclosing nodes, of which one value is taken. All their slots are empty.
    private var parents: [RecordDraft] = []
    /// Texts and values of the slots that remember them.
    private let memory: ValueMemory
    /// Of the business zone, where the last time was.
    private var stretch = ZoneStretch.none

    init(_ mapping: CompiledMapping, environment: MappingEnvironment) {
        self.mapping = mapping
        self.environment = environment
        draft = RecordDraft(mapping, 0)
        memory = ValueMemory(count: mapping.memoryCount)
    }

    /// Sees the arena until ``lookAway()``: the view must be gone before the arena changes.
    mutating func look(at scope: SourceScope) { self.scope = scope }
    mutating func lookAway() { scope = .none }

    var node: Int32 { draft.node }
    var row: [Value] { draft.row }

    /// - Parameters:
    ///   - index: of the rule in the mapping.
    ///   - counter: number of the record within its enclosing node, for rules that ask for it.
    ///   - ordinal: of the record within its file.
    ///   - isFirst: whether no record was made of the node before.
    mutating func build(_ index: Int, of node: Int32, counter: Int, ordinal: Int, isFirst: Bool) -> Outcome {
        let code = mapping.codes[index]
        if code.isOtherwise, !isFirst { return .notApplicable }
        draft.begin(mapping, index, node: node, counter: counter)
        fill(code.lets, isLet: true)
        if let when = code.when, !applies(when) {
            for place in 0..<code.lets.count { draft.clear(Int(code.lets[place].slot)) }
            return .notApplicable
        }
        fillFields(code)
        if draft.errors.isEmpty { check(code) }
        if draft.errors.isEmpty { require(code) }
        if draft.errors.isEmpty, environment.hasQuality, let quality = environment.quality { assure(draft.rule, quality) }
        guard draft.errors.isEmpty else {
            draft.abandon()
            return .rejected(RejectedRecord(
                kind: draft.rule.kind, code: draft.errors[0].code, diagnostics: draft.errors + draft.warnings,
                bytes: scope.nodes[Int(node)].bytes, ordinal: scope.nodes[Int(node)].ordinal))
        }
        return .record(draft.record(ordinal: ordinal), warnings: draft.warnings)
    }

    /// Whether the condition of a record holds. One that could not be evaluated has left its finding, and the record is rejected for it.
    private mutating func applies(_ condition: Unmanaged<RuleExpression>) -> Bool {
        if let answer = condition._withUnsafeGuaranteedRef({ $0.answer(draft.row) }) { return answer }
        return switch evaluate(condition.takeUnretainedValue()) {
        case .boolean(true): true
        case .boolean(false), .null: !draft.errors.isEmpty
        default: false
        }
    }

    private mutating func fillFields(_ code: RecordCode) {
        if !code.mapsClient, let client = environment.client { draft.row[0] = .string(client) }
        fill(code.fields, isLet: false)
    }

    /// Fills fields by their bytes as far as that goes, and the others by their rules.
    private mutating func fill(_ codes: UnsafeBufferPointer<FieldCode>, isLet: Bool) {
        var next = 0
        while next < codes.count {
            next = fillPlainly(codes, from: next)
            if next < codes.count {
                fill(isLet ? draft.rule.lets[next] : draft.rule.fields[next])
                next += 1
            }
        }
    }

    private mutating func fillPlainly(_ codes: UnsafeBufferPointer<FieldCode>, from first: Int) -> Int {
        // What coverage hears of a miss it hears each time.
        let memos = environment.coverage == nil ? memory.memos.baseAddress : nil
        return Self.fillPlainly(codes, from: first, scope, draft.node, &draft.row, &draft.origins, memos, &stretch, environment)
    }

    @inline(__always)
    private static func fillPlainly(
        _ codes: UnsafeBufferPointer<FieldCode>, from first: Int, _ scope: SourceScope, _ node: Int32, _ row: inout [Value],
        _ origins: inout [FieldOrigin?], _ memos: UnsafeMutablePointer<ValueMemo>?, _ stretch: inout ZoneStretch,
        _ environment: MappingEnvironment
    ) -> Int {
        row.withUnsafeMutableBufferPointer { row in
            origins.withUnsafeMutableBufferPointer { origins in
                guard let values = row.baseAddress, let places = origins.baseAddress else { return first }
                var plain = PlainFill(scope: scope, node: node, row: values, origins: places, memory: memos, stretch: stretch)
                let next = plain.fill(codes, from: first, environment)
                stretch = plain.stretch
                return next
            }
        }
    }

    // MARK: - One field

    private mutating func fill(_ field: FieldRule) {
        switch field.source {
        case .selector(let selector):
            convert(field, scope.find(selector, from: node))
        case .first(let selectors):
            var hit: SourceHit?
            for selector in selectors {
                guard let found = scope.find(selector, from: node), found.field >= 0,
                    !scope.bytes(found.field, trimmed: field.trims).isEmpty
                else { continue }
                hit = found
                break
            }
            convert(field, hit)
        case .concat(let parts, let separator):
            concatenate(field, parts, separator)
        case .constant(let value):
            draft.row[field.slot] = value
        case .feel(let expression):
            let value = evaluate(expression, field)
            settle(field, value, origin(of: expression))
        case .rowNumber:
            let number = scope.nodes[Int(node)].ordinal
            settle(field, rowNumberValue(field, number), nodeOrigin())
        case .counter:
            settle(field, rowNumberValue(field, draft.counter), nil)
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
        let first = mapping.memories[draft.firstSlot + field.slot], found = draft.errors.count + draft.warnings.count
        convertText(field, hit)
        // What was told is told each time.
        guard first >= 0, draft.errors.count + draft.warnings.count == found, let sent = scope.shortText(hit), let time = shortTime(field)
        else { return }
        guard let memos = memory.memos.baseAddress else { return }
        ValueMemo.keep(draft.row[field.slot], of: sent, time, in: memos + first)
    }

    /// The text of the time that belongs to a field; no text where none is asked for or there.
    private func shortTime(_ field: FieldRule) -> ShortText? { field.time.map { scope.shortTime($0.code, node) } ?? ShortText() }

    private mutating func convertText(_ field: FieldRule, _ hit: SourceHit) {
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
        if case .number(let number) = value, number.coefficient64 == nil, field.slot < draft.rule.fieldCount {
            problem(
                .mapDigits, .error, "\(field.name): \(number) has more than the 18 digits that a record keeps",
                at: SourceHit(node: node, field: -1))
        }
        draft.row[field.slot] = value
        draft.origins[field.slot] = origin
    }

    private mutating func fillFromParent(_ field: FieldRule, _ index: Int, _ slot: Int) {
        let parent = mapping.records[index]
        guard let name = parent.lastName, let ancestor = scope.ancestor(of: node, named: name), let source = parent.fieldBySlot[slot] else {
            return settle(field, .null, nil)
        }
        var other = parents.popLast() ?? RecordDraft(mapping, index)
        other.begin(mapping, index, node: ancestor, counter: 0)
        swap(&draft, &other)
        if case .feel = source.source {
            fill(mapping.codes[index].lets, isLet: true)
            fillFields(mapping.codes[index])
        } else {
            fill(source)
        }
        swap(&draft, &other)
        settle(field, other.row[slot], other.origins[slot])
        if case .feel = source.source { other.abandon() } else { other.clear(slot) }
        parents.append(other)
    }

    // MARK: - Conditions

    private mutating func check(_ code: RecordCode) {
        for place in 0..<code.checks.count {
            if let answer = code.checks[place]._withUnsafeGuaranteedRef({ $0.answer(draft.row) }) {
                if !answer { violate(draft.rule.checks[place], draft.rule) }
            } else {
                evaluate(draft.rule.checks[place])
            }
        }
    }

    private mutating func evaluate(_ check: Check) {
        do {
            if case .boolean(true) = try check.expression.evaluate(draft.row, environment.context) { return }
            violate(check, draft.rule)
        } catch {
            problem(.mapExpression, .error, "check \(check.code): \(error.diagnostic.fact)", at: hit(of: check.slot))
        }
    }

    private mutating func violate(_ check: Check, _ rule: RecordRule) {
        var diagnostic = Diagnostic(
            check.code, check.severity, "\(rule.kind.rawValue): `\(check.expression.source)` does not hold",
            at: position(of: check.slot), hint: check.hint)
        if let slot = check.slot, slot < rule.definition.fields.count {
            // What is personal is not kept in findings: they outlive it.
            let shown = draft.row[slot] == .null ? "empty" : rule.definition.fields[slot].isPersonal ? "not shown" : "`\(draft.row[slot].text.prefix(60))`"
            diagnostic.fact += "; \(rule.definition.fields[slot].name) is \(shown)"
        }
        if check.severity == .error { draft.errors.append(diagnostic) } else { draft.warnings.append(diagnostic) }
    }

    private mutating func require(_ code: RecordCode) {
        for place in 0..<code.required.count {
            let slot = code.required[place]
            guard case .null = draft.row[slot] else { continue }
            let rule = draft.rule
            problem(
                .mapRequired, .error, "\(rule.kind.rawValue).\(rule.definition.fields[slot].name) is required and empty",
                at: hit(of: slot))
        }
    }

    /// What the feed's quality plan says of the finished record. References are looked for where there are records to look in.
    private mutating func assure(_ rule: RecordRule, _ quality: QualityPlan) {
        let records = environment.references
        let found = quality.violations(of: rule.kind, draft.row) { kind, key in
            records.map { $0.record(kind, client: draft.row[0].text, keys: key...key) != nil } ?? true
        }
        for (rule, fact) in found {
            problem(rule.isReference ? .mapUnknownRecord : .mapOutOfRange, rule.rejects ? .error : .warning, fact, at: hit(of: rule.slot))
        }
    }

    private mutating func evaluate(_ expression: RuleExpression, _ field: FieldRule? = nil) -> Value {
        do {
            return try expression.evaluate(draft.row, environment.context)
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

    func origin(_ hit: SourceHit) -> FieldOrigin { scope.origin(hit) }

    /// Of a computed value: what the one value that it was computed from has, or the node of the first of several.
    private func origin(of expression: RuleExpression) -> FieldOrigin {
        let read = expression.slots.compactMap { draft.origins[$0] }
        guard let first = read.first else { return nodeOrigin() }
        return read.count == 1 ? first : FieldOrigin(node: first.node, field: first.node)
    }

    private func nodeOrigin() -> FieldOrigin { origin(SourceHit(node: node, field: -1)) }

    /// Where the value of a slot was read, or the whole node.
    private func hit(of slot: Int?) -> SourceHit {
        for field in draft.rule.fields where field.slot == slot {
            if case .selector(let selector) = field.source, let hit = scope.find(selector, from: node) { return hit }
        }
        return SourceHit(node: node, field: -1)
    }

    private func position(of slot: Int?) -> SourcePosition { environment.place.position(of: hit(of: slot), in: scope, names: environment.names) }

    mutating func problem(_ code: DiagnosticCode, _ severity: Severity, _ fact: String, at hit: SourceHit) {
        let diagnostic = Diagnostic(code, severity, fact, at: environment.place.position(of: hit, in: scope, names: environment.names))
        if severity == .error { draft.errors.append(diagnostic) } else { draft.warnings.append(diagnostic) }
    }
}
