package import Formats

/// How a CSV document is to be read. What is nil is found out from the document.
package struct CSVOptions: Sendable, Hashable {
    /// Where the names of the columns come from.
    package enum Header: Sendable, Hashable {
        /// The first row that is not blank.
        case firstRow
        /// There is no header; columns are read by position, and the first row says how many there are.
        case none
        /// There is no header; these are the columns' names.
        case names([String])
    }

    /// One to eight ASCII bytes between cells; nil finds `,` `;` tab or `|` from the first row.
    package var separator: [UInt8]?
    /// One ASCII byte; nil where no cell is ever quoted.
    package var quote: UInt8? = 0x22
    package var header: Header = .firstRow
    /// What the feed says of the encoding; nil takes UTF-8 unless the bytes are UTF-16.
    package var encoding: DeclaredEncoding?
    /// Lines that are passed over before anything else is looked at.
    package var linesSkipped = 0
    /// Lines that begin with these bytes are no rows.
    package var comment: [UInt8]?
    /// The path that findings name.
    package var file: String?
    package var limits = ReadLimits()

    package init() {}
}
