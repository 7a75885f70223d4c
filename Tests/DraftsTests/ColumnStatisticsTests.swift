import Testing
@testable import Drafts

@Suite struct ColumnStatisticsTests {
    private func type(_ values: [String]) -> ColumnType {
        var statistics = ColumnStatistics()
        for value in values { statistics.add(value) }
        return statistics.type
    }

    @Test func `types are told from all values`() {
        #expect(type(["10248", "10249", "7"]) == .whole(trailingZeros: false))
        #expect(type(["6.0", "17850.0"]) == .whole(trailingZeros: true))
        #expect(type(["1.5", "20", "-3.25"]) == .decimal(mark: ".", thousands: false))
        #expect(type(["1,5", "20", "1.234,50"]) == .decimal(mark: ",", thousands: true))
        #expect(type(["1,234.50", "20"]) == .decimal(mark: ".", thousands: true))
        #expect(type(["12.50-", "3.00"]) == .decimal(mark: ".", thousands: false))
        #expect(type(["0017", "0042"]) == .text)
        #expect(type(["0", "0.5"]) == .decimal(mark: ".", thousands: false))
        #expect(type(["ja", "nein", "ja"]) == .boolean(yes: "ja", no: "nein"))
        #expect(type(["X", "", ""]) == .boolean(yes: "X", no: ""))
        #expect(type([]) == .empty)
        #expect(type(["A1", "7"]) == .text)
        #expect(type(["1.5", "1,5"]) == .text)
    }

    @Test func `pictures of dates are told, and an ambiguous order of day and month is said`() {
        #expect(type(["2026-11-04", "2026-11-20"]) == .date(picture: "yyyy-MM-dd", others: []))
        #expect(type(["20261104", "20261120"]) == .date(picture: "yyyyMMdd", others: []))
        #expect(type(["04.11.2026"]) == .date(picture: "dd.MM.yyyy", others: []))
        #expect(type(["04/11/2026", "20/11/2026"]) == .date(picture: "dd/MM/yyyy", others: []))
        #expect(type(["11/04/2026", "11/20/2026"]) == .date(picture: "MM/dd/yyyy", others: []))
        #expect(type(["04/11/2026", "05/06/2026"]) == .date(picture: "dd/MM/yyyy", others: ["MM/dd/yyyy"]))
        #expect(type(["2010-12-01 08:26:00"]) == .dateTime(picture: "yyyy-MM-dd HH:mm:ss", others: []))
        #expect(type(["2013-01-01T10:00:00Z"]) == .dateTime(picture: "yyyy-MM-ddTHH:mm:ssXXX", others: []))
        #expect(type(["20261341"]) == .whole(trailingZeros: false))
    }

    @Test func `words for nothing are counted apart`() {
        var statistics = ColumnStatistics()
        for value in ["10", "NA", "", "12"] { statistics.add(value) }
        #expect(statistics.type == .whole(trailingZeros: false))
        #expect(statistics.nulls == 1 && statistics.nullWord == "NA" && statistics.empties == 1)
        #expect(statistics.missing == "empty in 50 % (as NA)")
    }

    @Test func `numbers with a right check digit, units, currencies and countries speak for themselves`() {
        #expect(ValueHint.of(["4006381333931", "012345678905"]) == [.gtin])
        #expect(ValueHint.of(["4006381333932"]).isEmpty)
        #expect(ValueHint.of(["340123450000000000", "340123450000000017"]).isEmpty || ValueHint.hasCheckDigit("340123450000000017"))
        #expect(ValueHint.of(["EUR", "USD"]) == [.currency])
        #expect(ValueHint.of(["DE", "AT"]).contains(.country))
        #expect(ValueHint.of(["PCE", "KGM"]) == [.unit])
        #expect(ValueHint.of([]).isEmpty)
    }
}
