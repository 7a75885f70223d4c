import Archives
import Diagnostics
import EDI
import FEEL
import FlatFiles
import Formats
import Markup

/// Reads the documents of one file, one after the other, into one mapper.
struct FeedDocuments<Receiver: RecordReceiver>: DocumentReceiver {
    private enum Reader {
        case none
        case edi(EDIReader)
        case csv(CSVReader)
        case xml(XMLReader)
        case layout(LayoutReader)
        case idoc(IDocReader)
        case json(JSONReader)
    }

    private let plan: FeedPlan
    let file: String?
    private let limits: ReadLimits
    private var reader = Reader.none
    /// The mapper, and around it what acknowledgements are made of.
    private(set) var collector: AcknowledgementSink<RecordMapper<Receiver>>
    private var summary: SourceSummary
    private var refused = 0
    /// Bytes of the documents before the current one, and of it.
    private var before = 0
    private var taken = 0
    private var count = 0

    init(plan: FeedPlan, file: String?, context: EvaluationContext, limits: ReadLimits, references: (any ReferenceRecords)?,
        coverage: MappingCoverage?, receiver: Receiver
    ) {
        self.plan = plan
        self.file = file
        self.limits = limits
        summary = SourceSummary(format: plan.feed.format.rawValue)
        let partners = plan.partners
        collector = AcknowledgementSink(
            RecordMapper(plan: plan, file: file, context: context, references: references, coverage: coverage, receiver: receiver),
            structures: plan.structures, isAnswered: { partners.sender(of: $0, group: $1)?.acknowledge != nil })
    }

    /// As much may come out of an archive as a file may have.
    var unpackLimits: UnpackLimits {
        var unpack = UnpackLimits()
        unpack.bytes = limits.documentBytes
        return unpack
    }

    mutating func began(_ name: String?) {
        let path = name.map { (file ?? "") + "!" + $0 } ?? file
        count += 1
        if count > 1 || name != nil { collector.inner.beginDocument(path, shift: before) }
        reader = makeReader(path)
        taken = 0
    }

    mutating func took(_ bytes: UnsafeBufferPointer<UInt8>) {
        taken += bytes.count
        // The reader must be the only owner of its arena, or every piece copies it.
        switch reader {
        case .none: break
        case .edi(var edi):
            reader = .none
            edi.read(bytes, into: &collector)
            reader = .edi(edi)
        case .csv(var csv):
            reader = .none
            csv.read(bytes, into: &collector.inner)
            reader = .csv(csv)
        case .xml(let xml):
            xml.read(bytes, into: &collector.inner)
        case .layout(var layout):
            reader = .none
            layout.read(bytes, into: &collector.inner)
            reader = .layout(layout)
        case .idoc(var idoc):
            reader = .none
            idoc.read(bytes, into: &collector.inner)
            reader = .idoc(idoc)
        case .json(var json):
            reader = .none
            json.read(bytes, into: &collector.inner)
            reader = .json(json)
        }
    }

    mutating func ended(isWhole: Bool) {
        let current = reader
        reader = .none
        switch current {
        case .none: return
        case .edi(var edi): add(edi.finish(into: &collector), 0)
        case .csv(var csv):
            let total = csv.finish(into: &collector.inner)
            add(total, csv.rowsRefused)
        case .xml(let xml): add(xml.finish(into: &collector.inner), 0)
        case .layout(var layout):
            let total = layout.finish(into: &collector.inner)
            add(total, layout.rowsRefused)
        case .idoc(var idoc):
            let total = idoc.finish(into: &collector.inner)
            add(total, idoc.rowsRefused)
        case .json(var json):
            let total = json.finish(into: &collector.inner)
            add(total, json.rowsRefused)
        }
        before += taken
    }

    mutating func found(_ diagnostic: Diagnostic) { collector.inner.found(diagnostic) }

    mutating func finish() -> (summary: SourceSummary, outcome: MappingOutcome, receiver: Receiver) {
        (summary, collector.inner.finish(rowsRefused: refused), collector.inner.receiver)
    }

    private mutating func add(_ total: SourceSummary, _ rowsRefused: Int) {
        refused += rowsRefused
        summary.add(total)
    }

    private func makeReader(_ path: String?) -> Reader {
        let feed = plan.feed
        switch feed.format {
        case .x12: return edi(.x12, path)
        case .edifact: return edi(.edifact, path)
        case .tradacoms: return edi(.tradacoms, path)
        case .csv: return .csv(CSVReader(options: CSVOptions(feed.csv, file: path, limits: limits)))
        case .xml:
            var options = XMLOptions()
            options.file = path
            options.limits = limits
            if feed.ignoresExternalDocumentType { options.externalDocumentType = .ignore }
            return .xml(XMLReader(options: options))
        case .flat:
            guard let layout = plan.layout else { preconditionFailure("a flat feed was checked to have a layout") }
            return .layout(LayoutReader(layout: layout, file: path, limits: limits, encoding: feed.encoding))
        case .idoc: return .idoc(IDocReader(segments: plan.segments, file: path, limits: limits, encoding: feed.encoding))
        case .json: return .json(JSONReader(file: path, limits: limits, encoding: feed.encoding))
        }
    }

    private func edi(_ standard: EDIStandard, _ path: String?) -> Reader {
        let policy = DefectPolicy.standard.overriding(plan.feed.defects)
        return .edi(EDIReader(
            standard, file: path, limits: limits, policy: policy, senders: plan.partners.policies(over: policy),
            structures: plan.structures))
    }
}

extension CSVOptions {
    fileprivate init(_ layout: CSVLayout, file: String?, limits: ReadLimits) {
        self.init()
        separator = layout.separator
        quote = layout.quote
        encoding = layout.encoding
        linesSkipped = layout.linesSkipped
        comment = layout.comment
        if !layout.hasHeader { header = layout.columns.isEmpty ? .none : .names(layout.columns) }
        self.file = file
        self.limits = limits
    }
}
