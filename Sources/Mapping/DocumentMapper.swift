import Diagnostics
import EDI
import FEEL
import Formats
import Records

/// Turns the nodes of one document into records as a reader closes them, and forgets each as soon as no enclosing
/// record can ask for it: memory is bounded by the largest loop that a mapping needs at once.
///
/// It knows its receiver by what that can do alone, so that all of it is compiled for no type in particular: one call through a table a
/// record, and none for what goes before.
struct DocumentMapper {
    private let plan: FeedPlan
    private let isCSV: Bool
    private let isEDI: Bool
    private let isXML: Bool
    private let isTree: Bool
    private let environment: MappingEnvironment
    private var symbols = SymbolNumbers()
    /// The mapping of the current transaction set or document; nil before it is known, or where none fits.
    private var active: CompiledMapping? {
        didSet { uses = active?.uses ?? NameUses() }
    }
    /// What names mean to it.
    private var uses = NameUses()
    private var isChosen = false
    /// The envelope whose sender was last looked up: all transaction sets in it have that partner and client.
    private var knownSender: EnvelopePlace?
    /// Makes records by the mapping that was last at work.
    private var builder: RecordBuilder?
    private var ordinal = 0
    /// How often a name of the arena was present that no rule speaks of, and where each first was.
    private var unmappedCounts: [Int] = []
    private var unmappedAt: [String: SourcePosition] = [:]
    /// Records made in the current transaction set or document, by rule of the active mapping.
    private var madeByRule: [Int] = []
    /// The rules of the records that were made since the outermost open loop began.
    private var madeInLoops: [Int] = []
    /// For counters: the enclosing node's first byte and the last number given, by record rule.
    private var counters: [Int: (enclosing: Int, number: Int)] = [:]
    private var groupCount = 0
    /// What may have to be taken back: open loops, innermost last; the transaction set, the functional group, the interchange.
    private var openLoops: [LoopMark] = []
    private var setMark = 0
    private var groupMark = EnvelopeMark()
    private var interchangeMark = EnvelopeMark()
    /// What is added to the bytes of records' origins.
    private var shift = 0

    private(set) var outcome = MappingOutcome()
    private(set) var receiver: any RecordReceiver

    init(
        plan: FeedPlan, file: String?, context: EvaluationContext, references: (any ReferenceRecords)?, coverage: MappingCoverage?,
        receiver: any RecordReceiver
    ) {
        self.plan = plan
        let format = plan.feed.format
        (isCSV, isEDI, isXML, isTree) = (format == .csv, format.isEDI, format.mappingFormat == .xml, format.isTree)
        environment = MappingEnvironment(
            context: context, references: references, coverage: coverage, quality: plan.quality,
            place: DocumentPlace(file: file, format: plan.feed.format))
        self.receiver = receiver
        environment.partner = plan.feed.partner
        environment.client = plan.feed.client ?? plan.feed.partner.flatMap { plan.partners.partner(named: $0)?.client }
    }

    // MARK: - What a reader gives

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {
        if symbols.count < arena.names.count { learnNames(arena) }
        if isXML { openedElement(node, arena) }
        guard isEDI else { return }
        let opened = arena.nodes[Int(node)]
        let traits = symbols.traits(of: opened.name)
        if traits.contains(.interchange) {
            groupCount = 0
        } else if traits.contains(.functionalGroup) {
            groupCount += 1
            environment.place.group = groupCount
        } else if opened.parent < 0 || symbols.traits(of: arena.nodes[Int(opened.parent)].name).isEnvelope {
            // A transaction set stands in a functional group, or right in the interchange where GS is missing.
            openLoops.removeAll(keepingCapacity: true)
            madeInLoops.removeAll(keepingCapacity: true)
            setMark = ordinal
            settleCounts()
            isChosen = false
            active = nil
        } else {
            openLoops.append(LoopMark(node: node, ordinal: ordinal, made: madeInLoops.count))
        }
    }

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        if symbols.count < arena.names.count { learnNames(arena) }
        var mark: LoopMark?
        if let last = openLoops.last, last.node == node { mark = openLoops.removeLast() }
        let closed = arena.nodes[Int(node)]
        if closed.setAside >= 0 || closed.parent >= 0 && arena.nodes[Int(closed.parent)].setAside >= 0 {
            takeBack(node, mark, arena)
            return discard(node, &arena)
        }
        // What is made outside of loops is taken back by transaction set.
        if openLoops.isEmpty, !madeInLoops.isEmpty { madeInLoops.removeAll(keepingCapacity: true) }
        if !isChosen { chooseAtClose(node, arena) }
        guard active != nil else {
            if isForgettable(node, arena), isChosen || !isTree { discard(node, &arena) }
            return
        }
        let use = uses[symbols[closed.name]]
        if isCSV {
            if !closed.kind.isGroup { map(node, uses.allRules, arena) }
        } else if !use.rules.isEmpty {
            // The head segment of a loop gives nothing itself: its loop does.
            if environment.coverage != nil || !isHead(closed, arena) { map(node, use.rules, arena) }
        } else if !closed.kind.isGroup, !use.isSpoken {
            noteUnmapped(node, arena)
        }
        if !use.isKept, !isKept(closed, arena) { discard(node, &arena) }
    }

    private mutating func learnNames(_ arena: borrowing SourceArena) {
        let learnt = arena.names[symbols.count...]
        symbols.learn(learnt, plan)
        environment.names += learnt
        unmappedCounts += [Int](repeating: 0, count: learnt.count)
    }

    mutating func found(_ diagnostic: Diagnostic) { receiver.found(diagnostic) }

    mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool { receiver.counted(code, severity) }

    mutating func read(_ interchange: InterchangeHeader) {
        interchangeMark = EnvelopeMark(ordinal: ordinal, outcome)
        groupMark = interchangeMark
        receiver.read(interchange)
    }

    mutating func began(_ group: FunctionalGroupHeader) { groupMark = EnvelopeMark(ordinal: ordinal, outcome) }

    mutating func ended(_ group: FunctionalGroupSummary) {
        if !group.accepted { takeBack(to: groupMark) }
    }

    mutating func ended(_ interchange: InterchangeSummary) {
        if !interchange.accepted { takeBack(to: interchangeMark) }
    }

    mutating func ended(_ transactionSet: TransactionSetSummary) {
        if transactionSet.accepted {
            outcome.transactionSetsAccepted += 1
        } else {
            outcome.transactionSetsRejected += 1
            outcome.withdrawn += madeByRule.reduce(0, +)
            madeByRule = []
            receiver.withdraw(from: setMark + 1)
        }
        settleCounts()
        environment.place.transactionSet = nil
    }

    /// Another document of the same file begins, such as an entry of an archive.
    ///
    /// - Parameter shift: what is added to the places of its records, so that they count through all documents of the file.
    mutating func beginDocument(_ file: String?, shift: Int) {
        settleCounts()
        settleUnmapped()
        isChosen = false
        active = nil
        knownSender = nil
        symbols = SymbolNumbers()
        environment.names = []
        openLoops = []
        madeInLoops = []
        counters = [:]
        environment.place = DocumentPlace(file: file, format: plan.feed.format)
        self.shift = shift
    }

    /// The reader has finished: says once what was present and not mapped, and gives the counts.
    ///
    /// - Parameter rowsRefused: rows that the reader reported and did not give on.
    mutating func finish(rowsRefused: Int = 0) -> MappingOutcome {
        settleCounts()
        settleUnmapped()
        outcome.read += rowsRefused
        outcome.reported += rowsRefused
        for (name, count) in outcome.unmapped.sorted(by: { $0.key < $1.key }) {
            receiver.found(Diagnostic(
                .mapUnmapped, .note, "\(name) is present \(count) time\(count == 1 ? "" : "s") and no rule speaks of it",
                at: unmappedAt[name] ?? SourcePosition(file: environment.place.file)))
        }
        return outcome
    }
}

// MARK: - What is set aside or taken back

extension DocumentMapper {
    /// Takes back the records of a node that the reader set aside, or what it stands in, and reports it where it is the outermost such one.
    private mutating func takeBack(_ node: Int32, _ mark: LoopMark?, _ arena: borrowing SourceArena) {
        if let mark, ordinal > mark.ordinal, mark.made <= madeInLoops.count {
            for rule in madeInLoops[mark.made...] { madeByRule[rule] -= 1 }
            outcome.withdrawn += madeInLoops.count - mark.made
            madeInLoops.removeLast(madeInLoops.count - mark.made)
            receiver.withdraw(from: mark.ordinal + 1)
        }
        let found = arena.nodes[Int(node)]
        let isInner = found.parent >= 0 && arena.nodes[Int(found.parent)].setAside >= 0
        guard active != nil, !isInner, found.setAside >= 0 else { return }
        let position = position(of: SourceHit(node: node, field: -1), arena)
        let what = found.kind.isGroup ? "loop" : "EDI segment"
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

extension DocumentMapper {
    private mutating func chooseAtClose(_ node: Int32, _ arena: borrowing SourceArena) {
        switch plan.feed.format {
        case .csv:
            // The file itself closes too; one that held a header and no row has nothing to choose a mapping for.
            guard arena.nodes[Int(node)].kind.isRecord else { return }
            let header = arena.nodes[Int(node)].fields.compactMap { index -> String? in
                let name = arena.fields[Int(index)].name
                return name >= 0 ? arena.names[Int(name)] : nil
            }
            symbols.learnColumns(of: node, in: arena)
            choose(plan.mapping(header: header), "header \(header.joined(separator: ","))", node, arena)
            if let active { noteUnmappedColumns(node, active, arena) }
        case .x12, .edifact, .tradacoms:
            let scope = SourceScope(arena, symbols)
            func value(_ selector: Selector) -> String? {
                guard let hit = scope.find(selector, from: node), hit.field >= 0 else { return nil }
                return scope.string(hit.field, trimmed: true)
            }
            // The selectors one by one: all of them would be counted.
            guard symbols[arena.nodes[Int(node)].name] == plan.envelope.head else { return }
            let place = EnvelopePlace(of: node, plan.envelope.controlNumber, plan.envelope.application, in: scope)
            let isKnown = place != nil && place == knownSender
            if !isKnown { environment.place.interchange = value(plan.envelope.controlNumber) }
            environment.place.transactionSet = value(plan.envelope.setNumber)
            let set = value(plan.envelope.setIdentifier) ?? ""
            let association = plan.envelope.association.flatMap(value)
            let version = plan.envelope.version.compactMap(value).joined() + (association.map { "/" + $0 } ?? "")
            // Acknowledgements are held against what was sent (Pipeline); there is nothing in them to map.
            if AcknowledgementKind.isAcknowledgement(set), plan.mapping(transactionSet: set, version: version) == nil { return isChosen = true }
            if !isKnown {
                knownSender = nil
                let sender = value(plan.envelope.sender) ?? plan.envelope.senderName.flatMap(value)
                guard chooseClient(
                    plan.envelope.qualifier.flatMap(value), sender, plan.envelope.application.flatMap(value), node, arena)
                else { return }
                knownSender = place
            }
            choose(
                plan.mapping(transactionSet: set, version: version),
                "transaction set \(set)" + (version.isEmpty ? "" : " of version \(version)"), node, arena)
        case .xml, .idoc:
            chooseForRoot(node, arena)
        case .flat, .json:
            let what = plan.feed.format == .json ? "JSON" : "layout \(plan.feed.layout ?? "")"
            choose(plan.mappingOfLayout(), what, node, arena)
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

    private mutating func choose(_ mapping: Int?, _ what: @autoclosure () -> String, _ node: Int32, _ arena: borrowing SourceArena) {
        isChosen = true
        active = mapping.map { plan.mappings[$0] }
        settleCounts()
        if mapping != nil, environment.client != nil || isEDI { return }
        if let mapping, plan.mappings[mapping].records.allSatisfy(\.mapsClient) { return }
        outcome.isUnclaimed = true
        active = nil
        let code: DiagnosticCode = mapping == nil ? .mapNoMapping : .mapUnknownPartner
        let fact = mapping == nil
            ? "no mapping of feed \(plan.feed.feed) reads \(what())"
            : "feed \(plan.feed.feed) names no client, and nothing in the file does"
        reportWhole(code, fact, node, arena, hint: mapping == nil
            ? "add a mapping for it to the feed's list" : "set client or partner in \(plan.feed.file)")
    }

    /// Gives the client of the sender, or reports the transaction set as nobody's.
    private mutating func chooseClient(
        _ qualifier: String?, _ sender: String?, _ application: String?, _ node: Int32, _ arena: borrowing SourceArena
    ) -> Bool {
        let known = plan.partners.sender(qualifier: qualifier, interchange: sender, application: application)
        environment.partner = known?.partner ?? plan.feed.partner
        environment.client = known?.client ?? plan.feed.client
            ?? plan.feed.partner.flatMap { plan.partners.partner(named: $0)?.client }
        if environment.client != nil { return true }
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
        let position = position(of: SourceHit(node: node, field: -1), arena)
        let diagnostic = Diagnostic(code, .error, fact, at: position, hint: hint)
        outcome.read += 1
        outcome.reported += 1
        receiver.report(RejectedRecord(
            kind: nil, code: code, diagnostics: [diagnostic], bytes: arena.nodes[Int(node)].bytes,
            ordinal: arena.nodes[Int(node)].ordinal))
    }
}

// MARK: - Mapping a node

extension DocumentMapper {
    private mutating func map(_ node: Int32, _ rules: UnsafeBufferPointer<Int>, _ arena: borrowing SourceArena) {
        guard let mapping = active else { return }
        var scope = SourceScope(arena, symbols, coverage: environment.coverage)
        if isEDI { scope.enter(node) }
        if builder?.mapping !== mapping { builder = RecordBuilder(mapping, environment: environment) }
        builder?.look(at: scope)
        var matched = false, applied = false, isReported = false
        for place in 0..<rules.count {
            let index = rules[place]
            guard scope.matches(mapping.codes[index], node) else { continue }
            matched = true
            let hasCounter = mapping.codes[index].hasCounter
            let counter = hasCounter ? nextCount(index, mapping.records[index], node, scope) : 0
            switch builder?.build(index, of: node, counter: counter, ordinal: ordinal + 1, isFirst: !applied) {
            case nil, .notApplicable:
                if hasCounter, let last = counters[index] { counters[index] = (last.enclosing, last.number - 1) }
            case .record(let record, let warnings):
                applied = true
                ordinal += 1
                madeByRule[index] += 1
                if !openLoops.isEmpty { madeInLoops.append(index) }
                environment.coverage?.made(record, by: index, of: mapping)
                for warning in warnings { receiver.found(warning) }
                receiver.accept(shift == 0 ? record : record.shifted(by: shift))
            case .rejected(let rejected):
                applied = true
                isReported = true
                receiver.report(rejected)
            }
        }
        builder?.lookAway()
        guard matched else { return }
        outcome.read += 1
        if applied, !isReported {
            outcome.accepted += 1
        } else {
            outcome.reported += 1
            if !applied { reportUnmatched(node, mapping, arena) }
        }
    }

    private func position(of hit: SourceHit, _ arena: borrowing SourceArena) -> SourcePosition {
        environment.place.position(of: hit, in: SourceScope(arena, symbols), names: environment.names)
    }

    /// Adds what was made since the last call to the counts by kind.
    private mutating func settleCounts() {
        guard let active else { return }
        for index in madeByRule.indices where madeByRule[index] > 0 && index < active.records.count {
            outcome.records[active.records[index].kind, default: 0] += madeByRule[index]
        }
        if madeByRule.count != active.records.count {
            madeByRule = [Int](repeating: 0, count: active.records.count)
        } else {
            for index in madeByRule.indices { madeByRule[index] = 0 }
        }
    }

    private mutating func reportUnmatched(_ node: Int32, _ mapping: CompiledMapping, _ arena: borrowing SourceArena) {
        let position = position(of: SourceHit(node: node, field: -1), arena)
        let diagnostic = Diagnostic(
            .mapUnmatched, .warning, "no record of mapping \(mapping.name) applies to \(arena.name(of: node))",
            at: position)
        receiver.report(RejectedRecord(
            kind: nil, code: .mapUnmatched, diagnostics: [diagnostic], bytes: arena.nodes[Int(node)].bytes,
            ordinal: arena.nodes[Int(node)].ordinal))
    }

    private mutating func nextCount(_ index: Int, _ rule: RecordRule, _ node: Int32, _ scope: SourceScope) -> Int {
        guard let within = rule.counterScope else { return 0 }
        let start = scope.ancestor(of: node, named: within).map { scope.nodes[Int($0)].bytes.lowerBound } ?? -1
        let last = counters[index]
        let number = last?.enclosing == start ? (last?.number ?? 0) + 1 : 1
        counters[index] = (start, number)
        return number
    }
}

// MARK: - Forgetting

extension DocumentMapper {
    private func discard(_ node: Int32, _ arena: inout SourceArena) {
        environment.coverage?.forget(from: node, arena, environment.place, counts: active != nil)
        arena.discard(from: node)
    }

    /// Whether a node stays that no rule asks for: the head of an envelope, and the head segment of a loop, as long as its loop.
    private func isKept(_ node: SourceNode, _ arena: borrowing SourceArena) -> Bool {
        symbols.traits(of: node.name).contains(.envelopeHead) || isHead(node, arena)
    }

    private func isHead(_ node: SourceNode, _ arena: borrowing SourceArena) -> Bool {
        guard node.parent >= 0, node.kind.isRecord else { return false }
        let parent = arena.nodes[Int(node.parent)], name = symbols[node.name]
        return name >= 0 && parent.kind.isGroup && symbols[parent.name] == name
    }

    /// Outside a transaction set that is being mapped only the envelope matters.
    private func isForgettable(_ node: Int32, _ arena: borrowing SourceArena) -> Bool {
        !symbols.traits(of: arena.nodes[Int(node)].name).contains(.envelopeHead)
    }

    private mutating func noteUnmapped(_ node: Int32, _ arena: borrowing SourceArena) {
        let name = arena.nodes[Int(node)].name
        guard !symbols.traits(of: name).contains(.envelopeSegment) else { return }
        if unmappedCounts[Int(name)] == 0, unmappedAt[arena.names[Int(name)]] == nil {
            unmappedAt[arena.names[Int(name)]] = position(of: SourceHit(node: node, field: -1), arena)
        }
        unmappedCounts[Int(name)] += 1
    }

    /// Adds what was counted by name of the arena to the outcome.
    private mutating func settleUnmapped() {
        for (name, count) in zip(environment.names, unmappedCounts) where count > 0 { outcome.unmapped[name, default: 0] += count }
        unmappedCounts = []
    }

    private mutating func noteUnmappedColumns(_ row: Int32, _ mapping: CompiledMapping, _ arena: borrowing SourceArena) {
        for index in arena.nodes[Int(row)].fields {
            let field = arena.fields[Int(index)]
            guard field.name >= 0, !mapping.spoken.contains(symbols[field.name]) else { continue }
            let name = arena.names[Int(field.name)]
            outcome.unmapped[name] = 1
            unmappedAt[name] = position(of: SourceHit(node: row, field: index), arena)
        }
    }
}
