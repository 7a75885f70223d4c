package import Diagnostics

/// A decision model as it was written (DMN 1.5, `definitions`): its elements with their texts and places, nothing compiled.
package struct DecisionModel: Hashable, Sendable {
    package var name: String
    package var namespace: String
    package var version: ModelVersion
    /// The path that findings name.
    package var file: String?
    package var imports: [ModelImport] = []
    package var itemDefinitions: [ItemDefinition] = []
    package var inputs: [ModelInput] = []
    package var decisions: [ModelDecision] = []
    package var knowledge: [ModelKnowledge] = []
    package var services: [ModelService] = []
    package var place: SourcePosition

    package init(name: String, namespace: String, version: ModelVersion, file: String?, place: SourcePosition) {
        self.name = name
        self.namespace = namespace
        self.version = version
        self.file = file
        self.place = place
    }
}

/// The version of the standard that a model's namespace names.
package enum ModelVersion: String, Hashable, Sendable, CaseIterable {
    case dmn12 = "http://www.omg.org/spec/DMN/20180521/MODEL/"
    case dmn13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    case dmn14 = "https://www.omg.org/spec/DMN/20211108/MODEL/"
    case dmn15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"

    /// Such as `1.5`.
    package var number: String {
        switch self {
        case .dmn12: "1.2"
        case .dmn13: "1.3"
        case .dmn14: "1.4"
        case .dmn15: "1.5"
        }
    }
}

/// Another model whose elements are used under a name. An empty name puts them beside the model's own.
package struct ModelImport: Hashable, Sendable {
    package var name: String
    package var namespace: String
    /// Where the other model lies, as the file says.
    package var location: String?
    /// Whether it is a decision model; PMML and other imports are not read.
    package var isModel: Bool
    package var place: SourcePosition
}

/// A name with its type: the variable of an element, a parameter, a column of a relation.
package struct ModelVariable: Hashable, Sendable {
    package var name: String
    package var type: TypeReference?
    package var place: SourcePosition
}

/// The name of a type, as an attribute or element gives it.
package struct TypeReference: Hashable, Sendable {
    package var name: String
    package var place: SourcePosition
}

/// A reference to another element: `#id`, or `namespace#id`.
package struct ModelReference: Hashable, Sendable {
    package var href: String
    package var place: SourcePosition
}

/// A piece of data that comes from outside.
package struct ModelInput: Hashable, Sendable {
    package var id: String?
    package var variable: ModelVariable
    package var place: SourcePosition
}

/// A decision: what it needs, and the logic that gives its value.
package struct ModelDecision: Hashable, Sendable {
    package var id: String?
    package var variable: ModelVariable
    package var description: String?
    package var requiredInputs: [ModelReference]
    package var requiredDecisions: [ModelReference]
    package var requiredKnowledge: [ModelReference]
    /// Nil where the model leaves it open.
    package var logic: ModelExpression?
    package var place: SourcePosition
}

/// A business knowledge model: a function that decisions call by its name.
package struct ModelKnowledge: Hashable, Sendable {
    package var id: String?
    package var variable: ModelVariable
    package var requiredKnowledge: [ModelReference]
    /// Nil where the model leaves it open.
    package var function: ModelFunction?
    package var place: SourcePosition
}

/// A decision service: decisions that are called together, with inputs of their own.
package struct ModelService: Hashable, Sendable {
    package var id: String?
    package var variable: ModelVariable
    package var outputDecisions: [ModelReference]
    package var encapsulatedDecisions: [ModelReference]
    package var inputDecisions: [ModelReference]
    package var inputData: [ModelReference]
    package var place: SourcePosition
}
