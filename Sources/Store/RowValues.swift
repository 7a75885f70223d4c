/// The values of one row on their way to the database, given one after the other.
///
/// Texts and blobs lie in one buffer, which is there for row after row: what goes to the database is copied once, by the database.
package struct RowValues {
    /// Where a value is: in itself, or bytes of the buffer.
    enum Cell {
        case null
        case integer(Int64)
        case text(at: Int, count: Int)
        case blob(at: Int, count: Int)
    }

    private(set) var cells: [Cell] = []
    private(set) var bytes: [UInt8] = []

    package init() {
        // Never without storage: an empty text has an address too.
        bytes.reserveCapacity(1024)
        cells.reserveCapacity(64)
    }

    mutating func removeAll() {
        cells.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    package mutating func addNull() { cells.append(.null) }
    package mutating func add(_ integer: Int64) { cells.append(.integer(integer)) }
    package mutating func add(_ text: String) { addText { $0.append(text: text) } }

    package mutating func add(_ value: SQLValue) {
        switch value {
        case .null: addNull()
        case .integer(let integer): add(integer)
        case .text(let text): add(text)
        case .blob(let bytes): addBlob { $0 += bytes }
        }
    }

    /// - Parameter write: adds the bytes of a text, which are UTF-8.
    package mutating func addText(_ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        write(&bytes)
        cells.append(.text(at: start, count: bytes.count - start))
    }

    /// - Parameter write: adds the bytes of a blob.
    package mutating func addBlob(_ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        write(&bytes)
        cells.append(.blob(at: start, count: bytes.count - start))
    }
}

extension [UInt8] {
    /// Adds a text in UTF-8.
    mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }
}
