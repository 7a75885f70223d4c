import Diagnostics
import FEEL
import Values

/// Where the value of a slot comes from.
enum SlotSource: Sendable {
    case element(Int)
    /// The name of an import stands for a context of what is required of it.
    case imported([(name: String, element: Int)])
}

/// An element of a graph, checked and compiled. Elements are numbered over all models of the set.
struct CompiledElement: Sendable {
    let kind: ModelElementKind
    let model: Int
    let name: String
    /// What its value, or of a function its variable, is declared as.
    let type: ModelValueType
    /// The type as expressions see it.
    var valueType: ValueType
    let place: SourcePosition
    /// The inputs and decisions whose values are needed before its own.
    let values: [Int]
    let isStrict: Bool
    /// Of a decision or business knowledge model: what fills the slots of its row.
    var sources: [SlotSource] = []
    /// Of a decision that has logic.
    var code: ModelCode?
    /// Of a business knowledge model that has logic.
    var function: CompiledFunction?
    /// Of a service.
    var outputs: [Int] = []
    var parameters: [Int] = []
    var result = ModelValueType.any
}
