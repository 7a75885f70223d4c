/// What an element of a model's requirements graph is.
package enum ModelElementKind: String, Hashable, Sendable {
    case input = "input data"
    case decision
    case knowledge = "business knowledge model"
    case service = "decision service"

    /// Whether it is called, and not evaluated.
    package var isCallable: Bool { self == .knowledge || self == .service }
}
