package import Diagnostics
package import Formats

/// Collects from a reader what an acknowledgement has to say, and passes everything on to another sink.
package struct AcknowledgementSink<Inner: SourceSink>: SourceSink {
    /// The interchanges that ended.
    package private(set) var reports: [InterchangeReport] = []
    private let structures: TransactionStructures
    /// Whether an interchange is answered, by its header and that of its first functional group; nil where all are.
    private let isAnswered: (@Sendable (InterchangeHeader, FunctionalGroupHeader?) -> Bool)?
    /// The interchange at hand is answered, or that is not known yet: what is found in its transaction sets is kept.
    private var keepsSets = true
    private var isDecided = false
    private var isInSet = false
    private var interchange: InterchangeReport?
    private var group: GroupReport?
    private var transactionSet: TransactionSetReport?
    /// The elements of its version, where they are known.
    private var setTables: ElementTables?
    /// Those of the version that was last asked for.
    private var known: (version: String, tables: ElementTables?)?
    /// Findings about the EDI segment that is not closed yet.
    private var pending: [SegmentReport] = []
    private var findings = 0
    private var boundedLoop = ""
    private var reading = AcknowledgementReading()
    /// The transaction set at hand says something of what was sent.
    private var isReading = false
    // Last: what stands behind a value of unknown size is found only by asking for that.
    package var inner: Inner

    /// - Parameters:
    ///   - structures: for the numbers of elements in the data element dictionary.
    ///   - isAnswered: by the header of an interchange and that of its first functional group, where it has one. Of interchanges that nobody is
    ///     answered for, transaction sets are not listed, so that memory does not grow with them.
    package init(
        _ inner: Inner, structures: TransactionStructures, isAnswered: (@Sendable (InterchangeHeader, FunctionalGroupHeader?) -> Bool)? = nil
    ) {
        self.inner = inner
        self.structures = structures
        self.isAnswered = isAnswered
    }

    package mutating func opened(_ node: Int32, in arena: inout SourceArena) { inner.opened(node, in: &arena) }

    package mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        if arena.nodes[Int(node)].kind.isRecord { take(node, arena) }
        inner.closed(node, in: &arena)
    }

    package mutating func read(_ interchange: InterchangeHeader) {
        self.interchange = InterchangeReport(interchange)
        (keepsSets, isDecided) = (true, isAnswered == nil)
        reading = AcknowledgementReading()
        inner.read(interchange)
    }

    package mutating func began(_ group: FunctionalGroupHeader) {
        decide(by: group)
        self.group = GroupReport(header: group)
        inner.began(group)
    }

    package mutating func began(_ transactionSet: TransactionSetHeader) {
        if !isDecided, group == nil { decide(by: nil) }
        if keepsSets {
            self.transactionSet = TransactionSetReport(header: transactionSet)
            if known?.version != transactionSet.version {
                known = (transactionSet.version, structures.elements(of: transactionSet.version)?.tables)
            }
            setTables = known?.tables
        }
        (findings, boundedLoop, isInSet) = (0, "", true)
        isReading = AcknowledgementKind.isAcknowledgement(transactionSet.identifier)
        inner.began(transactionSet)
    }

    package mutating func ended(_ summary: TransactionSetSummary) {
        flush()
        reading.endMessage()
        (isReading, isInSet) = (false, false)
        if var ended = transactionSet {
            ended.summary = summary
            (transactionSet, setTables) = (nil, nil)
            keep(ended)
        }
        inner.ended(summary)
    }

    package mutating func ended(_ summary: FunctionalGroupSummary) {
        if var ended = group {
            ended.summary = summary
            group = nil
            interchange?.groups.append(ended)
        }
        inner.ended(summary)
    }

    package mutating func ended(_ summary: InterchangeSummary) {
        if var ended = interchange {
            ended.summary = summary
            ended.acknowledgements = reading.acknowledgements
            interchange = nil
            reports.append(ended)
        }
        inner.ended(summary)
    }

    package mutating func found(_ diagnostic: Diagnostic) {
        if diagnostic.severity > .note, keepsSets, let standard = interchange?.header.standard { collect(diagnostic, standard) }
        inner.found(diagnostic)
    }

    /// What an acknowledgement tells it has to see.
    package mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool {
        (severity == .note || !keepsSets) && inner.counted(code, severity)
    }

    /// Without a group an interchange of X12 is not decided on: one may come that names the sender.
    private mutating func decide(by group: FunctionalGroupHeader?) {
        guard !isDecided, let isAnswered, let header = interchange?.header, group != nil || header.standard != .x12 else { return }
        keepsSets = isAnswered(header, group)
        isDecided = group != nil
    }

    // MARK: Transaction sets

    private mutating func keep(_ set: TransactionSetReport) {
        func hasRoom(_ count: Int) -> Bool {
            count < (set.isClean && set.isAccepted ? InterchangeReport.cleanSetsMax : InterchangeReport.setsMax)
        }
        if group != nil {
            if hasRoom(group?.transactionSets.count ?? 0) { group?.transactionSets.append(set) }
        } else if hasRoom(interchange?.transactionSets.count ?? 0) {
            interchange?.transactionSets.append(set)
        }
    }

    // MARK: Findings

    private mutating func collect(_ diagnostic: Diagnostic, _ standard: EDIStandard) {
        guard case .edi(let address) = diagnostic.position.place else { return }
        let fault = EnvelopeFinding(
            code: diagnostic.code,
            x12: standard == .x12 ? X12Fault.of(diagnostic.code, element: address.element, tag: address.segmentTag) : nil,
            edifact: standard == .edifact ? EDIFACTFault.of(diagnostic.code) : nil,
            segmentTag: address.segmentTag, element: address.element, component: address.component,
            isError: diagnostic.severity == .error)
        switch level(of: fault) {
        case nil: break
        case .interchange: interchange?.faults.append(fault)
        case .group: if group != nil { group?.faults.append(fault) } else { interchange?.faults.append(fault) }
        case .message: transactionSet?.faults.append(fault)
        case .segment, .element:
            // Between transaction sets there is no position to give.
            guard transactionSet != nil, findings < InterchangeReport.findingsMax else { return }
            findings += 1
            collectInside(diagnostic, address, fault)
        }
    }

    private func level(of fault: EnvelopeFinding) -> EDIFACTFault.Level? {
        if let edifact = fault.edifact { return edifact.level }
        return switch fault.x12 {
        case .interchange: .interchange
        case .group: .group
        case .transactionSet: .message
        case .segment: .segment
        case .element: .element
        case nil: nil
        }
    }

    private mutating func collectInside(_ diagnostic: Diagnostic, _ address: EDIAddress, _ fault: EnvelopeFinding) {
        let isMissing = address.missingTag != nil
        let position = (address.segment ?? 0) - (isMissing ? 1 : 0)
        let tag = address.missingTag ?? address.segmentTag ?? Self.tag(in: diagnostic)
        if let last = pending.last, last.position != address.segment, !last.isMissing { flush() }
        let code = fault.edifact.map { String($0.code) } ?? fault.x12?.code ?? ""
        var place = pending.firstIndex { $0.position == position && $0.tag == tag && $0.isMissing == isMissing }
        if place == nil {
            place = pending.count
            pending.append(SegmentReport(position: position, tag: tag, boundedLoop: boundedLoop, codes: [], isMissing: isMissing))
        }
        guard let place else { return }
        if level(of: fault) == .segment {
            pending[place].codes.append(code)
        } else {
            pending[place].elements.append(ElementReport(
                element: address.element ?? 0, component: address.component, repetition: address.repetition, code: code,
                value: Self.value(in: diagnostic), bytes: diagnostic.position.bytes))
        }
    }

    /// The value that a finding is about, as the excerpt shows it whole; an element that is set aside is not in its node.
    private static func value(in diagnostic: Diagnostic) -> String {
        guard let excerpt = diagnostic.excerpt, diagnostic.position.bytes?.count == excerpt.length else { return "" }
        let shown = excerpt.text.dropFirst(excerpt.start).prefix(excerpt.length)
        return shown.utf8.count == excerpt.length ? String(shown) : ""
    }

    /// The tag of a segment whose tag is none, as it was sent: at most three characters.
    private static func tag(in diagnostic: Diagnostic) -> String {
        guard let excerpt = diagnostic.excerpt else { return "" }
        let sent = excerpt.text.dropFirst(excerpt.start).prefix(excerpt.length)
        let reserved = EDIPunctuation.x12.reserved
        return String(decoding: sent.utf8.filter { $0 > 0x20 && $0 < 0x7F && !reserved.contains($0) }.prefix(3), as: UTF8.self)
    }

    private mutating func flush() {
        if !pending.isEmpty { transactionSet?.segments += pending }
        pending.removeAll(keepingCapacity: true)
    }

    // MARK: EDI segments

    /// Completes the findings about the segment at hand with what it holds.
    private mutating func take(_ node: Int32, _ arena: borrowing SourceArena) {
        let tag = arena.names[Int(arena.nodes[Int(node)].name)]
        if isInSet { interchange?.contentHash.add(node, arena) }
        if !pending.isEmpty {
            let ordinal = arena.nodes[Int(node)].ordinal, tables = setTables
            for place in pending.indices where pending[place].position == ordinal && !pending[place].isMissing {
                for index in pending[place].elements.indices { Self.complete(&pending[place].elements[index], tag, node, arena, tables) }
                pending[place].elements.sort { ($0.element, $0.component ?? 0) < ($1.element, $1.component ?? 0) }
            }
            flush()
        }
        let first = tag.utf8.first
        if first == UInt8(ascii: "L") || first == UInt8(ascii: "T") { takeControl(tag, node, arena) }
        if isReading { reading.take(EDISegment(node, in: arena)) }
    }

    /// Segments that say something of others: the bounds of loops, the acknowledgement of an interchange.
    private mutating func takeControl(_ tag: String, _ node: Int32, _ arena: borrowing SourceArena) {
        switch tag {
        case "LS": boundedLoop = arena.field(of: node, element: 1).map { arena.string($0) } ?? ""
        case "LE": boundedLoop = ""
        case "TA1":
            interchange?.interchangeAcknowledgements += 1
            if !isInSet { reading.take(EDISegment(node, in: arena)) }
        default: break
        }
    }

    private static func complete(
        _ report: inout ElementReport, _ tag: String, _ node: Int32, _ arena: borrowing SourceArena, _ tables: ElementTables?
    ) {
        if report.element == 0, let bytes = report.bytes {
            for index in arena.nodes[Int(node)].fields {
                let field = arena.fields[Int(index)]
                guard field.bytes.overlaps(bytes) else { continue }
                report.element = Int(field.element)
                if field.component > 0 { report.component = Int(field.component) }
                break
            }
        }
        if report.element > 0, let field = arena.field(of: node, element: report.element, component: report.component ?? 0) {
            report.value = arena.string(field)
        }
        tables?.describe(&report, tag, node, arena)
    }
}

extension ElementTables {
    /// Adds what the table of the version knows of an element: its number, and what a condition hangs on.
    fileprivate func describe(_ report: inout ElementReport, _ tag: String, _ node: Int32, _ arena: borrowing SourceArena) {
        let number = number(of: TagTable.packed(tag))
        guard number >= 0 else { return }
        let segment = segments[number]
        // Of a component the number would be its own, which tables of X12 do not have.
        if report.element > 0, report.element <= segment.count, report.component == nil || areComponentsDescribed {
            report.reference = references[segment.first + report.element - 1]
        }
        guard report.code == "2", report.element > 0 else { return }
        var present: UInt64 = 0
        for index in arena.nodes[Int(node)].fields { present |= 1 << UInt64(arena.fields[Int(index)].element) }
        for index in segment.notes where !notes[index].holds(present) {
            let all = notes[index].first | notes[index].others
            let there = all & present
            if all & 1 << UInt64(report.element) != 0, there != 0 { report.trigger = there.trailingZeroBitCount }
        }
    }
}
