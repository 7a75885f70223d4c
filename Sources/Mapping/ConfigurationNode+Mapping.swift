import Configurations
import Diagnostics
import FEEL

extension ConfigurationNode {
    /// Where the text of an expression begins, for its diagnostics.
    var textOrigin: TextOrigin {
        let start = contentPosition
        var indentation = 0
        if case .scalar(_, .block(_, let spaces)) = kind { indentation = spaces }
        return TextOrigin(
            file: start.file, line: start.line ?? 1, column: start.column ?? 1, indentation: indentation, place: start.place)
    }

    /// The texts of a list of scalars; a scalar alone is a list of one.
    var texts: [String] { scalar.map { [$0] } ?? items.compactMap(\.scalar) }
}

extension NearestName {
    /// ``did you mean `X`?``, or nil where no name is near.
    static func hint(_ name: String, _ known: some Sequence<String>) -> String? {
        of(name, in: known).map { "did you mean `\($0)`?" }
    }
}
