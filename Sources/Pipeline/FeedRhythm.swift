import Attributes
import Mapping
package import Microsegments
package import Store
package import Values

/// What feeds can carry, as measured: how often files come, how long they take from the first sight to the last commit, and whether schemes
/// that rest on them are asked more often than anything new can be there.
package struct FeedRhythm: Sendable {
    /// Files of a feed that are looked back at.
    package static let filesLookedAt = 500

    package struct Feed: Sendable {
        package let feed: String
        package let files: Int
        /// Seconds between files: half of them come no later, and nineteen of twenty; nil where fewer than two came.
        package let gap: (median: Double, late: Double)?
        /// Seconds from the first sight of a file until its last commit, which is the least age of what is decided; nil where none came.
        package let latency: (median: Double, late: Double)?
        /// Bytes a file: the median.
        package let size: Double?
    }

    package struct Advice: Sendable {
        package let scheme: String
        /// What its cadence is, and what its feeds can carry.
        package let text: String
    }

    package let feeds: [Feed]
    package let advice: [Advice]

    package init(_ site: Site) throws {
        let bundle = try site.liveState().bundle
        feeds = try bundle.library.feeds.map { Self.feed($0.feed, try site.store.fileTimes(ofFeed: $0.feed, last: Self.filesLookedAt)) }
            .sorted { $0.feed < $1.feed }
        let known = Dictionary(uniqueKeysWithValues: feeds.map { ($0.feed, $0) })
        advice = bundle.schemes.compactMap { scheme in
            let kinds = scheme.plan.kinds
            let carrying = bundle.library.feeds.filter { feed in bundle.library.fields(givenBy: feed).contains { kinds.contains($0.kind) } }.compactMap { known[$0.feed] }
            return Self.advice(scheme.name, scheme.cadence, carrying)
        }
    }

    package static func feed(_ name: String, _ times: [Store.FileTimes]) -> Feed {
        func quantiles(_ values: [Double]) -> (Double, Double)? {
            let sorted = values.sorted()
            guard !sorted.isEmpty else { return nil }
            func at(_ p: Double) -> Double { sorted[Int((Double(sorted.count - 1) * p).rounded(.up))] }
            return (at(0.5), at(0.95))
        }
        let seen = times.map(\.seen).sorted()
        return Feed(
            feed: name, files: times.count, gap: quantiles(zip(seen, seen.dropFirst()).map { seconds($0, $1) }),
            latency: quantiles(times.map { seconds($0.seen, $0.finished) }), size: quantiles(times.map { Double($0.size) })?.0)
    }

    /// The quickest of the feeds decides: a scheme can be asked no more usefully than its quickest feed comes.
    package static func advice(_ scheme: String, _ cadence: Cadence, _ feeds: [Feed]) -> Advice? {
        guard let quickest = feeds.filter({ $0.gap != nil }).min(by: { ($0.gap?.median ?? 0) < ($1.gap?.median ?? 0) }), let gap = quickest.gap?.median else {
            return nil
        }
        switch cadence {
        case .live:
            guard let latency = feeds.compactMap({ $0.latency?.late }).max() else { return nil }
            return Advice(scheme: scheme, text: "live: answers are at most \(told(latency)) behind the files, which come every \(told(gap))")
        case .every(let period):
            let seconds = Double(period.seconds)
            if seconds * 2 < gap { return Advice(scheme: scheme, text: "every \(told(seconds)): more often than needed, as \(quickest.feed), its quickest feed, comes every \(told(gap))") }
            if seconds > gap * 20 { return Advice(scheme: scheme, text: "every \(told(seconds)): \(quickest.feed) comes every \(told(gap)), so it could be live, or asked more often") }
            return Advice(scheme: scheme, text: "every \(told(seconds)): fits \(quickest.feed), which comes every \(told(gap))")
        }
    }

    private static func seconds(_ first: Instant, _ second: Instant) -> Double {
        let span = first.distance(to: second)
        return Double(span.seconds) + Double(span.nanoseconds) / 1e9
    }

    /// A time for people.
    static func told(_ seconds: Double) -> String {
        for (unit, name) in [(86_400.0, "d"), (3600, "h"), (60, "min"), (1, "s")] where seconds >= unit {
            return "\(ExactDecimal(seconds / unit, scale: 1)?.normalized.description ?? "") \(name)"
        }
        return "\(ExactDecimal(seconds * 1000, scale: 0)?.description ?? "") ms"
    }
}

extension FeedRhythm {
    package var text: String {
        var lines = feeds.map { feed in
            guard let latency = feed.latency else { return "\(feed.feed): no file yet" }
            var line = "\(feed.feed): \(feed.files) files"
            if let gap = feed.gap { line += ", one every \(Self.told(gap.median)) (19 of 20 within \(Self.told(gap.late)))" }
            line += ", worked through in \(Self.told(latency.median)) (19 of 20 within \(Self.told(latency.late)))"
            return line
        }
        lines += advice.map { "scheme \($0.scheme), \($0.text)" }
        return lines.isEmpty ? "there are no feeds" : lines.joined(separator: "\n")
    }

    package var value: Value {
        func number(_ seconds: Double?) -> Value { seconds.flatMap { ExactDecimal($0, scale: 3) }.map { .number($0) } ?? .null }
        return .context(ContextValue([
            ("feeds", .list(feeds.map { feed in
                .context(ContextValue([
                    ("feed", .string(feed.feed)), ("files", .integer(feed.files)), ("gapMedian", number(feed.gap?.median)), ("gapLate", number(feed.gap?.late)),
                    ("latencyMedian", number(feed.latency?.median)), ("latencyLate", number(feed.latency?.late)), ("size", number(feed.size)),
                ]))
            })),
            ("schemes", .list(advice.map { .context(ContextValue([("scheme", .string($0.scheme)), ("advice", .string($0.text))])) })),
        ]))
    }
}
