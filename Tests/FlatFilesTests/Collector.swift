import Diagnostics
import FlatFiles
import Formats

/// Keeps what a reader gives, as text, and drops the nodes.
struct Collector: SourceSink {
    var rows: [[String]] = []
    /// Ordinal, byte range and the fields' names, positions and byte ranges of each row.
    var details: [String] = []
    var opened: [String] = []
    var closed: [String] = []
    var findings: [Diagnostic] = []

    var codes: [String] { findings.map(\.code.name) }

    mutating func opened(_ node: Int32, in arena: inout SourceArena) { opened.append(arena.name(of: node)) }

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        let row = arena.nodes[Int(node)]
        if row.kind == .record {
            let fields = row.fields.map { arena.fields[Int($0)] }
            rows.append(fields.map { arena.string($0) })
            details.append("\(row.ordinal) \(row.bytes) " + fields.map {
                "\($0.name < 0 ? "-" : arena.names[Int($0.name)]):\($0.element)@\($0.bytes)"
            }.joined(separator: " "))
        } else {
            closed.append("\(arena.name(of: node)) \(row.bytes)")
        }
        arena.discard(from: node)
    }

    mutating func found(_ diagnostic: Diagnostic) { findings.append(diagnostic) }
}

/// Reads a document cut into pieces of `chunk` bytes.
func read(_ bytes: [UInt8], chunk: Int = .max, _ options: CSVOptions = CSVOptions()) -> (Collector, SourceSummary, CSVReader) {
    var sink = Collector()
    var reader = CSVReader(options: options)
    bytes.withUnsafeBufferPointer { all in
        var at = 0
        while at < all.count {
            let end = at + min(chunk, all.count - at)
            reader.read(UnsafeBufferPointer(rebasing: all[at..<end]), into: &sink)
            at = end
        }
    }
    let summary = reader.finish(into: &sink)
    return (sink, summary, reader)
}

func read(_ text: String, _ options: CSVOptions = CSVOptions()) -> (Collector, SourceSummary, CSVReader) {
    read(Array(text.utf8), options)
}

func options(_ change: (inout CSVOptions) -> Void) -> CSVOptions {
    var options = CSVOptions()
    change(&options)
    return options
}

/// A small generator (SplitMix64), so that a random case can be had again from its seed.
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
