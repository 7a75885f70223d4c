import ChangeControl
import Foundation
import Outbox
import Pipeline
import Records
import Store
import Testing
import Values

extension EndToEnd { @Suite struct MainJobTests {
    @Test func `the sample files become records, micro-segments, action files and signed webhooks`() async throws {
        try await LoopbackReceiver.run { address, journal in
            let site = try await DeskSite.whole(DeskSite.configuration(carrier: "\(address)/hooks/carrier"))
            try site.dropSamples(DeskSite.sampleFeeds)
            let events = try await site.runOnce()
            #expect(events.filter(\.isTrouble).isEmpty, "\(events.compactMap(\.trouble))")
            try expectGolden(site)

            let effects = try site.site.store.effects(status: nil, limit: 1000)
            #expect(effects.filter { $0.delivery.phase.code != "delivered" }.map(\.effect.id) == [])
            try expectWebhooks(effects.filter { $0.effect.kind == .webhook }, journal)
            for item in effects where item.effect.kind == .actionFile {
                let written = try site.read("Outbox/\(item.effect.target)/\(#require(item.effect.fileName))")
                #expect(Array(written.utf8) == item.effect.payload)
            }
            let audit = try site.audit()
            #expect(audit.defects.isEmpty)
            #expect(audit.commits >= 3)
        }
    }

    private func expectGolden(_ site: DeskSite) throws {
        let status = try SiteStatus(site.site)
        #expect(status.isIdle)
        #expect(status.files.map { "\($0.feed) \($0.status.rawValue) \($0.files)" }.sorted() == [
            "customers archived 1", "idoc-orders archived 2", "item-master archived 1", "order-history archived 1",
            "warehouse-orders archived 1", "x12-carrier-status archived 1", "x12-inventory archived 1", "x12-orders archived 3",
        ])
        #expect(status.totals == (loads: 11, read: 427, accepted: 423, reported: 4))
        #expect(status.records.map { "\($0.kind) \($0.count)" } == [
            "item 20", "party 6", "order 12", "orderLine 25", "inventoryPosition 43", "transportEvent 5", "salesLine 292",
            "returnLine 14", "warehouseInstruction 2", "warehouseInstructionLine 4",
        ])
        #expect(status.microsegments.filter { $0.scheme == "item-value" }.map { "\($0.microsegment) \($0.members)" }
            == ["core-volatile 7", "middle 6", "tail 7"])
        for feed in DeskSite.sampleFeeds {
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(site.root)/Inbox/\(feed)").filter { !$0.hasPrefix(".") } == [], "\(feed)")
            for name in try DeskSite.samples(feed) where !name.hasSuffix(".done") {
                let file = try #require(try site.site.store.files(named: name).first)
                #expect(try site.kept(file) == DeskSite.sample("\(feed)/\(name)"))
            }
        }
        let orders = try site.site.store.standings(scheme: "order-priority")
        #expect(orders.count == 12)
        #expect(orders.count { $0.computed == "rush" } == 5)
    }

    /// Every webhook came, once, with a signature that is right and the bytes that were committed.
    private func expectWebhooks(_ webhooks: [StoredEffect], _ journal: String) throws {
        #expect(webhooks.count >= 12)
        let lines = try LoopbackReceiver.lines(journal)
        #expect(lines.count == webhooks.count)
        for item in webhooks {
            let line = try #require(lines.first { $0.contains("\"id\":\"\(item.effect.id)\"") })
            #expect(line.contains("\"verified\":true") && line.contains("\"path\":\"/hooks/carrier\""))
            #expect(line.contains("\"sha256\":\"\(ContentDigest(of: item.effect.payload).hex)\""))
        }
    }

    @Test func `what is drained stays drained, and a second daemon is refused while the first lives`() async throws {
        let site = try await DeskSite.whole()
        do {
            let first = try Daemon(site: site.site, once: true) { _ in }
            #expect(throws: PipelineFailure.self) { try Daemon(site: site.site, once: true) { _ in } }
            try await first.run()
        }
        let head = try site.site.store.lastLogEntry()?.position
        let again = try await site.runOnce()
        #expect(again.filter(\.isTrouble).isEmpty)
        #expect(try site.site.store.lastLogEntry()?.position == head)
    }
}}

extension EndToEnd { @Suite struct OriginTests {
    @Test func `every origin of an order's fields holds the value's text in the archived file`() async throws {
        let site = try await DeskSite.whole()
        try site.dropSamples(["x12-orders", "idoc-orders"])
        try await site.runOnce()
        var checked = 0
        for kind in [RecordKind.order, .orderLine] {
            let table = kind == .order ? "record_order" : "record_order_line"
            let rows = try site.site.store.driver.read { try $0.rows(Statement("SELECT record FROM \(table) ORDER BY record")) }
            #expect(rows.count == (kind == .order ? 12 : 25))
            for row in rows { checked += try expectOrigins(row.integer(0), site) }
        }
        #expect(checked == 194)
    }

    /// Holds each field that is not a constant against its bytes; gives how many are the value's text itself.
    private func expectOrigins(_ row: Int64, _ site: DeskSite) throws -> Int {
        let record = try #require(try site.site.store.record(row))
        let load = try #require(try site.site.store.load(record.load))
        let file = try #require(try site.site.store.file(load.file))
        let bytes = try site.kept(file)
        var exact = 0
        for (slot, value) in record.values.enumerated() where value != .null {
            let field = RecordCatalogue.definition(record.kind).fields[slot].name
            guard let origin = record.origins[slot] else { continue }
            #expect(origin.node.lowerBound <= origin.field.lowerBound && origin.field.upperBound <= origin.node.upperBound, "\(field)")
            let text = String(decoding: bytes[origin.field], as: UTF8.self)
            if text.contains(value.text) { exact += 1 } else { expectConverted(text, value, field) }
        }
        return exact
    }

    /// A value that is not the text of its bytes is a date, a number, or what a code or lookup makes of it.
    private func expectConverted(_ text: String, _ value: Value, _ field: String) {
        switch value {
        case .date(let date):
            #expect(text == date.description.filter(\.isNumber), "\(field)")
        case .dateTime(let time):
            #expect(time.description.filter(\.isNumber).hasPrefix(text.prefix(8)) || time.description.filter(\.isNumber).contains(text), "\(field)")
        case .number(let number):
            // An IDoc's price is divided by its unit: the origin is the element that the price is in.
            #expect(ExactDecimal(text) == number || (field == "unitPrice" && text.hasPrefix("<VPREI>")), "\(field): \(text)")
        default:
            #expect(["customer", "purpose", "unitOfMeasure", "priority", "unitPrice"].contains(field) && !text.isEmpty, "\(field): \(text), \(value.text)")
        }
    }

    @Test func `the explanation of a webhook goes from the effect to the segment in the archived file`() async throws {
        try await LoopbackReceiver.run { address, _ in
            let site = try await DeskSite.whole(DeskSite.configuration(carrier: "\(address)/hooks/carrier"))
            try site.dropSamples(["x12-orders"])
            try await site.runOnce()
            let effect = try #require(try site.site.store.effects(status: "delivered", limit: 100).first {
                $0.effect.kind == .webhook && String(decoding: $0.effect.payload, as: UTF8.self).contains("4500071002")
            })
            let text = try site.text(ofEffect: effect.effect.id)
            let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
            let wanted = [
                "webhook \(effect.effect.id) to carrier-api by order-priority-changed", "attempt 1 at", "decision ",
                "rule 2 of Schemes/order-priority.yaml:", "hours to promise = -", "order NORDWIND / 4500071002 of x12-orders/850-alpenmarkt-0042.edi",
                "promisedAt = ", "| DTM*002*20261105*0900",
            ]
            var from = lines.startIndex
            for part in wanted {
                let found = lines[from...].firstIndex { $0.hasPrefix(part) }
                #expect(found != nil, "\(part) in\n\(text)")
                from = found ?? from
            }
            // The bytes that it names are that segment, in the file as it is kept.
            let line = try #require(lines.first { $0.hasPrefix("promisedAt = ") })
            #expect(line.contains("EDI segment DTM at bytes"))
            let range = try #require(line.firstMatch(of: /at bytes (\d+)\.\.<(\d+)/))
            let file = try #require(try site.site.store.files(named: "850-alpenmarkt-0042.edi").first)
            let bytes = try site.kept(file)[#require(Int(range.1))..<#require(Int(range.2))]
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("DTM*002*20261105*0900"))
        }
    }
}}
