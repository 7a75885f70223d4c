import CLibXML2
import Formats

/// libxml2's SAX2 push parser, which has one owner and calls back into an ``XMLEventBuilder``.
///
/// Safety: libxml2 holds an unretained pointer to this object and calls back only within ``parse(_:isEnd:)``, during
/// which `self` is alive; the parser is freed in `deinit`, so that no call can come later.
final class XMLPushParser {
    private(set) var builder: XMLEventBuilder
    private let parser: xmlParserCtxtPtr

    /// libxml2 wants to be initialised once, before its first use.
    private static let initialised: Void = xmlInitParser()

    init(options: XMLOptions, transcoder: Transcoder) {
        Self.initialised
        var handler = Self.makeHandler()
        guard let parser = xmlCreatePushParserCtxt(&handler, nil, nil, 0, nil) else {
            preconditionFailure("libxml2 has no memory for a parser")
        }
        self.parser = parser
        builder = XMLEventBuilder(options: options, transcoder: transcoder)
        builder.parser = parser
        parser.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
        // No network, and UTF-8 whatever the declaration says. No entity is ever substituted: none can be declared.
        xmlCtxtUseOptions(parser, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue))
    }

    deinit { xmlFreeParserCtxt(parser) }

    /// Reads the next bytes of the document. The builder has the events until the next call.
    func parse(_ bytes: [UInt8], isEnd: Bool = false) {
        let utf8 = builder.begin(bytes, isEnd: isEnd)
        guard !builder.isStopped else { return }
        utf8.withUnsafeBytes { raw in
            _ = xmlParseChunk(
                parser, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(raw.count), isEnd ? 1 : 0)
        }
        builder.finish()
    }

    // MARK: What libxml2 calls

    private static func makeHandler() -> xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { context, name, _, uri, _, _, count, _, attributes in
            XMLPushParser.of(context)?.builder.started(name, uri, Int(count), attributes)
        }
        handler.endElementNs = { context, _, _, _ in XMLPushParser.of(context)?.builder.ended() }
        handler.characters = { context, text, count in XMLPushParser.of(context)?.builder.characters(text, Int(count)) }
        handler.ignorableWhitespace = { context, text, count in XMLPushParser.of(context)?.builder.characters(text, Int(count)) }
        handler.cdataBlock = { context, text, count in 
            XMLPushParser.of(context)?.builder.characters(text, Int(count), isSection: true)
        }
        handler.comment = { context, _ in XMLPushParser.of(context)?.builder.passed() }
        handler.processingInstruction = { context, _, _ in XMLPushParser.of(context)?.builder.passed() }
        handler.internalSubset = { context, _, publicName, systemName in
            XMLPushParser.of(context)?.builder.documentType(isExternal: publicName != nil || systemName != nil)
        }
        handler.serror = { context, error in
            guard let error else { return }
            XMLPushParser.of(context)?.builder.failed(error.pointee)
        }
        return handler
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> XMLPushParser? {
        guard let context else { return nil }
        let parser = Unmanaged<XMLPushParser>.fromOpaque(context).takeUnretainedValue()
        return parser.builder.isStopped ? nil : parser
    }
}
