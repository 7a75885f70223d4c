import Microsegments
import Pipeline
import Store
import Testing
import Values

/// What feeds can carry is told as measured.
struct FeedRhythmTests {
    private func times(every seconds: Int64, count: Int, latency: Int64 = 2) -> [Store.FileTimes] {
        (0..<count).map { number in
            let seen = Instant(seconds: 1_790_000_000 + Int64(number) * seconds)
            return Store.FileTimes(seen: seen, finished: seen.adding(DayTimeDuration(seconds: latency)), size: 1000)
        }.reversed()
    }

    @Test func `gaps and latencies are medians and the nineteenth of twenty`() {
        let feed = FeedRhythm.feed("orders", times(every: 600, count: 21) + [Store.FileTimes(seen: Instant(seconds: 1_789_990_000), finished: Instant(seconds: 1_789_990_100), size: 9)])
        #expect(feed.files == 22 && feed.gap?.median == 600 && feed.latency?.median == 2 && feed.size == 1000)
        #expect(FeedRhythm.feed("orders", times(every: 600, count: 1)).gap == nil)
        #expect(FeedRhythm.feed("orders", []).latency == nil)
    }

    @Test func `a cadence is held against its quickest feed`() {
        let hourly = FeedRhythm.feed("stock", times(every: 3600, count: 5)), daily = FeedRhythm.feed("sales", times(every: 86_400, count: 5))
        func advice(_ cadence: Cadence, _ feeds: [FeedRhythm.Feed]) -> String? { FeedRhythm.advice("s", cadence, feeds)?.text }
        #expect(advice(.live, [hourly, daily]) == "live: answers are at most 2 s behind the files, which come every 1 h")
        #expect(advice(.every(DayTimeDuration(seconds: 3600)), [daily]) == "every 1 h: more often than needed, as sales, its quickest feed, comes every 1 d")
        #expect(advice(.every(DayTimeDuration(seconds: 86_400)), [hourly, daily]) == "every 1 d: stock comes every 1 h, so it could be live, or asked more often")
        #expect(advice(.every(DayTimeDuration(seconds: 86_400)), [daily]) == "every 1 d: fits sales, which comes every 1 d")
        #expect(advice(.live, [FeedRhythm.feed("new", [])]) == nil)
    }
}

extension EndToEnd { @Suite struct FeedsAtWorkTests {
    @Test func `a site tells of its feeds and schemes`() async throws {
        let site = try await DeskSite.whole()
        try site.take(DeskSite.order("BP-1", control: 1), as: "a.edi", in: "x12-orders")
        try site.take(DeskSite.order("BP-2", control: 2), as: "b.edi", in: "x12-orders")
        let rhythm = try FeedRhythm(site.site)
        let orders = try #require(rhythm.feeds.first { $0.feed == "x12-orders" })
        #expect(orders.files == 2 && orders.gap != nil && (orders.latency?.median).map { $0 >= 0 && $0 < 60 } == true)
        #expect(rhythm.advice.contains { $0.scheme == "order-priority" && $0.text.hasPrefix("live: answers are at most ") })
        #expect(rhythm.text.contains("customers: no file yet"))
    }
}}
