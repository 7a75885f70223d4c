/// Names and types of the slots of a row. Expressions are compiled against it, so that a name costs nothing at run time.
package struct Layout: Sendable, Hashable {
    package let names: [String]
    package let types: [ValueType]
    private let slots: [String: Int]

    /// Of a name that comes twice the first slot is found.
    package init(_ fields: [(String, ValueType)]) {
        names = fields.map(\.0)
        types = fields.map(\.1)
        slots = Dictionary(zip(names, 0...), uniquingKeysWith: { first, _ in first })
    }

    package static let empty = Layout([])

    package var count: Int { names.count }

    /// Nil where there is no such name.
    package func slot(of name: String) -> Int? { slots[name] }

    /// The type of a name, or nil where there is no such name.
    package func type(of name: String) -> ValueType? { slots[name].map { types[$0] } }

    package static func == (left: Layout, right: Layout) -> Bool { left.names == right.names && left.types == right.types }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(names)
        hasher.combine(types)
    }
}
