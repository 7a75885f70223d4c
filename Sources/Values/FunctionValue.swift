/// A function as a value (DMN 1.5 section 10.3.2.13): its signature, and what runs when it is called.
///
/// Two functions are equal only where they are the same one.
package struct FunctionValue: Hashable, Sendable, CustomStringConvertible {
    package let parameters: [FunctionParameter]
    /// The type of what it gives; `any` where it does not say.
    package let result: ValueType
    /// Only the room that made the function knows how to call it.
    package let body: any FunctionBody

    package init(parameters: [FunctionParameter], result: ValueType, body: any FunctionBody) {
        self.parameters = parameters
        self.result = result
        self.body = body
    }

    package var type: ValueType { .function(parameters: parameters.map(\.type), result: result) }

    /// The signature, such as `function(price: number, rate: number)`.
    package var description: String {
        "function(" + parameters.map { $0.type == .any ? $0.name : "\($0.name): \($0.type)" }.joined(separator: ", ") + ")"
    }

    package static func == (left: FunctionValue, right: FunctionValue) -> Bool { left.body === right.body }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(body)) }
}

/// A parameter of a ``FunctionValue``.
package struct FunctionParameter: Hashable, Sendable {
    package let name: String
    package let type: ValueType

    package init(name: String, type: ValueType = .any) {
        self.name = name
        self.type = type
    }
}

/// What a ``FunctionValue`` runs: a closure of the expression language, a built-in function, or a decision model's logic.
package protocol FunctionBody: AnyObject, Sendable {}
