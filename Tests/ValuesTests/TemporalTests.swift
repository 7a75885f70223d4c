import Testing
import Values

@Suite struct CalendarDateTests {
    @Test(arguments: [(1970, 1, 1, 0, 4), (2000, 2, 29, 11_016, 2), (2026, 11, 21, 20_778, 6), (1969, 12, 31, -1, 3),
        (1, 1, 1, -719_162, 1), (0, 12, 31, -719_163, 7), (1600, 2, 29, -135_081, 2)])
    func `days are numbered from 1970`(year: Int, month: Int, day: Int, number: Int, weekday: Int) throws {
        let date = try #require(CalendarDate(year: year, month: month, day: day))
        #expect(date.dayNumber == number)
        #expect(CalendarDate(dayNumber: number) == date)
        #expect(date.weekday == weekday)
    }

    @Test func `every day of two centuries goes there and back`() {
        var last = CalendarDate(dayNumber: -36_601)
        for number in -36_600...36_600 {
            let date = CalendarDate(dayNumber: number)
            if date.dayNumber != number || last >= date || CalendarDate(date.description) != date {
                Issue.record("\(date) is day \(date.dayNumber), not \(number)")
            }
            last = date
        }
    }

    @Test(arguments: [
        "2026-11-21", "0000-01-01", "9999-12-31", "-0001-02-03", "10000-01-01", "-999999999-01-01",
    ]) func `a date is written as it was read, alone and with a time`(date: String) throws {
        for time in ["", "T00:00:00", "T23:59:59.5", "T08:05:09.000000001Z", "T08:05:09+01:00", "T08:05:09-00:53:28", "T08:05:09@Europe/Berlin"] {
            let text = date + time
            let value = try #require(time.isEmpty ? CalendarDate(text).map { .date($0) } : DateTime(text).map { Value.dateTime($0) })
            var bytes = [UInt8(ascii: "<")]
            value.writeText(to: &bytes)
            #expect(value.text == text && bytes == Array("<\(text)".utf8))
        }
    }

    @Test func `extreme years are dates`() throws {
        let last = try #require(CalendarDate(year: 999_999_999, month: 12, day: 31))
        #expect(last.description == "999999999-12-31")
        #expect(CalendarDate(dayNumber: last.dayNumber) == last)
        #expect(last.adding(days: 1) == nil && last.adding(months: 1) == nil && last.adding(days: .max) == nil)
        let first = try #require(CalendarDate("-999999999-01-01"))
        #expect(first.year == -999_999_999 && CalendarDate(dayNumber: first.dayNumber) == first)
        #expect(first.adding(days: -1) == nil)
        #expect(CalendarDate(dayNumber: .max) == last && CalendarDate(dayNumber: .min) == first)
        #expect(CalendarDate(year: 1_000_000_000, month: 1, day: 1) == nil)
    }

    @Test(arguments: ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-01-01", "2026-1-1", "2026-01-01 ", "02026-01-01", "+2026-01-01"])
    func `what is no day is nil`(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test func `months are added to the end of the month`() throws {
        let date = try #require(CalendarDate("2024-01-31"))
        #expect(date.adding(months: 1)?.description == "2024-02-29")
        #expect(date.adding(months: -2)?.description == "2023-11-30")
        #expect(date.adding(months: -25)?.description == "2021-12-31")
    }

    @Test(arguments: [("2026-01-01", 1, 1), ("2021-01-03", 53, 3), ("2024-12-30", 1, 365), ("2020-12-31", 53, 366)])
    func `weeks follow ISO 8601`(text: String, week: Int, day: Int) throws {
        let date = try #require(CalendarDate(text))
        #expect(date.weekOfYear == week && date.dayOfYear == day)
    }
}

@Suite struct TimeTests {
    @Test(arguments: [("08:30:00", "08:30:00"), ("08:30", "08:30:00"), ("23:59:59.5", "23:59:59.5"), ("00:00:00Z", "00:00:00Z"),
        ("08:30:00+01:00", "08:30:00+01:00"), ("08:30:00-05:30", "08:30:00-05:30"), ("08:30:00@Europe/Berlin", "08:30:00@Europe/Berlin"),
        ("08:30:00.000000001", "08:30:00.000000001"), ("24:00:00", "00:00:00")])
    func `times are read and printed`(text: String, printed: String) throws {
        #expect(try #require(TimeOfDay(text)).description == printed)
    }

    @Test(arguments: ["24:00:01", "24:01:00", "8:30", "08:60:00", "08:30:60", "08:30:00+19:00", "08:30:00@", "08:30:00.", "08:30:00 Z", "08:30:00@Europe/Berlin!"])
    func `what is no time is nil`(text: String) {
        #expect(TimeOfDay(text) == nil)
    }

    @Test(arguments: [("2026-11-21T09:38:42Z", "2026-11-21T09:38:42Z"), ("2026-11-21T10:38:42.5+01:00", "2026-11-21T09:38:42.5Z"),
        ("1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.25Z"), ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z")])
    func `instants are read and printed`(text: String, printed: String) throws {
        #expect(try #require(Instant(text)).description == printed)
    }

    @Test func `the end of a day is the start of the next`() throws {
        #expect(try #require(DateTime("2021-12-31T24:00:00Z")).description == "2022-01-01T00:00:00Z")
        #expect(DateTime("999999999-12-31T24:00:00") == nil)
    }

    @Test func `durations that pass Int64 have no exact sum`() {
        let long = DayTimeDuration(seconds: .max)
        #expect(long.addingExactly(long) == nil && DayTimeDuration(seconds: .min).subtractingExactly(DayTimeDuration(seconds: 1)) == nil)
        #expect(long.subtractingExactly(long) == .zero)
    }

    @Test func `a point past the calendar has no wall clock`() throws {
        #expect(Instant(seconds: .max).dateTimeExactly(in: .utc) == nil)
        #expect(Instant(seconds: .max).dateTime(in: .utc).date.year == 999_999_999)
        #expect(Instant(seconds: 0).dateTimeExactly(in: .utc)?.description == "1970-01-01T00:00:00Z")
    }

    @Test func `an instant is written as its date and time of day are, in every year`() {
        var seconds: Int64 = -200_000
        var step: Int64 = 86_399
        while seconds < 253_402_500_000 {
            for nanoseconds: Int32 in [0, 1, 120_000_000] {
                let instant = Instant(seconds: seconds, nanoseconds: nanoseconds)
                var bytes: [UInt8] = [7]
                instant.append(to: &bytes)
                let expected = instant.dateTime(in: .utc).description
                #expect(instant.description == expected && bytes.dropFirst().elementsEqual(expected.utf8))
            }
            // The first years day by day, then every few months at another time of day.
            if seconds > 400_000_000 { step = 13 * 604_800 + 86_411 }
            seconds += step
        }
        #expect(Instant(seconds: 253_402_300_799).description == "9999-12-31T23:59:59Z")
        #expect(Instant(seconds: 951_782_400).description == "2000-02-29T00:00:00Z")
    }

    @Test func `an instant needs an offset`() {
        #expect(Instant("2026-11-21T09:38:42") == nil)
        #expect(Instant("2026-11-21") == nil)
    }

    @Test func `instants move by durations`() throws {
        let start = try #require(Instant("2026-11-21T09:38:42.75Z")), step = try #require(DayTimeDuration("-P1DT0.8S"))
        let end = start.adding(step)
        #expect(end.description == "2026-11-20T09:38:41.95Z")
        #expect(start.distance(to: end) == step)
        #expect(end < start)
    }

    @Test(arguments: [("P1DT2H", "P1DT2H"), ("PT5S", "PT5S"), ("-PT1H", "-PT1H"), ("PT0.5S", "PT0.5S"), ("-PT0.5S", "-PT0.5S"), ("PT90M", "PT1H30M"),
        ("PT0S", "PT0S"), ("P0D", "PT0S"), ("PT1.S", "PT1S"), ("PT36H", "P1DT12H"), ("P2D", "P2D")])
    func `durations of time are read and printed`(text: String, printed: String) throws {
        #expect(try #require(DayTimeDuration(text)).description == printed)
    }

    @Test(arguments: ["P", "PT", "P1DT", "P1Y", "1D", "PT5", "P1D2H", "PT5S ", "--PT5S"])
    func `what is no duration of time is nil`(text: String) {
        #expect(DayTimeDuration(text) == nil)
    }

    @Test func `hours and days of a duration are exact`() throws {
        let duration = try #require(DayTimeDuration("P1DT6H"))
        #expect(duration.hours == ExactDecimal(30) && duration.days == ExactDecimal("1.25"))
        #expect(DayTimeDuration("-PT0.000000001S")?.totalSeconds.description == "-0.000000001")
        #expect(try DayTimeDuration(totalSeconds: #require(ExactDecimal("-1.5")))?.description == "-PT1.5S")
        #expect(try DayTimeDuration(totalSeconds: #require(ExactDecimal("1E30"))) == nil)
    }

    @Test func `nanoseconds of either sign are carried`() {
        #expect(DayTimeDuration(seconds: 1, nanoseconds: -1).description == "PT0.999999999S")
        #expect(DayTimeDuration(seconds: -1, nanoseconds: -500_000_000).description == "-PT1.5S")
        #expect(DayTimeDuration(seconds: 0, nanoseconds: .min).description == "-PT2.147483648S")
        #expect(Instant(seconds: 0, nanoseconds: 2_000_000_001).description == "1970-01-01T00:00:02.000000001Z")
    }

    @Test func `durations stop at the ends of Int64`() {
        let long = DayTimeDuration(seconds: .max)
        #expect(long.adding(long).seconds == .max)
        #expect(DayTimeDuration(seconds: .min).negated.seconds == .max)
        #expect(Instant(seconds: .min).adding(DayTimeDuration(seconds: -1)).seconds == .min)
    }

    @Test(arguments: [("P1Y2M", 14, "P1Y2M"), ("-P3M", -3, "-P3M"), ("P14M", 14, "P1Y2M"), ("P0M", 0, "P0M"), ("P2Y", 24, "P2Y")])
    func `durations of months are read and printed`(text: String, months: Int, printed: String) throws {
        let duration = try #require(YearMonthDuration(text))
        #expect(duration.months == months && duration.description == printed)
    }
}

@Suite struct DatePictureTests {
    @Test(arguments: [
        ("yyyyMMdd", "20261121", "2026-11-21", nil), ("yyMMdd", "261121", "2026-11-21", nil), ("yyMMdd", "991231", "1999-12-31", nil),
        ("HHmm", "0830", nil, "08:30:00"), ("HHmmss", "083015", nil, "08:30:15"), ("HHmmssSS", "08301525", nil, "08:30:15.25"),
        ("yyyy-MM-dd", "2026-11-21", "2026-11-21", nil), ("yyyy-MM-dd HH:mm:ss", "2026-11-21 09:38:42", "2026-11-21", "09:38:42"),
        ("dd.MM.yyyy", "21.11.2026", "2026-11-21", nil), ("MM/dd/yyyy", "11/21/2026", "2026-11-21", nil),
        ("d/M/yyyy", "1/2/2026", "2026-02-01", nil), ("d/M/yyyy", "21/11/2026", "2026-11-21", nil),
        ("yyyyMMddHHmm", "202611210938", "2026-11-21", "09:38:00"), ("dd-MMM-yyyy", "21-Nov-2026", "2026-11-21", nil),
        ("yyyyDDD", "2024366", "2024-12-31", nil), ("yyyy-MM-ddTHH:mm:ssXXX", "2026-11-21T09:38:42+01:00", "2026-11-21", "09:38:42+01:00"),
        ("yyyyMMddHHmmX", "202611210938Z", "2026-11-21", "09:38:00Z"), ("'on 'yyyy''MMdd", "on 2026'1121", "2026-11-21", nil),
    ] as [(String, String, String?, String?)])
    func `a picture reads and writes the same text`(picture: String, text: String, date: String?, time: String?) throws {
        let parsed = try #require(DatePicture(picture)?.parse(text))
        #expect(parsed.0?.description == date)
        #expect(parsed.1?.description == time)
        #expect(DatePicture(picture)?.format(parsed.0, parsed.1) == text)
    }

    @Test(arguments: [("yyyyMMdd", "20260230"), ("yyyyMMdd", "2026112"), ("yyyyMMdd", "202611211"), ("yyyyMMdd", "2026-1-1"), ("HHmm", "2460"),
        ("dd.MM.yyyy", "21/11/2026"), ("dd-MMM-yyyy", "21-Foo-2026"), ("yyyyDDD", "2026366"), ("d/M/yyyy", "/1/2026")])
    func `a text that breaks its picture is nil`(picture: String, text: String) throws {
        let picture = try #require(DatePicture(picture))
        #expect(picture.parse(text) == nil)
    }

    @Test(arguments: ["", "yyyyMM", "yyyyyyyyyyMMdd", "QQQQ", "yyyyMMddyy", "mmss", "'open", "Hmm", "dd", "HHss", "yyyyMMddDDD"])
    func `what is no picture is nil`(picture: String) {
        #expect(DatePicture(picture) == nil)
    }

    @Test func `a picture has no room for what is missing`() throws {
        #expect(try #require(DatePicture("yyyyMMdd")).format(nil, .midnight) == nil)
        #expect(try #require(DatePicture("yyMMdd")).format(CalendarDate("1950-01-01"), nil) == nil)
    }
}
