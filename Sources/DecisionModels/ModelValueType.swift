import FEEL
package import Values

/// A type that values of a model are held to: one of FEEL's, or what an item definition makes of them.
package final class ModelValueType: Sendable {
    package indirect enum Shape: Sendable {
        case any
        /// A type without parts.
        case plain(ValueType)
        case list(ModelValueType)
        /// A context with at least these entries.
        case context([(name: String, type: ModelValueType)])
    }

    /// As the model calls it.
    package let name: String
    package let shape: Shape
    /// What a value passes besides, those of the type it is made from included.
    let checks: [ModelValueCheck]
    /// The tests that list the values of a type that is no list, as written.
    let listed: ModelText?
    /// The type as expressions see it.
    package let valueType: ValueType

    init(name: String, shape: Shape, checks: [ModelValueCheck] = [], listed: ModelText? = nil) {
        self.name = name
        self.shape = shape
        self.checks = checks
        self.listed = listed
        valueType = switch shape {
        case .any: .any
        case .plain(let type): type
        case .list(let element): .list(element.valueType)
        case .context(let entries): .context(Dictionary(entries.map { ($0.name, $0.type.valueType) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    package static let any = ModelValueType(name: "Any", shape: .any)

    /// One of FEEL's own types.
    convenience init(_ type: ValueType) {
        let shape: Shape = switch type {
        case .any, .null: .any
        case .list(let element): .list(ModelValueType(element))
        case .context(let entries):
            .context(entries.sorted { $0.key < $1.key }.map { (name: $0.key, type: ModelValueType($0.value)) })
        default: .plain(type)
        }
        self.init(name: type.description, shape: shape)
    }

    var isAny: Bool {
        if case .any = shape, checks.isEmpty { return true }
        return false
    }

    var isList: Bool {
        if case .list = shape { return true }
        return false
    }
}

/// Tests of an item definition.
struct ModelValueCheck: Sendable {
    let test: CompiledTest
    /// Whether they are asked of each item of a list (`allowedValues`) or of the value as a whole (`typeConstraint`).
    let isOfItems: Bool
}
