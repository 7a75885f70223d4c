import Values

/// Why a text did not become a value of the wanted type.
enum ConversionFailure: Error {
    case notNumber, notDate, notBoolean
}

extension Conversion {
    /// Makes a value of text that is not empty.
    ///
    /// - Parameters:
    ///   - timeText: the time part where it stands apart; nil or empty is midnight.
    ///   - business: the business time zone.
    func value(_ text: String, time timeText: String?, business: ZoneRules) throws(ConversionFailure) -> Value {
        switch self {
        case .none, .text:
            return .string(text)
        case .decimal(let implied, let mark, let isOverpunched):
            let plain = isOverpunched ? try Conversion.unpunched(text) : text
            return .number(try Conversion.number(plain, impliedDecimals: implied, mark: mark))
        case .integer, .integerText:
            let number = try Conversion.number(text, impliedDecimals: 0, mark: UInt8(ascii: "."))
            guard number.isInteger else { throw .notNumber }
            let whole = number.rounded(scale: 0)
            if case .integer = self { return .number(whole) }
            return .string(whole.description)
        case .boolean(let yes, let no):
            let folded = text.lowercased()
            if yes.contains(folded) { return .boolean(true) }
            if no.contains(folded) { return .boolean(false) }
            throw .notBoolean
        case .date(let reading):
            var text = text
            guard let date = text.withUTF8({ reading.date($0) }) else { throw .notDate }
            return .date(date)
        case .dateTime(let reading):
            var text = text, timeText = timeText ?? "", stretch = ZoneStretch.none
            let moment = text.withUTF8 { text in timeText.withUTF8 { reading.dateTime(text, $0, business: business, &stretch) } }
            guard let moment else { throw .notDate }
            return .dateTime(moment)
        }
    }

    /// A number whose last character is a digit with the sign over it, as COBOL writes signed zoned numbers: `{` and `A` to `I` are 0 to
    /// 9 with a plus, `}` and `J` to `R` with a minus; `p` to `y` are the minus of systems without EBCDIC.
    ///
    /// - Returns: the number with digits alone, and `-` before it where it is negative.
    static func unpunched(_ text: String) throws(ConversionFailure) -> String {
        guard let last = text.utf8.last else { throw .notNumber }
        let digit: UInt8, isNegative: Bool
        switch last {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return text
        case UInt8(ascii: "{"): (digit, isNegative) = (0, false)
        case UInt8(ascii: "}"): (digit, isNegative) = (0, true)
        case UInt8(ascii: "A")...UInt8(ascii: "I"): (digit, isNegative) = (last - UInt8(ascii: "A") + 1, false)
        case UInt8(ascii: "J")...UInt8(ascii: "R"): (digit, isNegative) = (last - UInt8(ascii: "J") + 1, true)
        case UInt8(ascii: "p")...UInt8(ascii: "y"): (digit, isNegative) = (last - UInt8(ascii: "p"), true)
        default: throw .notNumber
        }
        return (isNegative ? "-" : "") + text.dropLast() + "\(digit)"
    }

    /// Stands for a decimal mark that is a point or a comma.
    static let eitherMark: UInt8 = 0

    /// Reads a number whose sign may stand behind it (`12.50-`, as SAP writes it).
    static func number(_ text: String, impliedDecimals: Int, mark: UInt8) throws(ConversionFailure) -> ExactDecimal {
        var bytes = Array(text.utf8)
        var isNegative = false
        if bytes.count > 1, bytes.last == UInt8(ascii: "-") {
            // One sign is enough.
            guard let first = bytes.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { throw .notNumber }
            bytes.removeLast()
            isNegative = true
        }
        if mark == eitherMark {
            if let comma = bytes.firstIndex(of: UInt8(ascii: ",")) { bytes[comma] = UInt8(ascii: ".") }
        } else if mark != UInt8(ascii: ".") {
            guard groupsThousands(bytes, mark: mark) else { throw .notNumber }
            bytes = bytes.compactMap { byte in
                if byte == mark { return UInt8(ascii: ".") }
                return byte == UInt8(ascii: ".") ? nil : byte
            }
        }
        let hasMark = bytes.contains(UInt8(ascii: "."))
        guard var number = bytes.withUnsafeBufferPointer({ ExactDecimal(utf8: $0) }) else { throw .notNumber }
        if impliedDecimals > 0, !hasMark {
            guard let shifted = try? number.multiplying(by: ExactDecimal(coefficient: 1, scale: impliedDecimals)) else {
                throw .notNumber
            }
            number = shifted
        }
        return isNegative ? number.negated : number
    }

    /// Whether points stand where they set off thousands: before the mark, three digits behind each.
    private static func groupsThousands(_ bytes: [UInt8], mark: UInt8) -> Bool {
        let halves = bytes.split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.dropFirst().allSatisfy({ !$0.contains(UInt8(ascii: ".")) }) else { return false }
        let groups = halves[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return groups.count == 1 || groups.dropFirst().allSatisfy { $0.count == 3 }
    }
}
