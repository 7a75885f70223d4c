import Foundation
import Outbox
import Pipeline
import Store
import Testing
import Values

extension EndToEnd { @Suite struct ReplayTests {
    private static let start = Instant("2026-11-21T09:00:00Z")!

    /// Dead letters: id, target, action, the failure, and minutes after nine at which each was given up.
    private static let dead: [(id: String, target: String, action: String, failure: FailureClass, minute: Int64)] = [
        ("a1", "carrier-api", "priority", .connect, 0), ("a2", "carrier-api", "priority", .http(status: 503), 10),
        ("a3", "carrier-api", "picking", .http(status: 500), 20), ("a4", "carrier-api", "picking", .http(status: 404), 30),
        ("b1", "shop-api", "priority", .connect, 20), ("b2", "shop-api", "priority", .http(status: 503), 40),
    ]

    private func site() throws -> DeskSite {
        let site = try DeskSite()
        try site.site.store.driver.write { session in
            for (place, letter) in Self.dead.enumerated() {
                let effect = Effect(
                    id: letter.id, kind: .webhook, target: letter.target, payload: Array("{}".utf8), createdAt: Self.start, deadline: Self.start.adding(seconds: 9_000))
                try Store.add(effect, action: letter.action, position: 100 + place, sources: [], in: session)
                let reason: DeliveryState.DeathReason = letter.failure.treatment == .retryFew ? .rejected(letter.failure) : .attemptsUsedUp(last: letter.failure)
                try Store.update(
                    DeliveryState(
                        effectID: letter.id, deadline: effect.deadline, phase: .dead(at: Self.start.adding(seconds: letter.minute * 60), reason), attempts: 3,
                        chargedFailures: 3, lastFailure: letter.failure), in: session)
            }
            try Store.disable("shop-api", at: Self.start, reason: "gone", in: session)
        }
        return site
    }

    private func replay(_ arguments: [String], at site: DeskSite) throws -> (status: Int32, answer: [String: Any]) {
        let output = Pipe()
        let status = try site.program(["outbox", "replay", "--format", "json"] + arguments, output: output.fileHandleForWriting).status
        try output.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        return (status, try data.isEmpty ? [:] : (JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]))
    }

    private func list(_ arguments: [String], at site: DeskSite) throws -> (status: Int32, text: String) { try outbox(["list"] + arguments, at: site) }

    private func outbox(_ arguments: [String], at site: DeskSite) throws -> (status: Int32, text: String) {
        let output = Pipe()
        let status = try site.program(["outbox"] + arguments, output: output.fileHandleForWriting).status
        try output.fileHandleForWriting.close()
        return (status, String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
    }

    @Test func `what waits for a disabled target is listed as that, and disabled is no status of an effect`() throws {
        let site = try site()
        try site.site.store.driver.write { session in
            for target in ["shop-api", "carrier-api"] {
                let effect = Effect(id: "w-\(target)", kind: .webhook, target: target, payload: Array("{}".utf8), createdAt: Self.start, deadline: Self.start.adding(seconds: 9_000))
                try Store.add(effect, action: "priority", position: 200, sources: [], in: session)
            }
        }
        let listed = try list(["--status", "pending"], at: site)
        #expect(listed.status == 0 && listed.text.split(separator: "\n").filter { $0.hasSuffix(", its target is disabled") }.map { $0.prefix(10) } == ["w-shop-api"])
        #expect(listed.text.contains("w-carrier-api pending"))
        #expect(try outbox(["show", "w-shop-api"], at: site).text.hasPrefix("w-shop-api to shop-api by priority: pending, its target is disabled; "))
        #expect(try !outbox(["show", "w-carrier-api"], at: site).text.contains("disabled"))
        // What was given up waits for nobody.
        #expect(try !list(["--status", "dead"], at: site).text.contains("disabled"))
        #expect(try list(["--status", "disabled"], at: site).status != 0)
    }

    private func pending(_ site: DeskSite) throws -> [String] { try site.site.store.effects(status: "pending", limit: 100).map(\.effect.id).sorted() }

    @Test(arguments: [
        (["--target", "carrier-api"], ["a1", "a2", "a3", "a4"]), (["--action", "priority"], ["a1", "a2", "b1", "b2"]),
        (["--failure", "connect"], ["a1", "b1"]), (["--failure", "http-5xx"], ["a2", "a3", "b2"]), (["--failure", "DELIVERY-REJECTED"], ["a4"]),
        (["--since", "2026-11-21T09:20:00Z"], ["a3", "a4", "b1", "b2"]), (["--since", "2026-11-21T10:10:00+01:00", "--until", "2026-11-21T09:30:00Z"], ["a2", "a3", "b1"]),
        (["--target", "carrier-api", "--action", "picking", "--failure", "http-5xx", "--since", "2026-11-21T09:00:00Z"], ["a3"]),
    ])
    func `those are sent again that are told, a dry run says how many, and then they are`(arguments: [String], ids: [String]) throws {
        let site = try site()
        let dry = try replay(arguments + ["--dry-run"], at: site)
        #expect(dry.status == 0)
        #expect(dry.answer["replayed"] as? Int == 0 && dry.answer["sendable"] as? Int == ids.count)
        #expect(try pending(site) == [])
        #expect(try site.site.store.disabledTargets().count == 1)
        let done = try replay(arguments, at: site)
        #expect(done.status == 0 && done.answer["replayed"] as? Int == ids.count)
        #expect(try pending(site) == ids)
        #expect(try site.site.store.disabledTargets().isEmpty == ids.contains { $0.hasPrefix("b") })
        // Under the same id, with a whole schedule and the attempts that were made.
        let state = try #require(try site.site.store.effect(ids[0])).delivery
        #expect(state.attempts == 3 && state.chargedFailures == 0 && state.deadline > SystemClock.now().adding(seconds: 71 * 3_600))
    }

    @Test func `what nobody means, or cannot mean, is refused`() throws {
        let site = try site()
        #expect(try replay(["--target", "nobody"], at: site).status == 1)
        #expect(try replay([], at: site).status != 0)
        #expect(try replay(["--effect", "a1", "--target", "carrier-api"], at: site).status != 0)
        #expect(try replay(["--failure", "bad"], at: site).status != 0)
        #expect(try replay(["--since", "yesterday"], at: site).status != 0)
        #expect(try replay(["--effect", "a1", "--hours", "0"], at: site).status != 0)
        #expect(try pending(site) == [])
        #expect(try replay(["--effect", "a1"], at: site).status == 0)
        #expect(try pending(site) == ["a1"])
    }
}}
