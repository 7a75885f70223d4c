import EDI
package import FEEL
import FlatFiles
package import Formats
import Markup

/// Reads one file of a feed from its bytes to records: the reader for the feed's format joined with a mapper.
///
/// Give it the bytes in pieces of any size; the records, and their order, are the same.
package struct FeedSession<Receiver: RecordReceiver> {
    private enum Reader {
        case edi(EDIReader)
        case csv(CSVReader)
        case xml(XMLReader)
    }

    private var reader: Reader
    private var mapper: RecordMapper<Receiver>

    /// - Parameters:
    ///   - file: the path that findings name.
    ///   - context: its zone is the business zone, in which local times are meant. The clock in it is not read.
    package init(
        plan: FeedPlan, file: String?, context: EvaluationContext, limits: ReadLimits = ReadLimits(), receiver: Receiver
    ) {
        mapper = RecordMapper(plan: plan, file: file, context: context, receiver: receiver)
        let policy = DefectPolicy.standard.overriding(plan.feed.defects)
        func edi(_ standard: EDIStandard) -> Reader {
            .edi(EDIReader(
                standard, file: file, limits: limits, policy: policy, senders: plan.partners.policies(over: policy),
                structures: plan.structures))
        }
        switch plan.feed.format {
        case .x12: reader = edi(.x12)
        case .edifact: reader = edi(.edifact)
        case .tradacoms: reader = edi(.tradacoms)
        case .csv:
            reader = .csv(CSVReader(options: CSVOptions(plan.feed.csv, file: file, limits: limits)))
        case .xml:
            var options = XMLOptions()
            options.file = file
            options.limits = limits
            reader = .xml(XMLReader(options: options))
        }
    }

    /// What took the records so far.
    package var receiver: Receiver { mapper.receiver }

    package mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        switch reader {
        case .edi(var edi):
            // The reader must be the only owner of its arena, or every piece copies it.
            reader = .csv(CSVReader())
            edi.read(bytes, into: &mapper)
            reader = .edi(edi)
        case .csv(var csv):
            reader = .csv(CSVReader())
            csv.read(bytes, into: &mapper)
            reader = .csv(csv)
        case .xml(let xml):
            xml.read(bytes, into: &mapper)
        }
    }

    package mutating func read(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { read($0) } }

    /// The file has ended.
    ///
    /// - Returns: what the reader read, what became of it, and the receiver with everything that it took.
    package mutating func finish() -> (summary: SourceSummary, outcome: MappingOutcome, receiver: Receiver) {
        let summary: SourceSummary
        var refused = 0
        switch reader {
        case .edi(var edi):
            summary = edi.finish(into: &mapper)
        case .csv(var csv):
            summary = csv.finish(into: &mapper)
            refused = csv.rowsRefused
        case .xml(let xml):
            summary = xml.finish(into: &mapper)
        }
        return (summary, mapper.finish(rowsRefused: refused), mapper.receiver)
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
