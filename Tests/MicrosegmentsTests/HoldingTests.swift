import Attributes
import Diagnostics
import FEEL
import Microsegments
import Records
import Testing
import Values

/// Dead band, budget, floors of size and bounds hold entities where they are, as the scheme says.
struct HoldingTests {
    static let attributes = """
        attributes: customer
        entity: customer
        values:
          revenue: { sum: salesLine, by: customer, of: amount, scale: 2 }
          visits:  { count: salesLine, by: customer }
          label:   { feel: '"x"' }
        """

    static func text(_ stability: String = "{}", more: String = "") -> String {
        """
        scheme: value
        entity: customer
        cadence: daily
        rules:
          hitPolicy: FIRST
          table: |
            | revenue | visits || microsegment |
            | >= 1000 | > 2    || "key"        |
            | >= 1000 | -      || "large"      |
            | -       | -      || "small"      |
        stability: \(stability)
        value: revenue
        microsegments: { key: { tier: 1 }, large: { tier: 2 }, small: { tier: 3 } }
        \(more)
        """
    }

    static func scheme(_ stability: String = "{}", more: String = "") throws -> Scheme {
        let (scheme, diagnostics) = try Desk.read(text(stability, more: more), [try Desk.plan(attributes)])
        try #require(diagnostics.isEmpty, "\(diagnostics.map(\.text))")
        return try #require(scheme)
    }

    private func finding(_ stability: String = "{}", more: String = "") throws -> String {
        let (scheme, diagnostics) = try Desk.read(Self.text(stability, more: more), [try Desk.plan(Self.attributes)])
        #expect(scheme == nil)
        let found = try #require(diagnostics.first)
        return "\(found.position.line ?? 0):\(found.position.column ?? 0) \(found.code) \(found.fact)"
    }

    static func row(_ id: String, _ revenue: String, visits: Int = 1) throws -> AttributeRow {
        AttributeRow(
            entity: EntityKey(.customer, client: "N", id: id),
            values: [.number(try #require(ExactDecimal(revenue))), .number(ExactDecimal(visits)), .string("x")], evidence: [[], [], []], windowChange: nil)
    }

    static let start = Instant(written: "2026-11-21T12:00:00Z")

    private func assign(_ scheme: Scheme, _ row: AttributeRow, settled: String, at now: Instant = start.later(60)) throws -> Assignment {
        try scheme.assign(
            row, own: nil, state: StabilityState(settled: settled, since: Self.start), overrides: OverrideSet([]), schemeChanged: false, context: Desk.context(now))
    }

    // MARK: - Dead band

    @Test(arguments: [
        // Up and down past 1000, by less than 50 and by more.
        ("small", "1049.99", "small", StabilityOutcome.Verdict.withinBand), ("small", "1050.01", "large", .moved), ("large", "950", "large", .withinBand),
        ("large", "949.99", "small", .moved), ("small", "999.99", "small", .same), ("large", "1000", "large", .same),
    ])
    func `an entity leaves only once it is past the dead band`(settled: String, revenue: String, then: String, verdict: StabilityOutcome.Verdict) throws {
        let assignment = try assign(Self.scheme("{ deadBand: { revenue: 50 } }"), Self.row("1", revenue), settled: settled)
        #expect(assignment.microsegment == then && assignment.verdict == verdict && assignment.stability.candidate == nil)
    }

    @Test func `a dead band in percent is of the amount itself`() throws {
        let scheme = try Self.scheme("{ deadBand: { revenue: 10% } }")
        #expect(try assign(scheme, Self.row("1", "1111.11"), settled: "small").verdict == .withinBand)
        #expect(try assign(scheme, Self.row("1", "1111.12"), settled: "small").verdict == .moved)
        #expect(try assign(scheme, Self.row("1", "909.10"), settled: "large").verdict == .withinBand)
        #expect(try assign(scheme, Self.row("1", "909.09"), settled: "large").verdict == .moved)
    }

    @Test func `several dead bands are tried together`() throws {
        // From "key" both attributes have slipped a little: each alone would still not be "key".
        let both = try Self.scheme("{ deadBand: { revenue: 50, visits: 1 } }")
        #expect(try assign(both, Self.row("1", "990", visits: 2), settled: "key").verdict == .withinBand)
        let one = try Self.scheme("{ deadBand: { revenue: 50 } }")
        #expect(try assign(one, Self.row("1", "990", visits: 2), settled: "key").verdict == .moved)
    }

    @Test func `dead bands of what the rules do not compare, or that is no number, are refused`() throws {
        #expect(try finding("{ deadBand: { revenu: 5 } }") == "11:26 SCHEME-STABILITY there is no attribute revenu")
        #expect(try finding("{ deadBand: { label: 5 } }") == "11:26 SCHEME-STABILITY label is no number")
        #expect(try finding("{ deadBand: { revenue: -5 } }") == "11:35 SCHEME-STABILITY a dead band is not negative")
        let plan = try Desk.plan("attributes: order\nentity: order\nvalues:\n  left: { hoursUntil: promisedAt }\n  lines: { count: orderLine, by: orderNumber }\n")
        func live(_ band: String) throws -> [String] {
            try Desk.read(
                "scheme: s\nentity: order\nrules:\n  hitPolicy: FIRST\n  table: |\n    | left || microsegment |\n    | < 5 || \"x\" |\n    | - || \"y\" |\nstability: { deadBand: { \(band): 1 } }\nmicrosegments: { x: { p: 1 }, y: { p: 2 } }\n",
                [plan]).diagnostics.map(\.fact)
        }
        #expect(try live("left") == ["left runs with the clock, so it crosses a threshold once and does not flap"])
        #expect(try live("lines") == ["the rules do not read lines"])
    }

    // MARK: - Budget

    private func moves(_ count: Int) -> [ChurnBudget.Move] {
        (0..<count).map { index in
            ChurnBudget.Move(
                entity: EntityKey(.customer, client: "N", id: "\(index)"), since: Self.start.later(Int64(index % 3)), value: ExactDecimal(index * 10), isForced: false)
        }
    }

    @Test func `those that have waited longest move first, then the most valuable`() throws {
        var ledger = ChurnLedger(begin: Self.start, members: 100, value: ExactDecimal(1000))
        let admitted = try ledger.admit(moves(9), ChurnBudget(cycle: .day, members: ExactDecimal("0.04"), value: nil))
        #expect(admitted.map(\.id).sorted() == ["0", "3", "6", "7"] && ledger.moved == 4 && ledger.movedValue == ExactDecimal(160))
        #expect(try ledger.admit(moves(9), ChurnBudget(cycle: .day, members: ExactDecimal("0.04"), value: nil)).isEmpty, "the cycle's budget is used up")
    }

    @Test func `a move that the rest does not hold is passed over, and smaller ones go on`() throws {
        var ledger = ChurnLedger(begin: Self.start, members: 100, value: ExactDecimal(1000))
        // 10 % of 1000: 60 and 30 fit, then 70 and 40 do not, then 10.
        let admitted = try ledger.admit(moves(8), ChurnBudget(cycle: .day, members: nil, value: ExactDecimal("0.1")))
        #expect(admitted.map(\.id).sorted() == ["0", "1", "3", "6"] && ledger.movedValue == ExactDecimal(100))
    }

    @Test func `who has to move moves, and counts`() throws {
        var ledger = ChurnLedger(begin: Self.start, members: 100, value: ExactDecimal(1000))
        var all = moves(3)
        all.append(ChurnBudget.Move(entity: EntityKey(.customer, client: "N", id: "gone"), since: Self.start.later(99), value: .zero, isForced: true))
        #expect(try ledger.admit(all, ChurnBudget(cycle: .day, members: ExactDecimal("0.01"), value: nil)).map(\.id) == ["gone"])
    }

    @Test(arguments: 0..<50) func `the budget of a cycle is never exceeded`(seed: UInt64) throws {
        var draw = Draw(seed: seed)
        let budget = ChurnBudget(
            cycle: .week, members: Bool.random(using: &draw) ? ExactDecimal(coefficient: Int64.random(in: 0...20, using: &draw), scale: 2) : nil,
            value: Bool.random(using: &draw) ? ExactDecimal(coefficient: Int64.random(in: 0...20, using: &draw), scale: 2) : nil)
        var ledger = ChurnLedger(begin: Self.start, members: Int.random(in: 0...500, using: &draw), value: ExactDecimal(Int.random(in: 0...5000, using: &draw)))
        var moved = 0, value = 0
        for _ in 0..<20 {
            let moves = (0..<Int.random(in: 0...30, using: &draw)).map { index in
                (entity: EntityKey(.customer, client: "N", id: "\(index)"), worth: Int.random(in: 0...200, using: &draw))
            }
            let admitted = try ledger.admit(
                moves.map { ChurnBudget.Move(entity: $0.entity, since: Self.start, value: ExactDecimal($0.worth), isForced: false) }, budget)
            moved += admitted.count
            value += moves.filter { admitted.contains($0.entity) }.map(\.worth).reduce(0, +)
            if let share = budget.members { #expect(try ExactDecimal(moved) <= ExactDecimal(ledger.members).multiplying(by: share)) }
            if let share = budget.value { #expect(try ExactDecimal(value) <= ledger.value.multiplying(by: share)) }
        }
        #expect(ledger.moved == moved && ledger.movedValue == ExactDecimal(value))
    }

    @Test func `a cycle is a day, a week from Monday or a month of the business zone`() {
        let now = Instant(written: "2026-11-26T22:30:00Z")
        func bounds(_ cycle: CalendarBucket) -> [String] {
            let budget = ChurnBudget(cycle: cycle, members: .one, value: nil)
            return [budget.begin(at: now, zone: .utc).description, budget.end(at: now, zone: .utc).description]
        }
        #expect(bounds(.day) == ["2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z"])
        #expect(bounds(.week) == ["2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"])
        #expect(bounds(.month) == ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"])
    }

    @Test func `what the budget refuses is queued, keeps its confirmations, and is asked again when the next cycle begins`() throws {
        let policy = StabilityPolicy(confirmations: 3, confirmAfter: Desk.seconds(60), minimumDwell: Desk.seconds(0))
        let waiting = StabilityState(settled: "a", since: Self.start, candidate: .init(microsegment: "b", confirmations: 2, since: Self.start, lastAt: Self.start))
        let queued = policy.fold("b", into: waiting, at: Self.start.later(60), schemeChanged: false, admission: .refused(until: Self.start.later(9999)))
        #expect(queued.verdict == .queued && queued.askAgain == Self.start.later(9999) && queued.state.settled == "a")
        #expect(queued.state.candidate == .init(microsegment: "b", confirmations: 3, since: Self.start, lastAt: Self.start.later(60)))
        #expect(policy.fold("b", into: queued.state, at: Self.start.later(9999), schemeChanged: false).verdict == .moved)
        let changed = policy.fold("b", into: StabilityState(settled: "a", since: Self.start), at: Self.start.later(1), schemeChanged: true, admission: .refused(until: Self.start.later(60)))
        #expect(changed.verdict == .queued && policy.fold("b", into: changed.state, at: Self.start.later(60), schemeChanged: false).verdict == .moved)
    }

    @Test func `a budget that limits nothing, or a value that nothing says, is refused`() throws {
        #expect(try finding("{ budget: { per: week } }") == "11:22 SCHEME-STABILITY the budget limits nothing")
        let (_, found) = try Desk.read(
            Self.text("{ budget: { per: week, value: 5% } }").replacing("value: revenue\n", with: ""), [try Desk.plan(Self.attributes)])
        #expect(found.map(\.fact) == ["nothing says what an entity is worth"])
    }

    // MARK: - Granularity

    @Test func `members of what is too small go to the parent, and on to its parent`() throws {
        func held(_ counts: [String: Int]) -> [String: Granularity.Holding] { counts.mapValues { Granularity.Holding(members: $0, value: ExactDecimal($0 * 10)) } }
        let floor = Granularity(minimumMembers: 10, parents: ["a": "b", "b": "c", "d": "c"])
        #expect(try floor.merges(held(["a": 3, "b": 4, "c": 100, "d": 50])) == ["a": "c", "b": "c"])
        #expect(try floor.merges(held(["a": 3, "b": 7, "c": 100, "d": 50])) == ["a": "b"], "together they are enough")
        #expect(try floor.merges(held(["a": 10, "b": 10, "c": 1])) == [:], "one without a parent stays")
        #expect(try floor.merges(held(["b": 100])) == [:] && floor.merges([:]) == [:])
        #expect(try Granularity(minimumValue: ExactDecimal(31), parents: ["a": "b"]).merges(held(["a": 3, "b": 4])) == ["a": "b"])
    }

    @Test func `what is too small, too many or changes nothing is refused`() throws {
        #expect(try finding(more: "granularity: { maximumCount: 2 }") == "14:30 SCHEME-GRANULARITY there are 3 micro-segments, and 2 are allowed")
        #expect(try finding(more: "granularity: { minimumMembers: 5 }").hasSuffix("SCHEME-GRANULARITY nothing says where members of a micro-segment that is too small go"))
        #expect(try finding(more: "parents: { key: lrge }") == "14:17 SCHEME-GRANULARITY there is no micro-segment lrge")
        #expect(try finding(more: "parents: { key: large, large: key }").hasSuffix("SCHEME-GRANULARITY large would be above itself"))
        #expect(try finding(more: "tiers: [key, big]") == "14:14 SCHEME-GRANULARITY there is no micro-segment big")
        #expect(try finding(more: "tiers: [key, key]").hasSuffix("key is in two tiers"))
        #expect(try finding(more: "granularity: { serviceGap: { parameter: tier, least: 1.5 } }").hasSuffix("tier of large (2) is less than 1.5 above that of key (1)"))
        let same = Self.text().replacing("large: { tier: 2 }", with: "large: { tier: 1 }")
        let found = try Desk.read(same, [try Desk.plan(Self.attributes)]).diagnostics
        #expect(found.map(\.code) == [.schemeNoAction] && found[0].fact == "large gives what key gives, so it changes nothing" && found[0].position.line == 13)
        let child = Self.text(more: "parents: { large: key, small: large }").replacing("small: { tier: 3 }", with: "small: { tier: 1 }")
        #expect(try Desk.read(child, [try Desk.plan(Self.attributes)]).diagnostics.isEmpty, "each is compared with its parent")
    }

    @Test func `members of a merged micro-segment are assigned to the parent`() throws {
        let scheme = try Self.scheme(more: "parents: { key: large }\ngranularity: { minimumMembers: 5 }")
        let assignment = try scheme.assign(
            Self.row("1", "5000", visits: 9), own: nil, state: nil, overrides: OverrideSet([]), schemeChanged: false, merges: ["key": "large"],
            context: Desk.context(Self.start))
        #expect(assignment.microsegment == "large" && assignment.computed.microsegment == "key")
    }

    // MARK: - Overrides of other kinds

    private func effective(_ effect: Override.Effect, settled: String, inEffect: String? = nil) throws -> String {
        let override = Override(
            id: "OV", scheme: "value", entity: EntityKey(.customer, client: "N", id: "1"), effect: effect, reason: "r", owner: "o", from: nil,
            expires: Self.start)
        return try Self.scheme(more: "tiers: [key, large, small]").effective(override, settled: settled, inEffect: inEffect)
    }

    @Test func `a floor lifts, a ceiling lowers, and a pin holds`() throws {
        #expect(try effective(.bounds(floor: "large", ceiling: nil), settled: "small") == "large")
        #expect(try effective(.bounds(floor: "large", ceiling: nil), settled: "key") == "key")
        #expect(try effective(.bounds(floor: nil, ceiling: "large"), settled: "key") == "large")
        #expect(try effective(.bounds(floor: nil, ceiling: "large"), settled: "small") == "small")
        #expect(try effective(.bounds(floor: "large", ceiling: "large"), settled: "key") == "large")
        #expect(try effective(.bounds(floor: "large", ceiling: nil), settled: "other") == "other", "what stands in no tier has no bounds")
        #expect(try effective(.pin, settled: "small", inEffect: "key") == "key")
        #expect(try effective(.pin, settled: "small") == "small", "on first sight there is nothing to hold")
    }

    @Test func `a micro-segment that is no more holds nobody`() throws {
        let scheme = try Self.scheme(more: "tiers: [key, large, small]"), row = try Self.row("1", "5")
        let pin = OverrideSet([Override(
            id: "OV", scheme: "value", entity: row.entity, effect: .pin, reason: "r", owner: "o", from: nil, expires: Self.start.later(9999))])
        func assign(_ overrides: OverrideSet, isStale: Bool) throws -> Assignment {
            try scheme.assign(
                row, own: nil, state: StabilityState(settled: "gone", since: Self.start), inEffect: "gone", overrides: overrides, schemeChanged: true,
                isStale: isStale, context: Desk.context(Self.start.later(60)))
        }
        #expect(try assign(pin, isStale: false).microsegment == "small" && assign(pin, isStale: false).cause == .override("OV"))
        #expect(try assign(OverrideSet([]), isStale: true).verdict == .moved, "silent feeds do not keep it where nothing is")
    }

    @Test(arguments: 0..<40) func `an expired override never applies, and bounds are kept while one does`(seed: UInt64) throws {
        var draw = Draw(seed: seed)
        let scheme = try Self.scheme("{ confirmations: 2 }", more: "tiers: [key, large, small]")
        let entity = EntityKey(.customer, client: "N", id: "1")
        let effects: [Override.Effect] = [.microsegment("key"), .pin, .bounds(floor: "large", ceiling: nil), .bounds(floor: nil, ceiling: "large")]
        let from = Self.start.later(Int64.random(in: 0...500, using: &draw)), expires = from.later(Int64.random(in: 1...500, using: &draw))
        let effect = try #require(effects.randomElement(using: &draw))
        let overrides = OverrideSet([Override(id: "OV", scheme: "value", entity: entity, effect: effect, reason: "r", owner: "o", from: from, expires: expires)])
        var state: StabilityState?, inEffect: String?, pinned: String?
        var now = Self.start
        for _ in 0..<60 {
            now = now.later(Int64.random(in: 1...40, using: &draw))
            let row = try Self.row("1", "\(Int.random(in: 0...2000, using: &draw))", visits: Int.random(in: 0...5, using: &draw))
            let assignment = try scheme.assign(
                row, own: nil, state: state, inEffect: inEffect, overrides: overrides, schemeChanged: false, context: Desk.context(now))
            if now < from || now >= expires {
                #expect(assignment.cause == .rules && assignment.microsegment == assignment.stability.settled)
            } else {
                #expect(assignment.cause == .override("OV"))
                switch effect {
                case .microsegment(let name): #expect(assignment.microsegment == name)
                case .pin:
                    pinned = pinned ?? inEffect ?? assignment.microsegment
                    #expect(assignment.microsegment == pinned)
                case .bounds(.some, _): #expect(assignment.microsegment != "small")
                case .bounds: #expect(assignment.microsegment != "key")
                }
            }
            (state, inEffect) = (assignment.stability, assignment.microsegment)
        }
    }

    // MARK: - Noise

    @Test func `stability holds back nine flips of ten of a noisy borderline population, and follows a true shift within its confirmations`() throws {
        let still = try Self.scheme(), steady = try Self.scheme("{ confirmations: 3, minimumDwell: 3d, deadBand: { revenue: 5% } }")
        func run(_ scheme: Scheme, shiftAt shift: Int?) throws -> (flips: Int, arrivals: [Int]) {
            var draw = Draw(seed: 11), flips = 0, arrivals: [Int] = []
            for entity in 0..<200 {
                var state: StabilityState?, arrived: Int?
                for cycle in 0..<100 {
                    // Borderline: 1000, give or take a tenth; from the shift on 2000.
                    let isShifted = shift.map { cycle >= $0 } ?? false
                    let revenue = (isShifted ? 2000 : 1000) + Int.random(in: -100...100, using: &draw)
                    let assignment = try scheme.assign(
                        Self.row("\(entity)", "\(revenue)"), own: nil, state: state, overrides: OverrideSet([]), schemeChanged: false,
                        context: Desk.context(Self.start.later(Int64(cycle) * 86_400)))
                    if assignment.verdict == .moved { flips += 1 }
                    if let shift, cycle >= shift, arrived == nil, assignment.microsegment == "large" { arrived = cycle - shift + 1 }
                    state = assignment.stability
                }
                if shift != nil { arrivals.append(arrived ?? .max) }
            }
            return (flips, arrivals)
        }
        let raw = try run(still, shiftAt: nil).flips, held = try run(steady, shiftAt: nil).flips
        #expect(raw > 8000 && held * 10 <= raw, "\(held) of \(raw)")
        let latest = try #require(try run(steady, shiftAt: 50).arrivals.max())
        #expect(latest <= 3 + 2, "a shift is in effect after 3 confirmations, or a dwell of 3 days after the last flip; it took \(latest)")
    }
}
