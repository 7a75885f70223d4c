package import Values

/// Test cases for a decision model, in the XML that the DMN Technology Compatibility Kit uses (its `testCases.xsd`).
package struct ConformanceSuite: Sendable {
    /// The name of the file that holds the model, where the suite says it.
    package var modelFile: String?
    package var cases: [ConformanceCase]
}

/// One case: what is given, and what each result has to be.
package struct ConformanceCase: Sendable {
    package enum Kind: String, Sendable { case decision, decisionService, bkm }

    package var id: String
    package var kind: Kind
    /// The service or business knowledge model that is called.
    package var invocableName: String?
    package var inputs: [ConformanceInput]
    package var results: [ConformanceResult]

    /// Whether some result is to be another than null. An engine that always answers null passes all other cases.
    package var expectsAnswer: Bool { results.contains { $0.expected != .null && !$0.isError } }
}

/// A value that is given for an input, or in place of a decision.
package struct ConformanceInput: Sendable {
    package var name: String
    package var namespace: String?
    package var value: Value
}

/// What one result has to be.
package struct ConformanceResult: Sendable {
    package var name: String
    package var namespace: String?
    package var expected: Value
    /// Whether the evaluation is to fail, which in this engine is null.
    package var isError: Bool
}
