extension Value {
    /// Adds ``text`` in UTF-8 to what is there.
    package func writeText(to bytes: inout [UInt8]) {
        switch self {
        case .date(let date): date.write(to: &bytes)
        case .dateTime(let dateTime): dateTime.write(to: &bytes)
        default:
            var text = text
            text.withUTF8 { bytes.append(contentsOf: $0) }
        }
    }
}

extension CalendarDate {
    /// Adds ``description`` to what is there.
    func write(to bytes: inout [UInt8]) {
        guard (0...9999).contains(year) else { return bytes.append(contentsOf: longText.utf8) }
        bytes.append(twoDigits: year / 100)
        bytes.append(twoDigits: year % 100)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(twoDigits: month)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(twoDigits: day)
    }
}

extension DateTime {
    /// Adds ``description`` to what is there.
    func write(to bytes: inout [UInt8]) {
        date.write(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        time.write(to: &bytes)
    }
}

extension TimeOfDay {
    /// Adds ``description`` to what is there.
    func write(to bytes: inout [UInt8]) {
        let seconds = secondOfDay
        bytes.append(twoDigits: seconds / 3600)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(twoDigits: seconds / 60 % 60)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(twoDigits: seconds % 60)
        if nanosecond > 0 { bytes.append(contentsOf: fractionText(nanoseconds: nanosecond).utf8) }
        if offsetSeconds == 0 { bytes.append(UInt8(ascii: "Z")) } else { bytes.append(contentsOf: zoneText.utf8) }
    }
}

extension [UInt8] {
    /// - Precondition: the number is in 0...99.
    fileprivate mutating func append(twoDigits number: Int) {
        let tens = number / 10
        append(UInt8(truncatingIfNeeded: 48 + tens))
        append(UInt8(truncatingIfNeeded: 48 + number - tens * 10))
    }
}
