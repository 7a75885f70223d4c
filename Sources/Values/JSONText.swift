/// Values as JSON text (RFC 8259), with exact numbers and the order of keys kept.
package enum JSONText {
    /// Most levels of arrays and objects that are read or written.
    package static let depthMax = 256

    /// Canonical: no spaces, order of keys kept, numbers exact with their scale, temporals, ranges and functions as strings.
    package static func write(_ value: Value) -> String {
        var bytes: [UInt8] = []
        write(value, to: &bytes, indent: nil)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// As ``write(_:)``, indented by two spaces a level.
    package static func write(pretty value: Value) -> String {
        var bytes: [UInt8] = []
        write(value, to: &bytes, indent: 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The string in quotes, escaped as JSON asks and no further.
    package static func quote(_ string: String) -> String {
        var bytes: [UInt8] = []
        quote(string, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads one JSON document: numbers exactly, objects as contexts. A key that comes twice is a failure.
    package static func parse(_ text: String) throws(JSONFailure) -> Value {
        var parser = JSONParser(Array(text.utf8))
        return try parser.document()
    }

    private static func write(_ value: Value, to bytes: inout [UInt8], indent: Int?) {
        switch value {
        case .null: bytes += "null".utf8
        case .boolean, .number: bytes += value.text.utf8
        case .string, .date, .time, .dateTime, .dayTimeDuration, .yearMonthDuration, .range, .function: quote(value.text, to: &bytes)
        case .list(let values):
            writeAll(values, "[", "]", to: &bytes, indent: indent) { element, bytes, indent in
                write(element, to: &bytes, indent: indent)
            }
        case .context(let context):
            writeAll(context.entries, "{", "}", to: &bytes, indent: indent) { entry, bytes, indent in
                quote(entry.name, to: &bytes)
                bytes += (indent == nil ? ":" : ": ").utf8
                write(entry.value, to: &bytes, indent: indent)
            }
        }
    }

    private static func writeAll<Element>(
        _ elements: [Element], _ open: String, _ close: String, to bytes: inout [UInt8], indent: Int?,
        each: (Element, inout [UInt8], Int?) -> Void
    ) {
        bytes += open.utf8
        let inner = indent.map { $0 + 1 }
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            breakLine(inner, &bytes)
            each(element, &bytes, inner)
        }
        if !elements.isEmpty { breakLine(indent, &bytes) }
        bytes += close.utf8
    }

    private static func breakLine(_ indent: Int?, _ bytes: inout [UInt8]) {
        guard let indent else { return }
        bytes.append(10)
        bytes += [UInt8](repeating: 32, count: indent * 2)
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    private static func quote(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += "\\\"".utf8
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case 10: bytes += "\\n".utf8
            case 13: bytes += "\\r".utf8
            case 9: bytes += "\\t".utf8
            case 0..<32:
                bytes += "\\u00".utf8
                bytes.append(hexDigits[Int(byte >> 4)])
                bytes.append(hexDigits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

/// Why a text is not the JSON it should be.
package struct JSONFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Byte from the start of the text.
    package let offset: Int
    /// What was expected and what was found.
    package let fact: String

    package init(offset: Int, fact: String) {
        self.offset = offset
        self.fact = fact
    }

    package var description: String { "byte \(offset): \(fact)" }
}
