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

    /// One ASCII byte; nil finds `,` `;` tab or `|` from the first row.
    package var separator: UInt8?
    package var header: Header = .firstRow
    package var encoding: TextEncoding = .utf8
    /// The path that findings name.
    package var file: String?
    package var limits = ReadLimits()

    package init() {}
}

/// How the bytes of a flat file spell its text. Separators, quotes and line ends are ASCII in all of them.
package enum TextEncoding: String, Sendable, Hashable, CaseIterable {
    case utf8 = "utf-8"
    /// Microsoft's code page 1252; its five unassigned bytes become U+FFFD.
    case windows1252 = "windows-1252"
    case latin1 = "iso-8859-1"

    /// Appends text of this encoding as UTF-8. Malformed UTF-8 is repaired with U+FFFD.
    func appendUTF8(_ bytes: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
        switch self {
        case .utf8:
            text.append(contentsOf: String(decoding: bytes, as: UTF8.self).utf8)
        case .latin1, .windows1252:
            for byte in bytes {
                if byte < 0x80 {
                    text.append(byte)
                    continue
                }
                var scalar = UInt32(byte)
                if self == .windows1252, byte < 0xA0 { scalar = Self.windows1252High[Int(byte) - 0x80] }
                if scalar < 0x800 {
                    text.append(UInt8(0xC0 | scalar >> 6))
                } else {
                    text.append(UInt8(0xE0 | scalar >> 12))
                    text.append(UInt8(0x80 | scalar >> 6 & 0x3F))
                }
                text.append(UInt8(0x80 | scalar & 0x3F))
            }
        }
    }

    /// Code page 1252 from 0x80 to 0x9F (unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT).
    private static let windows1252High: [UInt32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
        0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    ]
}
