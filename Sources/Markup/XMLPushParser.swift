import CLibXML2
import Formats

/// libxml2's SAX2 push parser, which has one owner and calls back into an ``XMLTreeBuilder``.
///
/// Safety: libxml2 holds a pointer to the builder, whose memory this object owns, and calls back only within
/// ``parse(_:isEnd:)``; the parser is freed in `deinit` before that memory, so that no call can come later. A pointer and not
/// this object, because reaching the builder through an object costs more than reading an element does.
final class XMLPushParser {
    private let memory: UnsafeMutablePointer<XMLTreeBuilder>
    private let parser: xmlParserCtxtPtr

    var builder: XMLTreeBuilder { _read { yield memory.pointee } }

    /// libxml2 wants to be initialised once, before its first use.
    private static let initialised: Void = xmlInitParser()

    init(options: XMLOptions, transcoder: Transcoder) {
        Self.initialised
        var handler = Self.makeHandler()
        guard let parser = xmlCreatePushParserCtxt(&handler, nil, nil, 0, nil) else {
            preconditionFailure("libxml2 has no memory for a parser")
        }
        self.parser = parser
        memory = .allocate(capacity: 1)
        memory.initialize(to: XMLTreeBuilder(options: options, transcoder: transcoder))
        memory.pointee.parser = parser
        parser.pointee.userData = UnsafeMutableRawPointer(memory)
        // No network, and UTF-8 whatever the declaration says. No entity is ever substituted: none can be declared.
        xmlCtxtUseOptions(parser, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue))
    }

    deinit {
        xmlFreeParserCtxt(parser)
        memory.pointee.free()
        memory.deinitialize(count: 1)
        memory.deallocate()
    }

    /// Reads the next bytes of the document, and gives the nodes and findings that they make to the sink.
    func parse<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool = false, into sink: inout Sink) {
        withUnsafeMutablePointer(to: &sink) { sink in
            let outlet = SinkOutlet(sink)
            memory.pointee.outlet = Unmanaged.passUnretained(outlet)
            withExtendedLifetime(outlet) { parse(bytes, isEnd) }
            memory.pointee.outlet = nil
        }
    }

    private func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ isEnd: Bool) {
        let utf8 = memory.pointee.begin(bytes, isEnd: isEnd)
        guard !memory.pointee.isStopped else { return }
        if let utf8 { utf8.withUnsafeBufferPointer { push($0, isEnd) } } else { push(bytes, isEnd) }
    }

    /// Closes what is open, which is not whole.
    func abandon(at end: Int) { memory.pointee.abandon(at: end) }

    private func push(_ bytes: UnsafeBufferPointer<UInt8>, _ isEnd: Bool) {
        memory.pointee.enter(bytes)
        bytes.withMemoryRebound(to: CChar.self) { _ = xmlParseChunk(parser, $0.baseAddress, Int32($0.count), isEnd ? 1 : 0) }
        memory.pointee.finish()
    }

    // MARK: What libxml2 calls

    private static func makeHandler() -> xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { context, name, _, uri, _, _, count, _, attributes in
            XMLPushParser.of(context)?.pointee.started(name, uri, Int(count), attributes)
        }
        handler.endElementNs = { context, _, _, _ in XMLPushParser.of(context)?.pointee.ended() }
        handler.characters = { context, text, count in XMLPushParser.of(context)?.pointee.characters(text, Int(count)) }
        // The same function: libxml2 asks whether text between elements can be ignored only where they differ.
        handler.ignorableWhitespace = handler.characters
        handler.cdataBlock = { context, text, count in
            XMLPushParser.of(context)?.pointee.characters(text, Int(count), isSection: true)
        }
        handler.comment = { context, _ in XMLPushParser.of(context)?.pointee.passed() }
        handler.processingInstruction = { context, _, _ in XMLPushParser.of(context)?.pointee.passed() }
        handler.internalSubset = { context, _, publicName, systemName in
            XMLPushParser.of(context)?.pointee.documentType(isExternal: publicName != nil || systemName != nil)
        }
        handler.serror = { context, error in
            guard let error else { return }
            XMLPushParser.of(context)?.pointee.failed(error.pointee)
        }
        return handler
    }

    @inline(__always)
    private static func of(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<XMLTreeBuilder>? {
        guard let builder = context?.assumingMemoryBound(to: XMLTreeBuilder.self) else { return nil }
        return builder.pointee.isStopped ? nil : builder
    }
}
