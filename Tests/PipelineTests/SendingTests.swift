import Diagnostics
import Foundation
import Outbox
import Pipeline
import Store
import Testing
import Values

/// A warehouse order goes on to a partner as EDI, and what the partner says of it is held against that.
extension EndToEnd { @Suite struct SendingTests {
    private static let targets = DeskSite.configuration().replacingOccurrences(
        of: "  erp: { folder: erp }\n", with: "  erp: { folder: erp }\n  subcon-edi: { folder: subcon }\n")

    private func site(_ send: String = "acknowledgedWithin: 4h") async throws -> DeskSite {
        try await DeskSite.whole(Self.targets) { root in
            for (path, text) in [
                ("partners/subcontractor", "partner: subcontractor\nclient: NORDWIND\nidentifiers: [{ qualifier: ZZ, id: SUBCON }]\nsend: { as: { qualifier: ZZ, id: DOCKYARD }, \(send) }\n"),
                ("outbound/edi/940", Self.forwarding),
                ("routes/forward", "route: forward\nfrom: warehouseInstructionLine\noutbound: edi/940\npartner: subcontractor\ntarget: subcon-edi\n"),
            ] {
                let file = "\(root)/Mappings/\(path).yaml"
                try FileManager.default.createDirectory(atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try text.write(toFile: file, atomically: true, encoding: .utf8)
            }
        }
    }

    private static let forwarding = """
        outboundSet: edi/940
        records: [warehouseInstructionLine]
        writes: { format: x12, transactionSet: "940", version: "004010" }
        file: "940-{number}.edi"
        per: [instruction]
        segments:
          - W05*N*{instruction}
          - N1*ST**91*{shipTo}
          - each: row
            segments: [ "LX*{index}", "W01*{quantity}*{unitOfMeasure}**VN*{item}" ]
        """

    /// The effects for the partner, oldest first.
    private func sent(_ site: DeskSite) throws -> [StoredEffect] {
        try site.site.store.effects(status: nil, limit: 100).filter { $0.effect.target == "subcon-edi" }.sorted { $0.position < $1.position }
    }

    private func acknowledgement(_ lines: [String], control: Int = 1) -> [UInt8] {
        let number = String(format: "%09d", control)
        let body = ["ST*997*0001"] + lines + ["SE*\(lines.count + 2)*0001"]
        return Array((["ISA*00*          *00*          *ZZ*SUBCON         *ZZ*DOCKYARD       *261128*1005*U*00401*\(number)*0*P*:", "GS*FA*SUBCON*DOCKYARD*20261128*1005*\(control)*X*004010"]
            + body + ["GE*1*\(control)", "IEA*1*\(number)"]).map { $0 + "~" }.joined().utf8)
    }

    private func statuses(_ site: DeskSite) throws -> [String] {
        try sent(site).flatMap { try site.site.store.sent(in: $0.effect.id) }.map { "\($0.interchange)/\($0.group ?? 0)/\($0.control) \($0.status.rawValue)" }
    }

    @Test func `a warehouse order leaves as an interchange with numbers of the partner's own`() async throws {
        let site = try await site()
        #expect(try site.take(DeskSite.sample("warehouse-orders/940-nordwind-0911.edi"), as: "a.edi", in: "warehouse-orders").status == .archived)
        let effect = try #require(try sent(site).first).effect
        #expect(effect.fileName == "940-000000001.edi" && effect.contentType == "application/edi-x12")
        let lines = String(decoding: effect.payload, as: UTF8.self).split(separator: "~").map(String.init)
        #expect(lines.filter { $0.hasPrefix("W05") } == ["W05*N*DO-30011", "W05*N*DO-30012"])
        #expect(lines.suffix(2) == ["GE*2*1", "IEA*1*000000001"])
        #expect(try statuses(site) == ["1/1/0001 waiting", "1/1/0002 waiting"])
        #expect(try site.audit().defects.isEmpty)
    }

    private static let notes = """
        outboundSet: edi/864
        values: { entity: text, microsegment: text, former: text, pickPriority: number }
        writes: { format: x12, transactionSet: "864", version: "004010" }
        file: "864-{number}.edi"
        segments:
          - BMG*00
          - each: row
            segments:
              - "MIT*{entity}*{microsegment}"
              - "MSG*{pickPriority}"
        """
    private static let action = "action: tell-subcontractor\nscheme: order-priority\non: change\ntarget: subcon-edi\nfile: { outbound: edi/864, partner: subcontractor }\n"

    @Test func `what a policy decides leaves as EDI, with numbers, and its acknowledgement settles it`() async throws {
        let site = try await site()
        try site.write("Mappings/outbound/edi/864.yaml", Self.notes)
        try site.write("Schemes/actions/tell-subcontractor.yaml", Self.action)
        _ = try await site.activate("Tell the subcontractor")
        _ = try site.take(DeskSite.sample("x12-orders/850-alpenmarkt-0042.edi"), as: "a.edi", in: "x12-orders")
        _ = try site.evaluator().drainDirty(now: SystemClock.now())
        let stored = try #require(try sent(site).first)
        let lines = String(decoding: stored.effect.payload, as: UTF8.self).split(separator: "~").map(String.init)
        #expect(stored.effect.fileName == "864-000000001.edi" && stored.action == "tell-subcontractor")
        #expect(lines[0].contains("*ZZ*DOCKYARD       *ZZ*SUBCON         *") && lines[1].hasPrefix("GS*TX*DOCKYARD*SUBCON*"))
        let told = lines.filter { $0.hasPrefix("MIT*") }
        #expect(told.contains("MIT*4500071001*standard") && told == told.sorted() && lines.filter { $0.hasPrefix("MSG*") }.count == told.count)
        #expect(try statuses(site) == ["1/1/0001 waiting"])
        _ = try site.take(acknowledgement(["AK1*TX*1", "AK2*864*0001", "AK5*A", "AK9*A*1*1*1"]), as: "997.edi", in: "x12-orders")
        #expect(try statuses(site) == ["1/1/0001 accepted"])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `an action that cannot be sent is refused`() async throws {
        let site = try await site()
        try site.write("Mappings/outbound/edi/864.yaml", Self.notes)
        for (from, to, fact) in [
            ("partner: subcontractor }", "partner: harborlin }", "there is no partner harborlin"),
            (", partner: subcontractor", "", "an outbound set goes to a partner"),
            ("outbound: edi/864", "outbound: edi/940", "edi/940 writes records, not decisions"),
            ("outbound: edi/864, partner", "outbound: wms/pick-priority, partner", "a partner gets an outbound set"),
            ("partner: subcontractor }", "partner: alpenmarkt }", "partner alpenmarkt has no send"),
        ] {
            #expect(Self.action.contains(from))
            try site.write("Schemes/actions/tell-subcontractor.yaml", Self.action.replacing(from, with: to))
            let (bundle, diagnostics) = try StateFiles.onDisk(root: site.root).compile()
            #expect(bundle == nil && diagnostics.contains { $0.fact == fact }, "\(diagnostics.map(\.text))")
        }
    }

    @Test func `a 997 settles what it names, in part too, and a set it rejects is an error that its file tells`() async throws {
        let site = try await site()
        _ = try site.take(DeskSite.sample("warehouse-orders/940-nordwind-0911.edi"), as: "a.edi", in: "warehouse-orders")
        let answer = try site.take(
            acknowledgement(["AK1*OW*1", "AK2*940*0001", "AK5*A", "AK2*940*0002", "AK3*W01*5**8", "AK4*1*330*6", "AK5*R*5", "AK9*P*2*2*1"]),
            as: "997.edi", in: "x12-orders")
        #expect(answer.status == .archived)
        #expect(answer.reason?.contains("error[ACK-REJECTED]: subcontractor rejects 940 0002 of group 1 in interchange 1 (5; W01: 8; W0101: 6)") == true)
        #expect(try statuses(site) == ["1/1/0001 accepted", "1/1/0002 rejected"])
        let again = try site.take(acknowledgement(["AK1*OW*1", "AK2*940*0002", "AK5*A", "AK9*A*2*2*2"], control: 2), as: "again.edi", in: "x12-orders")
        #expect(again.reason?.contains("ACK-AGAIN") == true)
        let unknown = try site.take(acknowledgement(["AK1*OW*77", "AK9*A*1*1*1"], control: 3), as: "unknown.edi", in: "x12-orders")
        #expect(unknown.reason?.contains("ACK-UNKNOWN") == true)
        #expect(try statuses(site) == ["1/1/0001 accepted", "1/1/0002 rejected"])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test(arguments: [
        ["AK2*940*0001", "AK5*A", "AK9*A*1*1*1"], ["AK1*OW*99999999999999999999", "AK9*R*1*1*0"], ["AK1*OW*-1", "AK2*940*x", "AK5*R", "AK9*R*1*1*0"],
        ["AK1*OW", "AK9"], ["AK1*OW*1", "AK2*940*77", "AK5*R*5"],
    ])
    func `an acknowledgement that names nothing that was sent settles nothing, and says so`(_ lines: [String]) async throws {
        let site = try await site()
        _ = try site.take(DeskSite.sample("warehouse-orders/940-nordwind-0911.edi"), as: "a.edi", in: "warehouse-orders")
        let answer = try site.take(acknowledgement(lines), as: "997.edi", in: "x12-orders")
        #expect(answer.status == .archived && answer.reason?.contains("warning[ACK-UNKNOWN]") == true, "\(answer.reason ?? "")")
        #expect(try statuses(site) == ["1/1/0001 waiting", "1/1/0002 waiting"])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `one interchange for each set, where the partner wants that`() async throws {
        let site = try await site("batch: each")
        _ = try site.take(DeskSite.sample("warehouse-orders/940-nordwind-0911.edi"), as: "a.edi", in: "warehouse-orders")
        #expect(try sent(site).map { $0.effect.fileName ?? "" }.sorted() == ["940-000000001.edi", "940-000000002.edi"])
        #expect(Set(try statuses(site)) == ["1/1/0001 waiting", "2/2/0001 waiting"])
    }

    @Test func `what was delivered and is not acknowledged in time is overdue, once, and a late answer still counts`() async throws {
        let site = try await site("acknowledgedWithin: 4h, notify: carrier-api")
        _ = try site.take(DeskSite.sample("warehouse-orders/940-nordwind-0911.edi"), as: "a.edi", in: "warehouse-orders")
        let store = site.site.store
        let watch = OverdueWatch(store: store, state: try site.site.liveState())
        let now = SystemClock.now()
        func after(_ hours: Int64) -> Instant { now.adding(DayTimeDuration(seconds: hours * 3600)) }
        #expect(try watch.look(now: after(100)).isEmpty, "what was not delivered is not late")
        var delivery = try #require(try sent(site).first).delivery
        delivery.attemptStarted(at: now)
        _ = delivery.succeeded(at: now)
        try store.driver.write { try Store.update(delivery, in: $0) }
        #expect(try watch.look(now: after(3)).isEmpty)
        #expect(try watch.look(now: after(5)).map(\.control) == ["0001", "0002"])
        #expect(try watch.look(now: after(6)).isEmpty)
        #expect(try site.logKinds().last == "acknowledgementsOverdue")
        let notices = try store.effects(status: nil, limit: 100).filter { $0.action == "acknowledgement.overdue" }
        #expect(notices.count == 2 && notices.allSatisfy { $0.effect.target == "carrier-api" && String(decoding: $0.effect.payload, as: UTF8.self).contains("\"partner\":\"subcontractor\"") })
        _ = try site.take(acknowledgement(["AK1*OW*1", "AK9*A*2*2*2"]), as: "997.edi", in: "x12-orders")
        #expect(try statuses(site) == ["1/1/0001 accepted", "1/1/0002 accepted"])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `a set that cannot be written is told and not sent, and its sibling goes`() async throws {
        let site = try await site()
        try site.edit("Mappings/outbound/edi/940.yaml", "  - N1*ST", "  - N9*ZZ*{if instruction = \"DO-30011\" then number(shipTo, \",\", \".\") else 1}\n  - N1*ST")
        _ = try await site.activate("Say a reference")
        let file = try site.take(DeskSite.sample("warehouse-orders/940-nordwind-0911.edi"), as: "a.edi", in: "warehouse-orders")
        #expect(file.reason?.contains("error[MAP-O02]: edi/940, N9*ZZ*") == true, "\(file.reason ?? "")")
        let effect = try #require(try sent(site).first).effect
        let lines = String(decoding: effect.payload, as: UTF8.self).split(separator: "~").map(String.init)
        #expect(lines.filter { $0.hasPrefix("W05") } == ["W05*N*DO-30012"] && lines.contains("GE*1*1"))
        #expect(try statuses(site) == ["1/1/0001 waiting"])
    }
}}
