import Diagnostics

extension YAMLProblem {
    /// What libyaml says, in plain words and with what to do. Its own words stay where no plainer ones are known.
    func diagnostic(in source: ConfigurationSource) -> Diagnostic {
        let line = source.line(at: offset)
        let text = source.bytes[source.range(ofLine: line)]
        let byte = offset < source.bytes.count ? source.bytes[offset] : nil
        func finding(_ fact: String, at place: Int? = nil, _ hint: String?) -> Diagnostic {
            source.diagnostic(.configurationSyntax, fact, at: place ?? offset, hint: hint)
        }
        if byte == 9 || (problem.contains("cannot start any token") && text.prefix { $0 == 32 || $0 == 9 }.contains(9)) {
            return finding("there is a tab where spaces indent", "indent with spaces; YAML knows no tabs there")
        }
        switch problem {
        case "found character that cannot start any token":
            let sign = byte.map { "\($0 < 0x80 ? String(UnicodeScalar($0)) : "this character")" } ?? "the end"
            return finding("a value cannot begin with \(sign)", "put the value in quotes")
        case "mapping values are not allowed in this context":
            return finding("there is a second colon in the line, or the line is indented too far", "put a value that holds `: ` in quotes, or indent the key like its neighbours")
        case "could not find expected ':'":
            return finding("a key has no colon", at: contextOffset, "write `key: value`, or put text that spans lines in quotes or below `|`")
        case "did not find expected key" where byte == UInt8(ascii: ":"):
            return finding("a colon has no key before it", "write the key before the colon")
        case "did not find expected key":
            return finding("this is neither a key of the mapping nor its end", "indent it like the keys around it, and close quotes before it")
        case "did not find expected '-' indicator":
            return finding("this is neither an item of the list nor its end", "begin items with `- `, all in one column")
        case "did not find expected ',' or ']'":
            return finding("a list in brackets is not closed", "separate items by commas and end with `]`; it begins at line \(contextLine(source))")
        case "did not find expected ',' or '}'":
            return finding("a mapping in braces is not closed", "separate keys by commas and end with `}`; it begins at line \(contextLine(source))")
        case "did not find expected node content":
            return finding("a value or a key is missing", "write it; one that begins with a sign such as , ] } & * needs quotes")
        case "found unexpected end of stream":
            return finding("a quoted text is not closed", at: contextOffset, "close it with the quote that it begins with")
        case "found unknown escape character":
            return finding("there is an unknown escape in double quotes", "write a backslash as \\\\, or use single quotes")
        case "control characters are not allowed":
            return finding("there is a control character", "remove it, or write it as an escape in double quotes")
        case "found undefined tag handle":
            return finding("there is a tag (!)", at: contextOffset, "remove it, or put text that begins with ! in quotes")
        case "did not find expected <document start>":
            return finding("there is something after the end of the document", "indent it like the first key; a file holds one document")
        case "block sequence entries are not allowed in this context":
            return finding("a list begins in the line of its key", "begin the list in the next line, or write it in brackets")
        case "block mapping values are not allowed in this context", "mapping keys are not allowed in this context":
            return finding("a key is not allowed here", "begin it in a line of its own")
        case _ where problem.hasPrefix("Maximum nesting level"):
            return finding("nesting is deeper than \(ConfigurationText.depthMax) levels", "a configuration needs a few levels at most")
        default:
            return finding([problem, context].compactMap(\.self).joined(separator: " "), nil)
        }
    }

    private func contextLine(_ source: ConfigurationSource) -> Int { source.line(at: contextOffset ?? offset) + 1 }
}
