import Records
import Values

/// One record of a draft: the rules that were guessed, and what could not be.
struct DraftRecord {
    /// A field with its rule, as YAML.
    struct Line {
        let field: String
        let rule: String
        /// 0 where nothing in the sample speaks for it.
        let confidence: Double
        let why: String
    }

    let kind: RecordKind
    let each: String
    /// Condition as FEEL; nil where the record is always made.
    var when: String?
    /// Why this kind.
    let why: String
    let confidence: Double
    /// Source values with a name, for expressions.
    var lets: [(name: String, rule: String)] = []
    var lines: [Line] = []

    /// Fields that no line gives.
    var missing: [RecordField] {
        let named = Set(lines.map(\.field))
        return RecordCatalogue.definition(kind).fields.dropFirst().filter { !named.contains($0.name) }
    }

    /// Adds rules for required fields that have none: constants that say nothing, marked as such. A number of the row or within the record
    /// around it stands for a line's number.
    ///
    /// - Parameters:
    ///   - lineNumber: the rule for a line's number where nobody sends one, and why.
    ///   - epoch: how the format's dates are written.
    mutating func fillRequired(lineNumber: (rule: String, why: String), epoch: String) {
        for field in missing where field.isRequired {
            if field.name == "lineNumber" {
                lines.append(Line(field: field.name, rule: lineNumber.rule, confidence: 0, why: lineNumber.why))
                continue
            }
            let constant = switch field.type {
            case .text: "UNKNOWN"
            case .number: "0"
            case .boolean: "false"
            case .date, .dateTime: epoch
            }
            lines.append(Line(
                field: field.name, rule: "{ constant: \(YAMLScalar.spell(constant)) }", confidence: 0,
                why: "NOTHING GIVES IT, and it is required: \(field.summary)"))
        }
        sort()
    }

    /// In the order of the catalogue, but an expression behind the fields that it reads.
    mutating func sort() {
        let order = RecordCatalogue.definition(kind).layout.names
        func place(_ line: Line) -> Int { (order.firstIndex(of: line.field) ?? 0) + (line.rule.contains("feel:") && !line.rule.contains("sent") ? 100 : 0) }
        lines.sort { place($0) < place($1) }
    }
}

/// Texts as YAML takes them.
enum YAMLScalar {
    /// The text as it stands where YAML cannot misread it, in or out of braces; else in quotes.
    static func spell(_ text: String) -> String {
        let isPlain = text.first.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "/" || $0 == ".") } ?? false
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_/.-+".contains($0)) }
        return isPlain ? text : quote(text)
    }

    static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default: result += scalar.value < 0x20 || scalar.value == 0x7F ? " " : String(scalar)
            }
        }
        return result + "\""
    }

    /// A text within a comment: on one line.
    static func comment(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F || $0.value == 0x85 || $0.value == 0x2028 || $0.value == 0x2029 ? " " : $0 }))
    }
}

/// A share as people read it: `0.92`.
enum Share {
    static func text(_ share: Double) -> String {
        let hundredths = Int((share * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
