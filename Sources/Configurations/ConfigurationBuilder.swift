import Diagnostics

/// Turns libyaml's events into nodes, refusing what configurations have no use for. Nesting is a list here, so that no
/// file can exhaust the stack.
struct ConfigurationBuilder {
    enum Flow { case goOn, stop }

    private struct Frame {
        let isMapping: Bool
        let bytes: Range<Int>
        let path: String
        var items: [ConfigurationNode] = []
        var entries: [ConfigurationEntry] = []
        /// The keys so far, and where the first of each stands.
        var lines: [String: Int] = [:]
        var key: Key = .awaited
    }

    private enum Key {
        case awaited
        case read(ConfigurationNode, String)
        /// Refused: its value is read and dropped.
        case refused
    }

    private let source: ConfigurationSource
    private var frames: [Frame] = []
    private var root: ConfigurationNode?
    private var documents = 0
    private var nodes = 0
    private var findings: [Diagnostic] = []

    init(source: ConfigurationSource) { self.source = source }

    /// The root where nothing was refused, else the findings in the order of the file.
    var outcome: (root: ConfigurationNode?, diagnostics: [Diagnostic]) {
        if !findings.isEmpty { return (nil, findings) }
        // A document of nothing, such as a lone `---`, is as empty as a file of comments.
        if let root, !root.isEmpty { return (root, []) }
        return (nil, [source.diagnostic(
            .configurationSyntax, "the file is empty", at: 0, hint: "write at least its first key, or remove it")])
    }

    mutating func take(_ event: YAMLEvent) -> Flow {
        if event.hasAnchor {
            refuse("there is an anchor (&)", event.bytes.lowerBound, hint: "write the value out wherever it is needed")
        }
        if event.hasTag {
            refuse("there is a tag (!)", event.bytes.lowerBound, hint: "remove it; what a value means is settled by its key")
        }
        switch event.kind {
        case .other: return .goOn
        case .streamEnd: return .stop
        case .documentStart(let hasDirectives): return startDocument(hasDirectives, at: event.bytes.lowerBound)
        case .alias:
            refuse(
                "there is an alias (*)", event.bytes.lowerBound, length: event.bytes.count,
                hint: "write the value out; text that begins with * needs quotes")
            return add(ConfigurationNode(kind: .scalar("", .quoted), bytes: event.bytes, path: path, source: source))
        case .scalar(let text, let style):
            if text.utf8.contains(0) { refuse("there is a NUL character in the text", event.bytes.lowerBound, hint: "remove the \\0") }
            let kind = ConfigurationNode.Kind.scalar(text, scalarStyle(style, event.bytes))
            return add(ConfigurationNode(kind: kind, bytes: event.bytes, path: path, source: source))
        case .sequenceStart: return open(isMapping: false, event.bytes)
        case .mappingStart: return open(isMapping: true, event.bytes)
        case .collectionEnd:
            let frame = frames.removeLast()
            let bytes = frame.bytes.lowerBound..<max(frame.bytes.upperBound, event.bytes.upperBound)
            let kind: ConfigurationNode.Kind = frame.isMapping ? .mapping(frame.entries) : .sequence(frame.items)
            return add(ConfigurationNode(kind: kind, bytes: bytes, path: frame.path, source: source))
        }
    }

    /// Records why libyaml could not go on.
    mutating func stop(at problem: YAMLProblem) {
        findings.append(problem.diagnostic(in: source))
    }

    private mutating func startDocument(_ hasDirectives: Bool, at offset: Int) -> Flow {
        documents += 1
        if documents > 1 {
            refuse("there is a second document", offset, hint: "a file holds one document; remove the `---`, or split the file")
            return .stop
        }
        if hasDirectives { refuse("there is a directive (%)", offset, hint: "remove it") }
        return .goOn
    }

    private mutating func open(isMapping: Bool, _ bytes: Range<Int>) -> Flow {
        guard frames.count < ConfigurationText.depthMax else {
            refuse(
                "nesting is deeper than \(ConfigurationText.depthMax) levels", bytes.lowerBound,
                hint: "a configuration needs a few levels at most")
            return .stop
        }
        frames.append(Frame(isMapping: isMapping, bytes: bytes, path: path))
        return .goOn
    }

    /// The path of the node that comes next.
    private var path: String {
        guard let frame = frames.last else { return "" }
        guard frame.isMapping else { return Self.path(frame.path, "[\(frame.items.count + 1)]") }
        guard case .read(_, let name) = frame.key else { return frame.path }
        return Self.path(frame.path, key: name)
    }

    /// Most bytes of a path that goes on growing, so that long keys around many values cost a bounded amount of memory.
    private static let pathMax = 300

    private static func path(_ parent: String, key name: String) -> String {
        path(parent, (parent.isEmpty ? "" : ".") + shortened(name))
    }

    private static func path(_ parent: String, _ part: String) -> String {
        parent.utf8.count > pathMax ? parent : parent + part
    }

    private static func shortened(_ name: String) -> String { name.utf8.count > 100 ? "\(name.prefix(60))…" : name }

    private mutating func add(_ node: ConfigurationNode) -> Flow {
        nodes += 1
        guard nodes <= ConfigurationText.nodesMax else {
            refuse(
                "there are more than \(ConfigurationText.nodesMax) keys and values", node.bytes.lowerBound,
                hint: "bring large tables in as reference data through a feed")
            return .stop
        }
        guard findings.count < ConfigurationText.findingsMax else {
            refuse("there are more than \(findings.count) findings, of which these are the first", node.bytes.lowerBound)
            return .stop
        }
        guard let last = frames.indices.last else {
            root = node
            return .goOn
        }
        guard frames[last].isMapping else {
            frames[last].items.append(node)
            return .goOn
        }
        switch frames[last].key {
        case .awaited: frames[last].key = key(node, of: last)
        case .refused: frames[last].key = .awaited
        case .read(let key, let name):
            frames[last].entries.append(ConfigurationEntry(name: name, key: key, value: node))
            frames[last].key = .awaited
        }
        return .goOn
    }

    private mutating func key(_ node: ConfigurationNode, of frame: Int) -> Key {
        let offset = node.bytes.lowerBound, length = max(node.bytes.count, 1)
        guard case .scalar(let name, let style) = node.kind else {
            refuse("a key is \(node.kindName), not text", offset, hint: "text that begins with [ or { needs quotes")
            return .refused
        }
        guard !name.isEmpty else {
            refuse("a key is empty", offset, hint: "write the key before the colon")
            return .refused
        }
        if name == "<<", style == .plain {
            refuse("there is a merge key (<<)", offset, length: length, hint: "write the keys out")
            return .refused
        }
        let line = source.line(at: offset) + 1
        if let first = frames[frame].lines[name] {
            refuse(
                "key \(Self.shortened(name)) stands twice in one mapping", offset, length: length, code: .configurationTwice,
                hint: "the first is at line \(first); keep one of them")
            return .refused
        }
        frames[frame].lines[name] = line
        let place = ConfigurationNode(
            kind: node.kind, bytes: node.bytes, path: Self.path(frames[frame].path, key: name), source: source)
        return .read(place, name)
    }

    private mutating func refuse(
        _ fact: String, _ offset: Int, length: Int = 1, code: DiagnosticCode = .configurationSyntax, hint: String? = nil
    ) {
        findings.append(source.diagnostic(code, fact, at: offset, length: length, path: path, hint: hint))
    }

    private func scalarStyle(_ style: YAMLEvent.Style, _ bytes: Range<Int>) -> ConfigurationNode.ScalarStyle {
        switch style {
        case .plain: .plain
        case .quoted: .quoted
        case .literal, .folded: block(at: bytes.lowerBound)
        }
    }

    /// Where the content of a block scalar begins (YAML 1.2.2, section 8.1.1.1): below the header, indented by what the
    /// header says beyond the collection around it, or else as its first line with content is.
    private func block(at offset: Int) -> ConfigurationNode.ScalarStyle {
        let header = source.line(at: offset)
        let parent = frames.last.map { frame in
            frame.bytes.lowerBound - source.lineStarts[source.line(at: frame.bytes.lowerBound)]
        } ?? -1
        let indicators = source.bytes[(offset + 1)..<source.range(ofLine: header).upperBound].prefix(2)
        if let digit = indicators.first(where: { (0x31...0x39).contains($0) }) {
            return .block(firstLine: header + 2, indentation: max(parent, 0) + Int(digit - 0x30))
        }
        var line = header + 1
        while line < source.lineStarts.count, source.isBlank(line: line) { line += 1 }
        let found = line < source.lineStarts.count ? source.indentation(ofLine: line) : 0
        return .block(firstLine: header + 2, indentation: max(found, parent + 1))
    }
}
