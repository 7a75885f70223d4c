/// A pattern that says how a date or time is written, such as `yyyyMMdd`, `dd.MM.yyyy HH:mm` or `yyMMdd`.
///
/// Letters (a count of letters is a fixed count of digits, one letter is one or two digits; for the year one letter is
/// one to nine digits):
/// `y` year (`yy` is 2000...2069 or 1970...1999), `M` month (`MMM` is its English name in three letters), `d` day,
/// `D` day of the year (`DDD`), `H` hour, `m` minute, `s` second, `S` digits of the fraction of a second,
/// `X` offset (`X`, `XX`: `Z` or `+0130`; `XXX`: `Z` or `+01:30`). Text between quotes `'` and all that is no letter stands for itself.
package struct DatePicture: Hashable, Sendable, CustomStringConvertible {
    enum Part: Hashable, Sendable {
        /// A field and its count of letters.
        case field(Field, Int)
        /// One byte that stands for itself.
        case literal(UInt8)
    }

    enum Field: Character, Hashable, Sendable {
        case year = "y", month = "M", day = "d", dayOfYear = "D", hour = "H", minute = "m", second = "s"
        case fraction = "S", offset = "X"

        var widthMax: Int {
            switch self {
            case .year, .fraction: 9
            case .month, .dayOfYear, .offset: 3
            case .day, .hour, .minute, .second: 2
            }
        }
    }

    /// The pattern as written.
    package let description: String
    private let parts: [Part]
    package let hasDate: Bool
    package let hasTime: Bool

    /// Nil where a letter has no meaning, a field comes twice, a part of a date or time lacks the rest, or a field of one
    /// letter (whose digits have no fixed count) stands right before another field.
    package init?(_ picture: String) {
        guard let parts = Self.parts(of: picture) else { return nil }
        var fields: Set<Field> = []
        for case .field(let field, _) in parts where !fields.insert(field).inserted { return nil }
        for case (.field(_, 1), .field) in zip(parts, parts.dropFirst()) { return nil }
        let isMonthDay = fields.isSuperset(of: [.year, .month, .day]) && !fields.contains(.dayOfYear)
        let isOrdinal = fields.isSuperset(of: [.year, .dayOfYear]) && fields.isDisjoint(with: [.month, .day])
        let hasDate = isMonthDay || isOrdinal
        guard hasDate || fields.isDisjoint(with: [.year, .month, .day, .dayOfYear]) else { return nil }
        let hasTime = fields.contains(.hour)
        guard hasTime || fields.isDisjoint(with: [.minute, .second, .fraction, .offset]), hasDate || hasTime,
            !fields.contains(.second) || fields.contains(.minute), !fields.contains(.fraction) || fields.contains(.second)
        else { return nil }
        description = picture
        self.parts = parts
        self.hasDate = hasDate
        self.hasTime = hasTime
    }

    /// What the text says, or nil where it does not follow the picture or names no day or time that there is.
    /// The date or the time is nil where the picture has none.
    package func parse(_ text: String) -> (CalendarDate?, TimeOfDay?)? {
        var text = text
        return text.withUTF8 { parse(utf8: $0) }
    }

    /// As ``parse(_:)``, over bytes.
    package func parse(utf8 bytes: UnsafeBufferPointer<UInt8>) -> (CalendarDate?, TimeOfDay?)? {
        var reading = PictureReading(bytes)
        for part in parts {
            switch part {
            case .literal(let byte):
                guard reading.skip(byte) else { return nil }
            case .field(let field, let width):
                guard reading.read(field, width: width) else { return nil }
            }
        }
        guard reading.isAtEnd else { return nil }
        var date: CalendarDate?
        if hasDate {
            guard let read = reading.date else { return nil }
            date = read
        }
        var time: TimeOfDay?
        if hasTime {
            guard let read = reading.time else { return nil }
            time = read
        }
        return (date, time)
    }

    /// The date and time as the picture writes them. Nil where the picture asks for what is not given, or for a year
    /// or offset that it has no room for.
    package func format(_ date: CalendarDate?, _ time: TimeOfDay?) -> String? {
        var text: [UInt8] = []
        for part in parts {
            switch part {
            case .literal(let byte): text.append(byte)
            case .field(let field, let width):
                guard let written = Self.write(field, width: width, date, time) else { return nil }
                text += Array(written.utf8)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func write(_ field: Field, width: Int, _ date: CalendarDate?, _ time: TimeOfDay?) -> String? {
        switch field {
        case .year, .month, .day, .dayOfYear:
            guard let date else { return nil }
            return write(field, width: width, of: date)
        case .hour, .minute, .second, .fraction, .offset:
            guard let time else { return nil }
            return write(field, width: width, of: time)
        }
    }

    private static func write(_ field: Field, width: Int, of date: CalendarDate) -> String? {
        switch field {
        case .year:
            guard date.year >= 0 else { return nil }
            if width == 2 { return (1970...2069).contains(date.year) ? padded(date.year % 100, 2) : nil }
            let text = padded(date.year, width)
            return width == 1 || text.utf8.count == width ? text : nil
        case .month: return width == 3 ? PictureReading.months[date.month - 1] : padded(date.month, width)
        case .day: return padded(date.day, width)
        default: return padded(date.dayOfYear, width)
        }
    }

    private static func write(_ field: Field, width: Int, of time: TimeOfDay) -> String? {
        switch field {
        case .hour: return padded(time.hour, width)
        case .minute: return padded(time.minute, width)
        case .second: return padded(time.second, width)
        case .fraction: return String(padded(time.nanosecond, 9).prefix(width))
        default:
            guard let offset = time.offsetSeconds, offset % 60 == 0 else { return nil }
            let text = TimeOfDay.offsetText(offset)
            return width == 3 ? text : text.split(separator: ":").joined()
        }
    }

    private static func parts(of picture: String) -> [Part]? {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var rest = Substring(picture)
        func close() {
            parts += literal.map { .literal($0) }
            literal = []
        }
        while let first = rest.first {
            if first == "'" {
                rest = rest.dropFirst()
                guard let end = rest.firstIndex(of: "'") else { return nil }
                literal += end == rest.startIndex ? Array("'".utf8) : Array(rest[..<end].utf8)
                rest = rest[end...].dropFirst()
            } else if first.isASCII, first.isLetter, first != "T" {
                let run = rest.prefix { $0 == first }
                guard let field = Field(rawValue: first), run.count <= field.widthMax else { return nil }
                close()
                parts.append(.field(field, run.count))
                rest = rest.dropFirst(run.count)
            } else {
                literal += Array(String(first).utf8)
                rest = rest.dropFirst()
            }
        }
        close()
        return parts
    }
}
