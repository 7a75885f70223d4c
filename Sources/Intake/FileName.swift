/// The name of a file, or a path, as its bytes. Texts of Swift are equal where their letters are: `é` in one piece and `é` of two are. Names of files are
/// not, and both can lie in one folder.
package struct FileName: Hashable, Comparable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: FileName, right: FileName) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
    package static func < (left: FileName, right: FileName) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(0xFF as UInt8)
    }
}
