import Formats

/// What a selector found: a node, and the field of it that holds the value.
struct SourceHit {
    var node: Int32
    /// Index into the arena's fields, or -1 where the node is there and the field is not.
    var field: Int32
}

/// A short-lived view of an arena through which selectors are followed. It holds addresses and counts no references, so that making
/// one for each node costs next to nothing; it must be gone before the reader appends again.
struct SourceScope {
    let nodes: SourceView<SourceNode>
    let fields: SourceView<SourceField>
    let text: SourceView<UInt8>
    private let symbols: SymbolNumbers.View
    /// Hears which fields are looked at. The environment of the mapper owns it.
    private let coverage: Unmanaged<MappingCoverage>?

    /// The head of the loop that is being mapped, by its tag and the loop: most of what is asked of a loop is in it.
    private var head: (tag: Int32, node: Int32, segment: Int32) = (-1, -1, -1)

    /// Remembers the head of a loop.
    mutating func enter(_ node: Int32) {
        guard nodes[Int(node)].kind.isGroup else { return }
        let tag = symbol(of: node)
        if let segment = segment(tag, at: node) { head = (tag, node, segment) }
    }

    /// Whether somebody hears which fields are looked at.
    @inline(__always)
    var isWatched: Bool { coverage != nil }

    init(_ arena: borrowing SourceArena, _ symbols: borrowing SymbolNumbers, coverage: MappingCoverage? = nil) {
        self.coverage = coverage.map { Unmanaged.passUnretained($0) }
        nodes = arena.nodes.view
        fields = arena.fields.view
        text = arena.text.view
        self.symbols = symbols.view
    }

    private init() {
        (nodes, fields, text) = (SourceView(), SourceView(), SourceView())
        symbols = SymbolNumbers.View(numbers: SourceView(), columns: SourceView())
        coverage = nil
    }

    /// A view of nothing: whatever is looked at through it traps.
    static var none: SourceScope { SourceScope() }

    @inline(__always)
    func symbol(of node: Int32) -> Int32 { symbols[nodes[Int(node)].name] }

    /// Whether a node has the name that a step wants, and the namespace where it wants one.
    @inline(__always)
    func isNamed(_ node: Int32, as name: Int32, _ namespace: Int32) -> Bool {
        symbol(of: node) == name && (namespace < 0 || symbols[nodes[Int(node)].namespace] == namespace)
    }

    @inline(__always)
    func bytes(_ field: Int32) -> UnsafeBufferPointer<UInt8> {
        let range = fields[Int(field)].text
        return text[Int(range.lowerBound)..<Int(range.upperBound)]
    }

    /// The bytes of a field, without the ASCII blanks around them where asked for.
    @inline(__always)
    func bytes(_ field: Int32, trimmed: Bool) -> UnsafeBufferPointer<UInt8> {
        let all = bytes(field)
        guard trimmed else { return all }
        var start = 0, end = all.count
        while start < end, all[start] <= 0x20 { start += 1 }
        while start < end, all[end - 1] <= 0x20 { end -= 1 }
        return UnsafeBufferPointer(rebasing: all[start..<end])
    }

    /// The text of a field, without the ASCII blanks around it where asked for.
    func string(_ field: Int32, trimmed: Bool) -> String { String(decoding: bytes(field, trimmed: trimmed), as: UTF8.self) }

    /// Index one past the last node of a subtree, also while the node is open.
    @inline(__always)
    private func end(of node: Int32) -> Int32 { min(nodes[Int(node)].end, Int32(truncatingIfNeeded: nodes.count)) }

    /// The nearest enclosing node with a name.
    func ancestor(of node: Int32, named name: Int32) -> Int32? {
        var ancestor = nodes[Int(node)].parent
        while ancestor >= 0, symbol(of: ancestor) != name { ancestor = nodes[Int(ancestor)].parent }
        return ancestor >= 0 ? ancestor : nil
    }

    // MARK: - Following a selector

    func find(_ selector: Selector, from node: Int32) -> SourceHit? { find(selector.code, from: node) }

    func find(_ selector: UnsafePointer<SelectorCode>, from node: Int32) -> SourceHit? {
        let hit = search(selector, from: node)
        if let hit { noteLook(at: hit.field) }
        return hit
    }

    @inline(__always)
    private func noteLook(at field: Int32) {
        if let coverage { coverage.takeUnretainedValue().looked(at: field) }
    }

    @inline(__always)
    private func search(_ selector: UnsafePointer<SelectorCode>, from node: Int32) -> SourceHit? {
        switch selector.pointee.scope {
        case .here:
            return follow(selector, 0, at: node)
        case .outward:
            var level = node
            while level >= 0 {
                if let hit = follow(selector, 0, at: level) { return hit }
                level = nodes[Int(level)].parent
            }
            return nil
        case .up:
            var level = node
            for _ in 0..<selector.pointee.argument where level >= 0 { level = nodes[Int(level)].parent }
            return level >= 0 ? follow(selector, 0, at: level) : nil
        case .enclosing:
            var level = node
            while level >= 0 {
                if symbol(of: level) == selector.pointee.argument, let hit = follow(selector, 0, at: level) { return hit }
                level = nodes[Int(level)].parent
            }
            return nil
        case .root:
            var level = node
            while nodes[Int(level)].parent >= 0 { level = nodes[Int(level)].parent }
            guard let first = selector.pointee.steps.first else { return nil }
            return isNamed(level, as: first.symbol, first.namespace) && holds(first.predicates, at: level, position: 1)
                ? follow(selector, 1, at: level) : nil
        }
    }

    private func follow(_ selector: UnsafePointer<SelectorCode>, _ step: Int, at node: Int32) -> SourceHit? {
        guard step < selector.pointee.steps.count else { return read(selector.pointee.target, at: node) }
        let wanted = selector.pointee.steps[step]
        // A flat EDI segment is its own loop: `PO1[...]/PO102` also reads the PO1 that stands alone.
        if step == 0, nodes[Int(node)].kind.isRecord, symbol(of: node) == wanted.symbol,
            holds(wanted.predicates, at: node, position: 1) {
            return follow(selector, 1, at: node)
        }
        var child = node + 1, position = 0
        let end = end(of: node)
        while child < end {
            if isNamed(child, as: wanted.symbol, wanted.namespace) {
                position += 1
                if holds(wanted.predicates, at: child, position: position), let hit = follow(selector, step + 1, at: child) {
                    return hit
                }
            }
            child = self.end(of: child)
        }
        return nil
    }

    func holds(_ predicates: UnsafeBufferPointer<PredicateCode>, at node: Int32, position: Int) -> Bool {
        for index in 0..<predicates.count where !holds(predicates[index], at: node, position: position) { return false }
        return true
    }

    private func holds(_ test: PredicateCode, at node: Int32, position: Int) -> Bool {
        if test.position > 0 { return position == test.position }
        guard let hit = read(test.target, at: node), hit.field >= 0 else { return test.takesNothing }
        noteLook(at: hit.field)
        for index in 0..<test.texts.count where equals(hit.field, test.texts[index]) { return true }
        return false
    }

    @inline(__always)
    private func equals(_ field: Int32, _ value: UnsafeBufferPointer<UInt8>) -> Bool {
        let own = bytes(field)
        guard own.count == value.count else { return false }
        for index in 0..<own.count where own[index] != value[index] { return false }
        return true
    }

    /// The first of several selectors that gives a value.
    func findFirst(_ selectors: UnsafeBufferPointer<UnsafePointer<SelectorCode>>, from node: Int32, trimmed: Bool) -> SourceHit? {
        for index in 0..<selectors.count {
            if let hit = find(selectors[index], from: node), hit.field >= 0, !bytes(hit.field, trimmed: trimmed).isEmpty { return hit }
        }
        return nil
    }

    /// As ``findFirst(_:from:trimmed:)`` for qualifiers in the pairs of an EDI segment (``FieldCode/direct``): one look at each pair.
    ///
    /// - Precondition: nobody hears which fields are looked at.
    func findFirstPair(_ selectors: UnsafeBufferPointer<UnsafePointer<SelectorCode>>, in segment: Int32, trimmed: Bool) -> SourceHit? {
        let target = selectors[0].pointee.target
        var best = selectors.count, found: Int32 = -1, seen: UInt64 = 0
        for index in nodes[Int(segment)].fields {
            let field = fields[Int(index)]
            guard field.element >= target.number, (field.element - target.number) % 2 == 0, let qualifier = ShortText(bytes(index)) else { continue }
            var rank = 0
            while rank < best, selectors[rank].pointee.target.shortQualifier != qualifier { rank += 1 }
            // Of two pairs with one qualifier the first is meant, whatever it holds.
            guard rank < best, seen >> UInt64(rank) & 1 == 0 else { continue }
            seen |= 1 << UInt64(rank)
            let value = element(of: segment, field.element + 1, 0)
            if value >= 0, !bytes(value, trimmed: trimmed).isEmpty { (best, found) = (rank, value) }
        }
        return found >= 0 ? SourceHit(node: segment, field: found) : nil
    }

    // MARK: - Reading the value at the end

    private func read(_ target: TargetCode, at node: Int32) -> SourceHit? {
        switch target.kind {
        case .element:
            guard let segment = segment(target.name, at: node) else { return nil }
            return SourceHit(node: segment, field: element(of: segment, target.number, target.component))
        case .pair:
            guard let segment = segment(target.name, at: node) else { return nil }
            return pair(of: segment, target.number, target.qualifier)
        case .text:
            return SourceHit(node: node, field: element(of: node, 0, 0))
        case .childText:
            guard let child = child(of: node, named: target.name, target.namespace) else { return nil }
            return SourceHit(node: child, field: element(of: child, 0, 0))
        case .named:
            return SourceHit(node: node, field: named(of: node, target.name))
        case .position:
            return SourceHit(node: node, field: element(of: node, target.number, 0))
        }
    }

    /// The segment itself, or the first of its tag directly inside a group, or the head of the first loop of that name.
    func segment(_ tag: Int32, at node: Int32) -> Int32? {
        if node == head.node, tag == head.tag { return head.segment }
        if nodes[Int(node)].kind.isRecord { return symbol(of: node) == tag ? node : nil }
        guard let found = child(of: node, named: tag) else { return nil }
        if nodes[Int(found)].kind.isRecord { return found }
        return child(of: found, named: tag)
    }

    private func child(of node: Int32, named name: Int32, _ namespace: Int32 = -1) -> Int32? {
        var child = node + 1
        let end = end(of: node)
        while child < end {
            if isNamed(child, as: name, namespace) { return child }
            child = self.end(of: child)
        }
        return nil
    }

    @inline(__always)
    func element(of node: Int32, _ element: Int32, _ component: Int16) -> Int32 {
        let range = nodes[Int(node)].fields
        // Cells of a row stand at their own number: look there first.
        let guess = range.lowerBound + element - 1
        if component == 0, guess >= range.lowerBound, guess < range.upperBound {
            let field = fields[Int(guess)]
            if field.element == element, field.component == 0 { return guess }
        }
        var index = range.lowerBound
        while index < range.upperBound {
            let field = fields[Int(index)]
            if field.element == element, field.repetition == 1,
                component == 0 || field.component == component || (component == 1 && field.component == 0) { return index }
            index += 1
        }
        return -1
    }

    @inline(__always)
    func named(of node: Int32, _ name: Int32) -> Int32 {
        let range = nodes[Int(node)].fields
        let guess = range.lowerBound + symbols.column(name)
        if guess >= range.lowerBound, guess < range.upperBound, symbols[fields[Int(guess)].name] == name { return guess }
        for index in range where symbols[fields[Int(index)].name] == name { return index }
        return -1
    }

    private func pair(of segment: Int32, _ from: Int32, _ qualifier: UnsafeBufferPointer<UInt8>) -> SourceHit? {
        let range = nodes[Int(segment)].fields
        for index in range {
            let field = fields[Int(index)]
            guard field.element >= from, (field.element - from) % 2 == 0, equals(index, qualifier) else { continue }
            noteLook(at: index)
            return SourceHit(node: segment, field: element(of: segment, field.element + 1, 0))
        }
        return SourceHit(node: segment, field: -1)
    }
}
