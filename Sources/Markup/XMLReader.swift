import Diagnostics
package import Formats

/// Reads XML through libxml2's SAX2 push parser.
///
/// Each element is a node of its local name; attributes are its named fields, numbered from 1 in document order, by
/// their local names; its own text, entities and CDATA undone and nothing trimmed, is the field at element 0. An
/// element without text has no such field. Where an element has children its own text is what stands before the first
/// of them, and white space alone is none; text after a child is reported (XML-MIXED) and not given on. Comments and
/// processing instructions are passed over.
///
/// The byte range of a node runs from the `<` of its start tag to the end of its end tag, that of a text or an
/// attribute over what spells it, quotes and the marks of a CDATA section at its ends not included.
///
/// A node is said to be opened when its first child starts; its fields are there by then. After a fatal error no more
/// nodes come, and elements that are open then are not given on as closed. It is a class because libxml2's parser is
/// one thing that cannot be copied.
package final class XMLReader: SourceReader {
    package let options: XMLOptions
    package var arena: SourceArena { parser?.builder.arena ?? SourceArena() }
    /// Local name and namespace of the root element, once it is read; the namespace is empty where there is none.
    package var root: (name: String, namespace: String)? {
        guard let parser, let root = parser.builder.root else { return nil }
        let names = parser.builder.arena.names
        return (names[Int(root.name)], root.namespace < 0 ? "" : names[Int(root.namespace)])
    }

    private var parser: XMLPushParser?
    /// Input is cut into blocks at fixed offsets, so that what libxml2 does cannot depend on how it came.
    private let blockBytes: Int
    private var block: [UInt8] = []
    private var received = 0
    private var isStopped = false

    /// The first bytes, in which the encoding is declared.
    private static let headBytes = 1024

    package init(options: XMLOptions = XMLOptions()) {
        self.options = options
        blockBytes = 1 << 15
    }

    /// For tests: another size of blocks.
    init(options: XMLOptions, blockBytes: Int) {
        self.options = options
        self.blockBytes = blockBytes
    }

    package func read<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        var rest = bytes[...]
        while !rest.isEmpty, !isStopped {
            let wanted = (parser == nil ? Self.headBytes : blockBytes) - block.count
            let piece = rest.prefix(min(wanted, options.limits.documentBytes - received))
            received += piece.count
            rest = rest.dropFirst(piece.count)
            if piece.count == blockBytes, block.isEmpty, parser != nil {
                // A whole block needs no copy.
                parse(UnsafeBufferPointer(rebasing: piece), into: &sink)
            } else {
                block.append(contentsOf: piece)
                if piece.count == wanted { feed(isEnd: false, into: &sink) }
            }
            if received == options.limits.documentBytes, !rest.isEmpty, !isStopped {
                stop(.xmlSize, "the document is larger than \(options.limits.documentBytes) bytes",
                     hint: "raise the limit of the feed, or ask the sender to split the file", into: &sink)
            }
        }
        received += rest.count
    }

    package func finish<Sink: SourceSink>(into sink: inout Sink) -> SourceSummary {
        if !isStopped { feed(isEnd: true, into: &sink) }
        isStopped = true
        parser?.abandon(at: received)
        var summary = SourceSummary(format: "xml")
        summary.records = parser?.builder.elements ?? 0
        summary.bytes = received
        return summary
    }

    /// Gives what was collected to the parser.
    private func feed<Sink: SourceSink>(isEnd: Bool, into sink: inout Sink) {
        if parser == nil { start(into: &sink) }
        guard parser != nil, !isStopped else { return }
        var from = 0
        while from < block.count {
            let to = min(from + blockBytes, block.count)
            block.withUnsafeBufferPointer { parse(UnsafeBufferPointer(rebasing: $0[from..<to]), into: &sink) }
            from = to
        }
        block.removeAll(keepingCapacity: true)
        if isEnd { parse(UnsafeBufferPointer(start: nil, count: 0), isEnd: true, into: &sink) }
    }

    private func parse<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool = false, into sink: inout Sink) {
        guard let parser else { return }
        parser.parse(bytes, isEnd: isEnd, into: &sink)
        if parser.builder.isStopped { isStopped = true }
    }

    private func start<Sink: SourceSink>(into sink: inout Sink) {
        let finding = EncodingFinding.find(block)
        guard let encoding = finding.encoding else {
            stop(.xmlEncoding, "the document's encoding is not one that is read"
                    + (finding.declared.map { ": \($0)" } ?? ""),
                 hint: "UTF-8, UTF-16, ISO 8859-1, ISO 8859-15 and Windows-1252 are", into: &sink)
            return
        }
        parser = XMLPushParser(options: options, transcoder: Transcoder(encoding: encoding, mark: finding.mark))
        block.removeFirst(finding.mark)
    }

    /// Reports why nothing more of the document is read.
    private func stop<Sink: SourceSink>(
        _ code: DiagnosticCode, _ fact: String, hint: String, into sink: inout Sink
    ) {
        isStopped = true
        sink.found(Diagnostic(
            code, .error, fact, at: SourcePosition(file: options.file, bytes: received..<received), hint: hint))
    }
}
