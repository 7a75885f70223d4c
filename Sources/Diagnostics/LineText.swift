/// Texts of strangers, such as names of files, in lines for people and programs: none breaks its line, turns the writing round or steers a terminal.
package enum LineText {
    /// A name as it is; where it holds what does not belong into a line, or begins with a quotation mark, as ``quoted(_:)``.
    package static func name(_ name: String) -> String { isPlain(name) && name.utf8.first != UInt8(ascii: "\"") ? name : quoted(name) }

    /// A text in quotation marks, with the escapes of JSON.
    package static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            default: if isPlain(scalar) { quoted.unicodeScalars.append(scalar) } else { quoted += escape(scalar) }
            }
        }
        return quoted + "\""
    }

    /// A text of several words as one line, with the escapes of JSON in place of what does not belong into one.
    package static func line(_ text: String) -> String {
        guard !isPlain(text) else { return text }
        var line = ""
        for scalar in text.unicodeScalars { if isPlain(scalar) { line.unicodeScalars.append(scalar) } else { line += escape(scalar) } }
        return line
    }

    /// Whether a text can stand in a line as it is.
    package static func isPlain(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isPlain) }

    /// Whether a character can: it neither breaks a line, nor steers a terminal, nor turns the writing round.
    package static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value >= 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return false
        default: return !scalar.properties.isBidiControl
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            // None of them is beyond the first 65,536.
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
    }
}
