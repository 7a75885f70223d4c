import Attributes
package import Mapping
package import Records
package import Store
package import Values

/// How good the latest records of a feed are: valid, complete, timely, unique, by feed and by field.
package struct QualityReport: Sendable {
    /// A part of a whole; nil where there is no whole.
    package struct Share: Sendable {
        package var part = 0
        package var whole = 0

        /// To four decimals, half-even.
        package var value: ExactDecimal? {
            whole == 0 ? nil : (try? ExactDecimal(part).divided(by: ExactDecimal(whole)))?.rounded(scale: 4)
        }
    }

    package struct Field: Sendable {
        package let kind: RecordKind
        package let name: String
        package var filled = Share()
        /// Values that no rule of the plan objects to, of those that a rule looks at.
        package var valid = Share()
        package var outliers: [Outlier] = []
    }

    package struct Outlier: Sendable {
        package let key: String
        package let value: ExactDecimal
    }

    /// Days without a record.
    package struct Gap: Sendable {
        package let kind: RecordKind
        package let field: String
        package let days: [CalendarDate]
    }

    package let feed: String
    package let owner: String?
    package let files: Int
    package let quarantined: Int
    package let duplicates: Int
    package let read: Int
    package let reported: Int
    /// Rows that were accepted, of those that were read.
    package let valid: Share
    /// Fields that have a value, of those that a rule of the mapping gives.
    package private(set) var complete = Share()
    package private(set) var timely = Share()
    /// Records that are no second one of their key and version.
    package private(set) var unique = Share()
    package private(set) var fields: [Field] = []
    package private(set) var gaps: [Gap] = []

    /// The mean of what is known of valid, complete, timely and unique, in percent to one decimal; nil where nothing is.
    package var score: ExactDecimal? {
        let known = [valid, complete, timely, unique].compactMap(\.value)
        guard !known.isEmpty else { return nil }
        let sum = known.reduce(ExactDecimal(0)) { (try? $0.adding($1)) ?? $0 }
        return (try? sum.multiplying(by: ExactDecimal(100)).divided(by: ExactDecimal(known.count)))?.rounded(scale: 1)
    }

    /// - Parameter last: how many of the latest loads; nil as the plan says.
    package init(_ feed: FeedDefinition, of state: ActiveState, in store: Store, last: Int? = nil) throws {
        let library = state.bundle.library
        let plan = library.quality.first { $0.feed == feed.feed }
        let loads = try store.loads(ofFeed: feed.feed, last: last ?? plan?.last ?? 20)
        self.feed = feed.feed
        owner = plan?.owner
        files = loads.count
        let aside = try store.filesSetAside(ofFeed: feed.feed, from: loads.map(\.file).min() ?? 0)
        (quarantined, duplicates) = (aside.quarantined, aside.duplicates)
        read = loads.reduce(0) { $0 + $1.read }
        reported = loads.reduce(0) { $0 + $1.reported }
        valid = Share(part: loads.reduce(0) { $0 + $1.accepted }, whole: read)
        for (kind, names) in library.fields(givenBy: feed) {
            var survey = Survey(kind, names, plan, state.bundle.zone)
            try store.driver.read { session in
                let references = StoredReferences(in: session)
                for load in loads {
                    try Store.forEachRecord(ofLoad: load.load, kind: kind, with: store.keys, in: session) { survey.add($0.values, arrivedAt: load.claimedAt, references) }
                }
                try references.checkFailure()
            }
            complete.part += survey.fields.reduce(0) { $0 + $1.filled.part }
            complete.whole += survey.fields.reduce(0) { $0 + $1.filled.whole }
            timely.part += survey.timely.part
            timely.whole += survey.timely.whole
            unique.part += survey.versions.count
            unique.whole += survey.count
            fields += survey.finished()
            gaps += survey.gaps()
        }
    }
}

/// Looks through the records of one kind.
private struct Survey {
    private let kind: RecordKind
    private let definition: RecordDefinition
    private let plan: QualityPlan?
    private let zone: ZoneRules
    private let slots: [Int]
    var fields: [QualityReport.Field]
    var count = 0
    var versions: Set<String> = []
    var timely = QualityReport.Share()
    /// By outlier watch, then by group: values and keys.
    private var samples: [[String: [(value: ExactDecimal, key: String)]]]
    private var days: [Set<CalendarDate>]

    init(_ kind: RecordKind, _ names: [String], _ plan: QualityPlan?, _ zone: ZoneRules) {
        self.kind = kind
        self.plan = plan
        self.zone = zone
        definition = RecordCatalogue.definition(kind)
        let given = definition.fields.indices.filter { $0 > 0 && names.contains(RecordCatalogue.definition(kind).fields[$0].name) }
        slots = given
        fields = given.map { QualityReport.Field(kind: kind, name: RecordCatalogue.definition(kind).fields[$0].name) }
        samples = (plan?.outliers ?? []).map { _ in [:] }
        days = (plan?.buckets ?? []).map { _ in [] }
    }

    mutating func add(_ values: [Value], arrivedAt: Instant, _ references: StoredReferences) {
        count += 1
        let key = definition.keyText(values), version = definition.version.map { values[$0].text } ?? ""
        versions.insert(key + "\u{1E}" + version)
        for (place, slot) in slots.enumerated() {
            fields[place].filled.whole += 1
            if values[slot] != .null { fields[place].filled.part += 1 }
        }
        guard let plan else { return }
        let violations = plan.violations(of: kind, values) { other, key in
            references.record(other, client: values[0].text, keys: key...key) != nil
        }
        for (place, slot) in slots.enumerated() where values[slot] != .null && plan.rules.contains(where: { $0.kind == kind && $0.slot == slot }) {
            fields[place].valid.whole += 1
            if !violations.contains(where: { $0.rule.slot == slot }) { fields[place].valid.part += 1 }
        }
        if let age = plan.timely, let slot = definition.version, case .dateTime(let issued) = values[slot] {
            timely.whole += 1
            if issued.instant(in: .utc).adding(age) >= arrivedAt { timely.part += 1 }
        }
        for (place, watch) in plan.outliers.enumerated() where watch.kind == kind {
            guard case .number(let number) = values[watch.slot] else { continue }
            samples[place][watch.group.map { values[$0].text } ?? "", default: []].append((number, key))
        }
        for (place, watch) in plan.buckets.enumerated() where watch.kind == kind {
            switch values[watch.slot] {
            case .date(let date): days[place].insert(date)
            case .dateTime(let moment): days[place].insert(moment.instant(in: .utc).dateTime(in: zone).date)
            default: break
            }
        }
    }

    /// The fields, with the outliers among their values.
    func finished() -> [QualityReport.Field] {
        var finished = fields
        for (place, watch) in (plan?.outliers ?? []).enumerated() where watch.kind == kind {
            guard let field = slots.firstIndex(of: watch.slot) else { continue }
            for (_, sample) in samples[place].sorted(by: { $0.key < $1.key }) {
                finished[field].outliers += watch.test.outliers(sample.map(\.value)).map { index in
                    QualityReport.Outlier(key: sample[index].key.split(separator: "\u{1F}").dropFirst().joined(separator: "/"), value: sample[index].value)
                }
            }
        }
        return finished
    }

    func gaps() -> [QualityReport.Gap] {
        (plan?.buckets ?? []).enumerated().compactMap { place, watch in
            guard watch.kind == kind, let first = days[place].min(), let last = days[place].max() else { return nil }
            var missing: [CalendarDate] = [], day = first
            while day < last, let next = day.adding(days: 1) {
                day = next
                if !days[place].contains(day), watch.countsWeekends || day.weekday <= 5 { missing.append(day) }
            }
            return missing.isEmpty ? nil : QualityReport.Gap(kind: kind, field: watch.field, days: missing)
        }
    }
}
