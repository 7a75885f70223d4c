import Diagnostics
import Formats
@testable import Markup

/// Keeps what a reader gives as lines of text, in the order in which elements close, and drops the nodes.
struct Collector: SourceSink {
    /// `path #ordinal bytes name=value@bytes …` of each element; its text has the name `text`.
    var lines: [String] = []
    var opened: [String] = []
    var findings: [Diagnostic] = []
    /// Elements whose byte range does not start at their `<` or end at their `>`, and texts and attributes that are
    /// not what their bytes spell; filled where the source is known.
    var source: [UInt8]?
    var wrong: [String] = []
    var keepsNodes = false

    var codes: [String] { findings.map(\.code.name) }

    mutating func opened(_ node: Int32, in arena: inout SourceArena) { opened.append(arena.name(of: node)) }

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        let element = arena.nodes[Int(node)]
        var path = arena.name(of: node)
        var parent = element.parent
        while parent >= 0 {
            path = arena.name(of: parent) + "/" + path
            parent = arena.nodes[Int(parent)].parent
        }
        let fields = element.fields.map { arena.fields[Int($0)] }
        lines.append("\(path) #\(element.ordinal) \(element.bytes)" + fields.map {
            " \($0.name < 0 ? "text" : arena.names[Int($0.name)])=\(arena.string($0))@\($0.bytes)"
        }.joined())
        if let source {
            let tag = source[element.bytes]
            if tag.first != UInt8(ascii: "<") || tag.last != UInt8(ascii: ">") { wrong.append(lines[lines.count - 1]) }
            for field in fields {
                let raw = source[field.bytes]
                let isPlain = !raw.contains { [0x26, 0x3C, 0x0D, 0x0A, 0x09].contains($0) }
                if isPlain, String(decoding: raw, as: UTF8.self) != arena.string(field) { wrong.append(lines[lines.count - 1]) }
            }
        }
        if !keepsNodes { arena.discard(from: node) }
    }

    mutating func found(_ diagnostic: Diagnostic) { findings.append(diagnostic) }
}

/// Reads a document cut into pieces of `chunk` bytes, given to libxml2 in blocks of `block` bytes.
func read(
    _ bytes: [UInt8], chunk: Int = .max, block: Int = 1 << 14, _ options: XMLOptions = XMLOptions(), checks: Bool = false
) -> (sink: Collector, summary: SourceSummary, reader: XMLReader) {
    var sink = Collector()
    if checks { sink.source = bytes }
    let reader = XMLReader(options: options, blockBytes: block)
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

func read(_ text: String, _ options: XMLOptions = XMLOptions()) -> Collector { read(Array(text.utf8), options).sink }

func options(_ change: (inout XMLOptions) -> Void) -> XMLOptions {
    var options = XMLOptions()
    change(&options)
    return options
}
