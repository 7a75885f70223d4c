package import Formats

/// One EDI segment as values: what is written, before delimiters and releases are put between them.
package struct EDISegment: Hashable, Sendable {
    package var tag: String
    package var elements: [EDIElement]

    package init(_ tag: String, _ elements: [EDIElement]) {
        self.tag = tag
        self.elements = elements
    }

    package init(_ tag: String, _ elements: EDIElement...) { self.init(tag, elements) }

    /// The segment that a reader made a node of.
    package init(_ node: Int32, in arena: borrowing SourceArena) {
        tag = arena.name(of: node)
        elements = []
        for index in arena.nodes[Int(node)].fields {
            let field = arena.fields[Int(index)]
            let place = Int(field.element) - 1
            while elements.count <= place { elements.append(EDIElement()) }
            elements[place].set(arena.string(field), component: Int(field.component), repetition: Int(field.repetition))
        }
    }

    /// The first component of an element, counted from 1; "" where there is none.
    package func text(_ element: Int, _ component: Int = 1) -> String {
        guard elements.indices.contains(element - 1) else { return "" }
        return elements[element - 1].text(component)
    }

    /// Puts a plain text in place of an element, counted from 1.
    package mutating func set(_ element: Int, _ text: String) {
        while elements.count < element { elements.append(EDIElement()) }
        elements[element - 1] = EDIElement(text)
    }
}

/// One element: its repetitions, and the components of each.
package struct EDIElement: Hashable, Sendable, ExpressibleByStringLiteral {
    package private(set) var repetitions: [[String]] = []

    /// An empty element.
    package init() {}
    package init(_ text: String) { if !text.isEmpty { repetitions = [[text]] } }
    package init(stringLiteral text: String) { self.init(text) }
    package init(_ number: Int) { self.init(String(number)) }
    /// A composite.
    package init(components: [String]) { if components.contains(where: { !$0.isEmpty }) { repetitions = [components] } }

    package var isEmpty: Bool { repetitions.allSatisfy { $0.allSatisfy(\.isEmpty) } }

    func text(_ component: Int) -> String {
        guard let first = repetitions.first, first.indices.contains(component - 1) else { return "" }
        return first[component - 1]
    }

    /// Component 0 is an element that is not composite.
    mutating func set(_ text: String, component: Int, repetition: Int) {
        while repetitions.count < repetition { repetitions.append([]) }
        let place = max(component, 1) - 1
        while repetitions[repetition - 1].count <= place { repetitions[repetition - 1].append("") }
        repetitions[repetition - 1][place] = text
    }
}
