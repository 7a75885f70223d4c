/// One change of a text between the file and the value: the native verbs of a rule, in the order in which they work.
enum TextStep: Sendable, Hashable {
    /// The part with a number, counted from 1, or from the end where it is negative; nothing where there is no such part.
    case part(Int, separator: String)
    /// Characters from a position to another one, counted from 1; the end may be open.
    case take(from: Int, to: Int?)
    /// Leading characters of one kind go; one that is nothing else keeps its last.
    case strip(Character)
    /// Filled on the left up to a width.
    case pad(Character, width: Int)
    case upper
    case lower

    func apply(to text: String) -> String {
        switch self {
        case .part(let number, let separator):
            let parts = text.components(separatedBy: separator)
            let index = number > 0 ? number - 1 : parts.count + number
            return parts.indices.contains(index) ? parts[index].trimmed : ""
        case .take(let from, let to):
            return String((to.map { text.prefix($0) } ?? text[...]).dropFirst(from - 1)).trimmed
        case .strip(let character):
            let rest = text.drop { $0 == character }
            return rest.isEmpty ? String(text.suffix(1)) : String(rest)
        case .pad(let character, let width):
            return String(repeating: character, count: max(0, width - text.count)) + text
        case .upper: return text.uppercased()
        case .lower: return text.lowercased()
        }
    }
}

extension String {
    /// What stands between occurrences of a separator, empty parts included.
    fileprivate func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }

    /// Without blanks around it.
    fileprivate var trimmed: String {
        guard first == " " || last == " " else { return self }
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
