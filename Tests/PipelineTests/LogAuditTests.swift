import ChangeControl
import Pipeline
import Store
import Testing
import Values

@Suite struct LogAuditTests {
    @Test func `a live pointer that no log entry set is found`() async throws {
        let site = try DeskSite()
        try await site.begin()
        try site.site.store.driver.write { try Store.setSiteValue(Site.Fact.liveState, String(repeating: "a", count: 64), in: $0) }
        #expect(try LogAudit.verify(site.site).defects.count == 1)
    }

    @Test func `a changed entry, another genesis and a dropped tail are found`() async throws {
        let site = try DeskSite()
        try await site.begin()
        _ = try site.propose()
        let whole = try LogAudit.verify(site.site)
        #expect(whole.entries == 3)
        let head = try #require(whole.head)
        #expect(try LogAudit.verify(site.site, witnessed: head).defects.isEmpty)
        #expect(try LogAudit.verify(site.site, genesis: .zero).defects.count == 1)
        _ = try site.site.store.driver.write { try $0.execute(Statement("DELETE FROM log WHERE position >= ?"), [.integer(1)]) }
        // Without a witness only what the store still has of the entry shows it.
        #expect(try LogAudit.verify(site.site).defects == ["the log knows nothing of change request CR-0001"])
        #expect(try LogAudit.verify(site.site, witnessed: head).defects.count == 1)
        _ = try site.site.store.driver.write { try $0.execute(Statement("DELETE FROM change_request"), []) }
        #expect(try LogAudit.verify(site.site).defects.isEmpty)
        _ = try site.site.store.driver.write { try $0.execute(Statement("UPDATE log SET at = at + 1"), []) }
        #expect(try LogAudit.verify(site.site).defects.count == 1)
    }

    @Test func `a decision that was changed after its run is found`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let bodies = ["{\"a\":1}", "{\"b\":2}"]
        try site.site.store.driver.write { session in
            let position = try Store.nextPosition(in: session)
            for (id, body) in ["z", "a"].enumerated().map({ ($1, bodies[$0]) }) {
                try Store.add(
                    StoredDecision(
                        id: id, position: position, scheme: "s", entityKind: "order", client: "c", entity: id, at: DeskSite.at(1),
                        microsegment: "m", state: "s", body: body), in: session)
            }
            try Store.append(.runCommitted, .context(ContextValue()), at: DeskSite.at(1), in: session)
        }
        let whole = try LogAudit.verify(site.site)
        #expect(whole.commits == 1)
        #expect(whole.defects.isEmpty)
        _ = try site.site.store.driver.write { try $0.execute(Statement("UPDATE decision SET body = ? WHERE id = ?"), [.text("{}"), .text("a")]) }
        #expect(try LogAudit.verify(site.site).defects.count == 1)
    }
}
