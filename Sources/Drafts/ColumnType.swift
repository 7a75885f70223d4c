import Values

/// What the values of a column look like, all of them.
enum ColumnType: Hashable {
    /// Nothing was sent in any row.
    case empty
    case text
    /// Digits without leading zeros, perhaps with a sign; `trailingZeros` where each is written with `.0` behind it.
    case whole(trailingZeros: Bool)
    /// With a decimal mark somewhere. `thousands` where groups of digits are set apart by the other mark.
    case decimal(mark: Character, thousands: Bool)
    /// Words for yes and no, as sent.
    case boolean(yes: String, no: String)
    /// A picture that fits each value, and others that do so too.
    case date(picture: String, others: [String])
    case dateTime(picture: String, others: [String])
    case time(picture: String)

    /// For people.
    var name: String {
        switch self {
        case .empty: "empty"
        case .text: "text"
        case .whole: "whole number"
        case .decimal(let mark, _): "decimal number with `\(mark)`"
        case .boolean(let yes, let no): "yes or no as \(yes) and \(no)"
        case .date(let picture, _): "date \(picture)"
        case .dateTime(let picture, _): "date and time \(picture)"
        case .time(let picture): "time \(picture)"
        }
    }

    var isNumber: Bool {
        switch self {
        case .whole, .decimal: true
        default: false
        }
    }
    var isMoment: Bool {
        switch self {
        case .date, .dateTime: true
        default: false
        }
    }
}

/// Pictures that dates and times are tried with, likelier ones first.
enum KnownPictures {
    static let dates = make([
        "yyyy-MM-dd", "yyyyMMdd", "dd.MM.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "yyyy/MM/dd", "dd-MM-yyyy", "MM-dd-yyyy", "d.M.yyyy", "d/M/yyyy",
        "M/d/yyyy", "dd.MM.yy", "dd/MM/yy", "MM/dd/yy", "d.M.yy", "d/M/yy", "M/d/yy", "dd-MMM-yyyy", "dd MMM yyyy", "d-MMM-yyyy", "d-MMM-yy",
        "yyyy.MM.dd",
    ])
    static let dateTimes = make([
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssXXX", "yyyy-MM-ddTHH:mm:ss.SSSXXX", "yyyy-MM-ddTHH:mm",
        "yyyy-MM-dd HH:mm:ss.SSS", "yyyy-MM-dd HH:mm:ss.SSSSSS", "dd.MM.yyyy HH:mm:ss", "dd.MM.yyyy HH:mm", "dd/MM/yyyy HH:mm:ss", "dd/MM/yyyy HH:mm",
        "MM/dd/yyyy HH:mm:ss", "MM/dd/yyyy HH:mm", "d/M/yyyy H:mm", "M/d/yyyy H:mm", "d.M.yyyy H:mm", "M/d/yy H:mm", "yyyyMMddHHmmss", "yyyyMMddHHmm",
        "yyyyMMddTHHmmss", "yyyy/MM/dd HH:mm:ss",
    ])
    static let times = make(["HH:mm:ss", "HH:mm", "HHmmss", "HHmm", "H:mm"])
    /// Six digits are a date only where the name says so too.
    static let shortDates = make(["yyMMdd", "ddMMyy"])

    /// Whether a text is a date, with a time or without.
    static func fits(_ text: String) -> Bool { (dates + dateTimes).contains { $0.parse(text) != nil } }

    private static func make(_ texts: [String]) -> [DatePicture] {
        texts.map { text in
            guard let picture = DatePicture(text) else { preconditionFailure("\(text) is no picture") }
            return picture
        }
    }
}
