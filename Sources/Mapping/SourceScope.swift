import Formats

/// What a selector found: a node, and the field of it that holds the value.
struct SourceHit {
    var node: Int32
    /// Index into the arena's fields, or -1 where the node is there and the field is not.
    var field: Int32
}

/// The numbers that the library gives to the names of one arena. Arenas only ever add names.
struct SymbolNumbers: Sendable {
    private var numbers: [Int32] = []
    /// For a flat file: where among the fields of a row a column stands, by number of its name; -1 where unknown.
    private var columns: [Int32] = []

    /// Takes up at which place of a row each column stands.
    mutating func learnColumns(of row: Int32, in arena: borrowing SourceArena) {
        let range = arena.nodes[Int(row)].fields
        for index in range {
            let symbol = Int(self[arena.fields[Int(index)].name])
            guard symbol >= 0 else { continue }
            while columns.count <= symbol { columns.append(-1) }
            if columns[symbol] < 0 { columns[symbol] = index - range.lowerBound }
        }
    }

    /// The likely place of a column among the fields of a row.
    func column(_ symbol: Int32) -> Int32 { Int(symbol) < columns.count ? columns[Int(symbol)] : -1 }

    /// Takes up the names that the arena has learnt since.
    mutating func catchUp(with arena: borrowing SourceArena, table: SymbolTable) {
        guard numbers.count < arena.names.count else { return }
        for name in arena.names[numbers.count...] { numbers.append(table.number(ofSourceName: name)) }
    }

    /// The library's number of an arena's name; -1 for a name that no mapping speaks of, or for no name.
    subscript(name: Int32) -> Int32 { name >= 0 && Int(name) < numbers.count ? numbers[Int(name)] : -1 }
}

/// A short-lived view of an arena through which selectors are followed. It holds copies of the arena's arrays, and
/// must be gone before the reader appends again, or the arrays are copied in full.
struct SourceScope {
    let nodes: SourceStack<SourceNode>
    let fields: SourceStack<SourceField>
    let text: SourceStack<UInt8>
    private let symbols: SymbolNumbers
    /// Lowest index of an open node's end: open nodes run to the end of what is there.
    private let open: [Int32]
    /// Hears which fields are looked at.
    private let coverage: MappingCoverage?

    init(_ arena: borrowing SourceArena, _ symbols: SymbolNumbers, coverage: MappingCoverage? = nil) {
        self.coverage = coverage
        nodes = arena.nodes
        fields = arena.fields
        text = arena.text
        open = arena.openNodes
        self.symbols = symbols
    }

    func symbol(of node: Int32) -> Int32 { symbols[nodes[Int(node)].name] }

    /// Whether a node has the name that a step wants, and the namespace where it wants one.
    func isNamed(_ node: Int32, as name: Int32, _ namespace: Int32) -> Bool {
        symbol(of: node) == name && (namespace < 0 || symbols[nodes[Int(node)].namespace] == namespace)
    }

    func string(_ field: Int32) -> String {
        let range = fields[Int(field)].text
        return String(decoding: text[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
    }

    /// The text of a field, without the ASCII blanks around it where asked for.
    func string(_ field: Int32, trimmed: Bool) -> String {
        guard trimmed else { return string(field) }
        let range = fields[Int(field)].text
        var start = Int(range.lowerBound), end = Int(range.upperBound)
        while start < end, text[start] <= 0x20 { start += 1 }
        while start < end, text[end - 1] <= 0x20 { end -= 1 }
        return String(decoding: text[start..<end], as: UTF8.self)
    }

    /// Index one past the last node of a subtree, also while the node is open.
    private func end(of node: Int32) -> Int32 {
        open.contains(node) ? Int32(nodes.count) : nodes[Int(node)].end
    }

    // MARK: - Following a selector

    func find(_ selector: Selector, from node: Int32) -> SourceHit? {
        let hit = search(selector, from: node)
        if let coverage, let hit { coverage.looked(at: hit.field) }
        return hit
    }

    private func search(_ selector: Selector, from node: Int32) -> SourceHit? {
        switch selector.scope {
        case .here:
            return follow(selector, 0, at: node)
        case .outward:
            var level = node
            while level >= 0 {
                if let hit = follow(selector, 0, at: level) { return hit }
                level = nodes[Int(level)].parent
            }
            return nil
        case .up(let count):
            var level = node
            for _ in 0..<count where level >= 0 { level = nodes[Int(level)].parent }
            return level >= 0 ? follow(selector, 0, at: level) : nil
        case .enclosing(let name):
            var level = node
            while level >= 0 {
                if symbol(of: level) == name, let hit = follow(selector, 0, at: level) { return hit }
                level = nodes[Int(level)].parent
            }
            return nil
        case .root:
            var level = node
            while nodes[Int(level)].parent >= 0 { level = nodes[Int(level)].parent }
            guard let first = selector.steps.first else { return nil }
            return isNamed(level, as: first.symbol, first.namespace) && holds(first.predicates, at: level, position: 1)
                ? follow(selector, 1, at: level) : nil
        }
    }

    private func follow(_ selector: Selector, _ step: Int, at node: Int32) -> SourceHit? {
        guard step < selector.steps.count else { return read(selector.target, at: node) }
        let wanted = selector.steps[step]
        // A flat EDI segment is its own loop: `PO1[...]/PO102` also reads the PO1 that stands alone.
        if step == 0, nodes[Int(node)].kind == .record, symbol(of: node) == wanted.symbol,
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

    func holds(_ predicates: [SelectorPredicate], at node: Int32, position: Int) -> Bool {
        predicates.allSatisfy { predicate in
            switch predicate.test {
            case .position(let wanted): return position == wanted
            case .equals(let target, let values):
                guard let hit = read(target, at: node), hit.field >= 0 else { return values.contains([]) }
                coverage?.looked(at: hit.field)
                return values.contains { equals(hit.field, $0) }
            }
        }
    }

    private func equals(_ field: Int32, _ value: [UInt8]) -> Bool {
        let range = fields[Int(field)].text
        guard range.count == value.count else { return false }
        return text[Int(range.lowerBound)..<Int(range.upperBound)].elementsEqual(value)
    }

    // MARK: - Reading the value at the end

    private func read(_ target: SelectorTarget, at node: Int32) -> SourceHit? {
        switch target {
        case .element(let tag, let element, let component):
            guard let segment = segment(tag, at: node) else { return nil }
            return SourceHit(node: segment, field: self.element(of: segment, element, component))
        case .pair(let tag, let from, let qualifier):
            guard let segment = segment(tag, at: node) else { return nil }
            return pair(of: segment, from, qualifier)
        case .text:
            return SourceHit(node: node, field: element(of: node, 0, 0))
        case .childText(let name, let namespace):
            guard let child = child(of: node, named: name, namespace) else { return nil }
            return SourceHit(node: child, field: element(of: child, 0, 0))
        case .attribute(let name), .column(let name):
            return SourceHit(node: node, field: named(of: node, name))
        case .position(let column):
            return SourceHit(node: node, field: element(of: node, column, 0))
        }
    }

    /// The segment itself, or the first of its tag directly inside a group, or the head of the first loop of that name.
    private func segment(_ tag: Int32, at node: Int32) -> Int32? {
        if nodes[Int(node)].kind == .record { return symbol(of: node) == tag ? node : nil }
        guard let found = child(of: node, named: tag) else { return nil }
        if nodes[Int(found)].kind == .record { return found }
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

    private func element(of node: Int32, _ element: Int32, _ component: Int16) -> Int32 {
        let range = nodes[Int(node)].fields
        // Cells of a row stand at their own number: look there first.
        let guess = range.lowerBound + element - 1
        if component == 0, range.contains(guess), fields[Int(guess)].element == element, fields[Int(guess)].component == 0 {
            return guess
        }
        for index in range where fields[Int(index)].element == element && fields[Int(index)].repetition == 1 {
            let found = fields[Int(index)].component
            if component == 0 || found == component || (component == 1 && found == 0) { return index }
        }
        return -1
    }

    private func named(of node: Int32, _ name: Int32) -> Int32 {
        let range = nodes[Int(node)].fields
        let guess = range.lowerBound + symbols.column(name)
        if range.contains(guess), symbols[fields[Int(guess)].name] == name { return guess }
        for index in range where symbols[fields[Int(index)].name] == name { return index }
        return -1
    }

    private func pair(of segment: Int32, _ from: Int32, _ qualifier: [UInt8]) -> SourceHit? {
        let range = nodes[Int(segment)].fields
        for index in range {
            let field = fields[Int(index)]
            guard field.element >= from, (field.element - from) % 2 == 0, equals(index, qualifier) else { continue }
            coverage?.looked(at: index)
            return SourceHit(node: segment, field: element(of: segment, field.element + 1, 0))
        }
        return SourceHit(node: segment, field: -1)
    }
}
