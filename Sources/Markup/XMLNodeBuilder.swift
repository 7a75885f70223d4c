import Formats

/// Makes nodes of what the push parser saw.
struct XMLNodeBuilder {
    var arena = SourceArena()
    private(set) var root: (name: String, namespace: String)?
    private(set) var elements = 0
    /// The arena's numbers of the parser's names.
    private var arenaNames: [Int32] = []
    /// For each node in the arena, its namespace as a number of the parser, or -1.
    private(set) var namespaces: [Int] = []
    /// The innermost open element has had no child yet.
    private var isLeaf = false
    private var attributes = 0

    /// Gives the events of one block to the sink.
    mutating func give<Sink: SourceSink>(_ parser: borrowing XMLEventBuilder, into sink: inout Sink) {
        for index in arenaNames.count..<max(parser.names.count, arenaNames.count) {
            arenaNames.append(arena.intern(parser.names[index]))
        }
        parser.text.withUnsafeBufferPointer { text in
            for event in parser.events {
                switch event {
                case .start(let name, let namespace, let from):
                    open(name, namespace, from, parser, into: &sink)
                case .attribute(let name, let range, let bytes):
                    attributes += 1
                    arena.addField(
                        name: arenaNames[name], element: attributes, bytes: bytes,
                        text: UnsafeBufferPointer(rebasing: text[range]))
                case .text(let range, let bytes):
                    arena.addField(element: 0, bytes: bytes, text: UnsafeBufferPointer(rebasing: text[range]))
                case .end(let at):
                    isLeaf = false
                    let node = arena.closeNode(at: at)
                    sink.closed(node, in: &arena)
                case .finding(let finding):
                    sink.found(finding)
                }
            }
        }
    }

    private mutating func open<Sink: SourceSink>(
        _ name: Int, _ namespace: Int, _ from: Int, _ parser: borrowing XMLEventBuilder, into sink: inout Sink
    ) {
        if isLeaf, let parent = arena.openNodes.last { sink.opened(parent, in: &arena) }
        elements += 1
        let node = Int(arena.openNode(arenaNames[name], kind: .element, from: from, ordinal: elements))
        if node < namespaces.count { namespaces.removeSubrange(node...) }
        namespaces.append(namespace)
        if root == nil { root = (parser.names[name], namespace < 0 ? "" : parser.names[namespace]) }
        isLeaf = true
        attributes = 0
    }
}
