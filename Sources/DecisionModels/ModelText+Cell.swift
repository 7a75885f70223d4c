import DecisionTables
import FEEL

extension ModelText {
    /// The text as a cell of a table, without the blanks around it.
    func cell(id: String? = nil) -> TableCell {
        let bytes = Array(string.utf8)
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 }) else {
            return TableCell("", at: origin, id: id)
        }
        var start = origin
        for byte in bytes[..<first] {
            if byte == 10 {
                start.line += 1
                start.column = origin.indentation + 1
            } else {
                start.column += 1
            }
        }
        start.column += surplus.count { $0 < first }
        return TableCell(
            String(decoding: bytes[first...last], as: UTF8.self), at: start,
            escapedBars: surplus.filter { $0 >= first && $0 <= last }.map { $0 - first }, id: id)
    }
}
