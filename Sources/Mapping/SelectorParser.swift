/// Reads the text of a selector for one source format.
struct SelectorParser {
    private let text: [Character]
    private let format: SourceFormat
    /// Numbers of the namespaces that prefixes stand for; none where the mapping declares none, and prefixes say nothing.
    private let namespaces: [String: Int32]
    private var at = 0
    private let original: String

    private init(_ text: String, _ format: SourceFormat, _ namespaces: [String: Int32]) {
        self.namespaces = namespaces
        self.text = Array(text)
        self.original = text
        self.format = format
    }

    static func parse(
        _ text: String, format: SourceFormat, namespaces: [String: Int32] = [:], symbols: inout SymbolTable
    ) throws(SelectorFailure) -> Selector {
        var parser = SelectorParser(text, format, namespaces)
        switch format {
        case .csv: return try parser.column(&symbols)
        default: return try parser.path(&symbols)
        }
    }

    /// The path of an `each`: steps with predicates and no value at the end.
    static func steps(
        _ text: String, format: SourceFormat, namespaces: [String: Int32] = [:], symbols: inout SymbolTable
    ) throws(SelectorFailure) -> (absolute: Bool, steps: [SelectorStep]) {
        var parser = SelectorParser(text, format, namespaces)
        let absolute = parser.take("/")
        var steps = [try parser.step(&symbols)]
        while parser.take("/") { steps.append(try parser.step(&symbols)) }
        guard parser.at == parser.text.count else { throw parser.failure("unexpected `\(parser.text[parser.at])`") }
        return (absolute, steps)
    }

    /// `BEG03`, `SVC01-2`: tag, element, component; nil where the text is no element address.
    static func address(_ text: String) -> (tag: String, element: Int32, component: Int16)? {
        let halves = text.split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = halves.first, head.count >= 4, head.count <= 5 else { return nil }
        let tag = head.dropLast(2), number = head.suffix(2)
        guard tag.first?.isUppercase == true, tag.allSatisfy({ $0.isASCII && ($0.isUppercase || $0.isNumber) }),
            number.allSatisfy({ $0.isASCII && $0.isNumber }), let element = Int32(number), element > 0
        else { return nil }
        guard halves.count == 2 else { return (String(tag), element, 0) }
        guard let component = Int16(halves[1]), component > 0, component < 100 else { return nil }
        return (String(tag), element, component)
    }

    /// Where the qualifier and value pairs of a segment begin, in X12 004010 and 005010.
    private static let pairStarts: [String: Int32] = ["PO1": 6, "LIN": 2, "IT1": 6, "SLN": 9, "W01": 4, "G69": 1]

    // MARK: - Columns

    private mutating func column(_ symbols: inout SymbolTable) throws(SelectorFailure) -> Selector {
        if text.first == "#" {
            guard let number = Int32(String(text.dropFirst())), number > 0 else {
                throw failure("`\(original)` is no column number", hint: "#3 is the third column")
            }
            return Selector(text: original, scope: .here, steps: [], target: .position(number))
        }
        var name = original
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
        guard !name.isEmpty else { throw failure("a column name is empty") }
        return Selector(text: original, scope: .here, steps: [], target: .column(symbols.intern(name)))
    }

    // MARK: - Paths

    private mutating func path(_ symbols: inout SymbolTable) throws(SelectorFailure) -> Selector {
        var scope: Selector.Scope = format.isEDI ? .outward : .here
        if take("/") {
            scope = .root
        } else if take("./") {
            scope = .here
        } else {
            var up = 0
            while take("../") { up += 1 }
            if up > 0 { scope = .up(up) }
        }
        var steps: [SelectorStep] = []
        while true {
            if let target = try end(&symbols) {
                guard at == text.count else { throw failure("unexpected `\(text[at])`") }
                return Selector(text: original, scope: scope, steps: steps, target: target)
            }
            steps.append(try step(&symbols))
            if at == text.count, format == .flat, let last = steps.last, last.predicates.isEmpty {
                // Records of a layout hold their values as fields, not as elements.
                return Selector(text: original, scope: scope, steps: steps.dropLast(), target: .column(last.symbol))
            }
            if at == text.count, format.isTree { return Selector(text: original, scope: scope, steps: steps, target: .text) }
            guard take("/") else {
                throw at < text.count
                    ? failure("unexpected `\(text[at])`")
                    : failure("`\(original)` names no element", hint: "end it with an element address such as N104")
            }
        }
    }

    /// The value at the end of a path, or nil where a step comes first.
    private mutating func end(_ symbols: inout SymbolTable) throws(SelectorFailure) -> SelectorTarget? {
        if format.isTree {
            if take("@") { return .attribute(symbols.intern(SelectorParser.localName(try name()))) }
            if take("text()") || (at == text.count - 1 && take(".")) { return .text }
            return nil
        }
        let start = at
        let word = try name()
        if take("{") {
            let body = until("}")
            guard take("}") else { throw failure("`{` has no `}`") }
            let parts = body.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, let qualifier = parts.last, !qualifier.isEmpty else { throw failure("no qualifier in `{\(body)}`") }
            let from = parts.count == 2 ? Int32(parts[0]) : SelectorParser.pairStarts[word] ?? 1
            guard let from, from > 0 else { throw failure("`\(parts[0])` is no element number", hint: "PO1{06=VP} begins at element 06") }
            return .pair(tag: symbols.intern(word), from: from, qualifier: Array(qualifier.utf8))
        }
        if at == text.count, let address = SelectorParser.address(word) {
            return .element(tag: symbols.intern(address.tag), element: address.element, component: address.component)
        }
        at = start
        return nil
    }

    private mutating func step(_ symbols: inout SymbolTable) throws(SelectorFailure) -> SelectorStep {
        let isQuoted = at < text.count && text[at] == "\"" && format == .json
        let start = at
        var word = isQuoted ? try quotedName() : try name(), namespace: Int32 = -1
        if format == .xml, !isQuoted {
            namespace = try self.namespace(of: word, start)
            word = SelectorParser.localName(word)
        }
        var predicates: [SelectorPredicate] = []
        while take("[") {
            predicates.append(try predicate(&symbols))
            guard take("]") else { throw failure("`[` has no `]`") }
        }
        return SelectorStep(symbol: symbols.intern(word), namespace: namespace, predicates: predicates)
    }

    private mutating func predicate(_ symbols: inout SymbolTable) throws(SelectorFailure) -> SelectorPredicate {
        let start = at
        let left = until("=]")
        guard take("=") else {
            guard let position = Int(left), position > 0 else {
                at = start
                throw failure("`[\(left)]` is no condition", hint: "write [N101=BY] or a position such as [1]")
            }
            return SelectorPredicate(test: .position(position))
        }
        let right = until("]")
        let values = right.split(separator: "|", omittingEmptySubsequences: false).map { value in
            Array(value.trimmingMatching("'\"").utf8)
        }
        return SelectorPredicate(test: .equals(try predicateTarget(left, start, &symbols), values))
    }

    private mutating func predicateTarget(
        _ left: String, _ start: Int, _ symbols: inout SymbolTable
    ) throws(SelectorFailure) -> SelectorTarget {
        switch format {
        case .flat:
            guard !left.isEmpty, !left.contains("/") else { break }
            return .column(symbols.intern(left))
        case .xml where left.hasPrefix("@"):
            return .attribute(symbols.intern(SelectorParser.localName(String(left.dropFirst()))))
        case .xml where left == "." || left == "text()", .json where left == ".":
            return .text
        case .xml, .idoc, .json:
            guard !left.isEmpty, !left.contains("/") else { break }
            let namespace = format == .xml ? try namespace(of: left, start) : -1
            return .childText(symbols.intern(SelectorParser.localName(left)), namespace: namespace)
        case .x12, .edifact, .tradacoms:
            guard let address = SelectorParser.address(left) else { break }
            return .element(tag: symbols.intern(address.tag), element: address.element, component: address.component)
        case .csv:
            break
        }
        at = start
        throw failure("`\(left)` is no \(format.isTree ? "child element or attribute" : "element address") to compare")
    }

    // MARK: - Characters

    private mutating func name() throws(SelectorFailure) -> String {
        let start = at
        while at < text.count, isNameCharacter(text[at]) { at += 1 }
        guard at > start else {
            throw at < text.count ? failure("unexpected `\(text[at])`") : failure("a name is missing at the end")
        }
        return String(text[start..<at])
    }

    /// A member of JSON by a name that is no word: `"unit price"`.
    private mutating func quotedName() throws(SelectorFailure) -> String {
        at += 1
        let name = until("\"")
        guard take("\""), !name.isEmpty else { throw failure("a quoted name has no end") }
        return name
    }

    private func isNameCharacter(_ character: Character) -> Bool {
        if character.isLetter || character.isNumber || character == "_" || character == "-" { return true }
        return format.isTree && (character == ":" || character == ".")
    }

    private mutating func until(_ stops: String) -> String {
        let start = at
        while at < text.count, !stops.contains(text[at]) { at += 1 }
        return String(text[start..<at])
    }

    private mutating func take(_ expected: String) -> Bool {
        let wanted = Array(expected)
        guard at + wanted.count <= text.count, Array(text[at..<(at + wanted.count)]) == wanted else { return false }
        at += wanted.count
        return true
    }

    private func failure(_ fact: String, hint: String? = nil) -> SelectorFailure {
        // At the end the last character is marked.
        let marked = min(at, max(0, text.count - 1))
        return SelectorFailure(fact: fact, hint: hint, offset: String(text[..<marked]).utf8.count)
    }

    /// The namespace that a name wants by its prefix; -1 where it has none, or the mapping declares none.
    private mutating func namespace(of name: String, _ start: Int) throws(SelectorFailure) -> Int32 {
        guard !namespaces.isEmpty, let colon = name.firstIndex(of: ":") else { return -1 }
        if let namespace = namespaces[String(name[..<colon])] { return namespace }
        at = start
        throw failure(
            "prefix `\(name[..<colon])` stands for no namespace", hint: "name it in `namespaces` of `reads`: \(namespaces.keys.sorted().joined(separator: ", ")) are there")
    }

    /// XML names are matched without their prefix: prefixes vary from sender to sender, namespaces hardly ever clash. A mapping that
    /// must tell namespaces apart declares prefixes of its own.
    private static func localName(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }
}

extension StringProtocol {
    /// Without one pair of equal quotes around it.
    fileprivate func trimmingMatching(_ quotes: String) -> String {
        guard count >= 2, let first, quotes.contains(first), last == first else { return String(self) }
        return String(dropFirst().dropLast())
    }
}
