package import DecisionTables
package import Diagnostics

/// Logic of a model: a FEEL text, a decision table or another boxed expression (DMN 1.5 section 10.2).
package struct ModelExpression: Hashable, Sendable {
    /// The type that its value is brought to.
    package var type: TypeReference?
    package var logic: Logic
    package var place: SourcePosition

    package init(_ logic: Logic, type: TypeReference? = nil, place: SourcePosition) {
        self.logic = logic
        self.type = type
        self.place = place
    }

    package indirect enum Logic: Hashable, Sendable {
        case literal(ModelText)
        /// Names of types stand in `typeName` of the columns; their types are not resolved yet.
        case table(DecisionTable)
        case invocation(function: ModelExpression, bindings: [ModelBinding])
        case context([ModelContextEntry])
        case list([ModelExpression])
        case relation(columns: [ModelVariable], rows: [[ModelExpression]])
        case function(ModelFunction)
        case conditional(condition: ModelExpression, yes: ModelExpression, no: ModelExpression)
        case loop(variable: String, source: ModelExpression, body: ModelExpression)
        /// `some` or `every`.
        case quantified(isEvery: Bool, variable: String, source: ModelExpression, test: ModelExpression)
        case filter(source: ModelExpression, match: ModelExpression)
        /// What the model leaves empty, or what could not be read: null.
        case open
    }
}

/// A parameter of an invocation and what is given for it.
package struct ModelBinding: Hashable, Sendable {
    package var parameter: ModelVariable
    package var value: ModelExpression
}

/// An entry of a boxed context. The last may have no name: it is the context's result.
package struct ModelContextEntry: Hashable, Sendable {
    package var variable: ModelVariable?
    package var value: ModelExpression
}

/// A function as a model writes it.
package struct ModelFunction: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable { case feel = "FEEL", java = "Java", pmml = "PMML" }

    package var kind: Kind
    package var parameters: [ModelVariable]
    package var body: ModelExpression
    /// The type of its result.
    package var type: TypeReference?
    package var place: SourcePosition
}
