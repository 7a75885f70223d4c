// Yams' own tree drops what strictness needs: the marks of repeated keys, the ends of scalars, where an alias stands. Its
// bundled libyaml, which this reads event by event, has them all, and is part of the same package.
import CYaml

/// What libyaml reports, one thing at a time, with byte ranges in the file.
struct YAMLEvent {
    enum Kind {
        case documentStart(hasDirectives: Bool)
        case scalar(String, Style)
        case sequenceStart
        case mappingStart
        case collectionEnd
        case alias
        case streamEnd
        /// Stream start and document end, of which there is nothing to know.
        case other
    }

    enum Style { case plain, quoted, literal, folded }

    let kind: Kind
    /// Where in the file; empty where nothing is written.
    let bytes: Range<Int>
    let hasAnchor: Bool
    let hasTag: Bool
}

/// Why libyaml stopped: its own words, and the byte.
struct YAMLProblem {
    let problem: String
    let context: String?
    let offset: Int
    /// Where the thing began that the problem is in.
    let contextOffset: Int?
}

/// Reads the events of a text, which has to outlive the call.
struct YAMLEvents: ~Copyable {
    // libyaml keeps a pointer to its own parser, so that it must not move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeBufferPointer<UInt8>
    // libyaml counts Unicode scalars; marks come nearly in order, so that walking from the last one is cheap.
    private var knownIndex = 0
    private var knownOffset = 0

    init(_ input: UnsafeBufferPointer<UInt8>) {
        self.input = input
        parser = .allocate(capacity: 1)
        precondition(yaml_parser_initialize(parser) == 1, "out of memory")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    enum Step {
        case event(YAMLEvent)
        case problem(YAMLProblem)
    }

    mutating func next() -> Step {
        var raw = yaml_event_t()
        guard yaml_parser_parse(parser, &raw) == 1 else { return .problem(problem()) }
        defer { yaml_event_delete(&raw) }
        let start = offset(raw.start_mark.index)
        let bytes = start..<max(start, offset(raw.end_mark.index))
        switch raw.type {
        case YAML_SCALAR_EVENT:
            let scalar = raw.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return .event(YAMLEvent(
                kind: .scalar(text, Self.style(scalar.style)), bytes: bytes, hasAnchor: scalar.anchor != nil,
                hasTag: scalar.tag != nil))
        case YAML_SEQUENCE_START_EVENT:
            let data = raw.data.sequence_start
            return .event(YAMLEvent(kind: .sequenceStart, bytes: bytes, hasAnchor: data.anchor != nil, hasTag: data.tag != nil))
        case YAML_MAPPING_START_EVENT:
            let data = raw.data.mapping_start
            return .event(YAMLEvent(kind: .mappingStart, bytes: bytes, hasAnchor: data.anchor != nil, hasTag: data.tag != nil))
        default:
            return .event(YAMLEvent(kind: Self.kind(raw), bytes: bytes, hasAnchor: false, hasTag: false))
        }
    }

    private static func kind(_ raw: yaml_event_t) -> YAMLEvent.Kind {
        switch raw.type {
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: .collectionEnd
        case YAML_ALIAS_EVENT: .alias
        case YAML_STREAM_END_EVENT: .streamEnd
        case YAML_DOCUMENT_START_EVENT:
            .documentStart(
                hasDirectives: raw.data.document_start.version_directive != nil
                    || raw.data.document_start.tag_directives.start != raw.data.document_start.tag_directives.end)
        default: .other
        }
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLEvent.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    /// The byte of the file at which the scalar of that index begins.
    private mutating func offset(_ index: Int) -> Int {
        while knownIndex < index, knownOffset < input.count {
            knownOffset += 1
            while knownOffset < input.count, input[knownOffset] & 0xC0 == 0x80 { knownOffset += 1 }
            knownIndex += 1
        }
        while knownIndex > index, knownOffset > 0 {
            knownOffset -= 1
            while knownOffset > 0, input[knownOffset] & 0xC0 == 0x80 { knownOffset -= 1 }
            knownIndex -= 1
        }
        return knownOffset
    }

    private mutating func problem() -> YAMLProblem {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it is not YAML"
        // The reader, which checks characters, counts bytes; scanner and parser have marks.
        if parser.pointee.error == YAML_READER_ERROR {
            return YAMLProblem(problem: problem, context: nil, offset: parser.pointee.problem_offset, contextOffset: nil)
        }
        let context = parser.pointee.context.map { String(cString: $0) }
        let place = offset(parser.pointee.problem_mark.index)
        return YAMLProblem(
            problem: problem, context: context, offset: place,
            contextOffset: context == nil ? nil : offset(parser.pointee.context_mark.index))
    }
}
