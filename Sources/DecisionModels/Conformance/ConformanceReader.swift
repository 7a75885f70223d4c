package import Diagnostics
import Formats
import Markup
import Values

/// Reads a suite of test cases from XML. A value that cannot be read is a finding, and its case is left out.
package struct ConformanceReader {
    private let document: MarkupDocument
    private var diagnostics: [Diagnostic] = []

    package static func read(_ bytes: [UInt8], file: String) -> (suite: ConformanceSuite?, diagnostics: [Diagnostic]) {
        var options = XMLOptions()
        options.file = file
        options.limits.documentBytes = DecisionModel.bytesMax
        let document = MarkupDocument.read(bytes, options: options)
        guard let root = document.root else { return (nil, document.diagnostics) }
        var reader = ConformanceReader(document: document)
        guard root.name == "testCases" else {
            reader.report("the root element is <\(root.name)>; test cases have <testCases>", root)
            return (nil, reader.diagnostics)
        }
        let suite = ConformanceSuite(
            modelFile: root.children(named: "modelName").first?.text?.string.trimmed,
            cases: root.children(named: "testCase").enumerated().compactMap { reader.testCase($1, number: $0 + 1) })
        return (suite, document.diagnostics + reader.diagnostics)
    }

    private init(document: MarkupDocument) { self.document = document }

    private mutating func testCase(_ element: MarkupElement, number: Int) -> ConformanceCase? {
        let before = diagnostics.count
        let written = element.attribute("type") ?? "decision"
        guard let kind = ConformanceCase.Kind(rawValue: written) else {
            report("\"\(written)\" is no type of test case", element)
            return nil
        }
        let inputs = element.children(named: "inputNode").map { node in
            ConformanceInput(name: name(node), namespace: node.attribute("namespace"), value: content(node))
        }
        let results = element.children(named: "resultNode").map { node in
            ConformanceResult(
                name: name(node), namespace: node.attribute("namespace"),
                expected: node.children(named: "expected").first.map { content($0) } ?? .null,
                isError: node.attribute("errorResult") == "true")
        }
        guard diagnostics.count == before else { return nil }
        return ConformanceCase(
            id: element.attribute("id") ?? "\(number)", kind: kind,
            invocableName: element.attribute("invocableName").map(ModelReader.normalized), inputs: inputs, results: results)
    }

    private func name(_ element: MarkupElement) -> String { ModelReader.normalized(element.attribute("name") ?? "") }

    /// The value that an element holds as `value`, `list` or `component` children; null where there is none.
    private mutating func content(_ element: MarkupElement) -> Value {
        if Self.isNil(element) { return .null }
        if let value = element.children(named: "value").first { return simple(value) }
        if let list = element.children(named: "list").first {
            return Self.isNil(list) ? .null : .list(list.children(named: "item").map { content($0) })
        }
        let components = element.children(named: "component")
        guard !components.isEmpty else { return .null }
        return .context(ContextValue(components.map { (name: name($0), value: content($0)) }))
    }

    private static func isNil(_ element: MarkupElement) -> Bool {
        let flag = element.attributes.first { $0.name == "nil" }?.value.trimmed
        return flag == "true" || flag == "1"
    }

    /// A value by its XML Schema type; without one it is text.
    private mutating func simple(_ element: MarkupElement) -> Value {
        if Self.isNil(element) { return .null }
        let text = element.text?.string ?? ""
        let type = element.attributes.first { $0.name == "type" }?.value ?? "string"
        let local = type.split(separator: ":").last.map(String.init) ?? type
        let bare = text.trimmed
        let value: Value? = switch local {
        case "string", "anySimpleType", "anyURI": .string(text)
        case "boolean": bare == "true" || bare == "1" ? .boolean(true) : bare == "false" || bare == "0" ? .boolean(false) : nil
        case "decimal", "double", "float", "integer", "int", "long", "short": ExactDecimal(bare).map { .number($0) }
        case "date": CalendarDate(bare).map { .date($0) }
        case "time": TimeOfDay(bare).map { .time($0) }
        case "dateTime": DateTime(bare).map { .dateTime($0) }
        case "duration", "dayTimeDuration", "yearMonthDuration":
            YearMonthDuration(bare).map { .yearMonthDuration($0) } ?? DayTimeDuration(bare).map { .dayTimeDuration($0) }
        default: nil
        }
        if let value { return value }
        report("\"\(bare)\" is no \(local) that can be read", element)
        return .null
    }

    private mutating func report(_ fact: String, _ element: MarkupElement) {
        diagnostics.append(Diagnostic(.conformanceCase, .error, fact, at: document.position(element.bytes, path: element.path)))
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
