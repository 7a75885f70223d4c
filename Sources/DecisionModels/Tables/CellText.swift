/// The canonical spelling of an expression in a cell: one line.
enum CellText {
    /// White space outside of strings is single blanks where it held a line end, comments are closed ones, and characters in
    /// strings that end lines or are not seen are written as escapes. What the expression means stays the same.
    static func canonical(_ text: String) -> String {
        var flattener = Flattener(Array(text.unicodeScalars))
        return flattener.text().trimmed
    }

    /// Characters that some reader takes for a line end, or that YAML does not take.
    static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
        default: false
        }
    }

    /// `\n`, `\t` or `\u0085`, as FEEL and JSON read it.
    static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            let hex = String(scalar.value, radix: 16, uppercase: true)
            return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }
    }

    private struct Flattener {
        private let scalars: [Unicode.Scalar]
        private var at = 0
        private var made = String.UnicodeScalarView()

        init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

        private func starts(_ text: String) -> Bool { scalars[at...].starts(with: text.unicodeScalars) }

        mutating func text() -> String {
            while at < scalars.count {
                if scalars[at] == "\"" {
                    string()
                } else if starts("//") {
                    lineComment()
                } else if starts("/*") {
                    blockComment()
                } else {
                    blank()
                }
            }
            return String(made)
        }

        private mutating func string() {
            made.append(scalars[at])
            at += 1
            while at < scalars.count {
                let scalar = scalars[at]
                at += 1
                if scalar == "\\", at < scalars.count, !isUnseen(scalars[at]) {
                    made.append(scalar)
                    made.append(scalars[at])
                    at += 1
                } else if isUnseen(scalar) {
                    made.append(contentsOf: escape(scalar).unicodeScalars)
                } else {
                    made.append(scalar)
                    if scalar == "\"" { return }
                }
            }
        }

        private mutating func lineComment() {
            at += 2
            made.append(contentsOf: "/*".unicodeScalars)
            while at < scalars.count, scalars[at] != "\n" {
                // An end of a comment within it would end it too early.
                if starts("*/") { made.append(contentsOf: "* ".unicodeScalars) } else { made.append(isUnseen(scalars[at]) ? " " : scalars[at]) }
                at += 1
            }
            made.append(contentsOf: " */".unicodeScalars)
        }

        private mutating func blockComment() {
            while at < scalars.count {
                let isEnd = starts("*/")
                made.append(isUnseen(scalars[at]) ? " " : scalars[at])
                at += 1
                guard isEnd else { continue }
                made.append(scalars[at])
                at += 1
                return
            }
        }

        private mutating func blank() {
            guard isUnseen(scalars[at]) else {
                made.append(scalars[at])
                at += 1
                return
            }
            while at < scalars.count, isUnseen(scalars[at]) || scalars[at] == " " { at += 1 }
            while made.last == " " { made.removeLast() }
            made.append(" ")
        }
    }
}
