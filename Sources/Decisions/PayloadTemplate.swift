import Outbox
package import Values

/// The body of a webhook as text with names in braces: mustache (mustache(5)) without partials, lambdas and other delimiters, as a payload needs none of
/// them. In JSON `{{name}}` stands within quotation marks and is escaped so, and `{{{name}}}` is the whole value as JSON; elsewhere `{{name}}` is escaped for XML and
/// `{{{name}}}` is not escaped.
package struct PayloadTemplate: Sendable {
    /// How values are written.
    package enum Syntax: Sendable {
        case json
        case markup
        /// As they are, in either braces.
        case plain

        package init(contentType: String) {
            let media = MediaType(contentType)
            self = media.isJSON ? .json : media.isMarkup ? .markup : .plain
        }
    }

    /// What is wrong with a template, and where in its text, in bytes.
    package struct Defect: Error, Hashable, Sendable {
        package let fact: String
        package let offset: Int
    }

    indirect enum Part: Hashable, Sendable {
        case text(String)
        case value(path: [String], isRaw: Bool)
        /// Once for each of a list, or once; `isInverted`: where there is nothing.
        case section(path: [String], isInverted: Bool, [Part])
    }

    private let parts: [Part]
    private let syntax: Syntax

    package init(_ text: String, _ syntax: Syntax) throws(Defect) {
        var parser = TemplateParser(text)
        parts = try parser.parts()
        self.syntax = syntax
    }

    /// Names outside of all sections of lists and objects, and those of sections: what whoever renders it has to know.
    package var names: Set<String> { Self.names(parts, isWithin: false) }

    private static func names(_ parts: [Part], isWithin: Bool) -> Set<String> {
        parts.reduce(into: []) { names, part in
            switch part {
            case .text: break
            // Within a section a name may be one of the section's object.
            case .value(let path, _): if !isWithin, let first = path.first { names.insert(first) }
            case .section(let path, let isInverted, let inner):
                if !isWithin, let first = path.first { names.insert(first) }
                names.formUnion(Self.names(inner, isWithin: isWithin || !isInverted))
            }
        }
    }

    package func render(_ values: ContextValue) -> String {
        var text = ""
        render(parts, [.context(values)], to: &text)
        return text
    }

    private func render(_ parts: [Part], _ stack: [Value], to text: inout String) {
        for part in parts {
            switch part {
            case .text(let plain): text += plain
            case .value(let path, let isRaw): text += written(found(path, stack), isRaw: isRaw)
            case .section(let path, let isInverted, let inner):
                let value = found(path, stack)
                if isInverted {
                    if Self.isNothing(value) { render(inner, stack, to: &text) }
                } else if case .list(let elements) = value {
                    for element in elements { render(inner, stack + [element], to: &text) }
                } else if !Self.isNothing(value) {
                    render(inner, stack + [value], to: &text)
                }
            }
        }
    }

    private static func isNothing(_ value: Value) -> Bool {
        switch value {
        case .null, .boolean(false), .list([]): true
        default: false
        }
    }

    /// The innermost value of the first name, and what the others lead to within it; null where there is none.
    private func found(_ path: [String], _ stack: [Value]) -> Value {
        guard let first = path.first else { return stack.last ?? .null }
        for case .context(let fields) in stack.reversed() {
            guard var value = fields[first] else { continue }
            for name in path.dropFirst() {
                guard case .context(let inner) = value else { return .null }
                value = inner[name] ?? .null
            }
            return value
        }
        return .null
    }

    private func written(_ value: Value, isRaw: Bool) -> String {
        switch syntax {
        case .json where isRaw: return JSONText.write(value)
        case .json: return String(JSONText.quote(Self.text(value)).dropFirst().dropLast())
        case .markup where !isRaw:
            return Self.text(value).reduce(into: "") { text, character in
                switch character {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case "\"": text += "&quot;"
                case "'": text += "&#39;"
                default: text.append(character)
                }
            }
        case .markup, .plain: return Self.text(value)
        }
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .null: ""
        case .list, .context: JSONText.write(value)
        default: value.text
        }
    }
}
