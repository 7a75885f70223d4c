import Diagnostics
import FEEL
import Values

/// The names that expressions of one record may use, and what they are compiled against.
///
/// The row is laid out as the record's fields, then the source values: those that `let` names and those that an
/// expression names directly (`BEG02`, a column).
struct ExpressionScope {
    let fields: Layout
    private(set) var sourceNames: [String] = []
    private var sourceTypes: [ValueType] = []
    private var sourceSlots: [String: Int] = [:]

    init(fields: Layout) { self.fields = fields }

    /// Slots of the whole row.
    var width: Int { fields.count + sourceNames.count }

    /// Gives a source value the next slot; nil where the name is taken.
    mutating func add(_ name: String, _ type: ValueType) -> Int? {
        guard sourceSlots[name] == nil else { return nil }
        let slot = width
        sourceSlots[name] = slot
        sourceNames.append(name)
        sourceTypes.append(type)
        return slot
    }

    func hasSource(_ name: String) -> Bool { sourceSlots[name] != nil }

    /// Fields, then source values; where a column has the name of a field, the field is meant.
    var layout: Layout {
        Layout(Array(zip(fields.names, fields.types)) + Array(zip(sourceNames, sourceTypes)))
    }

    /// Source values alone, for conditions that come before any field. The fields' slots are there under names that
    /// no text can hold.
    var sourceLayout: Layout {
        let hidden = fields.names.indices.map { ("\u{1}\($0)", ValueType.null) }
        return Layout(hidden + Array(zip(sourceNames, sourceTypes)))
    }

    /// Words of an expression that could be names: letters, digits and underscores, outside of string literals.
    static func words(in text: String) -> [String] {
        var words: [String] = [], word = ""
        var isQuoted = false, isEscaped = false
        for character in text {
            if isQuoted {
                if isEscaped { isEscaped = false } else if character == "\\" { isEscaped = true } else if character == "\"" { isQuoted = false }
                continue
            }
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = ""
            isQuoted = character == "\""
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
