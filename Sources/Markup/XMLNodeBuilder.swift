import Formats

/// Makes nodes of what the push parser saw.
struct XMLNodeBuilder {
    var arena = SourceArena()
    private(set) var root: (name: String, namespace: String)?
    private(set) var elements = 0
    /// The arena's numbers of the parser's names.
    private var arenaNames: [Int32] = []
    /// For each node in the arena, its namespace as a number of the parser, or -1; what stands behind the last node is of none.
    private(set) var namespaces: [Int32] = []
    /// The innermost open element has had no child yet.
    private var isLeaf = false
    private var attributes = 0

    /// Gives the events of one block to the sink.
    mutating func give<Sink: SourceSink>(_ parser: borrowing XMLEventBuilder, into sink: inout Sink) {
        for index in arenaNames.count..<max(parser.names.texts.count, arenaNames.count) {
            arenaNames.append(arena.intern(parser.names.texts[index]))
        }
        var finding = 0
        let text = parser.text.buffer, events = parser.events.buffer
        var at = 0
        while at < events.count {
            let event = events[at]
            at += 1
            switch event.kind {
            case .start:
                begin(event, parser, into: &sink)
                if let length = leaf(events, at) {
                    give(leaf: event, events[at..<at + length], text, into: &sink)
                    at += length
                } else {
                    let node = arena.openNode(
                        arenaNames[Int(event.name)], kind: .element, from: event.bytes.lowerBound, ordinal: elements)
                    note(event.namespace, of: Int(node))
                    isLeaf = true
                }
            case .attribute:
                attributes += 1
                arena.addField(
                    name: arenaNames[Int(event.name)], element: attributes, bytes: event.bytes, text: slice(text, event))
            case .text:
                arena.addField(element: 0, bytes: event.bytes, text: slice(text, event))
            case .end:
                isLeaf = false
                let node = arena.closeNode(at: event.bytes.upperBound)
                sink.closed(node, in: &arena)
            case .finding:
                sink.found(parser.findings[finding])
                finding += 1
            }
        }
    }

    @inline(__always)
    private func slice(_ text: UnsafeBufferPointer<UInt8>, _ event: XMLEvent) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: text[Int(event.text.lowerBound)..<Int(event.text.upperBound)])
    }

    /// How many events make the rest of an element that holds nothing but text: most elements do.
    @inline(__always)
    private func leaf(_ events: UnsafeBufferPointer<XMLEvent>, _ at: Int) -> Int? {
        if at < events.count, events[at].kind == .end { return 1 }
        if at + 1 < events.count, events[at].kind == .text, events[at + 1].kind == .end { return 2 }
        return nil
    }

    /// Gives an element without attributes and children in one go.
    @inline(__always)
    private mutating func give<Sink: SourceSink>(
        leaf event: XMLEvent, _ rest: Slice<UnsafeBufferPointer<XMLEvent>>, _ text: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let hasText = rest.count == 2
        let own = rest[rest.startIndex]
        let node = arena.addElement(
            arenaNames[Int(event.name)], ordinal: elements, bytes: event.bytes.lowerBound..<rest[rest.endIndex - 1].bytes.upperBound,
            text: hasText ? slice(text, own) : nil, textBytes: own.bytes)
        note(event.namespace, of: Int(node))
        isLeaf = false
        sink.closed(node, in: &arena)
    }

    /// An element starts: its parent is no leaf.
    @inline(__always)
    private mutating func begin<Sink: SourceSink>(_ event: XMLEvent, _ parser: borrowing XMLEventBuilder, into sink: inout Sink) {
        if isLeaf, let parent = arena.openNodes.last { sink.opened(parent, in: &arena) }
        elements += 1
        attributes = 0
        if root == nil {
            root = (parser.names.texts[Int(event.name)], event.namespace < 0 ? "" : parser.names.texts[Int(event.namespace)])
        }
    }

    @inline(__always)
    private mutating func note(_ namespace: Int32, of node: Int) {
        if node < namespaces.count { namespaces[node] = namespace } else { namespaces.append(namespace) }
    }
}
