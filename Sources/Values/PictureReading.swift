/// What has been read of a text by the parts of a ``DatePicture``.
struct PictureReading {
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    private var year: Int?
    private var month = 0
    private var day = 0
    private var dayOfYear: Int?
    private var hour = 0
    private var minute = 0
    private var second = 0
    private var nanosecond = 0
    private var offset: Int?

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    var date: CalendarDate? {
        guard let year else { return nil }
        guard let dayOfYear else { return CalendarDate(year: year, month: month, day: day) }
        guard dayOfYear >= 1, dayOfYear <= (CalendarDate.isLeapYear(year) ? 366 : 365) else { return nil }
        return CalendarDate(year: year, month: 1, day: 1)?.adding(days: dayOfYear - 1)
    }

    var time: TimeOfDay? { TimeOfDay(hour: hour, minute: minute, second: second, nanosecond: nanosecond, offsetSeconds: offset) }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    mutating func read(_ field: DatePicture.Field, width: Int) -> Bool {
        switch (field, width) {
        case (.offset, _): return readOffset(width: width)
        case (.month, 3): return readMonthName()
        case (.year, 2):
            guard let number = digits(2, 2) else { return false }
            year = number < 70 ? 2000 + number : 1900 + number
        case (.fraction, _):
            guard var number = digits(width, width) else { return false }
            for _ in width..<9 { number *= 10 }
            nanosecond = number
        case (.year, 1): return keep(field, digits(1, 9))
        case (_, 1): return keep(field, digits(1, field == .dayOfYear ? 3 : 2))
        default: return keep(field, digits(width, width))
        }
        return true
    }

    private mutating func keep(_ field: DatePicture.Field, _ number: Int?) -> Bool {
        guard let number else { return false }
        switch field {
        case .year: year = number
        case .month: month = number
        case .day: day = number
        case .dayOfYear: dayOfYear = number
        case .hour: hour = number
        case .minute: minute = number
        case .second: second = number
        case .fraction, .offset: preconditionFailure("they are read in a way of their own")
        }
        return true
    }

    private mutating func digits(_ least: Int, _ most: Int) -> Int? {
        var value = 0, count = 0
        while at < bytes.count, count < most, bytes[at] &- 48 < 10 {
            value = value * 10 + Int(bytes[at] &- 48)
            at += 1
            count += 1
        }
        return count >= least ? value : nil
    }

    private mutating func readMonthName() -> Bool {
        guard bytes.count - at >= 3 else { return false }
        let name = String(decoding: UnsafeBufferPointer(rebasing: bytes[at..<(at + 3)]), as: UTF8.self).lowercased()
        guard let index = Self.months.firstIndex(where: { $0.lowercased() == name }) else { return false }
        month = index + 1
        at += 3
        return true
    }

    private mutating func readOffset(width: Int) -> Bool {
        if skip(UInt8(ascii: "Z")) {
            offset = 0
            return true
        }
        let isWest = skip(UInt8(ascii: "-"))
        guard isWest || skip(UInt8(ascii: "+")), let hours = digits(2, 2) else { return false }
        var minutes = 0
        if width == 3 {
            guard skip(UInt8(ascii: ":")), let read = digits(2, 2) else { return false }
            minutes = read
        } else if let read = digits(2, 2) {
            minutes = read
        } else if width == 2 {
            return false
        }
        guard minutes < 60 else { return false }
        offset = (hours * 60 + minutes) * (isWest ? -60 : 60)
        return true
    }
}
