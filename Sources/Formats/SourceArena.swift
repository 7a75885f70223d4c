/// One node of a source document: an EDI loop or segment, a row of a flat file, an XML element.
///
/// Nodes stand in document order (preorder) in one array, so that a subtree is a contiguous range of it.
package struct SourceNode: Sendable {
    /// Index into ``SourceArena/names``: loop id, segment tag, record type, local element name.
    package var name: Int32
    package var kind: SourceNodeKind
    /// Index into ``SourceArena/names`` of the code of the finding because of which the reader sets this node aside, or -1. An
    /// open node may get one at any time; nodes that are opened inside it have it too (``SourceArena/openNode(_:kind:from:ordinal:)``).
    package var setAside: Int32 = -1
    /// Index of the enclosing node, or -1.
    package var parent: Int32
    /// Index one past the last node of this subtree, or ``open``.
    package var end: Int32
    /// Range of ``SourceArena/fields`` that belongs to this node itself.
    package var fields: Range<Int32>
    /// Index into ``SourceArena/names`` of the namespace URI of an XML element, or -1.
    package var namespace: Int32 = -1
    /// Bytes of the source file that this node covers, without its terminator; while the node is open, those of what it holds itself
    /// as far as the reader knows them.
    package var bytes: Range<Int>
    /// 1-based ordinal in the reader's own counting: EDI segment within its transaction set, row within the file.
    package var ordinal: Int

    /// The end of a node that is open: its subtree runs to the end of what is there.
    package static let open = Int32.max
}

package enum SourceNodeKind: UInt8, Sendable {
    /// Groups other nodes and has no fields: interchange, functional group, transaction set, loop.
    case group
    /// One EDI segment or one row.
    case record
    /// One XML element; its text is the field at position 0, its attributes are named fields.
    case element

    /// Across modules a comparison is a call, and a look is none.
    @inlinable package var isRecord: Bool { if case .record = self { true } else { false } }
    @inlinable package var isGroup: Bool { if case .group = self { true } else { false } }
}

/// One value of a node: an element (and component, and repetition) of an EDI segment, a cell, an attribute, a text.
package struct SourceField: Sendable {
    /// Index into ``SourceArena/names`` for a column or attribute, or -1.
    package var name: Int32
    /// 1-based element or column; 0 is the text of an XML element.
    package var element: Int32
    /// 1-based component within the element; 0 where the element is not composite.
    package var component: Int16
    /// 1-based repetition; 1 where the element does not repeat.
    package var repetition: Int16
    /// Decoded text (releases, quotes and entities undone) as UTF-8 in ``SourceArena/text``.
    package var text: Range<Int32>
    /// Bytes of the source file, delimiters not included.
    package var bytes: Range<Int>

    @inlinable package init(
        name: Int32 = -1, element: Int32, component: Int16 = 0, repetition: Int16 = 1, text: Range<Int32>, bytes: Range<Int>
    ) {
        self.name = name
        self.element = element
        self.component = component
        self.repetition = repetition
        self.text = text
        self.bytes = bytes
    }
}

/// Where one field of a record stands within the record's own bytes. See ``SourceArena/addRecord(_:ordinal:from:bytes:fields:)``.
package struct FieldSpan: Sendable {
    /// Element (32 bits, lowest), component (16) and repetition (16), so that a reader counts them in one word.
    package var key: UInt64
    /// Half-open range of bytes from the start of the record.
    package var start: Int32
    package var end: Int32

    package init(element: Int32) {
        key = UInt64(UInt32(bitPattern: element)) | 1 << 48
        start = 0
        end = 0
    }

    @inlinable package var element: Int32 { Int32(truncatingIfNeeded: key) }
    @inlinable package var component: Int16 { Int16(truncatingIfNeeded: key >> 32) }
    @inlinable package var repetition: Int16 { Int16(truncatingIfNeeded: key >> 48) }
}

/// The part of a source document that is in memory: the open nodes and what they still hold.
///
/// A reader appends; whoever maps a subtree discards it with ``discard(from:)``. Because nodes stand in document
/// order, that is a truncation, and memory is bounded by the largest subtree that a mapping needs at once
/// (ARCHITECTURE.md, invariant 8).
package struct SourceArena: Sendable {
    package private(set) var nodes = SourceStack<SourceNode>()
    package private(set) var fields = SourceStack<SourceField>()
    /// Decoded text of all fields.
    package private(set) var text = SourceStack<UInt8>()
    /// Names of nodes, columns and attributes, each once. Names outlive the nodes that use them.
    package private(set) var names: [String] = []
    private var nameIndex: [String: Int32] = [:]
    private var open: [Int32] = []
    /// The last one of `open`, or -1.
    private var innermost: Int32 = -1

    package init() {}

    /// Indices of the open nodes, outermost first.
    package var openNodes: [Int32] { open }

    /// The number of a name, given once and kept for the life of the arena.
    package mutating func intern(_ name: String) -> Int32 {
        if let known = nameIndex[name] { return known }
        let index = Int32(names.count)
        names.append(name)
        nameIndex[name] = index
        return index
    }

    /// The number of a name that some node or field already has, or nil.
    package func index(of name: String) -> Int32? { nameIndex[name] }

    /// Opens a node inside the innermost open one and gives its index.
    @discardableResult
    package mutating func openNode(
        _ name: Int32, namespace: Int32 = -1, kind: SourceNodeKind, from start: Int, ordinal: Int
    ) -> Int32 {
        let index = Int32(nodes.count)
        let firstField = Int32(fields.count)
        let parent = innermost
        nodes.append(SourceNode(
            name: name, kind: kind, setAside: parent < 0 ? -1 : nodes[Int(parent)].setAside, parent: parent, end: SourceNode.open,
            fields: firstField..<firstField, namespace: namespace, bytes: start..<start, ordinal: ordinal))
        open.append(index)
        innermost = index
        return index
    }

    /// Marks a node as set aside because of a finding, given by the number of its code's name.
    package mutating func setAside(_ node: Int32, because code: Int32) { nodes.update(Int(node)) { $0.setAside = code } }

    /// Adds a field to the innermost open node, copying its decoded text. Fields come before child nodes, or
    /// (text of an element with children) are added by ``setText``.
    package mutating func addField(
        name: Int32 = -1, element: Int, component: Int = 0, repetition: Int = 1, bytes: Range<Int>,
        text source: UnsafeBufferPointer<UInt8>
    ) {
        let start = Int32(text.count)
        copyText(source)
        append(SourceField(
            name: name, element: Int32(element), component: Int16(truncatingIfNeeded: component),
            repetition: Int16(truncatingIfNeeded: repetition), text: start..<Int32(text.count), bytes: bytes))
    }

    /// Adds a whole record inside the innermost open node: its fields' text is its bytes as they stand, copied once
    /// for all fields, so that a record costs one call across modules. Spans are in document order. `columns` are the
    /// names of the fields, one for each, or empty where they have none.
    ///
    /// - Parameters:
    ///   - quote: the byte that stands twice in fields of `doubled`, and once in their text.
    ///   - doubled: such fields, one bit each; the highest stands for all from the 64th on that are quoted.
    @discardableResult
    package mutating func addRecord(
        _ name: Int32, kind: SourceNodeKind = .record, ordinal: Int, from start: Int, bytes: UnsafeBufferPointer<UInt8>,
        fields spans: UnsafeBufferPointer<FieldSpan>, columns: UnsafeBufferPointer<Int32> = UnsafeBufferPointer(start: nil, count: 0),
        quote: UInt8 = 0, doubled: UInt64 = 0
    ) -> Int32 {
        precondition(columns.isEmpty || columns.count == spans.count, "fields have a name each, or none")
        let index = Int32(nodes.count)
        let firstField = Int32(fields.count)
        if let first = spans.first, let last = spans.last {
            // What precedes the first field is not copied: `discard` takes the first field's text as the record's first.
            let base = Int32(truncatingIfNeeded: text.count) &- first.start
            copyText(UnsafeBufferPointer(rebasing: bytes[Int(first.start)..<Int(last.end)]))
            let target = fields.extend(by: spans.count)
            let names = columns.baseAddress
            for place in 0..<spans.count {
                let span = spans[place]
                target[place] = SourceField(
                    name: names?[place] ?? -1, element: span.element, component: span.component, repetition: span.repetition,
                    text: Range(uncheckedBounds: (base &+ span.start, base &+ span.end)),
                    bytes: Range(uncheckedBounds: (start &+ Int(span.start), start &+ Int(span.end))))
            }
            if doubled != 0 { halveQuotes(quote, doubled, bytes, spans, target) }
        }
        nodes.append(SourceNode(
            name: name, kind: kind, parent: innermost, end: index + 1,
            fields: firstField..<Int32(fields.count), bytes: start..<(start + bytes.count), ordinal: ordinal))
        return index
    }

    /// Makes one quote of two in the text of fields that were just added. What gets free behind a text stays so: texts need not
    /// touch.
    private mutating func halveQuotes(
        _ quote: UInt8, _ doubled: UInt64, _ bytes: UnsafeBufferPointer<UInt8>, _ spans: UnsafeBufferPointer<FieldSpan>,
        _ added: UnsafeMutablePointer<SourceField>
    ) {
        let letters = text.writable()
        for place in spans.indices where doubled >> UInt64(min(place, 63)) & 1 == 1 {
            let start = Int(spans[place].start)
            // Quotes of a field that is not quoted are text.
            guard start > 0, bytes[start - 1] == quote else { continue }
            let range = added[place].text
            var from = Int(range.lowerBound), to = from
            while from < Int(range.upperBound) {
                let letter = letters[from]
                letters[to] = letter
                to += 1
                from += letter == quote ? 2 : 1
            }
            added[place].text = range.lowerBound..<Int32(to)
        }
    }

    /// Adds a whole XML element that has neither attributes nor children inside the innermost open node.
    ///
    /// - Parameter text: nil where it has none.
    @discardableResult
    package mutating func addElement(
        _ name: Int32, namespace: Int32 = -1, ordinal: Int, bytes: Range<Int>, text source: UnsafeBufferPointer<UInt8>?,
        textBytes: Range<Int>
    ) -> Int32 {
        let index = Int32(nodes.count)
        let firstField = Int32(fields.count)
        if let source {
            let start = Int32(text.count)
            copyText(source)
            fields.append(SourceField(
                name: -1, element: 0, component: 0, repetition: 1, text: start..<Int32(text.count), bytes: textBytes))
        }
        nodes.append(SourceNode(
            name: name, kind: .element, parent: innermost, end: index + 1, fields: firstField..<Int32(fields.count),
            namespace: namespace, bytes: bytes, ordinal: ordinal))
        return index
    }

    /// Opens an XML element inside the innermost open node, with all fields that it has itself, and gives its index.
    ///
    /// - Parameters:
    ///   - bytes: what spells its start tag and its own text.
    ///   - own: its fields, whose texts are ranges of `text`.
    package mutating func openElement(
        _ name: Int32, namespace: Int32, bytes: Range<Int>, ordinal: Int, fields own: UnsafeBufferPointer<SourceField>,
        text source: UnsafeBufferPointer<UInt8>
    ) -> Int32 {
        let index = Int32(nodes.count)
        let firstField = Int32(fields.count), base = Int32(text.count)
        if !own.isEmpty {
            copyText(source)
            let target = fields.extend(by: own.count)
            for place in 0..<own.count {
                target[place] = own[place]
                let text = own[place].text
                target[place].text = Range(uncheckedBounds: (text.lowerBound &+ base, text.upperBound &+ base))
            }
        }
        nodes.append(SourceNode(
            name: name, kind: .element, setAside: innermost < 0 ? -1 : nodes[Int(innermost)].setAside, parent: innermost,
            end: SourceNode.open, fields: firstField..<Int32(fields.count), namespace: namespace, bytes: bytes, ordinal: ordinal))
        open.append(index)
        innermost = index
        return index
    }

    /// Opens an XML element that has no fields.
    package mutating func openElement(_ name: Int32, namespace: Int32, bytes: Range<Int>, ordinal: Int) -> Int32 {
        let index = Int32(truncatingIfNeeded: nodes.count), firstField = Int32(truncatingIfNeeded: fields.count)
        nodes.append(SourceNode(
            name: name, kind: .element, setAside: innermost < 0 ? -1 : nodes[Int(innermost)].setAside, parent: innermost,
            end: SourceNode.open, fields: firstField..<firstField, namespace: namespace, bytes: bytes, ordinal: ordinal))
        open.append(index)
        innermost = index
        return index
    }

    @inline(__always)
    private mutating func copyText(_ source: UnsafeBufferPointer<UInt8>) {
        guard let first = source.baseAddress else { return }
        precondition(text.count + source.count <= Int(Int32.max), "the open part of a document has under 2 GiB of text")
        let target = text.extend(by: source.count)
        // Most texts are short, and a call costs more than they do.
        if source.count <= 16, source.count >= 8 {
            let head = UnsafeRawPointer(first).loadUnaligned(as: UInt64.self)
            let tail = UnsafeRawPointer(first).loadUnaligned(fromByteOffset: source.count - 8, as: UInt64.self)
            UnsafeMutableRawPointer(target).storeBytes(of: head, as: UInt64.self)
            UnsafeMutableRawPointer(target).storeBytes(of: tail, toByteOffset: source.count - 8, as: UInt64.self)
        } else if source.count < 8, source.count >= 4 {
            let head = UnsafeRawPointer(first).loadUnaligned(as: UInt32.self)
            let tail = UnsafeRawPointer(first).loadUnaligned(fromByteOffset: source.count - 4, as: UInt32.self)
            UnsafeMutableRawPointer(target).storeBytes(of: head, as: UInt32.self)
            UnsafeMutableRawPointer(target).storeBytes(of: tail, toByteOffset: source.count - 4, as: UInt32.self)
        } else if source.count < 4 {
            for place in 0..<source.count { target[place] = first[place] }
        } else {
            target.update(from: first, count: source.count)
        }
    }

    private mutating func append(_ field: SourceField) {
        precondition(innermost >= 0, "a field needs an open node")
        let index = Int(innermost)
        precondition(
            nodes[index].fields.upperBound == Int32(fields.count), "fields of a node are added before its children")
        fields.append(field)
        let end = Int32(fields.count)
        nodes.update(index) { $0.fields = $0.fields.lowerBound..<end }
    }

    /// The innermost open node covers at least the bytes up to `end`: those of a record that others stand in.
    package mutating func reach(_ end: Int) {
        precondition(innermost >= 0, "only an open node reaches further")
        nodes.update(Int(innermost)) { $0.bytes = $0.bytes.lowerBound..<max($0.bytes.upperBound, end) }
    }

    /// Closes the innermost open node, which ends at byte `end`, and gives its index.
    @discardableResult
    package mutating func closeNode(at end: Int) -> Int32 {
        let index = open.removeLast()
        innermost = open.last ?? -1
        let next = Int32(nodes.count)
        nodes.update(Int(index)) { node in
            node.end = next
            node.bytes = node.bytes.lowerBound..<end
        }
        return index
    }

    /// Drops a closed node with all that follows it. Its index is free for the next node.
    package mutating func discard(from index: Int32) {
        precondition(index > innermost, "an open node cannot be discarded")
        guard Int(index) < nodes.count else { return }
        let firstField = Int(nodes[Int(index)].fields.lowerBound)
        if firstField < fields.count {
            text.cut(to: Int(fields[firstField].text.lowerBound))
            fields.cut(to: firstField)
        }
        nodes.cut(to: Int(index))
    }

    package func name(of node: Int32) -> String { names[Int(nodes[Int(node)].name)] }

    /// The namespace URI of an XML element, or nil where it has none.
    package func namespace(of node: Int32) -> String? {
        let namespace = nodes[Int(node)].namespace
        return namespace < 0 ? nil : names[Int(namespace)]
    }

    package func string(_ field: SourceField) -> String {
        String(decoding: text[Int(field.text.lowerBound)..<Int(field.text.upperBound)], as: UTF8.self)
    }

    /// The first field of a node at an element and component. Component 0 asks for the element as a whole, which of
    /// a composite is its first component.
    package func field(of node: Int32, element: Int, component: Int = 0, repetition: Int = 1) -> SourceField? {
        for index in nodes[Int(node)].fields {
            let field = fields[Int(index)]
            guard field.element == Int32(element), field.repetition == Int16(repetition) else { continue }
            if component == 0 || Int(field.component) == component || (component == 1 && field.component == 0) {
                return field
            }
        }
        return nil
    }

    /// The first field of a node with a name, given as its number.
    package func field(of node: Int32, name: Int32) -> SourceField? {
        for index in nodes[Int(node)].fields where fields[Int(index)].name == name { return fields[Int(index)] }
        return nil
    }

    /// Indices of a node's children, in document order.
    package func children(of node: Int32) -> ChildNodes { ChildNodes(arena: self, parent: node) }
}

/// The children of one node, in document order.
package struct ChildNodes: Sequence, IteratorProtocol {
    private let nodes: SourceStack<SourceNode>
    private var next_: Int32
    private let end: Int32

    init(arena: borrowing SourceArena, parent: Int32) {
        nodes = arena.nodes
        next_ = parent + 1
        end = Swift.min(nodes[Int(parent)].end, Int32(nodes.count))
    }

    package mutating func next() -> Int32? {
        guard next_ < end else { return nil }
        let child = next_
        next_ = nodes[Int(child)].end
        return child
    }
}
