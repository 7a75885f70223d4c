import DecisionModels
import Diagnostics
import FEEL
import Testing
import Values

/// Models as texts, and short ways to evaluate them.
enum ModelFixture {
    static let context = EvaluationContext(now: Instant(seconds: 0))

    /// `definitions` around elements.
    static func text(
        _ elements: String, namespace: String = "urn:main", name: String = "main", version: ModelVersion = .dmn15, attributes: String = ""
    ) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <definitions xmlns="\(version.rawValue)" namespace="\(namespace)" name="\(name)"\(attributes)>
        \(elements)
        </definitions>
        """
    }

    static func read(_ text: String, file: String = "m.dmn") -> (model: DecisionModel?, diagnostics: [Diagnostic]) {
        DecisionModel.read(Array(text.utf8), file: file)
    }

    /// Compiles elements in the standard profile, with models that are imported.
    static func compiled(_ elements: String, imports: [String] = [], profile: FEELProfile = .standard) throws -> CompiledModel {
        let compilation = try compilation(elements, imports: imports, profile: profile)
        return try #require(compilation.product)
    }

    static func compilation(_ elements: String, imports: [String] = [], profile: FEELProfile = .standard) throws -> Compilation<CompiledModel> {
        let main = try #require(read(text(elements)).model)
        let others = try imports.enumerated().map { number, text in try #require(read(text, file: "import\(number).dmn").model) }
        return CompiledModel.compile(main, imports: others, profile: profile)
    }

    /// The value of a decision, as JSON.
    static func value(_ decision: String, of model: CompiledModel, _ inputs: [String: Value] = [:]) throws -> String {
        JSONText.write(try answer(decision, of: model, inputs).value)
    }

    static func answer(_ decision: String, of model: CompiledModel, _ inputs: [String: Value] = [:]) throws -> ModelAnswer {
        let element = try #require(model.element(decision))
        let given = try inputs.map { (element: try #require(model.elementAnywhere($0.key)), value: $0.value) }
        return try model.evaluate(element, given: given, context)
    }

    /// A decision without requirements whose logic is one boxed expression.
    static func decision(_ logic: String, type: String? = nil) -> String {
        """
        <decision id="d" name="d"><variable name="d"\(type.map { " typeRef=\"\($0)\"" } ?? "")/>\(logic)</decision>
        """
    }

    static func literal(_ text: String) -> String {
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        return "<literalExpression><text>\(escaped)</text></literalExpression>"
    }

    /// What a boxed expression gives, as JSON.
    static func boxed(_ logic: String, type: String? = nil, beside: String = "") throws -> String {
        try value("d", of: compiled(decision(logic, type: type) + beside))
    }
}
