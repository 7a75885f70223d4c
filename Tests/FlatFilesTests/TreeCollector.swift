import Configurations
import Diagnostics
import FlatFiles
import Formats

/// Keeps the nodes of a document as lines of text, and drops them.
struct TreeCollector: SourceSink {
    /// `path ordinal bytes name=value@bytes …` of each node as it closed.
    var lines: [String] = []
    var findings: [Diagnostic] = []
    var nodesMax = 0

    var codes: [String] { findings.map(\.code.name) }
    var facts: [String] { findings.map(\.fact) }
    /// The nodes without their bytes.
    var values: [String] { lines.map { $0.split(separator: " ").filter { !$0.contains("..<") || $0.contains("=") }.map { $0.split(separator: "@")[0] }.joined(separator: " ") } }

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        nodesMax = max(nodesMax, arena.nodes.count)
        let found = arena.nodes[Int(node)]
        var path = arena.name(of: node)
        var parent = found.parent
        while parent >= 0 {
            path = arena.name(of: parent) + "/" + path
            parent = arena.nodes[Int(parent)].parent
        }
        let fields = found.fields.map { index in
            let field = arena.fields[Int(index)]
            let name = field.name < 0 ? "" : arena.names[Int(field.name)]
            return "\(name)=\(arena.string(field).replacing(" ", with: "_"))@\(field.bytes)"
        }
        lines.append(([path, "\(found.ordinal)", "\(found.bytes)"] + fields).joined(separator: " "))
        arena.discard(from: node)
    }
    mutating func found(_ diagnostic: Diagnostic) { findings.append(diagnostic) }
    mutating func read(_ interchange: InterchangeHeader) {}
    mutating func ended(_ transactionSet: TransactionSetSummary) {}
}

/// Reads a document cut into pieces of `chunk` bytes.
func readTree<Reader: SourceReader>(_ bytes: [UInt8], chunk: Int = .max, _ reader: Reader) -> (sink: TreeCollector, summary: SourceSummary) {
    var reader = reader
    var sink = TreeCollector()
    bytes.withUnsafeBufferPointer { all in
        var at = 0
        while at < all.count {
            let end = at + min(chunk, all.count - at)
            reader.read(UnsafeBufferPointer(rebasing: all[at..<end]), into: &sink)
            at = end
        }
    }
    let summary = reader.finish(into: &sink)
    return (sink, summary)
}

/// A layout from its YAML.
func layout(_ yaml: String) -> FlatLayout {
    let (root, problems) = ConfigurationText.parse(yaml, file: "layout.yaml")
    guard let root, problems.isEmpty else { preconditionFailure("\(problems.map(\.text))") }
    let decoded = FlatLayout.decode(root)
    guard let layout = decoded.layout else { preconditionFailure(decoded.diagnostics.map(\.text).joined(separator: "\n")) }
    return layout
}

/// What is wrong with a layout file.
func layoutFindings(_ yaml: String) -> [String] {
    guard let root = ConfigurationText.parse(yaml, file: "layout.yaml").root else { return ["no YAML"] }
    return FlatLayout.decode(root).diagnostics.map { "\($0.position.line ?? 0) \($0.fact)" }
}
