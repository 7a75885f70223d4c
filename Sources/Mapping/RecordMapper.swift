package import Diagnostics
import EDI
package import FEEL
package import Formats
import Records

/// Turns the nodes of one document into records as a reader closes them, and forgets each as soon as no enclosing
/// record can ask for it: memory is bounded by the largest loop that a mapping needs at once.
package struct RecordMapper<Receiver: RecordReceiver>: SourceSink {
    package private(set) var receiver: Receiver
    package private(set) var outcome = MappingOutcome()

    private let plan: FeedPlan
    private let environment: MappingEnvironment
    private var place: DocumentPlace
    private var symbols = SymbolNumbers()
    /// The mapping of the current transaction set or document; nil before it is known, or where none fits.
    private var active: Int?
    private var isChosen = false
    private var client: String?
    /// The partner who sends.
    private var partner: String?
    private var ordinal = 0
    private var unmappedAt: [String: SourcePosition] = [:]
    /// Records made in the current transaction set or document, by rule of the active mapping.
    private var madeByRule: [Int] = []
    /// For counters: the enclosing node's first byte and the last number given, by record rule.
    private var counters: [Int: (enclosing: Int, number: Int)] = [:]
    private var unknownSenders: Set<String> = []
    private var groupCount = 0
    /// What may have to be taken back: open loops, innermost last; the transaction set, the functional group, the interchange.
    private var openLoops: [(node: Int32, mark: LoopMark)] = []
    private var setMark = 0
    private var groupMark = EnvelopeMark()
    private var interchangeMark = EnvelopeMark()
    /// What is added to the bytes of records' origins.
    private var shift = 0

    /// - Parameters:
    ///   - file: the path that findings name.
    ///   - context: its zone is the business zone; mappings read no clock.
    ///   - references: where rules look up cross-references and rates.
    ///   - coverage: hears what is looked at, where somebody asks.
    package init(
        plan: FeedPlan, file: String?, context: EvaluationContext, references: (any ReferenceRecords)? = nil, coverage: MappingCoverage? = nil,
        receiver: Receiver
    ) {
        self.plan = plan
        environment = MappingEnvironment(context: context, references: references, coverage: coverage, quality: plan.quality)
        self.receiver = receiver
        place = DocumentPlace(file: file, format: plan.feed.format)
        partner = plan.feed.partner
        client = plan.feed.client ?? plan.feed.partner.flatMap { plan.partners.partner(named: $0)?.client }
    }

    // MARK: - SourceSink

    package mutating func opened(_ node: Int32, in arena: inout SourceArena) {
        symbols.catchUp(with: arena, table: plan.symbols)
        if plan.feed.format.mappingFormat == .xml { openedElement(node, arena) }
        guard plan.feed.format.isEDI else { return }
        let name = arena.name(of: node), parent = arena.nodes[Int(node)].parent
        switch name {
        case EnvelopeName.interchange:
            groupCount = 0
        case EnvelopeName.group:
            groupCount += 1
            place.group = groupCount
        default:
            // A transaction set stands in a functional group, or right in the interchange where GS is missing.
            let isSet = parent < 0 || [EnvelopeName.interchange, EnvelopeName.group].contains(arena.name(of: parent))
            guard isSet else { return openLoops.append((node, LoopMark(ordinal: ordinal, made: madeByRule))) }
            openLoops.removeAll(keepingCapacity: true)
            setMark = ordinal
            settleCounts()
            isChosen = false
            active = nil
        }
    }

    package mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        symbols.catchUp(with: arena, table: plan.symbols)
        var mark: LoopMark?
        if let last = openLoops.last, last.node == node { mark = openLoops.removeLast().mark }
        if isSetAside(node, arena) {
            takeBack(node, mark, arena)
            return discard(node, &arena)
        }
        if !isChosen { chooseAtClose(node, arena) }
        guard let active else {
            if isForgettable(node, arena), isChosen || !plan.feed.format.isTree { discard(node, &arena) }
            return
        }
        let mapping = plan.mappings[active]
        let name = symbols[arena.nodes[Int(node)].name]
        let isGroup = arena.nodes[Int(node)].kind == .group
        if plan.feed.format == .csv {
            if !isGroup { map(node, mapping.allRules, mapping, arena) }
        } else if let rules = mapping.rulesByName[name] {
            map(node, rules, mapping, arena)
        } else if !isGroup, !mapping.spoken.contains(name) {
            noteUnmapped(node, arena)
        }
        if !isKept(node, name, mapping, arena) { discard(node, &arena) }
    }

    package mutating func found(_ diagnostic: Diagnostic) { receiver.found(diagnostic) }

    package mutating func read(_ interchange: InterchangeHeader) {
        interchangeMark = EnvelopeMark(ordinal: ordinal, outcome)
        groupMark = interchangeMark
        receiver.read(interchange)
    }

    package mutating func began(_ group: FunctionalGroupHeader) { groupMark = EnvelopeMark(ordinal: ordinal, outcome) }

    package mutating func ended(_ group: FunctionalGroupSummary) {
        if !group.accepted { takeBack(to: groupMark) }
    }

    package mutating func ended(_ interchange: InterchangeSummary) {
        if !interchange.accepted { takeBack(to: interchangeMark) }
    }

    package mutating func ended(_ transactionSet: TransactionSetSummary) {
        if transactionSet.accepted {
            outcome.transactionSetsAccepted += 1
        } else {
            outcome.transactionSetsRejected += 1
            outcome.withdrawn += madeByRule.reduce(0, +)
            madeByRule = []
            receiver.withdraw(from: setMark + 1)
        }
        settleCounts()
        place.transactionSet = nil
    }

    /// Another document of the same file begins, such as an entry of an archive.
    ///
    /// - Parameter shift: what is added to the places of its records, so that they count through all documents of the file.
    package mutating func beginDocument(_ file: String?, shift: Int) {
        settleCounts()
        isChosen = false
        active = nil
        symbols = SymbolNumbers()
        counters = [:]
        place = DocumentPlace(file: file, format: plan.feed.format)
        self.shift = shift
    }

    /// The reader has finished: says once what was present and not mapped, and gives the counts.
    ///
    /// - Parameter rowsRefused: rows that the reader reported and did not give on.
    package mutating func finish(rowsRefused: Int = 0) -> MappingOutcome {
        settleCounts()
        outcome.read += rowsRefused
        outcome.reported += rowsRefused
        for (name, count) in outcome.unmapped.sorted(by: { $0.key < $1.key }) {
            receiver.found(Diagnostic(
                .mapUnmapped, .note, "\(name) is present \(count) time\(count == 1 ? "" : "s") and no rule speaks of it",
                at: unmappedAt[name] ?? SourcePosition(file: place.file)))
        }
        return outcome
    }
}

// MARK: - What is set aside or taken back

/// Records made before a loop was opened: all, and of the open transaction set by rule.
private struct LoopMark {
    let ordinal: Int
    let made: [Int]
}

/// What was made before a functional group or an interchange began.
private struct EnvelopeMark {
    var ordinal = 0
    var records: [RecordKind: Int] = [:]
    var accepted = 0

    init() {}

    init(ordinal: Int, _ outcome: MappingOutcome) {
        self.ordinal = ordinal
        records = outcome.records
        accepted = outcome.transactionSetsAccepted
    }
}

extension RecordMapper {
    /// Whether the reader set a node aside, or what it stands in.
    private func isSetAside(_ node: Int32, _ arena: borrowing SourceArena) -> Bool {
        let found = arena.nodes[Int(node)]
        return found.setAside >= 0 || found.parent >= 0 && arena.nodes[Int(found.parent)].setAside >= 0
    }

    /// Takes back the records of a node that was set aside, and reports it where it is the outermost such one.
    private mutating func takeBack(_ node: Int32, _ mark: LoopMark?, _ arena: borrowing SourceArena) {
        if let mark, ordinal > mark.ordinal, mark.made.count == madeByRule.count {
            outcome.withdrawn += madeByRule.reduce(0, +) - mark.made.reduce(0, +)
            madeByRule = mark.made
            receiver.withdraw(from: mark.ordinal + 1)
        }
        let found = arena.nodes[Int(node)]
        let isInner = found.parent >= 0 && arena.nodes[Int(found.parent)].setAside >= 0
        guard active != nil, !isInner, found.setAside >= 0 else { return }
        let position = place.position(of: SourceHit(node: node, field: -1), in: SourceScope(arena, symbols), names: arena.names)
        let what = found.kind == .group ? "loop" : "EDI segment"
        outcome.read += 1
        outcome.reported += 1
        outcome.setAside += 1
        receiver.report(RejectedRecord(
            kind: nil, code: .mapSetAside,
            diagnostics: [Diagnostic(
                .mapSetAside, .error, "\(what) \(arena.name(of: node)) is set aside because of \(arena.names[Int(found.setAside)])",
                at: position, hint: "the defect itself is reported beside this; `defects` of the feed or the partner says what it rejects")],
            bytes: found.bytes, ordinal: found.ordinal))
    }

    /// Takes back all that was made since an envelope began.
    private mutating func takeBack(to mark: EnvelopeMark) {
        let made = outcome.records.values.reduce(0, +) - mark.records.values.reduce(0, +)
        let sets = outcome.transactionSetsAccepted - mark.accepted
        guard made > 0 || sets > 0 else { return }
        outcome.withdrawn += made
        outcome.records = mark.records
        outcome.transactionSetsAccepted -= sets
        outcome.transactionSetsRejected += sets
        receiver.withdraw(from: mark.ordinal + 1)
    }
}

// MARK: - Choosing the mapping and the client

extension RecordMapper {
    private mutating func chooseAtClose(_ node: Int32, _ arena: borrowing SourceArena) {
        switch plan.feed.format {
        case .csv:
            // The file itself closes too; one that held a header and no row has nothing to choose a mapping for.
            guard arena.nodes[Int(node)].kind == .record else { return }
            let header = arena.nodes[Int(node)].fields.compactMap { index -> String? in
                let name = arena.fields[Int(index)].name
                return name >= 0 ? arena.names[Int(name)] : nil
            }
            symbols.learnColumns(of: node, in: arena)
            choose(plan.mapping(header: header), "header \(header.joined(separator: ","))", node, arena)
            if let active { noteUnmappedColumns(node, plan.mappings[active], arena) }
        case .x12, .edifact, .tradacoms:
            let scope = SourceScope(arena, symbols)
            func value(_ selector: Selector) -> String? {
                guard let hit = scope.find(selector, from: node), hit.field >= 0 else { return nil }
                return scope.string(hit.field, trimmed: true)
            }
            let envelope = plan.envelope
            guard symbols[arena.nodes[Int(node)].name] == envelope.head else { return }
            place.interchange = value(envelope.controlNumber)
            place.transactionSet = value(envelope.setNumber)
            let set = value(envelope.setIdentifier) ?? ""
            let association = envelope.association.flatMap(value)
            let version = envelope.version.compactMap(value).joined() + (association.map { "/" + $0 } ?? "")
            // Acknowledgements are held against what was sent (Pipeline); there is nothing in them to map.
            if AcknowledgementKind.isAcknowledgement(set), plan.mapping(transactionSet: set, version: version) == nil { return isChosen = true }
            let sender = value(envelope.sender) ?? envelope.senderName.flatMap(value)
            guard chooseClient(
                envelope.qualifier.flatMap(value), sender, envelope.application.flatMap(value), node, arena)
            else { return }
            choose(
                plan.mapping(transactionSet: set, version: version),
                "transaction set \(set)" + (version.isEmpty ? "" : " of version \(version)"), node, arena)
        case .xml, .idoc:
            chooseForRoot(node, arena)
        case .flat, .json:
            choose(plan.mappingOfLayout(), plan.feed.format == .json ? "JSON" : "layout \(plan.feed.layout ?? "")", node, arena)
        }
    }

    /// A new document of an IDoc file may be another message: its mapping is chosen anew.
    private mutating func openedElement(_ node: Int32, _ arena: borrowing SourceArena) {
        let parent = arena.nodes[Int(node)].parent
        guard parent < 0 || (symbols[arena.nodes[Int(node)].name] == plan.idocNames.document && arena.nodes[Int(parent)].parent < 0) else { return }
        settleCounts()
        isChosen = false
        active = nil
    }

    private mutating func chooseForRoot(_ node: Int32, _ arena: borrowing SourceArena) {
        var root = node, depth = 0
        while arena.nodes[Int(root)].parent >= 0 {
            root = arena.nodes[Int(root)].parent
            depth += 1
        }
        let name = arena.name(of: root), namespace = arena.namespace(of: root)
        // A namespace is spoken of where it decides.
        let isTold = plan.mappings.contains { $0.reads.root == name && $0.reads.rootNamespace != nil }
        let what = "root element \(name)" + (isTold ? " of namespace \(namespace ?? "none")" : "")
        guard plan.asksForMessage(root: name) else {
            return choose(plan.mapping(root: name, namespace: namespace), what, root, arena)
        }
        // The control record says the message, and stands before all else; where there is none the document itself decides.
        let symbol = symbols[arena.nodes[Int(node)].name]
        guard depth <= 1 || (depth == 2 && symbol == plan.idocNames.control) else { return }
        let scope = SourceScope(arena, symbols)
        let message = scope.find(plan.messageSelector, from: node).flatMap { $0.field >= 0 ? scope.string($0.field, trimmed: true) : nil }
        choose(
            plan.mapping(root: name, namespace: namespace, message: message), what + (message.map { " with message \($0)" } ?? ""), root, arena)
    }

    private mutating func choose(_ mapping: Int?, _ what: String, _ node: Int32, _ arena: borrowing SourceArena) {
        isChosen = true
        active = mapping
        settleCounts()
        if mapping != nil, client != nil || plan.feed.format.isEDI { return }
        if let mapping, plan.mappings[mapping].records.allSatisfy(\.mapsClient) { return }
        outcome.isUnclaimed = true
        active = nil
        let code: DiagnosticCode = mapping == nil ? .mapNoMapping : .mapUnknownPartner
        let fact = mapping == nil
            ? "no mapping of feed \(plan.feed.feed) reads \(what)"
            : "feed \(plan.feed.feed) names no client, and nothing in the file does"
        reportWhole(code, fact, node, arena, hint: mapping == nil
            ? "add a mapping for it to the feed's list" : "set client or partner in \(plan.feed.file)")
    }

    /// Gives the client of the sender, or reports the transaction set as nobody's.
    private mutating func chooseClient(
        _ qualifier: String?, _ sender: String?, _ application: String?, _ node: Int32, _ arena: borrowing SourceArena
    ) -> Bool {
        let known = plan.partners.sender(qualifier: qualifier, interchange: sender, application: application)
        partner = known?.partner ?? plan.feed.partner
        client = known?.client ?? plan.feed.client
            ?? plan.feed.partner.flatMap { plan.partners.partner(named: $0)?.client }
        if client != nil { return true }
        isChosen = true
        outcome.isUnclaimed = true
        reportWhole(
            .mapUnknownPartner, "sender \(qualifier ?? "")/\(sender ?? "") (GS02 \(application ?? "")) is no known partner",
            node, arena, hint: "add its identifier to a file in Mappings/partners, or set client in \(plan.feed.file)")
        return false
    }

    private mutating func reportWhole(
        _ code: DiagnosticCode, _ fact: String, _ node: Int32, _ arena: borrowing SourceArena, hint: String
    ) {
        let scope = SourceScope(arena, symbols)
        let position = place.position(of: SourceHit(node: node, field: -1), in: scope, names: arena.names)
        let diagnostic = Diagnostic(code, .error, fact, at: position, hint: hint)
        outcome.read += 1
        outcome.reported += 1
        receiver.report(RejectedRecord(
            kind: nil, code: code, diagnostics: [diagnostic], bytes: arena.nodes[Int(node)].bytes,
            ordinal: arena.nodes[Int(node)].ordinal))
    }
}

// MARK: - Mapping a node

extension RecordMapper {
    private mutating func map(_ node: Int32, _ rules: [Int], _ mapping: CompiledMapping, _ arena: borrowing SourceArena) {
        let scope = SourceScope(arena, symbols, coverage: environment.coverage)
        var builder = RecordBuilder(
            mapping, rule: mapping.records[rules[0]], node: node, scope: scope, names: arena.names, place: place,
            environment: environment, client: client, partner: partner)
        var matched = false, applied = false, isReported = false
        for index in rules {
            let rule = mapping.records[index]
            guard scope.matches(rule.each, node) else { continue }
            matched = true
            let counter = rule.counterScope == nil ? 0 : nextCount(index, rule, node, scope)
            switch builder.build(rule, counter: counter, ordinal: ordinal + 1, isFirst: !applied) {
            case .notApplicable:
                if rule.counterScope != nil, let last = counters[index] { counters[index] = (last.enclosing, last.number - 1) }
            case .record(let record, let warnings):
                applied = true
                ordinal += 1
                madeByRule[index] += 1
                environment.coverage?.made(record, by: index, of: mapping)
                for warning in warnings { receiver.found(warning) }
                receiver.accept(shift == 0 ? record : record.shifted(by: shift))
            case .rejected(let rejected):
                applied = true
                isReported = true
                receiver.report(rejected)
            }
        }
        builder.finish()
        guard matched else { return }
        outcome.read += 1
        if applied, !isReported {
            outcome.accepted += 1
        } else {
            outcome.reported += 1
            if !applied { reportUnmatched(node, mapping, scope, arena) }
        }
    }

    /// Adds what was made since the last call to the counts by kind.
    private mutating func settleCounts() {
        guard let active else { return }
        for (rule, count) in zip(plan.mappings[active].records, madeByRule) where count > 0 {
            outcome.records[rule.kind, default: 0] += count
        }
        madeByRule = [Int](repeating: 0, count: plan.mappings[active].records.count)
    }

    private mutating func reportUnmatched(
        _ node: Int32, _ mapping: CompiledMapping, _ scope: SourceScope, _ arena: borrowing SourceArena
    ) {
        let position = place.position(of: SourceHit(node: node, field: -1), in: scope, names: arena.names)
        let diagnostic = Diagnostic(
            .mapUnmatched, .warning, "no record of mapping \(mapping.name) applies to \(arena.name(of: node))",
            at: position)
        receiver.report(RejectedRecord(
            kind: nil, code: .mapUnmatched, diagnostics: [diagnostic], bytes: arena.nodes[Int(node)].bytes,
            ordinal: arena.nodes[Int(node)].ordinal))
    }

    private mutating func nextCount(_ index: Int, _ rule: RecordRule, _ node: Int32, _ scope: SourceScope) -> Int {
        guard let within = rule.counterScope else { return 0 }
        var enclosing = scope.nodes[Int(node)].parent
        while enclosing >= 0, scope.symbol(of: enclosing) != within { enclosing = scope.nodes[Int(enclosing)].parent }
        let start = enclosing >= 0 ? scope.nodes[Int(enclosing)].bytes.lowerBound : -1
        let last = counters[index]
        let number = last?.enclosing == start ? (last?.number ?? 0) + 1 : 1
        counters[index] = (start, number)
        return number
    }
}

// MARK: - Forgetting

extension RecordMapper {
    private func discard(_ node: Int32, _ arena: inout SourceArena) {
        environment.coverage?.forget(from: node, arena, place, counts: active != nil)
        arena.discard(from: node)
    }

    private func isKept(_ node: Int32, _ name: Int32, _ mapping: CompiledMapping, _ arena: borrowing SourceArena) -> Bool {
        if mapping.kept.contains(name) || plan.envelope.kept.contains(name) { return true }
        // The head segment of a loop stays as long as its loop.
        let parent = arena.nodes[Int(node)].parent
        guard parent >= 0, arena.nodes[Int(node)].kind == .record else { return false }
        return name >= 0 && arena.nodes[Int(parent)].kind == .group && symbols[arena.nodes[Int(parent)].name] == name
    }

    /// Outside a transaction set that is being mapped only the envelope matters.
    private func isForgettable(_ node: Int32, _ arena: borrowing SourceArena) -> Bool {
        !plan.envelope.kept.contains(symbols[arena.nodes[Int(node)].name])
    }

    private mutating func noteUnmapped(_ node: Int32, _ arena: borrowing SourceArena) {
        let name = arena.name(of: node)
        guard !EnvelopeName.segments.contains(name) else { return }
        if outcome.unmapped[name] == nil {
            unmappedAt[name] = place.position(
                of: SourceHit(node: node, field: -1), in: SourceScope(arena, symbols), names: arena.names)
        }
        outcome.unmapped[name, default: 0] += 1
    }

    private mutating func noteUnmappedColumns(_ row: Int32, _ mapping: CompiledMapping, _ arena: borrowing SourceArena) {
        for index in arena.nodes[Int(row)].fields {
            let field = arena.fields[Int(index)]
            guard field.name >= 0, !mapping.spoken.contains(symbols[field.name]) else { continue }
            let name = arena.names[Int(field.name)]
            outcome.unmapped[name] = 1
            unmappedAt[name] = place.position(
                of: SourceHit(node: row, field: index), in: SourceScope(arena, symbols), names: arena.names)
        }
    }
}
