import Diagnostics
import FEEL
import Markup
import Values

/// How rows become one document of XML with elements in elements: an IDoc, an order of UBL.
struct XMLTemplate: Sendable {
    /// What stands in an element, in the order in which it is written. Attributes come first.
    indirect enum Part: Sendable {
        case attribute(String, [TemplatePiece])
        /// An element that has a text alone; the text of the element around it where it has no name.
        case text(String?, [TemplatePiece])
        case element(Element)
    }

    struct Element: Sendable {
        let name: String
        /// Once for each group of rows that agree in some fields, for each row where the fields are nil; once where there is no `each`.
        let each: [Int]??
        let condition: CompiledExpression?
        let parts: [Part]
    }

    let root: String
    /// URI of the elements without a prefix.
    let namespace: String?
    /// Prefixes and their URIs, in the order in which they are declared.
    let prefixes: [(prefix: String, uri: String)]
    let parts: [Part]
    let fieldNames: [String]

    /// The document of some rows, and what could not be written. Elements whose expressions gave nothing are left out.
    func render(_ rows: [[Value]], _ context: EvaluationContext, name: String, file: String) -> (bytes: [UInt8], diagnostics: [Diagnostic]) {
        guard !rows.isEmpty else { return (Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(root)/>\n".utf8), []) }
        let asksForRows = expressions(parts).contains { $0.slots.contains(fieldNames.count + RowTurn.Name.rows.rawValue) }
        var writing = XMLWriting(
            turns: RowTurns(rows, fieldNames: fieldNames, asksForRows: asksForRows), context: context, name: name, file: file)
        var declarations = namespace.map { [("xmlns", $0)] } ?? []
        declarations += prefixes.map { ("xmlns:\($0.prefix)", $0.uri) }
        writing.write(document: root, declarations, parts, RowTurn(rows: Array(rows.indices)))
        return (writing.bytes, writing.diagnostics)
    }

    private func expressions(_ parts: [Part]) -> [CompiledExpression] {
        parts.flatMap { part -> [CompiledExpression] in
            switch part {
            case .attribute(_, let pieces), .text(_, let pieces): pieces.compactMap(\.expression)
            case .element(let element): (element.condition.map { [$0] } ?? []) + expressions(element.parts)
            }
        }
    }
}

/// Writes one document.
private struct XMLWriting {
    var turns: RowTurns
    let context: EvaluationContext
    let name: String
    let file: String
    var bytes: [UInt8] = []
    var diagnostics: [Diagnostic] = []

    /// What a part came to: whether it asked for values, and whether it got one.
    private struct Content {
        var asked = false
        var got = false

        mutating func add(_ other: Content) {
            asked = asked || other.asked
            got = got || other.got
        }
        /// Nothing was asked for, or something was given.
        var isThere: Bool { !asked || got }
    }

    mutating func write(document root: String, _ declarations: [(name: String, uri: String)], _ parts: [XMLTemplate.Part], _ turn: RowTurn) {
        bytes += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(root)".utf8
        for declaration in declarations {
            bytes += " \(declaration.name)=\"".utf8
            XMLText.append(declaration.uri, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        _ = write(parts, turn)
        bytes += "</\(root)>\n".utf8
    }

    /// Attributes, the end of the start tag, and what stands in the element.
    private mutating func write(_ parts: [XMLTemplate.Part], _ turn: RowTurn) -> Content {
        var content = Content()
        let values = turns.values(turn)
        for case .attribute(let attribute, let pieces) in parts {
            let (text, asked) = text(pieces, values, attribute)
            content.add(Content(asked: asked, got: asked && text != nil))
            guard let text else { continue }
            bytes += " \(attribute)=\"".utf8
            XMLText.append(text, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: ">"))
        for part in parts {
            switch part {
            case .attribute: continue
            case .text(let element, let pieces):
                let (text, asked) = text(pieces, values, element ?? "text")
                content.add(Content(asked: asked, got: asked && text != nil))
                guard let text else { continue }
                if let element { bytes += "<\(element)>".utf8 }
                XMLText.append(text, to: &bytes)
                if let element { bytes += "</\(element)>".utf8 }
            case .element(let element): content.add(write(element, turn, values))
            }
        }
        return content
    }

    private mutating func write(_ element: XMLTemplate.Element, _ turn: RowTurn, _ values: [Value]) -> Content {
        var content = Content()
        if element.each == nil, let condition = element.condition, evaluate(condition, values, element.name) != .boolean(true) { return content }
        let inner = element.each.map { turns.turns(of: turn, by: $0) } ?? [turn]
        for next in inner {
            let begun = element.each == nil ? next : turns.begin(next)
            if element.each != nil, let condition = element.condition, evaluate(condition, turns.values(begun), element.name) != .boolean(true) { continue }
            let start = bytes.count
            bytes += "\n<\(element.name)".utf8
            let own = write(element.parts, begun)
            content.add(own)
            if own.isThere { bytes += "</\(element.name)>".utf8 } else { bytes.removeSubrange(start...) }
        }
        return content
    }

    /// The text of pieces, nil where they ask for values and get none; and whether they ask.
    private mutating func text(_ pieces: [TemplatePiece], _ values: [Value], _ place: String) -> (text: String?, asked: Bool) {
        var asked = false, got = false
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let constant): text += constant
            case .value(let expression, let form):
                asked = true
                let value = evaluate(expression, values, place)
                if value == .null { continue }
                guard let written = form.text(value, context) else {
                    report("\(place): \(value.text) has no form such as this")
                    continue
                }
                if let unfit = XMLRecordWriter.unfit(written) {
                    report("\(place): U+\(String(unfit.value, radix: 16, uppercase: true)) cannot be written in XML")
                    continue
                }
                if !written.isEmpty { got = true }
                text += written
            }
        }
        return (asked && !got ? nil : text, asked)
    }

    private mutating func evaluate(_ expression: CompiledExpression, _ values: [Value], _ place: String) -> Value {
        do {
            return try expression.evaluate(values, context)
        } catch {
            report("\(place): \(error.diagnostic.fact)")
            return .null
        }
    }

    private mutating func report(_ fact: String) {
        diagnostics.append(Diagnostic(.mapOutboundCell, .error, "\(name), \(fact)", at: SourcePosition(file: file)))
    }
}
