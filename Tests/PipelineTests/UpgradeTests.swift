import ChangeControl
import Foundation
import Pipeline
import Store
import Testing
import Values

/// Another program goes on with what is live.
extension EndToEnd { @Suite struct UpgradeTests {
    @Test func `another program goes on with what is live by an entry of the log, with a report of what differs, once`() async throws {
        let site = try await DeskSite.whole(), store = site.site.store
        for feed in ["customers", "item-master", "x12-orders"] {
            for name in try DeskSite.samples(feed) { try site.take(DeskSite.sample("\(feed)/\(name)"), as: name, in: feed) }
        }
        #expect(try site.desk.upgradeReport(at: SystemClock.now()) == nil)
        // As a former program left it.
        let now = try site.site.liveState().description
        let former = StateDescription(bundle: now.bundle, overrides: now.overrides, governance: now.governance, engine: "crossdock 0.0.9", zones: now.zones)
        let request = try site.propose()
        _ = try await site.approve(request.id)
        try store.driver.write { session in
            let body = JSONText.write(.context(ContextValue([("from", .string(now.id.description)), ("to", .string(former.id.description)), ("state", .string(former.text))])))
            try Store.append(.stateActivated, text: body, at: SystemClock.now(), in: session)
            try Store.keepState(former.id.description, description: former.text, in: session)
            try Store.setSiteValue(Site.Fact.liveState, former.id.description, in: session)
        }
        let foretold = try #require(try site.desk.upgradeReport(at: SystemClock.now()))
        #expect(foretold.from == former && foretold.to == now && foretold.report.moved == 0)
        let told = try await site.runOnce()
        #expect(told.contains { if case .upgraded(let upgrade) = $0 { upgrade.from.engine == "crossdock 0.0.9" && upgrade.to.engine == Site.engine } else { false } })
        #expect(try site.site.liveState().id == now.id.description)
        let kinds = try site.logKinds()
        #expect(kinds.count { $0 == "stateUpgraded" } == 1)
        let entry = try #require(try store.driver.read { try Store.entries(of: .stateUpgraded, in: $0) }.first)
        guard case .context(let fields) = try JSONText.parse(entry.body), case .string(let digest)? = fields["impact"] else { throw CocoaError(.coderInvalidValue) }
        #expect(ContentDigest(of: try #require(try store.content(digest))).hex == digest)
        // A second start finds nothing to do, and the history and the audit know of it.
        _ = try await site.runOnce()
        #expect(try site.logKinds().count { $0 == "stateUpgraded" } == 1)
        #expect(try site.desk.history().map(\.kind).suffix(2) == [.stateActivated, .stateUpgraded])
        #expect(try site.audit().defects.isEmpty)
    }
} }
