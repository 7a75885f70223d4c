import Diagnostics
import FlatFiles
import Formats
import Markup

/// Reads an XML or JSON sample into the tables that stand in it: the document itself, and each element that comes again and again.
struct TreeSample: SourceSink {
    /// An element with what it holds.
    private struct Element {
        let path: Int
        var text: String?
        var attributes: [(name: String, text: String)] = []
        var children: [Element] = []
    }
    /// Elements of one name in one place.
    private struct Path {
        let name: String
        let parent: Int?
        var children: [Int] = []
        var attributes: [String] = []
        var hasText = false
        /// As often as it comes in one parent.
        var most = 0
    }
    /// A column of a table: the way to it from the row's element, and what is read there.
    private struct Way {
        /// Tables between the row and the element that has it: 0 for its own.
        let up: Int
        let steps: [Int]
        let attribute: String?
    }

    /// So many elements are looked at.
    private static let elementsMax = 400_000

    private let isJSON: Bool
    private var paths: [Path] = []
    private var roots: [Element] = []
    private var elements = 0
    private(set) var findings: [Diagnostic] = []

    private init(isJSON: Bool) { self.isJSON = isJSON }

    /// The root's name, and the tables from the outermost inwards; none where nothing could be read.
    static func read(_ file: SampleFile, isJSON: Bool) -> (root: String, tables: [SampleTable], findings: [Diagnostic]) {
        var sample = TreeSample(isJSON: isJSON)
        if isJSON {
            var reader = JSONReader()
            file.bytes.withUnsafeBufferPointer { reader.read($0, into: &sample) }
            _ = reader.finish(into: &sample)
        } else {
            var options = XMLOptions()
            options.externalDocumentType = .ignore
            let reader = XMLReader(options: options)
            file.bytes.withUnsafeBufferPointer { reader.read($0, into: &sample) }
            _ = reader.finish(into: &sample)
        }
        let tables = sample.tables(file)
        return (sample.roots.first.map { sample.paths[$0.path].name } ?? "", tables, sample.findings)
    }

    // MARK: - Reading

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        guard arena.nodes[Int(node)].parent < 0 else { return }
        if elements < Self.elementsMax { roots.append(take(node, nil, arena)) }
        arena.discard(from: node)
    }

    mutating func found(_ diagnostic: Diagnostic) {
        if findings.count < 20 { findings.append(diagnostic) }
    }

    private mutating func take(_ node: Int32, _ parent: Int?, _ arena: borrowing SourceArena) -> Element {
        elements += 1
        let path = path(arena.name(of: node), parent)
        var element = Element(path: path)
        for index in arena.nodes[Int(node)].fields {
            let field = arena.fields[Int(index)]
            guard field.name >= 0 else {
                let text = arena.string(field).trimmed
                if !text.isEmpty {
                    element.text = text
                    paths[path].hasText = true
                }
                continue
            }
            let name = arena.names[Int(field.name)]
            // SAP numbers its segments, and schemas are for machines.
            guard name != "SEGMENT", name != "BEGIN", !name.hasPrefix("xmlns"), !name.hasPrefix("xsi:"), name != "schemaLocation" else { continue }
            element.attributes.append((name, arena.string(field)))
            if !paths[path].attributes.contains(name) { paths[path].attributes.append(name) }
        }
        var counts: [Int: Int] = [:]
        for child in arena.children(of: node) where elements < Self.elementsMax {
            let taken = take(child, path, arena)
            counts[taken.path, default: 0] += 1
            element.children.append(taken)
        }
        for (child, count) in counts { paths[child].most = max(paths[child].most, count) }
        return element
    }

    private mutating func path(_ name: String, _ parent: Int?) -> Int {
        let siblings = parent.map { paths[$0].children } ?? paths.indices.filter { paths[$0].parent == nil }
        if let known = siblings.first(where: { paths[$0].name == name }) { return known }
        paths.append(Path(name: name, parent: parent))
        if let parent { paths[parent].children.append(paths.count - 1) }
        return paths.count - 1
    }

    // MARK: - Tables

    /// Whether elements of a path are rows: they come again, or are called lines and hold others.
    private func isRow(_ path: Int) -> Bool {
        guard !paths[path].children.isEmpty || !paths[path].attributes.isEmpty else { return false }
        return paths[path].parent == nil || paths[path].most > 1 || (HeaderWords.concepts(paths[path].name).last == "line" && !paths[path].children.isEmpty)
    }

    private func tables(_ file: SampleFile) -> [SampleTable] {
        var tables: [SampleTable] = []
        var rows: [(path: Int, table: Int, ways: [Way])] = []
        func visit(_ path: Int, inside outer: [Int]) {
            var outer = outer
            if isRow(path) {
                let ways = self.ways(from: path, steps: [], up: 0) + outer.suffix(1).enumerated().flatMap { distance, place in
                    self.ways(from: rows[place].path, steps: [], up: distance + 1)
                }
                // `json` and `item` are the reader's names of what has none.
                let isNameless = isJSON && ["json", "item"].contains(paths[path].name)
                let subject = (isNameless ? [] : HeaderWords.concepts(paths[path].name)) + (isNameless || outer.isEmpty ? HeaderWords.concepts(file.title) : [])
                tables.append(SampleTable(
                    each: "/" + self.lineage(of: path).map { self.spelled(paths[$0].name) }.joined(separator: "/"), subject: subject,
                    columns: ways.map { column($0, of: path) }, parent: outer.last))
                rows.append((path, tables.count - 1, ways))
                outer.append(tables.count - 1)
            }
            for child in paths[path].children { visit(child, inside: outer) }
        }
        for path in paths.indices where paths[path].parent == nil { visit(path, inside: []) }
        func fill(_ element: Element, _ enclosing: [Element]) {
            var enclosing = enclosing
            if let place = rows.first(where: { $0.path == element.path }) {
                enclosing.append(element)
                tables[place.table].add(place.ways.map { way in
                    guard enclosing.count > way.up else { return nil }
                    return text(of: way, in: enclosing[enclosing.count - 1 - way.up])
                })
            }
            for child in element.children { fill(child, enclosing) }
        }
        for root in roots { fill(root, []) }
        for index in tables.indices {
            tables[index].isCut = file.isCut
            tables[index].close()
        }
        return tables
    }

    private func lineage(of path: Int) -> [Int] {
        var way = [path]
        while let parent = paths[way[0]].parent { way.insert(parent, at: 0) }
        return way
    }

    /// What an element has at most once, itself or in elements that come once.
    private func ways(from path: Int, steps: [Int], up: Int) -> [Way] {
        var found: [Way] = []
        if paths[path].hasText { found.append(Way(up: up, steps: steps, attribute: nil)) }
        found += paths[path].attributes.map { Way(up: up, steps: steps, attribute: $0) }
        for child in paths[path].children where !isRow(child) && paths[child].most == 1 {
            found += ways(from: child, steps: steps + [child], up: up)
        }
        return found
    }

    private func text(of way: Way, in element: Element) -> String? {
        var at = element
        for step in way.steps {
            guard let next = at.children.first(where: { $0.path == step }) else { return nil }
            at = next
        }
        guard let name = way.attribute else { return at.text }
        return at.attributes.first { $0.name == name }?.text
    }

    private func column(_ way: Way, of row: Int) -> SampleTable.Column {
        var names = way.steps.map { paths[$0].name }
        // As many steps up as elements stand between this row and the enclosing one.
        let climbed = way.up == 0 ? 0 : lineage(of: row).count - lineage(of: enclosing(row, way.up)).count
        var selector = String(repeating: "../", count: climbed)
        if let attribute = way.attribute {
            selector += (names.map(spelled) + ["@\(attribute)"]).joined(separator: "/")
            names.append(attribute)
        } else if names.isEmpty {
            selector += "text()"
            names.append(paths[way.up == 0 ? row : enclosing(row, way.up)].name)
        } else {
            selector += names.map(spelled).joined(separator: "/")
        }
        if selector.contains("."), !selector.contains("/") { selector = "./" + selector }
        let own = HeaderWords.concepts(names.last ?? "")
        var concepts = own
        // `id` says nothing without `customer` before it; `value` in `price` is the price, and `site` in `delivery` where it goes.
        for name in names.dropLast().reversed() {
            let isTold = concepts.contains { !Vocabulary.sorts.contains($0) && $0 != "amount" && !$0.hasPrefix("?") }
            if isTold, concepts.count > own.count { break }
            // `E1EDK01` is no word.
            let around = HeaderWords.concepts(name).filter { !$0.hasPrefix("?") || $0.count > 4 }
            concepts = around + concepts
            if isTold { break }
        }
        let isWhole = own.contains { !Vocabulary.sorts.contains($0) } && concepts.count > own.count
        return SampleTable.Column(
            selector: selector, name: names.joined(separator: "/"), concepts: concepts, ownConcepts: isWhole ? own : nil, isInherited: way.up > 0)
    }

    private func enclosing(_ row: Int, _ up: Int) -> Int {
        var left = up, path = row
        while left > 0, let parent = paths[path].parent {
            path = parent
            if isRow(path) { left -= 1 }
        }
        return path
    }

    /// A name as selectors take it: local in XML, in quotes where it is no word of JSON.
    private func spelled(_ name: String) -> String {
        guard isJSON else { return name.split(separator: ":").last.map(String.init) ?? name }
        let isWord = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        return isWord ? name : "\"\(name)\""
    }
}
