import Attributes
import ChangeControl
package import Microsegments
import Statistics
package import Store
package import Values

/// A shift or a signal in what a scheme looks at.
package struct SchemeShift: Sendable, Hashable, CustomStringConvertible {
    package let scheme: String
    package let attribute: String
    /// In words, such as `its distribution is another one (stabilityIndex)`.
    package let fact: String

    package var description: String { "\(attribute) of \(scheme): \(fact)" }
}

/// A feed that has been silent for longer than a scheme may bear.
package struct StaleFeed: Sendable, Hashable, CustomStringConvertible {
    package let feed: String
    package let within: DayTimeDuration
    package let latest: Instant?

    package var description: String { "feed \(feed) has brought nothing \(latest.map { "since \($0)" } ?? "yet"), and a file is wanted every \(within)" }
}

/// Looks at the population of schemes between their runs, and at how old their records are.
package struct SchemeWatch: Sendable {
    let store: Store
    let state: ActiveState

    package init(store: Store, state: ActiveState) {
        self.store = store
        self.state = state
    }

    /// The feeds of a scheme that are silent too long: while there is one, nobody of the scheme is lowered.
    package func staleFeeds(of scheme: Scheme, now: Instant) throws -> [StaleFeed] {
        try scheme.freshness.compactMap { wanted in
            let latest = try store.latestFile(ofFeed: wanted.feed)
            return latest.map { $0.adding(wanted.within) < now } ?? true ? StaleFeed(feed: wanted.feed, within: wanted.within, latest: latest) : nil
        }
    }

    /// Whether it is time to look at a scheme again: files have come since the last look and have stopped coming for the quiet time, or for the time
    /// between looks at most.
    package func isLookDue(_ triggers: Triggers, lastLook: Instant?, now: Instant) throws -> Bool {
        guard let latest = try store.latestFile() else { return false }
        guard let lastLook else { return latest.adding(triggers.quiet) <= now }
        guard latest > lastLook, lastLook.adding(triggers.every) <= now else { return false }
        return latest.adding(triggers.quiet) <= now || lastLook.adding(triggers.every).adding(triggers.every) <= now
    }

    /// Looks at the population of a scheme as of now, and adds to its charts. What has shifted is put into the log; a chart that gave a signal begins anew.
    package func look(_ scheme: Scheme, _ triggers: Triggers, now: Instant) throws -> [SchemeShift] {
        let columns = try columns(scheme, triggers, now: now)
        var found: [SchemeShift] = []
        for slot in triggers.shift {
            let name = scheme.plan.definitions[slot].name
            guard let basis = try store.triggerBasis(scheme: scheme.version, attribute: name).flatMap(PopulationSample.init) else { continue }
            let drift = basis.shift(to: PopulationSample(columns[slot] ?? []))
            if drift.isShift {
                found.append(SchemeShift(
                    scheme: scheme.name, attribute: name, fact: "its distribution is another one than at the last run (\(drift.reasons.map(\.rawValue).joined(separator: ", ")))"))
            }
        }
        var means: [(attribute: String, mean: Double, isSignal: Bool)] = []
        for slot in triggers.signal {
            guard let values = columns[slot], !values.isEmpty else { continue }
            let name = scheme.plan.definitions[slot].name, mean = CompensatedSum.of(values) / Double(values.count)
            let signals = MeanChart.signals(try store.triggerMeans(scheme: scheme.version, attribute: name) + [mean])
            means.append((name, mean, !signals.isEmpty))
            if !signals.isEmpty {
                found.append(SchemeShift(scheme: scheme.name, attribute: name, fact: "the chart of its mean gives a signal (\(signals.map { "\($0)" }.joined(separator: ", ")))"))
            }
        }
        try store.driver.write { session in
            for point in means {
                if point.isSignal {
                    try Store.clearTriggerMeans(scheme: scheme.version, attribute: point.attribute, in: session)
                } else {
                    try Store.addTriggerMean(scheme: scheme.version, attribute: point.attribute, at: now, point.mean, in: session)
                }
            }
            guard !found.isEmpty else { return }
            try Store.append(
                .schemeShifted,
                .context(ContextValue([("scheme", .string(scheme.name)), ("state", .string(state.id)), ("shifts", .list(found.map { .string($0.description) }))])),
                at: now, in: session)
        }
        return found
    }

    /// The numbers of the attributes that are looked at.
    private func columns(_ scheme: Scheme, _ triggers: Triggers, now: Instant) throws -> [Int: [Double]] {
        let rows = try Evaluator(store: store, state: state).population(of: scheme.plan, now: now).rows
        return Self.columns(rows, triggers)
    }

    static func columns(_ rows: [AttributeRow], _ triggers: Triggers) -> [Int: [Double]] {
        var columns: [Int: [Double]] = [:]
        for slot in Set(triggers.shift + triggers.signal) {
            columns[slot] = rows.compactMap { row in if case .number(let number) = row.values[slot] { number.binary } else { nil } }
        }
        return columns
    }
}
