import ChangeControl
import Foundation
import Pipeline
import Store
import Testing
import Values

extension EndToEnd {
    /// What the log answers for, written by SQL: each is found by `audit verify`.
    @Suite struct AuditedRowsTests {
        /// A site that took an order, and moved it by a changed scheme: moves, decisions, effects, a request and two states.
        private static func worked() async throws -> DeskSite {
            let site = try await DeskSite.whole()
            for number in ["4711", "4712"] { try site.take(DeskSite.order(number, control: Int(number) ?? 0), as: "\(number).edi", in: "x12-orders") }
            _ = try site.evaluator().drainDirty(now: SystemClock.now())
            let scheme = "Schemes/order-priority.yaml", text = try site.read(scheme)
            try site.write(scheme, text.replacing(/< \d+ +\| - +\|\| "rush" +\|\| the/, with: "< 90000             | -       || \"rush\"       || the"))
            try await site.activate("Rush all")
            _ = try site.evaluator().drainDirty(now: SystemClock.now())
            return site
        }

        /// A write that nobody should make, and what it makes `audit verify` say.
        private struct Write {
            let sql: String
            let told: String

            init(_ sql: String, _ told: String) {
                self.sql = sql
                self.told = told
            }
        }

        private static let writes = [
            Write("UPDATE decision SET body = '{}'", "digest"), Write("UPDATE decision SET microsegment = 'other'", "digest"),
            Write("UPDATE decision SET at = at + 1", "digest"), Write("UPDATE decision SET position = position + 1000", "answers for none"),
            Write("DELETE FROM decision WHERE place = 0", "digest"), Write("UPDATE effect SET payload = x'00'", "digest"),
            Write("UPDATE effect SET target = 'erp'", "digest"), Write("UPDATE effect SET file_name = 'other.csv'", "digest"),
            Write("UPDATE effect SET deadline = deadline - 1", "digest"), Write("UPDATE effect SET lane = 'x'", "digest"),
            Write("UPDATE effect SET action = 'other'", "digest"), Write("UPDATE effect_source SET decision = 'other' WHERE decision IS NOT NULL", "digest"),
            Write("UPDATE delivery SET target = 'erp'", "no delivery"), Write("DELETE FROM delivery", "no delivery"),
            Write("UPDATE assignment SET microsegment = 'standard'", "digest"), Write("UPDATE assignment SET cause = 'override x'", "digest"),
            Write("UPDATE assignment SET valid_from = valid_from - 1", "digest"), Write("UPDATE assignment SET rule = 1 + rule", "digest"),
            Write("UPDATE assignment SET known_from = 1 WHERE valid_to IS NULL", "digest"), Write("UPDATE assignment SET state = 'x'", "digest"),
            Write("UPDATE assignment SET valid_to = valid_to + 1 WHERE valid_to IS NOT NULL", "does not follow"),
            Write("UPDATE assignment SET microsegment = 'rush' WHERE valid_to IS NOT NULL", "does not follow"),
            Write("UPDATE assignment SET known_to = known_to + 1 WHERE known_to IS NOT NULL", "does not follow"),
            Write("DELETE FROM assignment WHERE valid_to IS NOT NULL", "does not follow"), Write("DELETE FROM assignment", "digest"),
            Write("UPDATE assignment SET kind = 'other'", "digest"), Write("UPDATE standing SET microsegment = 'other'", "stands elsewhere"),
            Write("DELETE FROM standing", "stands elsewhere"), Write("UPDATE content SET bytes = x'00'", "are others"), Write("DELETE FROM content", "lacks"),
            Write("DELETE FROM content WHERE digest IN (SELECT json_extract(body, '$.impact') FROM change_request)", "impact report"),
            Write("UPDATE state SET description = description || 'x'", "does not describe"), Write("DELETE FROM state", "does not describe"),
            Write("UPDATE change_request SET status = 'approved'", "not as the log has it"), Write("DELETE FROM change_request", "is missing"),
            Write("UPDATE change_request SET body = replace(body, 'Contract', 'Other'), id = 'CR-9999'", "knows nothing"),
            Write("UPDATE site SET value = '\(String(repeating: "a", count: 64))' WHERE name = 'live state'", "live state"),
            Write("UPDATE log SET body = replace(body, 'decisions', 'decisionz') WHERE kind = 'runCommitted'", "contents call for"),
            Write("DELETE FROM log WHERE position = 3", "was expected"), Write("UPDATE log SET at = at + 1 WHERE position = 2", "contents call for"),
        ]

        @Test func `every write by SQL to what the log answers for is found`() async throws {
            let site = try await Self.worked()
            let whole = try site.audit()
            #expect(whole.defects.isEmpty, "\(whole.defects)")
            #expect(whole.commits >= 3)
            for write in Self.writes {
                let copy = "\(site.root)/copy"
                try FileManager.default.createDirectory(atPath: "\(copy)/Var", withIntermediateDirectories: true)
                defer { do { try FileManager.default.removeItem(atPath: copy) } catch { print("left behind: \(copy): \(error)") } }
                try FileManager.default.copyItem(atPath: "\(site.root)/crossdock.yaml", toPath: "\(copy)/crossdock.yaml")
                _ = try site.site.store.driver.write { try $0.execute(Statement("UPDATE site SET value = value"), []) }
                for ending in ["", "-wal"] where FileManager.default.fileExists(atPath: "\(site.root)/Var/crossdock.sqlite\(ending)") {
                    try FileManager.default.copyItem(atPath: "\(site.root)/Var/crossdock.sqlite\(ending)", toPath: "\(copy)/Var/crossdock.sqlite\(ending)")
                }
                let damaged = try Site.open(root: copy)
                _ = try damaged.store.driver.write { session in
                    try session.execute(Statement("DROP INDEX IF EXISTS log_kind"), [])
                    let changed = try session.execute(Statement(write.sql), [])
                    #expect(changed > 0, "\(write.sql) changes nothing")
                }
                let defects = try LogAudit.verify(damaged).defects
                #expect(defects.contains { $0.contains(write.told) }, "\(write.sql): \(defects.prefix(3))")
            }
        }

        @Test func `an effect, a decision and a move that were put in are found`() async throws {
            let site = try await Self.worked()
            for (sql, told) in [
                ("INSERT INTO decision SELECT 'forged', 0, 0, scheme, kind, client, entity, at, microsegment, state, body FROM decision LIMIT 1", "answers for none"),
                ("INSERT INTO effect (id, position, place, action, kind, target, lane, file_name, content_type, payload, created_at, deadline) SELECT 'forged', position, 99, action, kind, target, lane, file_name, content_type, payload, created_at, deadline FROM effect LIMIT 1", "digest"),
                ("INSERT INTO assignment SELECT scheme, kind, client, 'forged', microsegment, cause, rule, state, valid_from, NULL, 0, NULL FROM assignment LIMIT 1", "answers for none"),
            ] {
                _ = try site.site.store.driver.write { try $0.execute(Statement(sql), []) }
                let defects = try site.audit().defects
                #expect(defects.contains { $0.contains(told) }, "\(sql): \(defects.prefix(3))")
                for table in ["decision", "effect"] { _ = try site.site.store.driver.write { try $0.execute(Statement("DELETE FROM \(table) WHERE id = 'forged'"), []) } }
                _ = try site.site.store.driver.write { try $0.execute(Statement("DELETE FROM assignment WHERE entity = 'forged'"), []) }
                #expect(try site.audit().defects.isEmpty)
            }
        }
    }
}
