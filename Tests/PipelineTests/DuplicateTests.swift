import Foundation
import Pipeline
import Records
import Store
import Testing
import Values

extension EndToEnd { @Suite struct DuplicateTests {
    @Test func `the same bytes again are set aside, under whatever name`() async throws {
        let site = try await DeskSite.whole()
        let text = DeskSite.order("D-1")
        let first = try site.take(text, as: "a.edi", in: "x12-orders")
        #expect(first.status == .archived)
        for name in ["a.edi", "b.edi"] {
            let again = try site.take(text, as: name, in: "x12-orders")
            #expect(again.status == .duplicate)
            #expect(again.duplicateOf == first.id)
            #expect(try site.report(again).contains("note[DUPLICATE-BYTES]: the same bytes came as x12-orders/a.edi (file \(first.id))"))
            #expect(try site.kept(again) == Array(text.utf8))
            #expect(!site.exists("Inbox/x12-orders/\(name)"))
        }
        #expect(try site.site.store.recordCounts().first { $0.kind == .order }?.count == 1)
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `an interchange number comes once on a feed that rejects, whatever the bytes`() async throws {
        let site = try await DeskSite.whole()
        let bytes = try DeskSite.sample("warehouse-orders/940-nordwind-0911.edi")
        let text = String(decoding: bytes, as: UTF8.self)
        let first = try site.take(bytes, as: "a.edi", in: "warehouse-orders")
        #expect(first.status == .archived)
        let counts = try site.site.store.recordCounts().map(\.count)
        let effects = try site.site.store.effects(status: nil, limit: 100).count
        let other = try site.take(text.replacingOccurrences(of: "~", with: "~\n"), as: "b.edi", in: "warehouse-orders")
        #expect(other.status == .duplicate)
        #expect(other.duplicateOf == first.id)
        #expect(other.digest != first.digest)
        #expect(try site.report(other).contains("DUPLICATE-INTERCHANGE"))
        #expect(try site.report(other).contains("000000911"))
        #expect(try site.site.store.recordCounts().map(\.count) == counts)
        #expect(try site.site.store.effects(status: nil, limit: 100).count == effects)
        // Another number is another interchange.
        let next = try site.take(text.replacingOccurrences(of: "000000911", with: "000000912"), as: "c.edi", in: "warehouse-orders")
        #expect(next.status == .archived)
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `a resend, a correction and a replay are told apart`() async throws {
        let site = try await DeskSite.whole()
        let first = try site.take(DeskSite.order("D-1", control: 7), as: "a.edi", in: "x12-orders")
        // The same content in other bytes; the feed replaces, so it is taken.
        let resend = try site.take(DeskSite.order("D-1", control: 7).replacingOccurrences(of: "~\n", with: "~"), as: "b.edi", in: "x12-orders")
        #expect(resend.status == .archived)
        #expect(resend.reason?.contains("note[DUPLICATE-INTERCHANGE]: file \(first.id) held interchange 000000007 of the same sender with the same content") == true)
        let correction = try site.take(DeskSite.order("D-1", control: 7, quantity: "8"), as: "c.edi", in: "x12-orders")
        #expect(correction.reason?.contains("note[DUPLICATE-CORRECTION]: file \(first.id)") == true)
        let other = try site.take(DeskSite.order("D-9", control: 8), as: "d.edi", in: "x12-orders")
        #expect(other.reason?.contains("DUPLICATE") != true)
        let bad = try DeskSite.sample("bad/x12-orders/one-of-three.edi")
        let quarantined = try site.take(bad, as: "e.edi", in: "x12-orders")
        #expect(quarantined.status == .quarantined)
        let again = try site.take(bad, as: "f.edi", in: "x12-orders")
        #expect(again.status == .quarantined && again.reason?.contains("DUPLICATE-REPLAY") == true)
        #expect(again.reason?.contains("(file \(quarantined.id))") == true)
    }

    @Test(arguments: [true, false]) func `of two versions of an order the later one holds, in whichever order they come`(laterLast: Bool) async throws {
        let site = try await DeskSite.whole()
        let old = DeskSite.order("D-2", promise: "20350312*1400", at: "20261104*0815", quantity: "6")
        let new = DeskSite.order("D-2", promise: "20261105*1400", at: "20261104*0915", quantity: "8")
        let texts = laterLast ? [old, new] : [new, old]
        for index in texts.indices {
            #expect(try site.take(texts[index], as: "\(index).edi", in: "x12-orders").status == .archived)
        }
        #expect(try site.site.store.recordCounts().filter { $0.count > 0 }.map { "\($0.kind) \($0.count)" } == ["order 1", "orderLine 1"])
        // The promise of the later one has passed; where it came last, the change waits for its confirmation.
        #expect(try site.standing("D-2").computed == "rush")
        _ = try site.evaluator().tick(now: SystemClock.now().adding(seconds: 60))
        #expect(try site.standing("D-2").microsegment == "rush")
        #expect(try site.text(of: DeskSite.order(key: "D-2")).contains("units = 8"))
    }
}}
