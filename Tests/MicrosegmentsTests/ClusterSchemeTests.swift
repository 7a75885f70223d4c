import Attributes
import Clustering
import Configurations
import Diagnostics
import FEEL
import Microsegments
import Records
import Testing
import Values

/// Rules gate, clusters refine, rules veto; a model is found rarely, tried, and frozen.
struct ClusterSchemeTests {
    private static let now = Instant(written: "2026-11-21T12:00:00Z")

    private static func text(clusters: String = "attributes: { revenue: {}, visits: { logarithm: true } }, count: 3, where: revenue > 0", cadence: String = "weekly") -> String {
        """
        scheme: behaviour
        entity: customer
        cadence: \(cadence)
        clusters: { \(clusters) }
        rules:
          hitPolicy: FIRST
          table: |
            | label | cluster || microsegment |
            | "vip" | -       || "key"        |
            | -     | "c1"    || "regular"    |
            | -     | "c2"    || "rare"       |
            | -     | -       || "rest"       |
        value: revenue
        microsegments: { key: { tier: 1 }, regular: { tier: 2 }, rare: { tier: 3 }, rest: { tier: 4 } }
        """
    }

    private static func plan() throws -> AttributePlan {
        try Desk.plan(
            """
            attributes: customer
            entity: customer
            values:
              revenue: { sum: salesLine, by: customer, of: amount, scale: 2 }
              visits:  { count: salesLine, by: customer }
              label:   { feel: 'if visits > 900 then "vip" else "other"' }
              late:    { feel: 'visits / 10', scale: 1 }
              clock:   { feel: 'now()' }
            """)
    }

    private static func read(_ text: String, model: String? = nil) throws -> (scheme: Scheme?, diagnostics: [Diagnostic]) {
        SchemeReader.scheme(
            try Desk.root(text, SchemeFile.scheme, file: "Schemes/behaviour.yaml"), plans: [.customer: try plan()],
            models: model.map { ["Schemes/behaviour.clusters.jsonl": Array($0.utf8)] } ?? [:], fingerprint: "f")
    }

    /// Three groups that lie well apart, and some who never bought.
    private static func population(seed: UInt64 = 3, shift: Int = 0) throws -> [AttributeRow] {
        var draw = Draw(seed: seed)
        return try (0..<150).map { index in
            let (revenue, visits) = [(100, 2), (5000, 10), (20_000 + shift, 200), (0, 0)][index % 4]
            let noise = revenue == 0 ? 0 : Int.random(in: -40...40, using: &draw), more = revenue == 0 ? 0 : Int.random(in: 0...1, using: &draw)
            return AttributeRow(
                entity: EntityKey(.customer, client: "N", id: "\(index)"),
                values: [
                    .number(ExactDecimal(revenue + noise)), .number(ExactDecimal(visits + more)), .string(index == 2 ? "vip" : "other"),
                    .number(try #require(ExactDecimal("\(visits).5"))), .null,
                ], evidence: [[], [], [], [], []], windowChange: nil)
        }
    }

    private static func recalibrate(_ scheme: Scheme, _ rows: [AttributeRow]) throws -> Recalibration {
        try Recalibration(scheme, try #require(scheme.clusters), rows: rows, context: Desk.context(now))
    }

    @Test func `clusters are found, tried and frozen, the same bytes in any order of entities`() throws {
        let scheme = try #require(try Self.read(Self.text()).scheme)
        let rows = try Self.population()
        let made = try Self.recalibrate(scheme, rows)
        #expect(made.model.clusters.map(\.name) == ["c1", "c2", "c3"] && made.model.clusters.map(\.members).reduce(0, +) == made.keys.count)
        #expect(made.excluded == 37 && made.keys.count == 113 && made.verdict == .strong && made.surrogate.fidelity == 1)
        #expect(made.model.nextNumber == 4 && made.identity.events.count == 3)
        var draw = Draw(seed: 1)
        for _ in 0..<3 {
            let again = try Self.recalibrate(scheme, rows.shuffled(using: &draw))
            #expect(again.model.text == made.model.text && ModelCard(again).page.markdown == ModelCard(made).page.markdown)
        }
        #expect(try ClusterModel(text: made.model.text) == made.model)
    }

    @Test func `rules gate, clusters refine, and what is in no cluster goes to the rest`() throws {
        let first = try Self.read(Self.text())
        #expect(first.diagnostics.map(\.fact) == ["there is no model yet, so nobody is in a cluster"] && first.diagnostics[0].severity == .warning)
        let scheme = try #require(first.scheme), rows = try Self.population()
        #expect(try scheme.compute(rows[0], own: nil, context: Desk.context(Self.now)).microsegment == "rest")
        let model = try Self.recalibrate(scheme, rows).model
        let (read, diagnostics) = try Self.read(Self.text(), model: model.text)
        #expect(diagnostics.map(\.fact) == ["no rule asks for cluster c3; its members are where the other rules put them"])
        let frozen = try #require(read)
        func answer(_ row: AttributeRow) throws -> String {
            let computed = try frozen.compute(row, own: nil, context: Desk.context(Self.now))
            return "\(computed.microsegment) \(computed.cluster?.text ?? "-")"
        }
        // Clusters are named in the order of their lowest keys: entity 0 is poor, 1 is middling, 10 is rich.
        #expect(try answer(rows[0]) == "regular c1" && answer(rows[1]) == "rare c2" && answer(rows[6]) == "rest c3")
        #expect(try answer(rows[2]) == "key c3", "a rule above vetoes")
        #expect(try answer(rows[3]) == "rest ", "the gate keeps it out")
        var outside = rows[0]
        outside.values[0] = .number(ExactDecimal(11_000))
        #expect(try answer(outside) == "rest ", "outside of every radius")
        let placed = try #require(try frozen.clusters?.placement(rows[0].values, context: Desk.context(Self.now)))
        #expect(placed.distances.count == 3 && placed.moves.contains { $0.attribute == "revenue" && $0.toward == "c2" && ($0.to ?? 0) > 100 })
    }

    @Test func `the number of clusters is weighed where several are allowed`() throws {
        let scheme = try #require(try Self.read(Self.text(clusters: "attributes: { revenue: { logarithm: true } }, count: 2-5, where: revenue > 0, resamples: 3")).scheme)
        let made = try Self.recalibrate(scheme, try Self.population())
        #expect(made.count?.evidence.map(\.clusters) == [2, 3, 4, 5] && made.count?.chosen == made.model.clusters.count)
        #expect(ModelCard(made).page.markdown.contains("## How many") && ModelCard(made).page.html.contains("<h2>How many</h2>"))
    }

    @Test func `names stay from one model to the next`() throws {
        let scheme = try #require(try Self.read(Self.text()).scheme)
        let first = try Self.recalibrate(scheme, try Self.population()).model
        let frozen = try #require(try Self.read(Self.text(), model: first.text).scheme)
        let second = try Self.recalibrate(frozen, try Self.population(seed: 9, shift: 900))
        #expect(second.model.clusters.map(\.name) == ["c1", "c2", "c3"] && second.model.text != first.text)
        #expect(second.identity.events.allSatisfy { if case .kept = $0 { true } else { false } })
        // The rich are no more: the name of their cluster is not given to another.
        let narrower = try #require(try Self.read(Self.text(clusters: "attributes: { revenue: {}, visits: { logarithm: true } }, count: 2, where: revenue > 0"), model: first.text).scheme)
        let third = try Self.recalibrate(narrower, try Self.population().filter { if case .number(let visits) = $0.values[1] { visits < ExactDecimal(100) } else { false } })
        #expect(third.model.clusters.map(\.name) == ["c1", "c2"] && third.model.nextNumber == 4 && third.identity.events.contains(.died("c3")))
    }

    @Test func `what does not come again is held`() throws {
        // A cloud without groups, cut into five.
        var draw = Draw(seed: 5)
        let cloud = try Self.population().map { row in
            var row = row
            row.values[0] = .number(ExactDecimal(Int.random(in: 1...1000, using: &draw)))
            row.values[1] = .number(ExactDecimal(Int.random(in: 1...1000, using: &draw)))
            return row
        }
        let scheme = try #require(try Self.read(Self.text(clusters: "attributes: { revenue: {}, visits: {} }, count: 5, outcome: late")).scheme)
        let made = try Self.recalibrate(scheme, cloud)
        #expect(made.verdict == .hold && ModelCard(made).page.markdown.contains("not stable: the former model stays"))
        #expect(try #require(made.service).probability > 0.01)
        // Whose outcome is not known tells nothing of it.
        var partly = cloud
        for index in partly.indices.dropFirst(100) { partly[index].values[3] = .null }
        let known = try #require(try Self.recalibrate(scheme, partly).service)
        #expect(known.clusters.map(\.mean) != made.service?.clusters.map(\.mean) && known.etaSquared < 0.2)
    }

    @Test(arguments: ClusterModel.Algorithm.allCases) func `each method finds the groups that are there`(method: ClusterModel.Algorithm) throws {
        let scheme = try #require(try Self.read(Self.text(clusters: "attributes: { revenue: {}, visits: { logarithm: true } }, count: 3, method: \(method.rawValue), where: revenue > 0, resamples: 3")).scheme)
        let made = try Self.recalibrate(scheme, try Self.population())
        #expect(made.model.algorithm == method)
        // It finds its own number: denser parts of a group are groups of their own.
        if method == .hdbscan { return #expect(made.model.clusters.count >= 3) }
        #expect(made.model.clusters.map(\.members).sorted() == [37, 38, 38])
    }

    @Test func `few, equal and missing entities have a defined answer or say why not`() throws {
        let scheme = try #require(try Self.read(Self.text(clusters: "attributes: { revenue: {}, visits: {} }, count: 4, resamples: 3")).scheme)
        let rows = try Self.population()
        #expect(throws: ClusteringFailure.noRows) { try Self.recalibrate(scheme, []) }
        #expect(try Self.recalibrate(scheme, [rows[0]]).model.clusters.map(\.members) == [1])
        #expect(try Self.recalibrate(scheme, Array(repeating: 0, count: 9).enumerated().map { index, _ in
            AttributeRow(entity: EntityKey(.customer, client: "N", id: "\(index)"), values: rows[0].values, evidence: rows[0].evidence, windowChange: nil)
        }).model.clusters.map(\.members) == [9], "all alike are one cluster")
        var missing = rows
        for index in missing.indices { missing[index].values[1] = .null }
        #expect(throws: ClusteringFailure.noValues(column: "visits")) { try Self.recalibrate(scheme, missing) }
        missing[0].values[1] = .number(.one)
        #expect(try Self.recalibrate(scheme, missing).missing == 149)
    }

    @Test func `what cannot be clustered is told at its place`() throws {
        func first(_ clusters: String, cadence: String = "weekly", model: String? = nil) throws -> String? {
            try Self.read(Self.text(clusters: clusters, cadence: cadence), model: model).diagnostics.first { $0.severity == .error }.map { "\($0.position.line ?? 0):\($0.position.column ?? 0) \($0.code) \($0.fact)" }
        }
        #expect(try first("attributes: { revenu: {} }, count: 2") == "4:27 SCHEME-CLUSTERS there is no attribute revenu")
        #expect(try first("attributes: { label: {} }, count: 2") == "4:27 SCHEME-CLUSTERS label is no number")
        #expect(try first("attributes: { revenue: { weight: -1 } }, count: 2")?.hasSuffix("a weight is not negative") == true)
        for count in ["0", "5-2", "two", "2-5000", "2-3-4", "-3"] {
            #expect(try first("attributes: { revenue: {} }, count: \(count)")?.hasSuffix("SCHEME-CLUSTERS \(count) is no number of clusters") == true)
        }
        #expect(try first("attributes: { revenue: {} }, count: 2, where: revenue + 1")?.contains("not true or false") == true)
        #expect(try first("attributes: { revenue: {} }, count: 2, where: 'clock = null'", cadence: "live")?.contains("clock runs with the clock") == true)
        #expect(try first("attributes: { revenue: {} }, count: 2", model: "{}\n")?.hasPrefix("0:0 SCHEME-CLUSTERS line 1 of the model") == true)
        let scheme = try #require(try Self.read(Self.text()).scheme)
        let model = try Self.recalibrate(scheme, try Self.population()).model.text
        #expect(try first("attributes: { visits: {} }, count: 2", model: model) == "0:0 SCHEME-CLUSTERS the model compares by revenue, visits, and the scheme by visits")
    }

    @Test func `the least changes that would move an entity are told`() throws {
        let scheme = try HoldingTests.scheme()
        let row = try HoldingTests.row("1", "990.50", visits: 2)
        let found = try scheme.alternatives(row, context: Desk.context(Self.now)).map { "\($0.attribute) \($0.to.text) \($0.microsegment) \($0.rule)" }
        #expect(found == ["revenue 1000 large 2"])
        let large = try scheme.alternatives(HoldingTests.row("1", "1000", visits: 2), context: Desk.context(Self.now)).map { "\($0.attribute) \($0.to.text) \($0.microsegment)" }
        #expect(large == ["revenue 999.99 small", "visits 3 key"])
    }

    @Test func `all methods are put beside each other, and what one cannot do is told`() throws {
        let scheme = try #require(try Self.read(Self.text(clusters: "attributes: { revenue: {}, visits: { logarithm: true } }, count: 3, where: revenue > 0, resamples: 3")).scheme)
        let rows = try Self.population()
        let comparison = try MethodComparison(scheme, try #require(scheme.clusters), rows: rows, context: Desk.context(Self.now))
        #expect(Set(comparison.entries.map(\.method)) == Set(ClusterModel.Algorithm.allCases) && comparison.failures.isEmpty, "\(comparison.failures)")
        #expect(comparison.entries.map(\.stability) == comparison.entries.map(\.stability).sorted(by: >) && comparison.entries.allSatisfy { $0.clusters >= 3 })
        #expect(try MethodComparison(scheme, try #require(scheme.clusters), rows: rows.reversed(), context: Desk.context(Self.now)).text == comparison.text)
        let none = try MethodComparison(scheme, try #require(scheme.clusters), rows: [], context: Desk.context(Self.now))
        #expect(none.entries.isEmpty && none.failures.count == ClusterModel.Algorithm.allCases.count)
    }

    @Test func `attributes are ranked by how far they tell an outcome apart`() throws {
        let plan = try Self.plan(), rows = try Self.population()
        let ranking = DriverRanking(plan, rows: rows, outcome: 0)
        #expect(ranking.drivers.first.map { "\($0.attribute) \($0.groups) \($0.members)" } == "late 4 150")
        #expect(try #require(ranking.drivers.first).etaSquared > 0.999)
        let label = try #require(ranking.drivers.first { $0.attribute == "label" })
        #expect(label.groups == 2 && label.etaSquared < 0.1)
        #expect(!ranking.drivers.contains { $0.attribute == "clock" }, "what nobody has tells nothing apart")
        #expect(DriverRanking(plan, rows: [], outcome: 0).drivers.isEmpty)
    }
}
