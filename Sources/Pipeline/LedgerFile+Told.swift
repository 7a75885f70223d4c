import Diagnostics
package import Store

extension LedgerFile {
    /// Feed and name, as they stand in a line.
    package var told: String { LineText.name("\(feed)/\(name)") }
}
