package import Diagnostics
import Yams

/// Strict YAML: one document of mappings, sequences and plain scalars, every part with its line and column.
package enum ConfigurationText {
    /// Largest file, in bytes.
    package static let bytesMax = 4 << 20
    /// Deepest nesting.
    package static let depthMax = 64

    /// Parses a file. Either there is a root, or there is at least one error.
    package static func parse(_ text: String, file: String) -> (root: ConfigurationNode?, diagnostics: [Diagnostic]) {
        let source = ConfigurationSource(file: file, text: text)
        func refuse(_ fact: String, line: Int? = nil, column: Int? = nil, hint: String? = nil) -> (ConfigurationNode?, [Diagnostic]) {
            let position = SourcePosition(file: file, line: line, column: column)
            return (nil, [Diagnostic(.configurationSyntax, .error, fact, at: position, excerpt: source.excerpt(position, length: 1), hint: hint)])
        }
        guard text.utf8.count <= bytesMax else { return refuse("the file has more than \(bytesMax) bytes", hint: "split it") }
        if let line = source.lines.firstIndex(where: { $0.contains("\0") }) { return refuse("there is a NUL byte", line: line + 1) }
        do {
            guard let node = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot() else {
                return refuse("the file is empty", hint: "remove it, or write at least its first key")
            }
            var builder = ConfigurationBuilder(source: source)
            let root = builder.node(node, depth: 0)
            return builder.diagnostics.isEmpty ? (root, []) : (nil, builder.diagnostics)
        } catch let error as YamlError {
            return (nil, [diagnostic(error, source)])
        } catch {
            return refuse("\(error)")
        }
    }

    private static func diagnostic(_ error: YamlError, _ source: ConfigurationSource) -> Diagnostic {
        func finding(_ code: DiagnosticCode, _ fact: String, _ line: Int, _ column: Int, hint: String? = nil) -> Diagnostic {
            let position = SourcePosition(file: source.file, line: line, column: column)
            return Diagnostic(code, .error, fact, at: position, excerpt: source.excerpt(position, length: 1), hint: hint)
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let fact = [context?.text, problem].compactMap { $0 }.joined(separator: ", ")
            if problem.contains("another document") {
                return finding(.configurationSyntax, "there is a second document", mark.line, mark.column, hint: "one file holds one document; remove the `---`")
            }
            let usesTab = mark.line <= source.lines.count && source.lines[max(mark.line - 1, 0)].contains("\t")
            return finding(
                .configurationSyntax, fact, mark.line, mark.column,
                hint: usesTab ? "indent with spaces, not with tabs" : nil)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let key = duplicates.first ?? ""
            let (line, column) = secondOccurrence(of: key, after: context.mark.line, source)
            return finding(
                .configurationTwice, "key \(key) stands twice in one mapping", line, column,
                hint: "the first is at line \(firstOccurrence(of: key, source)); keep one of them")
        case .reader(let problem, _, _, _):
            return finding(.configurationSyntax, problem, 1, 1, hint: "save the file as UTF-8")
        default:
            return finding(.configurationSyntax, "\(error)", 1, 1)
        }
    }

    // Yams gives duplicate keys as text, with a mark of any one of them: the lines are looked for here.
    private static func occurrences(of key: String, _ source: ConfigurationSource) -> [(line: Int, column: Int)] {
        source.lines.enumerated().compactMap { number, line in
            for form in [key, "\"\(key)\"", "'\(key)'"] {
                var rest = Substring(line)
                while let found = rest.firstRange(of: form) {
                    let after = line[found.upperBound...].drop { $0 == " " }
                    let before = line[..<found.lowerBound].last
                    if after.first == ":", before == nil || before == " " || before == "{" || before == "," {
                        return (number + 1, line.distance(from: line.startIndex, to: found.lowerBound) + 1)
                    }
                    rest = rest[found.upperBound...]
                }
            }
            return nil
        }
    }

    private static func firstOccurrence(of key: String, _ source: ConfigurationSource) -> Int {
        duplicatePair(of: key, source).0.line
    }

    private static func secondOccurrence(of key: String, after line: Int, _ source: ConfigurationSource) -> (Int, Int) {
        duplicatePair(of: key, source).1
    }

    /// The first two occurrences of a key at one depth with nothing shallower between them.
    private static func duplicatePair(
        of key: String, _ source: ConfigurationSource
    ) -> ((line: Int, column: Int), (line: Int, column: Int)) {
        let all = occurrences(of: key, source)
        for (index, first) in all.enumerated() {
            for second in all.dropFirst(index + 1) where second.column == first.column {
                let between = source.lines[first.line..<(second.line - 1)]
                let isOneMapping = between.allSatisfy { line in
                    let indentation = line.prefix { $0 == " " }.count
                    return line.allSatisfy { $0 == " " } || line.dropFirst(indentation).hasPrefix("#") || indentation >= first.column - 1
                }
                if isOneMapping { return (first, second) }
            }
        }
        let first = all.first ?? (1, 1)
        return (first, all.dropFirst().first ?? first)
    }
}

/// Turns Yams' nodes into ours, refusing what a configuration has no use for.
private struct ConfigurationBuilder {
    let source: ConfigurationSource
    var diagnostics: [Diagnostic] = []

    init(source: ConfigurationSource) { self.source = source }

    mutating func node(_ node: Yams.Node, depth: Int) -> ConfigurationNode {
        let position = SourcePosition(file: source.file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        func made(_ kind: ConfigurationNode.Kind) -> ConfigurationNode {
            ConfigurationNode(kind: kind, position: position, source: source)
        }
        guard depth <= ConfigurationText.depthMax else {
            refuse("nesting is deeper than \(ConfigurationText.depthMax)", position)
            return made(.scalar("", .plain))
        }
        if node.anchor != nil { refuse("there is an anchor (&)", position, hint: "write the value out where it is needed") }
        switch node {
        case .scalar(let scalar):
            return made(.scalar(scalar.string, style(scalar, position)))
        case .sequence(let sequence):
            return made(.sequence(sequence.map { self.node($0, depth: depth + 1) }))
        case .mapping(let mapping):
            return made(.mapping(mapping.compactMap { entry($0.key, $0.value, depth: depth) }))
        case .alias:
            refuse("there is an alias (*)", position, hint: "write the value out where it is needed")
            return made(.scalar("", .plain))
        }
    }

    private mutating func entry(_ key: Yams.Node, _ value: Yams.Node, depth: Int) -> ConfigurationEntry? {
        let keyNode = node(key, depth: depth + 1)
        guard let name = keyNode.scalar else {
            refuse("a key is \(keyNode.kindName), not text", keyNode.position)
            return nil
        }
        if name == "<<" { refuse("there is a merge key (<<)", keyNode.position, hint: "write the keys out") }
        return ConfigurationEntry(name: name, key: keyNode, value: node(value, depth: depth + 1))
    }

    private mutating func refuse(_ fact: String, _ position: SourcePosition, hint: String? = nil) {
        diagnostics.append(Diagnostic(
            .configurationSyntax, .error, fact, at: position, excerpt: source.excerpt(position, length: 1), hint: hint))
    }

    /// The style of a scalar. Yams marks a block scalar at its `|`; where its content begins is worked out from the lines.
    private func style(_ scalar: Yams.Node.Scalar, _ position: SourcePosition) -> ConfigurationNode.ScalarStyle {
        switch scalar.style {
        case .singleQuoted, .doubleQuoted: return .quoted
        case .literal, .folded:
            var line = position.line ?? 1
            while line < source.lines.count, source.lines[line].allSatisfy({ $0 == " " }) { line += 1 }
            guard line < source.lines.count else { return .block(firstLine: line + 1, indentation: 0) }
            let header = source.lines[(position.line ?? 1) - 1].dropFirst((position.column ?? 1) - 1)
            var indentation = source.lines[line].prefix { $0 == " " }.count
            if let digit = header.prefix(3).first(where: \.isNumber)?.wholeNumberValue {
                // An explicit indentation counts from the parent's, which is that of the line with the header.
                indentation = source.lines[(position.line ?? 1) - 1].prefix { $0 == " " }.count + digit
            }
            return .block(firstLine: (position.line ?? 1) + 1, indentation: indentation)
        default: return .plain
        }
    }
}
