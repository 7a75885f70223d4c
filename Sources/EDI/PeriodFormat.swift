/// The formats of X12 data element 1250 that the text of 1251 is held against.
enum PeriodFormat: String {
    case date = "D8"
    case shortDate = "D6"
    case range = "RD8"
    case time = "TM"
    case dateTime = "DT"

    /// As a finding says it.
    var form: String {
        switch self {
        case .date: "CCYYMMDD"
        case .shortDate: "YYMMDD"
        case .range: "CCYYMMDD-CCYYMMDD"
        case .time: "HHMM"
        case .dateTime: "CCYYMMDDHHMM"
        }
    }

    func holds(_ value: [UInt8]) -> Bool {
        switch self {
        case .date: Self.isDate(value[...], 8)
        case .shortDate: Self.isDate(value[...], 6)
        case .range: value.count == 17 && value[8] == 0x2D && Self.isDate(value[..<8], 8) && Self.isDate(value[9...], 8)
        case .time: Self.isTime(value[...])
        case .dateTime: value.count > 8 && Self.isDate(value[..<8], 8) && Self.isTime(value[8...])
        }
    }

    private static func isDate(_ value: ArraySlice<UInt8>, _ length: Int) -> Bool {
        value.count == length && value.withUnsafeBufferPointer { $0.baseAddress.map { ElementValue.isDate($0, length) } ?? false }
    }

    private static func isTime(_ value: ArraySlice<UInt8>) -> Bool {
        value.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { ElementValue.isTime($0, buffer.count) } ?? false }
    }
}
