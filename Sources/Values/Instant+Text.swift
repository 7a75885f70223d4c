extension Instant {
    /// UTC as ISO 8601; a fraction only where it is not zero, without zeros at its end.
    package var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(30)
        return appendDigits(to: &bytes) ? String(decoding: bytes, as: UTF8.self) : dateTime(in: .utc).description
    }

    /// Appends ``description`` to a buffer.
    package func append(to bytes: inout [UInt8]) {
        if !appendDigits(to: &bytes) { bytes += dateTime(in: .utc).description.utf8 }
    }

    /// False, with nothing appended, outside of 1970 to 9999: verifying a log of a million entries writes a million instants of our time,
    /// and a log holds no others.
    private func appendDigits(to bytes: inout [UInt8]) -> Bool {
        guard seconds >= 0, seconds < 253_402_300_800 else { return false }
        let day = Int(seconds / 86_400), second = Int(seconds % 86_400)
        // Days since 1 March of year 0 fall into eras of 400 years, and months begin with March, so that the leap day is the last of a year.
        let shifted = day + 719_468, era = shifted / 146_097, dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        func append(_ number: Int, _ width: Int) {
            var divisor = 1
            for _ in 1..<width { divisor *= 10 }
            while divisor > 0 {
                bytes.append(48 + UInt8(truncatingIfNeeded: number / divisor % 10))
                divisor /= 10
            }
        }
        append(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4)
        bytes.append(UInt8(ascii: "-"))
        append(month, 2)
        bytes.append(UInt8(ascii: "-"))
        append(dayOfYear - (153 * marchMonth + 2) / 5 + 1, 2)
        bytes.append(UInt8(ascii: "T"))
        append(second / 3600, 2)
        bytes.append(UInt8(ascii: ":"))
        append(second / 60 % 60, 2)
        bytes.append(UInt8(ascii: ":"))
        append(second % 60, 2)
        if nanoseconds > 0 {
            bytes.append(UInt8(ascii: "."))
            append(Int(nanoseconds), 9)
            while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
        }
        bytes.append(UInt8(ascii: "Z"))
        return true
    }
}
