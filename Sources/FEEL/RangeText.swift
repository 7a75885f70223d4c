import Values

/// Reads what `range()` takes: a range whose ends are literals, such as `[1..5)` or `(date("2026-01-01")..@"2026-12-31"]`
/// (DMN 1.5, 10.3.4.1, grammar rule 66). An end that is left out is open.
enum RangeText {
    /// The longest text that is read.
    private static let bytesMax = 1000

    static func range(_ text: String, _ context: EvaluationContext) throws(Refusal) -> RangeValue {
        let bytes = trimmed(ArraySlice(text.utf8))
        guard bytes.count <= bytesMax, bytes.count >= 4, let first = bytes.first, let last = bytes.last else { throw bad }
        let includesLower = first == UInt8(ascii: "["), includesUpper = last == UInt8(ascii: "]")
        guard includesLower || first == UInt8(ascii: "(") || first == UInt8(ascii: "]"),
            includesUpper || last == UInt8(ascii: ")") || last == UInt8(ascii: "[")
        else { throw bad }
        let inner = bytes.dropFirst().dropLast()
        guard let dots = dots(in: inner) else { throw bad }
        let lower = try end(inner[..<dots], context), upper = try end(inner[(dots + 2)...], context)
        guard lower != nil || upper != nil else { throw bad }
        if (lower == nil && includesLower) || (upper == nil && includesUpper) { throw .value("an open end is not included") }
        if let lower, let upper {
            guard lower.type == upper.type else { throw .value("the ends of the range are a \(lower.typeName) and a \(upper.typeName)") }
            if try Comparison.order(lower, upper, context) > 0 { throw .value("the range runs backwards") }
        }
        return RangeValue(lower: lower, includesLower: includesLower, upper: upper, includesUpper: includesUpper)
    }

    private static var bad: Refusal { .value("the text is no range of literals, such as [1..5)") }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, isSpace(first) { bytes = bytes.dropFirst() }
        while let last = bytes.last, isSpace(last) { bytes = bytes.dropLast() }
        return bytes
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    /// Where the two dots stand that are in no string.
    private static func dots(in bytes: ArraySlice<UInt8>) -> Int? {
        var at = bytes.startIndex
        while at < bytes.endIndex - 1 {
            if bytes[at] == UInt8(ascii: "\""), let close = closingQuote(bytes, from: at) {
                at = close + 1
            } else if bytes[at] == UInt8(ascii: "."), bytes[at + 1] == UInt8(ascii: ".") {
                return at
            } else {
                at += 1
            }
        }
        return nil
    }

    private static func closingQuote(_ bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        var at = start + 1
        while at < bytes.endIndex {
            if bytes[at] == UInt8(ascii: "\"") { return at }
            at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    private static let constructors = ["date", "time", "date and time", "duration"]

    /// A number, a string, or a temporal literal; nil for an empty text.
    private static func end(_ bytes: ArraySlice<UInt8>, _ context: EvaluationContext) throws(Refusal) -> Value? {
        let bytes = trimmed(bytes)
        guard let first = bytes.first else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        if CharacterClass.isDigit(first) || first == UInt8(ascii: "-") || first == UInt8(ascii: ".") {
            guard let number = ExactDecimal(text) else { throw bad }
            return .number(number)
        }
        guard isLiteral(bytes) else { throw bad }
        guard let product = FEEL.expression(text, layout: .empty).product else { throw bad }
        let value: Value
        do throws(EvaluationFailure) {
            value = try product.evaluate([], context)
        } catch {
            throw bad
        }
        if value == .null { throw bad }
        return value
    }

    /// `"..."`, `@"..."`, or a temporal constructor of one string.
    private static func isLiteral(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let open = bytes.firstIndex(of: UInt8(ascii: "\"")), let close = closingQuote(bytes, from: open) else { return false }
        let before = String(decoding: trimmed(bytes[..<open]), as: UTF8.self)
        let after = trimmed(bytes[(close + 1)...])
        if before.isEmpty || before == "@" { return after.isEmpty }
        guard after.count == 1, after.first == UInt8(ascii: ")"), before.hasSuffix("(") else { return false }
        let name = String(decoding: trimmed(ArraySlice(before.dropLast().utf8)), as: UTF8.self)
        return constructors.contains(name)
    }
}
