import Outbox
import Pipeline
import Store
import Testing
import Values

extension EndToEnd { @Suite struct HostileEndpointTests {
    /// Targets of a site: each with its path at the receiver.
    private static let paths = [
        ("good", "/hooks/good"), ("flaky", "/flaky?failures=2"), ("busy", "/fail/429?retryAfter=600"),
        ("patient", "/flaky?failures=1&retryAfter=1"), ("broken", "/fail/500"), ("endless", "/endless"), ("slow", "/slow?seconds=60"),
        ("moved", "/redirect?to=/hooks/elsewhere"), ("gone", "/fail/410"),
    ]

    private func configuration(_ address: String, _ paths: [(String, String)]) -> String {
        let targets = (paths.map { ($0.0, address + $0.1) } + [("nobody", "http://127.0.0.1:1/")]).map { name, url in
            """
              \(name):
                url: \(url)
                allowHTTP: true
                allowAddresses: [127.0.0.0/8]
                secret: { file: webhook.secret }
                timeout: 1s
                retry: [PT0S, PT0S]

            """
        }
        return DeskSite.configuration(carrier: "\(address)/hooks/carrier", endpoint: "    retry: [PT0S]\n" + targets.joined())
    }

    private func add(_ id: String, to target: String, lane: String? = nil, seconds: Int64 = 3_600, at site: DeskSite) throws {
        let now = SystemClock.now()
        let effect = Effect(
            id: id, kind: .webhook, target: target, lane: "order:\(lane ?? target)", payload: Array("{\"id\":\"\(id)\"}".utf8), createdAt: now,
            deadline: now.adding(seconds: seconds))
        try site.site.store.driver.write { session in
            try Store.add(effect, action: "tried", position: Store.nextPosition(in: session), sources: [], in: session)
        }
    }

    private func outcomes(_ id: String, _ site: DeskSite) throws -> [String] { try site.site.store.attempts(ofEffect: id).map(\.outcome) }

    private func phase(_ id: String, _ site: DeskSite) throws -> DeliveryState.Phase { try #require(try site.site.store.effect(id)).delivery.phase }

    @Test func `each misbehaviour of an endpoint has its documented end, and holds no other target up`() async throws {
        try await LoopbackReceiver.run { address, journal in
            let site = try await DeskSite.whole(configuration(address, Self.paths))
            let names = Self.paths.map(\.0) + ["nobody"]
            for name in names { try add(name, to: name, at: site) }
            try await site.withDaemon { told in
                try await told.wait { _ in
                    try names.allSatisfy { name in
                        let state = try #require(try site.site.store.effect(name)).delivery
                        return state.isSettled || (name == "busy" && state.phase.code == "waiting")
                    }
                }
                // Each try of the slow one takes the whole timeout; the good one does not wait for it.
                let good = try #require(told.events.firstIndex { if case .delivered("good", _, _) = $0 { true } else { false } })
                let slow = try #require(told.events.firstIndex { if case .notDelivered("slow", _, _) = $0 { true } else { false } })
                #expect(good < slow)
            }
            #expect(try outcomes("good", site) == ["delivered"])
            #expect(try outcomes("flaky", site) == ["http-503", "http-503", "delivered"])
            #expect(try outcomes("patient", site) == ["http-503", "delivered"])
            #expect(try outcomes("broken", site) == ["http-500", "http-500", "http-500"])
            #expect(try outcomes("endless", site) == ["oversized-response", "oversized-response", "oversized-response"])
            #expect(try outcomes("slow", site) == ["timeout", "timeout", "timeout"])
            #expect(try outcomes("moved", site) == ["redirect-302", "redirect-302", "redirect-302"])
            #expect(try outcomes("nobody", site) == ["connect", "connect", "connect"])
            #expect(try outcomes("gone", site) == ["http-410"])
            for name in ["broken", "endless", "slow", "moved", "nobody", "gone"] { #expect(try phase(name, site).code == "dead", "\(name)") }
            try expectWaits(site)
            let lines = try LoopbackReceiver.lines(journal)
            #expect(lines.allSatisfy { !$0.contains("/hooks/elsewhere") })
            #expect(lines.count { $0.contains("\"path\":\"/hooks/good\"") } == 1)
            #expect(try site.site.store.disabledTargets().map(\.target) == ["gone"])
        }
    }

    /// Retry-After is kept to the second, however short the schedule is.
    private func expectWaits(_ site: DeskSite) throws {
        let asked = try #require(try site.site.store.attempts(ofEffect: "busy").first)
        #expect(asked.outcome == "http-429")
        guard case .waiting(let until) = try phase("busy", site) else {
            Issue.record("busy does not wait")
            return
        }
        #expect(until >= asked.at.adding(seconds: 599) && until <= asked.at.adding(seconds: 610))
        let patient = try site.site.store.attempts(ofEffect: "patient").map(\.at)
        #expect(patient[0].adding(seconds: 1) <= patient[1])
    }

    @Test func `a target that was gone is parked until somebody enables it, and then gets what waited, in order`() async throws {
        try await LoopbackReceiver.run { address, journal in
            let site = try await DeskSite.whole(configuration(address, [("gone", "/fail/410")]))
            try add("first", to: "gone", at: site)
            try await site.runOnce()
            try add("second", to: "gone", at: site)
            try await site.runOnce()
            #expect(try phase("first", site).code == "dead")
            #expect(try outcomes("second", site) == [])

            // The endpoint is back under the same name; the daemon runs while the operator replays.
            try site.write("crossdock.yaml", configuration(address, [("gone", "/hooks/back")]))
            let told = EventJournal()
            let daemon = try Daemon(site: Site.open(root: site.root), once: false) { told.add($0) }
            let running = Task { try await daemon.run() }
            defer { running.cancel() }
            try await told.wait { $0.contains { if case .started = $0 { true } else { false } } }
            let dead = try #require(try site.site.store.effect("first")).delivery
            let again = try #require(dead.replayed(deadline: SystemClock.now().adding(seconds: 3_600)))
            #expect(again.attempts == 1)
            try site.site.store.driver.write { session in
                try Store.update(again, in: session)
                try Store.enable("gone", in: session)
            }
            try await told.wait { _ in try phase("first", site).code == "delivered" && phase("second", site).code == "delivered" }
            #expect(try outcomes("first", site) == ["http-410", "delivered"])
            #expect(try LoopbackReceiver.lines(journal).count { $0.contains("\"path\":\"/hooks/back\"") && $0.contains("\"verified\":true") } == 2)
            running.cancel()
            try await running.value
        }
    }

    /// A target that fails as often as its path says, and is left alone after three failures, for a second at first.
    private func guarded(_ address: String, _ path: String, _ more: String = "") -> String {
        DeskSite.configuration(carrier: "\(address)/hooks/carrier", endpoint: """
                retry: [PT0S]
              guarded:
                url: \(address)\(path)
                allowHTTP: true
                allowAddresses: [127.0.0.0/8]
                secret: { file: webhook.secret }
                parallel: 1
                retry: [PT0S, PT0S, PT0S, PT0S, PT0S, PT0S, PT0S, PT0S]
            \(more)

            """)
    }

    @Test func `a target that does not answer is left alone, which is told, and one probe at a time finds that it is back`() async throws {
        try await LoopbackReceiver.run { address, _ in
            // The receiver fails once for each id.
            let site = try await DeskSite.whole(guarded(address, "/flaky?failures=1", "    breaker: { failures: 3, pause: 1s }"))
            for number in 0..<4 { try add("e\(number)", to: "guarded", lane: "\(number)", at: site) }
            try await site.withDaemon { told in
                try await told.wait { $0.contains { if case .targetHeldBack("guarded", .some) = $0 { true } else { false } } }
                let held = try site.site.store.heldBackTargets()
                #expect(held.map(\.target) == ["guarded"])
                #expect(held.first?.reason.hasPrefix("3 attempts in a row failed; one is tried at ") == true)
                try await told.wait { _ in try (0..<4).allSatisfy { try phase("e\($0)", site).code == "delivered" } }
                try await told.wait { $0.contains { if case .targetHeldBack("guarded", nil) = $0 { true } else { false } } }
            }
            #expect(try site.site.store.heldBackTargets().isEmpty)
            let attempts = try (0..<4).flatMap { try site.site.store.attempts(ofEffect: "e\($0)") }.sorted { $0.at < $1.at }
            // Three fail, and for a second there is nothing; then one probe, and what its answer says.
            #expect(attempts.prefix(3).allSatisfy { $0.outcome == "http-503" })
            #expect(attempts.count { $0.outcome == "http-503" } == 4 && attempts.count { $0.outcome == "delivered" } == 4)
            #expect(attempts[2].at.distance(to: attempts[3].at) >= DayTimeDuration(seconds: 0, nanoseconds: 900_000_000))
        }
    }

    @Test func `no more attempts start than the rate of a target lets`() async throws {
        try await LoopbackReceiver.run { address, _ in
            let site = try await DeskSite.whole(guarded(address, "/hooks/good", "    rate: { requests: 10, burst: 3 }"))
            for number in 0..<9 { try add("e\(number)", to: "guarded", lane: "\(number)", at: site) }
            try await site.withDaemon { told in try await told.wait { _ in try (0..<9).allSatisfy { try phase("e\($0)", site).code == "delivered" } } }
            let starts = try (0..<9).flatMap { try site.site.store.attempts(ofEffect: "e\($0)").map(\.at) }.sorted()
            #expect(starts.count == 9)
            for (first, fourth) in zip(starts, starts.dropFirst(3)) {
                #expect(first.distance(to: fourth) >= DayTimeDuration(seconds: 0, nanoseconds: 99_000_000))
            }
            #expect(starts[0].distance(to: starts[8]) >= DayTimeDuration(seconds: 0, nanoseconds: 590_000_000))
        }
    }

    @Test func `a target for which more waits than fits into memory keeps no other waiting`() async throws {
        try await LoopbackReceiver.run { address, _ in
            let site = try await DeskSite.whole(configuration(address, [("gone", "/fail/410"), ("good", "/hooks/good")]))
            try add("first", to: "gone", at: site)
            try await site.runOnce()
            let now = SystemClock.now()
            try site.site.store.driver.write { session in
                for number in 0..<12_000 {
                    let effect = Effect(
                        id: "gone-\(number)", kind: .webhook, target: "gone", lane: "\(number)", payload: [1], createdAt: now, deadline: now.adding(seconds: 3_600))
                    try Store.add(effect, action: "tried", position: Store.nextPosition(in: session), sources: [], in: session)
                }
            }
            try add("last", to: "good", at: site)
            try await site.runOnce()
            #expect(try outcomes("last", site) == ["delivered"])
            #expect(try phase("gone-11999", site).code == "pending")
        }
    }

    @Test func `thousands that wait for hours, and a long lane behind one of them, hold up nothing of their target`() async throws {
        try await LoopbackReceiver.run { address, _ in
            let site = try await DeskSite.whole(configuration(address, [("good", "/hooks/good")]))
            let now = SystemClock.now()
            try site.site.store.driver.write { session in
                func put(_ id: String, lane: String, waiting seconds: Int64? = nil) throws {
                    let effect = Effect(
                        id: id, kind: .webhook, target: "good", lane: lane, payload: [1], createdAt: now, deadline: now.adding(seconds: 36_000))
                    try Store.add(effect, action: "tried", position: Store.nextPosition(in: session), sources: [], in: session)
                    guard let seconds else { return }
                    let state = DeliveryState(
                        effectID: id, deadline: effect.deadline, phase: .waiting(until: now.adding(seconds: seconds)), attempts: 1, chargedFailures: 1,
                        lastFailure: .http(status: 500))
                    try Store.update(state, in: session)
                }
                for number in 0..<5_000 { try put("a-\(number)", lane: "\(number)", waiting: 3_600) }
                try put("b-0", lane: "long", waiting: 3_600)
                for number in 1...5_000 { try put("b-\(number)", lane: "long") }
                try put("c-0", lane: "soon", waiting: 9)
                for number in 1...3 { try put("c-\(number)", lane: "soon") }
                try put("d", lane: "new")
            }
            try await site.withDaemon { told in
                try await told.wait { _ in try phase("d", site).code == "delivered" }
                // What comes while the daemon runs is found behind all that waits.
                try add("e", to: "good", lane: "newer", at: site)
                try await told.wait { _ in try phase("e", site).code == "delivered" && phase("c-3", site).code == "delivered" }
            }
            let attempts = try (0...3).flatMap { try site.site.store.attempts(ofEffect: "c-\($0)") }
            #expect(attempts.map(\.outcome) == [String](repeating: "delivered", count: 4))
            #expect(attempts[0].at >= now.adding(seconds: 9))
            for (one, next) in zip(attempts, attempts.dropFirst()) { #expect(one.at <= next.at) }
            #expect(try outcomes("a-0", site) == [] && outcomes("b-0", site) == [] && outcomes("b-1", site) == [])
            #expect(try phase("b-5000", site) == .pending && phase("a-4999", site) == .waiting(until: now.adding(seconds: 3_600)))
        }
    }

    @Test func `what waits for a disabled target is a dead letter once its deadline has passed`() async throws {
        try await LoopbackReceiver.run { address, _ in
            let site = try await DeskSite.whole(configuration(address, [("gone", "/fail/410")]))
            try add("first", to: "gone", at: site)
            try await site.runOnce()
            try add("second", to: "gone", lane: "2", seconds: -1, at: site)
            try add("third", to: "gone", lane: "3", at: site)
            try await site.runOnce()
            #expect(try #require(try site.site.store.effect("second")).reason?.hasPrefix("DELIVERY-DEADLINE") == true)
            #expect(try outcomes("second", site) == [])
            #expect(try phase("third", site).code == "pending")
        }
    }
}}
