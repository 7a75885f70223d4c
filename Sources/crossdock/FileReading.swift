import Archives
import Diagnostics
import EDI
import FlatFiles
import Formats
import Markup
import Pipeline

/// Reads one file for `crossdock read`: unpacks it where it is packed, and tells the format of each document in it.
struct FileReading: DocumentReceiver {
    private enum Reader {
        case none
        case edi(EDIReader)
        case csv(CSVReader)
        case xml(XMLReader)
        case layout(LayoutReader)
        case idoc(IDocReader)
        case json(JSONReader)
    }

    let file: String
    /// The format that was asked for.
    let asked: ReadFormat?
    let layout: String?
    let structures: StructureFiles
    private(set) var sink: PrintingSink
    private(set) var total = SourceSummary(format: "")
    private var reader = Reader.none
    private var name = ""
    /// First bytes of the document, until its format is told.
    private var head: [UInt8]? = nil

    private static let headBytes = 4096

    init(file: String, asked: ReadFormat?, layout: String?, structures: StructureFiles, sink: PrintingSink) {
        self.file = file
        self.asked = asked
        self.layout = layout
        self.structures = structures
        self.sink = sink
    }

    mutating func read() throws {
        let kind = ArchiveKind.of(try Loader.head(of: file))
        guard let kind else {
            began(nil)
            try Loader.forEachBlock(of: file) { took($0) }
            return ended(isWhole: true)
        }
        let unpacker = Unpacker(kind, file: file)
        try Loader.forEachBlock(of: file) { unpacker.read($0, into: &self) }
        unpacker.finish(into: &self)
        if total.format.isEmpty { total.format = kind == .zip ? "zip" : "gzip" }
    }

    mutating func began(_ entry: String?) {
        name = entry.map { file + "!" + $0 } ?? file
        head = []
    }

    mutating func took(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard var held = head else { return pass(bytes) }
        held.append(contentsOf: bytes)
        head = held
        if held.count >= Self.headBytes { tell() }
    }

    mutating func ended(isWhole: Bool) {
        tell()
        switch reader {
        case .none: return
        case .edi(var edi): total.add(edi.finish(into: &sink))
        case .csv(var csv): total.add(csv.finish(into: &sink))
        case .xml(let xml): total.add(xml.finish(into: &sink))
        case .layout(var layout): total.add(layout.finish(into: &sink))
        case .idoc(var idoc): total.add(idoc.finish(into: &sink))
        case .json(var json): total.add(json.finish(into: &sink))
        }
        reader = .none
    }

    mutating func found(_ diagnostic: Diagnostic) { sink.found(diagnostic) }

    private mutating func tell() {
        guard let held = head else { return }
        head = nil
        var plainName = name.lowercased()
        if plainName.hasSuffix(".gz") { plainName.removeLast(3) }
        reader = makeReader(asked ?? ReadFormat.told(Array(held.prefix(Self.headBytes)), name: plainName, layouts: structures.layouts), held)
        held.withUnsafeBufferPointer { pass($0) }
    }

    private func makeReader(_ format: ReadFormat, _ head: [UInt8]) -> Reader {
        switch format {
        case .x12: return .edi(EDIReader(.x12, file: name, structures: structures.structures))
        case .edifact: return .edi(EDIReader(.edifact, file: name, structures: structures.structures))
        case .tradacoms: return .edi(EDIReader(.tradacoms, file: name, structures: structures.structures))
        case .xml:
            var options = XMLOptions()
            options.file = name
            return .xml(XMLReader(options: options))
        case .idoc: return .idoc(IDocReader(segments: structures.segments, file: name))
        case .jsonl: return .json(JSONReader(file: name))
        case .flat:
            let named = structures.layouts.first { $0.name == layout } ?? structures.layouts.first { $0.recognises(head: head) }
            if let named { return .layout(LayoutReader(layout: named, file: name)) }
            fallthrough
        case .csv, .text, .json:
            var options = CSVOptions()
            options.file = name
            return .csv(CSVReader(options: options))
        }
    }

    private mutating func pass(_ bytes: UnsafeBufferPointer<UInt8>) {
        // The reader must be the only owner of its arena, or every piece copies it.
        switch reader {
        case .none: break
        case .edi(var edi):
            reader = .none
            edi.read(bytes, into: &sink)
            reader = .edi(edi)
        case .csv(var csv):
            reader = .none
            csv.read(bytes, into: &sink)
            reader = .csv(csv)
        case .xml(let xml): xml.read(bytes, into: &sink)
        case .layout(var layout):
            reader = .none
            layout.read(bytes, into: &sink)
            reader = .layout(layout)
        case .idoc(var idoc):
            reader = .none
            idoc.read(bytes, into: &sink)
            reader = .idoc(idoc)
        case .json(var json):
            reader = .none
            json.read(bytes, into: &sink)
            reader = .json(json)
        }
    }
}
