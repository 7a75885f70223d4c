package import Diagnostics

/// A type that a model defines, or a component of one (DMN 1.5 section 7.3.2).
package struct ItemDefinition: Hashable, Sendable {
    package var name: String
    package var isCollection: Bool
    package var content: Content
    /// Tests that each value passes; of a collection, each item.
    package var allowedValues: ModelText?
    /// Tests that the value as a whole passes; of a collection, the list.
    package var typeConstraint: ModelText?
    package var place: SourcePosition

    package enum Content: Hashable, Sendable {
        case reference(TypeReference)
        case components([ItemDefinition])
        case function(parameters: [ModelVariable], result: TypeReference?)
        /// Neither is said: any value.
        case open
    }
}
