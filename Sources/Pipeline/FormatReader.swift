import Configuration
import Diagnostics
package import EDI
import FlatFiles
package import Formats
package import Mapping
import Markup

/// The reader of a feed's format.
package enum FormatReader: SourceReader {
    case x12(X12Reader)
    case csv(CSVReader)
    case xml(XMLReader)

    package init(_ feed: FeedDefinition, file: String, structures: TransactionStructures) {
        switch feed.format {
        case .x12: self = .x12(X12Reader(file: file, structures: structures))
        case .csv:
            var options = CSVOptions()
            options.separator = feed.csv.separator
            options.file = file
            options.encoding = TextEncoding(rawValue: feed.csv.encoding) ?? .utf8
            if !feed.csv.hasHeader { options.header = feed.csv.columns.isEmpty ? .none : .names(feed.csv.columns) }
            self = .csv(CSVReader(options: options))
        case .xml:
            var options = XMLOptions()
            options.file = file
            self = .xml(XMLReader(options: options))
        }
    }

    /// The reader for a file of no feed, by what its first bytes look like.
    package init(head: [UInt8], file: String, structures: TransactionStructures) {
        let first = head.first { $0 != 0xEF && $0 != 0xBB && $0 != 0xBF && $0 > 0x20 }
        if X12Reader.recognises(head: head) {
            self = .x12(X12Reader(file: file, structures: structures))
        } else if first == UInt8(ascii: "<") {
            var options = XMLOptions()
            options.file = file
            self = .xml(XMLReader(options: options))
        } else {
            var options = CSVOptions()
            options.file = file
            self = .csv(CSVReader(options: options))
        }
    }

    package mutating func read<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        switch self {
        case .x12(var reader):
            self = .vacant
            reader.read(bytes, into: &sink)
            self = .x12(reader)
        case .csv(var reader):
            self = .vacant
            reader.read(bytes, into: &sink)
            self = .csv(reader)
        case .xml(var reader):
            self = .vacant
            reader.read(bytes, into: &sink)
            self = .xml(reader)
        }
    }

    package mutating func finish<Sink: SourceSink>(into sink: inout Sink) -> SourceSummary {
        switch self {
        case .x12(var reader): return reader.finish(into: &sink)
        case .csv(var reader): return reader.finish(into: &sink)
        case .xml(var reader): return reader.finish(into: &sink)
        }
    }

    /// Stands in while a reader is taken out to be changed, so that it is not copied.
    private static var vacant: FormatReader { .csv(CSVReader()) }
}

extension FeedDefinition {
    /// How completeness is told in the feed's format.
    package var probe: any CompletenessProbe {
        switch format {
        case .x12: X12Probe()
        case .csv: CSVProbe()
        case .xml: MarkupProbe()
        }
    }
}

/// The structures of a bundle's `Mappings/structures`.
package enum StructureFiles {
    package static func compile(
        _ files: [(path: String, bytes: [UInt8])]
    ) -> (structures: TransactionStructures?, diagnostics: [Diagnostic]) {
        var findings: [Diagnostic] = []
        var structures: [TransactionStructure] = []
        for file in files {
            let (root, problems) = ConfigurationText.parse(String(decoding: file.bytes, as: UTF8.self), file: file.path)
            findings += problems
            guard let root else { continue }
            let defects = TransactionStructure.shape.check(root)
            findings += defects
            guard !defects.contains(where: { $0.severity == .error }) else { continue }
            let decoded = TransactionStructure.decode(root)
            findings += decoded.diagnostics
            if let structure = decoded.structure { structures.append(structure) }
        }
        return (findings.contains { $0.severity == .error } ? nil : TransactionStructures(structures), findings)
    }
}
