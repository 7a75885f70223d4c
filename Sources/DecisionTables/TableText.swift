import Diagnostics
package import FEEL
import Values

/// The text form of a decision table:
/// ```
/// | customer tier | hours to promise : number || microsegment | priority : number || why      |
/// | "gold"        | < 24                      || "rush"       | 1                 || contract |
/// | -             | -                         || "standard"   | 3                 ||          |
/// ```
/// Inputs stand before the first `||`, outputs after it, remarks after a second one. Input cells are FEEL unary tests
/// (`-` is any), output cells FEEL expressions. A line of dashes may stand under the header.
package enum TableText {
    /// - Parameter origin: of the first character of `text`; its `indentation` holds for the lines after the first.
    /// - Returns: the table where no error was found, and every finding. Rows with errors do not hide those after them.
    package static func parse(_ text: String, hitPolicy: HitPolicy, at origin: TextOrigin) -> Compilation<DecisionTable> {
        var reading = TableTextReader(hitPolicy: hitPolicy, origin: origin)
        for (index, line) in text.utf8.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            reading.read(Array(line.last == 13 ? line.dropLast() : line), number: index)
        }
        return reading.finished()
    }
}
