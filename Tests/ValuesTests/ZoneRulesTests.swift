import Testing
import Values

private func zone(_ name: String) throws -> ZoneRules? {
    guard let file = try? bytes(ofPath: "/usr/share/zoneinfo/\(name)") else {
        print("skipped: /usr/share/zoneinfo/\(name) is absent")
        return nil
    }
    let rules: ZoneRules = try #require(ZoneRules(name: name, tzif: file), "\(name) is read")
    return rules
}

@Suite struct ZoneRulesTests {
    /// Local times of two centuries, near each other and far, in zones that move their clocks, and in one that does not.
    @Test(arguments: ["America/Chicago", "Europe/Vienna", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "Africa/Casablanca"])
    func `a time in the stretch of the last one is the same instant`(name: String) throws {
        guard let rules = try zone(name) else { return }
        var state: UInt64 = 88172645463325252, stretch = ZoneStretch.none
        func random(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        for step in 0..<12_000 {
            // Each hour of some days, then anywhere.
            let day = step < 8_000 ? -30_000 + step / 24 * 120 : -30_000 + random(80_000)
            let time = try #require(TimeOfDay(hour: step % 24, minute: random(60), second: random(60), nanosecond: random(2) * 5))
            let local = DateTime(date: CalendarDate(dayNumber: day), time: time)
            let found = local.inUTC(from: rules, &stretch), expected = local.instant(in: rules).dateTime(in: .utc)
            if found != expected { Issue.record("\(local) is \(expected), and \(found) was found") }
        }
        let offset = try #require(DateTime("2026-07-01T10:00:00+05:00"))
        #expect(offset.inUTC(from: rules, &stretch).description == "2026-07-01T05:00:00Z")
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00"),
        ("Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"),
        ("Europe/Berlin", "2026-10-25T00:59:59Z", "2026-10-25T02:59:59+02:00"),
        ("Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00+01:00"),
        ("Europe/Berlin", "1945-07-01T00:00:00Z", "1945-07-01T03:00:00+03:00"),
        ("Europe/Berlin", "2400-07-01T00:00:00Z", "2400-07-01T02:00:00+02:00"),
        ("Europe/Berlin", "2400-01-01T00:00:00Z", "2400-01-01T01:00:00+01:00"),
        ("Europe/Berlin", "1800-01-01T00:00:00Z", "1800-01-01T00:53:28+00:53:28"),
        ("America/Chicago", "2026-03-08T07:59:59Z", "2026-03-08T01:59:59-06:00"),
        ("America/Chicago", "2026-03-08T08:00:00Z", "2026-03-08T03:00:00-05:00"),
        ("America/Chicago", "2026-11-01T06:59:59Z", "2026-11-01T01:59:59-05:00"),
        ("America/Chicago", "2099-11-01T07:00:00Z", "2099-11-01T01:00:00-06:00"),
        ("Australia/Sydney", "2050-01-01T00:00:00Z", "2050-01-01T11:00:00+11:00"),
        ("Australia/Sydney", "2050-07-01T00:00:00Z", "2050-07-01T10:00:00+10:00"),
        ("Asia/Kolkata", "2050-07-01T00:00:00Z", "2050-07-01T05:30:00+05:30"),
    ])
    func `a zone shows its wall clock`(name: String, instant: String, wall: String) throws {
        guard let zone = try zone(name) else { return }
        let instant = try #require(Instant(instant))
        let dateTime = instant.dateTime(in: zone)
        #expect(dateTime.description == wall)
        #expect(dateTime.instant(in: .utc) == instant, "its offset wins over any zone")
    }

    @Test func `a reading that the clock jumped over is shifted forward`() throws {
        guard let zone = try zone("Europe/Berlin") else { return }
        let local = try #require(DateTime("2026-03-29T02:30:00"))
        let forward = try #require(Instant("2026-03-29T01:30:00Z")), back = try #require(Instant("2026-03-29T00:30:00Z"))
        #expect(zone.instants(of: local) == .gap(shiftedForward: forward, shiftedBack: back))
        #expect(local.instant(in: zone).dateTime(in: zone).description == "2026-03-29T03:30:00+02:00")
    }

    @Test func `a reading that came twice is the earlier one`() throws {
        guard let zone = try zone("America/Chicago") else { return }
        let local = try #require(DateTime("2060-11-07T01:30:00"))
        let earlier = try #require(Instant("2060-11-07T06:30:00Z")), later = try #require(Instant("2060-11-07T07:30:00Z"))
        #expect(zone.instants(of: local) == .fold(earlier: earlier, later: later))
        #expect(local.instant(in: zone) == earlier)
    }

    @Test(arguments: ["Europe/Berlin", "America/Chicago", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "UTC"])
    func `four samples a day over ten years go to the wall clock and back`(name: String) throws {
        guard let zone = try zone(name) else { return }
        var second: Int64 = 1_970_000_000
        while second < 2_300_000_000 {
            let instant = Instant(seconds: second, nanoseconds: 7)
            let wall = instant.dateTime(in: zone)
            let local = DateTime(date: wall.date, time: try #require(TimeOfDay(hour: wall.time.hour, minute: wall.time.minute, second: wall.time.second, nanosecond: 7)))
            let isFound = switch zone.instants(of: local) {
            case .one(let found): found == instant
            case .fold(let earlier, let later): (earlier == instant || later == instant) && earlier < later
            case .gap: false
            }
            if !isFound { Issue.record("\(wall) in \(name) is not \(instant)") }
            second += 21_599
        }
    }

    @Test func `UTC needs no file`() throws {
        let local = try #require(DateTime("2026-03-29T02:30:00"))
        #expect(local.instant(in: .utc).description == "2026-03-29T02:30:00Z")
        #expect(ZoneRules(name: "fixed", fixedOffset: -3600).offset(at: Instant(seconds: 0)) == -3600)
    }

    @Test func `bytes that are no zone file are nil, wherever they are cut`() throws {
        #expect(ZoneRules(name: "x", tzif: []) == nil)
        #expect(ZoneRules(name: "x", tzif: Array("TZif2".utf8)) == nil)
        guard let file = try? bytes(ofPath: "/usr/share/zoneinfo/Europe/Berlin") else {
            print("skipped: /usr/share/zoneinfo is absent")
            return
        }
        for length in 0..<file.count { #expect(ZoneRules(name: "cut", tzif: Array(file[..<length])) == nil, "\(length) bytes") }
        var broken = file
        for index in 0..<min(400, file.count) {
            broken[index] ^= 0xFF
            _ = ZoneRules(name: "broken", tzif: broken)
            broken[index] ^= 0xFF
        }
    }
}
