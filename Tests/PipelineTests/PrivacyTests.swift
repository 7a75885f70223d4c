import Attributes
import ChangeControl
import Diagnostics
import Foundation
import Outbox
import Pipeline
import Records
import Sealing
import Store
import Testing
import Values

/// Personal fields at work on a whole site: sealed, shown, shredded.
extension EndToEnd { @Suite struct PrivacyTests {
    private static let retention = """
        retention: site
        personal:
          keep: 30d
          fields: { party: [region], location: [region] }

        """
    private static let columns = """
        outbound: wms-names
        records: [warehouseInstruction]
        writes: { format: csv, separator: ";", header: true }
        file: "names-{digest}.csv"
        columns:
          - { name: ORDER, from: instruction }
          - { name: SHIP_TO_NAME, from: shipToName }

        """
    static let names = ["Erika Zwetschgenbaum", "ERIKA ZWETSCHGENBAUM", "Quittenweg 17", "Zwetschgenbaum"]
    static let subject = PersonalSubject(client: "NORTHWIND", party: "ZWETS"), shipTo = PersonalSubject(client: "NORDWIND", party: "ZWETS-1")
    static let persons = PrivacyDesk.Persons(by: DeskSite.ops, with: DeskSite.jo)

    private static let customers = """
        customer_id,company_name,address,city,region,postal_code,country
        ZWETS,Erika Zwetschgenbaum,Quittenweg 17,Wien,Zwetschgenbaum,1010,Austria
        BOLTA,Bolt Antriebe,Werkstrasse 4,Graz,AT-6,8010,Austria

        """

    static func order(_ shipTo: String = "ZWETS-1", name: String = "ERIKA ZWETSCHGENBAUM", number: Int = 911) -> String {
        """
        ISA*00*          *00*          *ZZ*NORDWIND       *ZZ*DOCKYARD       *261103*1745*U*00401*000000\(number)*0*P*>~
        GS*OW*NORDWIND*DOCKYARD*20261103*1745*\(number)*X*004010~
        ST*940*0001~
        W05*N*DO-\(number)*BP-88121~
        N1*SF*DOCKYARD HALL 2*92*DY-02~
        N1*ST*\(name)*92*\(shipTo)~
        N3*QUITTENWEG 17~
        N4*WIEN*W*1010*AT~
        G62*10*20261109~
        W66*PP*M********PLFL~
        LX*1~
        W01*3*EA**VN*NW-1002~
        W76*3~
        SE*12*0001~
        GE*1*\(number)~
        IEA*1*000000\(number)~

        """
    }

    private func site(retention: String = PrivacyTests.retention, _ prepare: (String) throws -> Void = { _ in }) async throws -> DeskSite {
        try await DeskSite.whole { root in
            try retention.write(toFile: "\(root)/Schemes/retention.yaml", atomically: true, encoding: .utf8)
            try Self.columns.write(toFile: "\(root)/Mappings/outbound/wms-names.yaml", atomically: true, encoding: .utf8)
            try "route: names\nfrom: warehouseInstruction\noutbound: wms-names\ntarget: wms\n"
                .write(toFile: "\(root)/Mappings/routes/names.yaml", atomically: true, encoding: .utf8)
            try prepare(root)
        }
    }

    /// Drops customers and an order and works through all; what was handed over is taken away, as its receiver does.
    private func filled(_ site: DeskSite) async throws {
        try site.drop(Array(Self.customers.utf8), as: "customers.csv", in: "northwind-customers")
        try site.drop(Array(Self.order().utf8), as: "940.edi", in: "warehouse-orders")
        // Nobody is divided by these, so an order moves as well: its history is what as-of answers are asked of.
        try site.drop(Array(DeskSite.order("4500000042", promise: "20261129*2359").utf8), as: "a.edi", in: "x12-orders")
        try await site.runOnce()
    }

    private func collect(_ site: DeskSite) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(site.root)/Outbox/wms") where !name.hasPrefix(".") {
            try FileManager.default.removeItem(atPath: "\(site.root)/Outbox/wms/\(name)")
        }
    }

    /// Files of the site whose raw bytes hold one of some texts, from the root. Another process reads them: whoever closes a file of SQLite's gives up
    /// the locks that its own process has on it.
    private func files(of site: DeskSite, holding texts: [String]) throws -> [String] {
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/grep")
        process.arguments = ["-rlaF"] + texts.flatMap { ["-e", $0] } + ["."]
        process.currentDirectoryURL = URL(fileURLWithPath: site.root)
        process.standardOutput = pipe
        try process.run()
        let told = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus <= 1 else { throw CocoaError(.fileReadUnknown) }
        return told.split(separator: "\n").map { String($0.dropFirst(2)) }.sorted()
    }

    private func desk(_ site: DeskSite) throws -> PrivacyDesk { try PrivacyDesk(site: site.site) }

    @discardableResult
    private func shred(_ site: DeskSite, _ subject: PersonalSubject = PrivacyTests.subject, originals: Bool = false, reason: String = "Asked for") throws -> PrivacyDesk.Shredded {
        try desk(site).shred(subject, by: Self.persons, reason: reason, originals: originals, at: SystemClock.now())
    }

    /// What was known at each position up to one.
    private func histories(_ site: DeskSite, through last: Int) throws -> [[AssignmentSpan]] {
        let reader = HistoryReader(site: site.site, readsArchives: true)
        return try (0...last).map { try reader.history(scheme: "order-priority", DeskSite.order(key: "4500000042"), knownAt: $0) }
    }

    @Test func `what a receiver answers is kept with the attempt, but not where the payload holds personal values`() async throws {
        try await LoopbackReceiver.run { address, _ in
            // What is not signed is refused, with an answer that says so.
            let configuration = DeskSite.configuration(endpoint: """
                    retry: [PT0S]
                  unsigned:
                    url: \(address)/hooks/unsigned
                    allowHTTP: true
                    allowAddresses: [127.0.0.0/8]
                    retry: [PT0S, PT0S]

                """)
            let site = try await DeskSite.whole(configuration) { try Self.retention.write(toFile: "\($0)/Schemes/retention.yaml", atomically: true, encoding: .utf8) }
            try site.take(Self.customers, as: "customers.csv", in: "northwind-customers")
            let key = try #require(try site.site.store.keys.key(1)), now = SystemClock.now()
            try site.site.store.driver.write { session in
                for (id, keys) in [("plain", []), ("sealed", [key])] as [(String, [SealingKey])] {
                    let effect = Effect(
                        id: id, kind: .webhook, target: "unsigned", lane: id, payload: Array("{}".utf8), createdAt: now, deadline: now.adding(seconds: 3_600))
                    try Store.add(effect, action: "tried", position: Store.nextPosition(in: session), sources: [], sealedUnder: keys, in: session)
                }
            }
            try await site.runOnce()
            #expect(try site.site.store.attempts(ofEffect: "plain").map(\.detail) == [String](repeating: "status 401: malformed", count: 3))
            #expect(try site.site.store.attempts(ofEffect: "sealed").map(\.detail) == [String](repeating: "status 401", count: 3))
        }
    }

    @Test func `once shredded nothing of a subject is in any file of the site, every digest holds, and as-of answers stay`() async throws {
        let site = try await site()
        try await filled(site)
        #expect(try site.audit().defects.isEmpty)
        // Neither the store nor its log nor an export has ever held them: only originals and what was handed over.
        let before = try files(of: site, holding: Self.names)
        #expect(before.allSatisfy { $0.hasPrefix("Archive/") || $0.hasPrefix("Var/spool/") || $0.hasPrefix("Outbox/wms/") } && before.count == 5, "\(before)")
        let delivered = try #require(try site.site.store.effects(status: "delivered", limit: 10).first { $0.action == "route names" })
        #expect(delivered.isSealed && String(decoding: delivered.effect.payload, as: UTF8.self).contains("ERIKA") == false)
        #expect(try site.site.store.opened(delivered).map { String(decoding: $0.payload, as: UTF8.self) } == "ORDER;SHIP_TO_NAME\r\nDO-911;ERIKA ZWETSCHGENBAUM\r\n")
        try collect(site)
        let last = try #require(try site.site.store.lastLogEntry()).position
        let asOf = try histories(site, through: last), order = try site.site.store.openedName(.warehouseInstruction)
        #expect(asOf.contains { !$0.isEmpty } && order == "ERIKA ZWETSCHGENBAUM")

        let shredded = try shred(site, originals: true), other = try shred(site, Self.shipTo, originals: true)
        #expect(shredded.isNew && shredded.isCut && shredded.values == 6 && shredded.originals.count == 1 && shredded.originalsLeft.isEmpty)
        #expect(other.isNew && other.isCut && other.values == 1 && other.handedOver.isEmpty)
        _ = try LogExport.write(site.site, to: "\(site.root)/export.jsonl")
        let live = try site.site.liveState()
        _ = try HistoryArchiver(site: site.site, policy: .none, state: live.id).archive(scheme: "order-priority", before: SystemClock.now(), now: SystemClock.now())
        #expect(try files(of: site, holding: Self.names) == [])
        #expect(try files(of: site, holding: ["Quittenweg", "QUITTENWEG"]) == [])
        let audit = try site.audit()
        #expect(audit.defects.isEmpty, "\(audit.defects)")
        #expect(try histories(site, through: last) == asOf)
        #expect(try site.logKinds().count { $0 == "subjectShredded" } == 2)
        // Others keep theirs, and their lineage.
        #expect(try site.site.store.openedName(.party, party: "BOLTA") == "Bolt Antriebe" && site.site.store.openedName(.party, party: "ZWETS") == nil)
        let told = try site.text(ofEffect: delivered.effect.id)
        #expect(told.contains("its payload was shredded at log position \(other.position)"), "\(told)")
        #expect(told.contains("shipToName shredded at log position \(other.position)") && told.contains("original shredded at log position \(other.position)"), "\(told)")
    }

    @Test func `shredding again does nothing, says so, and removes originals that were left`() async throws {
        let site = try await site()
        try await filled(site)
        let first = try shred(site), again = try shred(site)
        #expect(first.isNew && first.originalsLeft.map(\.name) == ["customers.csv"] && !again.isNew && again.position == first.position)
        #expect(try site.logKinds().count { $0 == "subjectShredded" } == 1)
        #expect(try files(of: site, holding: ["Quittenweg 17"]).count == 2)
        let last = try shred(site, originals: true)
        #expect(last.isNew && last.originals.map(\.name) == ["customers.csv"] && last.originalsLeft.isEmpty)
        #expect(try files(of: site, holding: ["Quittenweg 17"]).isEmpty && site.audit().defects.isEmpty)
        #expect(try !shred(site, originals: true).isNew)
        let holdings = try desk(site).holdings(of: Self.subject)
        #expect(holdings.originals.map(\.shredded) == [last.position] && holdings.records.map(\.readable) == [0, 0] && holdings.records.map(\.closed) == [4, 2])
    }

    @Test func `nobody is shredded by one person, while a client is held, while an effect waits, or with their name in the log`() async throws {
        let site = try await site(retention: Self.retention + "holds: [{ client: NORTHWIND, reason: Dispute, owner: mia@site }]\n")
        try site.take(Self.customers, as: "customers.csv", in: "northwind-customers")
        try site.take(Self.order(), as: "940.edi", in: "warehouse-orders")
        let desk = try desk(site), now = SystemClock.now()
        func refused(_ subject: PersonalSubject, _ by: Principal, _ with: Principal, _ reason: String = "Asked for") async -> ChangeRefusal.Kind? {
            await refusal { try desk.shred(subject, by: PrivacyDesk.Persons(by: by, with: with), reason: reason, originals: false, at: now) }
        }
        #expect(await refused(Self.shipTo, DeskSite.mia, DeskSite.jo) == .role)
        #expect(await refused(Self.shipTo, DeskSite.ops, DeskSite.ops) == .role)
        #expect(await refused(Self.shipTo, DeskSite.ops, Principal("nobody@site")!) == .role)
        #expect(await refused(Self.shipTo, DeskSite.ops, DeskSite.jo, "two\nlines") == .text)
        func failure(_ subject: PersonalSubject) -> String {
            do { _ = try shred(site, subject); return "" } catch { return "\(error)" }
        }
        #expect(failure(Self.subject).contains("mia@site holds what there is of NORTHWIND: Dispute"))
        #expect(failure(PersonalSubject(client: "NORDWIND", party: "nobody")).contains("nothing is held of it"))
        #expect(failure(Self.shipTo).contains("1 effects about it are not delivered"))
        try await site.runOnce()
        #expect(await refused(Self.shipTo, DeskSite.ops, DeskSite.jo, "Erika Zwetschgenbaum asked") == .text)
        #expect(await refused(Self.shipTo, DeskSite.ops, DeskSite.jo, "as ZWETS-1 asked") == .text)
        #expect(try site.logKinds().filter { $0 == "subjectShredded" }.isEmpty && failure(Self.shipTo).isEmpty)
        // One of governance who is operator and approver cannot agree with themselves.
        try site.edit("Governance/governance.yaml", "roles: [operator]", "roles: [operator, approver]")
        let governance = try ChangeDesk.governance(of: StateFiles.onDisk(root: site.root)), live = try site.site.liveState()
        let both = PrivacyDesk(site: site.site, policy: live.bundle.retention, state: live.id, governance: governance)
        #expect(await refusal { try both.shred(Self.shipTo, by: PrivacyDesk.Persons(by: DeskSite.ops, with: DeskSite.ops), reason: "Asked", originals: false, at: now) } == .ownChange)
        // A policy of a state that is not live any more shreds nobody: a hold may have come.
        let stale = PrivacyDesk(site: site.site, policy: .none, state: "b", governance: governance)
        #expect(throws: PipelineFailure.self) { try stale.shred(Self.subject, by: Self.persons, reason: "Asked", originals: false, at: now) }
    }

    @Test func `originals that hold records of a client who is held stay`() async throws {
        let site = try await site(retention: Self.retention + "holds: [{ client: NORDWIND, reason: Dispute, owner: mia@site }]\n")
        try await filled(site)
        try shred(site, originals: true)
        #expect(throws: PipelineFailure.self) { try shred(site, Self.shipTo, originals: true) }
        #expect(try files(of: site, holding: ["QUITTENWEG 17"]).count == 2)
    }

    @Test func `what comes of a shredded subject is not kept until it is admitted, by two persons`() async throws {
        let site = try await site()
        try await filled(site)
        let shredded = try shred(site, Self.shipTo)
        try site.take(Self.order(number: 912), as: "again.edi", in: "warehouse-orders")
        try await site.runOnce()
        let effect = try #require(try site.site.store.effects(status: nil, limit: 10).first { $0.action == "route names" && $0.effect.fileName != nil })
        #expect(try !effect.isSealed && site.site.store.opened(effect).map { String(decoding: $0.payload, as: UTF8.self) } == "ORDER;SHIP_TO_NAME\r\nDO-912;\r\n")
        #expect(try site.text(ofEffect: effect.effect.id).contains("shipToName shredded at log position \(shredded.position)"))
        #expect(try !files(of: site, holding: ["ERIKA"]).contains { $0.hasPrefix("Var/crossdock") })
        let desk = try desk(site), now = SystemClock.now()
        #expect(await refusal { try desk.admit(Self.shipTo, by: PrivacyDesk.Persons(by: DeskSite.ops, with: DeskSite.ops), reason: "Orders again", at: now) } == .role)
        #expect(throws: PipelineFailure.self) { try desk.admit(Self.subject, by: Self.persons, reason: "Never shredded", at: now) }
        let position = try desk.admit(Self.shipTo, by: Self.persons, reason: "Orders again", at: now)
        try site.take(Self.order(number: 913), as: "third.edi", in: "warehouse-orders")
        try await site.runOnce()
        let latest = try #require(try site.site.store.effects(status: nil, limit: 10).first { $0.action == "route names" })
        #expect(try latest.isSealed && site.site.store.opened(latest).map { String(decoding: $0.payload, as: UTF8.self).contains("ERIKA") } == true)
        #expect(try desk.holdings(of: Self.shipTo).keys.map(\.admitted) == [position, nil] && site.audit().defects.isEmpty)
    }

    @Test func `values that came before their field was declared personal leave the store with the rest`() async throws {
        let site = try await site(retention: "retention: site\n")
        try await filled(site)
        try collect(site)
        #expect(try files(of: site, holding: ["Zwetschgenbaum,1010", "Zwetschgenbaum"]).contains { $0.hasPrefix("Var/crossdock") })
        try site.write("Schemes/retention.yaml", Self.retention)
        try await site.activate("Regions are personal")
        let holdings = try desk(site).holdings(of: Self.subject)
        #expect(holdings.records.map(\.plain) == [1, 1] && holdings.text.contains("1 of them from before they were sealed"))
        try shred(site, originals: true)
        #expect(try files(of: site, holding: ["Zwetschgenbaum", "Quittenweg 17"]).isEmpty && site.audit().defects.isEmpty)
    }

    @Test func `a shredding that the log does not tell of, a key that is there again, and an original that came back are found`() async throws {
        let site = try await site()
        try await filled(site)
        let keys = try Data(contentsOf: URL(fileURLWithPath: site.site.store.keys.path)), original = "\(site.root)/\(try #require(desk(site).holdings(of: Self.subject).originals.first?.paths.first))"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: original))
        try shred(site, originals: true)
        #expect(try site.audit().defects.isEmpty)
        // An older file of keys, put back over the new one.
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: site.site.store.keys.path))
        try file.write(contentsOf: keys)
        #expect(try site.audit().defects.count == 1 && site.site.store.openedName(.party, party: "ZWETS") == nil)
        try await site.runOnce()
        #expect(try site.audit().defects.isEmpty, "a daemon that starts destroys it again")
        try bytes.write(to: URL(fileURLWithPath: original))
        #expect(try site.audit().defects.count == 1)
        try FileManager.default.removeItem(atPath: original)
        func write(_ sql: String) throws { _ = try site.site.store.driver.write { try $0.execute(Statement(sql), []) } }
        for (attack, repair) in [
            ("UPDATE personal_key SET shredded = 2 WHERE party = 'BOLTA'", "UPDATE personal_key SET shredded = NULL WHERE party = 'BOLTA'"),
            ("UPDATE personal_key SET party = 'OTHER', pseudonym = 'x' WHERE party = 'ZWETS'", ""),
        ] {
            try write(attack)
            #expect(try !site.audit().defects.isEmpty, "\(attack)")
            if !repair.isEmpty {
                try write(repair)
                #expect(try site.audit().defects.isEmpty, "\(repair)")
            }
        }
    }

    @Test func `a payload that was taken away without an entry is found`() async throws {
        let site = try await site()
        try await filled(site)
        let effect = try #require(try site.site.store.effects(status: "delivered", limit: 10).first { $0.action == "route 940-to-wms" })
        try site.site.store.driver.write { try Store.removePayload(ofEffect: effect.effect.id, digest: ContentDigest(of: effect.effect.payload).hex, in: $0) }
        #expect(try site.audit().defects == ["the payload of effect \(effect.effect.id) was taken away, and no log entry says so"])
    }

    @Test func `an attribute that reads a personal field, and a field that cannot be sealed, are refused with their line`() async throws {
        let site = try DeskSite { root in
            try Self.retention.replacingOccurrences(of: "party: [region]", with: "party: [region, party, nmae], order: [shipTo], orderLine: [item], orders: [a]")
                .write(toFile: "\(root)/Schemes/retention.yaml", atomically: true, encoding: .utf8)
        }
        func found() throws -> [String] { try StateFiles.onDisk(root: site.root).compile().diagnostics.map { "\($0.position.file ?? ""):\($0.position.line ?? 0) \($0.code)" } }
        #expect(try found() == Array(repeating: "Schemes/retention.yaml:4 RETENTION-PERSONAL", count: 5))
        try site.write("Schemes/retention.yaml", Self.retention)
        #expect(try found().isEmpty)
        try site.write("Schemes/attributes/customer.yaml", """
            attributes: customer
            entity: customer
            values:
              who: { field: name }
              where: { field: country }
              area: { field: region }

            """)
        #expect(try found() == ["Schemes/attributes/customer.yaml:4 ATTR-PERSONAL", "Schemes/attributes/customer.yaml:6 ATTR-PERSONAL"])
        try site.write("Schemes/attributes/customer.yaml", """
            attributes: customer
            entity: customer
            values:
              warehouse: { count: order, where: 'customer = "x"' }
              same: { count: contract, where: "tier = region" }

            """)
        #expect(try !found().contains { $0.hasSuffix("ATTR-PERSONAL") })
    }

    @Test func `who has been without activity is due, master data that comes each night is none, and who is held is told`() async throws {
        let site = try await site(retention: Self.retention + "holds: [{ client: NORTHWIND, reason: Dispute, owner: mia@site }]\n")
        try await filled(site)
        let desk = try desk(site), now = SystemClock.now()
        #expect(try desk.due(at: now).isEmpty)
        let later = now.adding(seconds: 31 * 86_400)
        let due = try desk.due(at: later)
        #expect(Set(due.map(\.subject.description)) == ["NORDWIND/ZWETS-1", "NORTHWIND/ZWETS", "NORTHWIND/BOLTA"])
        #expect(due.filter(\.isHeld).map(\.subject.client) == ["NORTHWIND", "NORTHWIND"])
        try shred(site, Self.shipTo)
        #expect(try !desk.due(at: later).contains { $0.subject == Self.shipTo })
        #expect(throws: PipelineFailure.self) { try PrivacyDesk(site: site.site, policy: .none, state: "", governance: site.desk.governance()).due(at: later) }
    }

    @Test func `a file that was set aside and names the subject is found by its text, packed or not, and goes with the originals`() async throws {
        let site = try await site()
        try await filled(site)
        let set = try site.take("ZWETS;Erika Zwetschgenbaum;Quittenweg 17\n", as: "odd.edi", in: "x12-orders")
        #expect(set.status == .quarantined)
        let holdings = try desk(site).holdings(of: Self.subject)
        #expect(holdings.originals.map(\.name) == ["customers.csv", "odd.edi"] && holdings.originals.map(\.isByText) == [false, true])
        try collect(site)
        try shred(site, originals: true)
        try shred(site, Self.shipTo, originals: true)
        #expect(try files(of: site, holding: Self.names).isEmpty && site.audit().defects.isEmpty)
    }

    @Test func `the commands say what is held, shred, and say what was done`() async throws {
        let site = try await site()
        try await filled(site)
        func output(_ arguments: String...) throws -> (status: Int32, text: String) {
            let path = "\(site.root)/told"
            FileManager.default.createFile(atPath: path, contents: nil)
            let status = try site.program(arguments, output: FileHandle(forWritingAtPath: path)).status
            defer { do { try FileManager.default.removeItem(atPath: path) } catch {} }
            return (status, try String(contentsOfFile: path, encoding: .utf8))
        }
        let persons = ["--by", "ops@site", "--with", "jo@site", "--reason", "Asked for"]
        let shown = try output("privacy", "show", "NORTHWIND/ZWETS")
        #expect(shown.status == 0 && shown.text.contains("NORTHWIND/ZWETS: key ") && shown.text.contains("location: 1 records, 4 personal values"), "\(shown.text)")
        #expect(try output("privacy", "show", "NORTHWIND/NOBODY").status == 1 && output("privacy", "show", "NORTHWIND").status == 2)
        #expect(try output("privacy", "due").text == "nobody is due\n")
        #expect(try site.program(["privacy", "shred", "NORTHWIND/ZWETS", "--by", "mia@site", "--with", "jo@site", "--reason", "Asked"]).status == 1)
        #expect(try site.program(["privacy", "shred", "NORTHWIND/ZWETS", "--by", "ops@site", "--reason", "Asked"]).status == 2)
        #expect(try site.program(["privacy", "admit", "NORTHWIND/ZWETS"] + persons).status == 1)
        let done = try output("privacy", "shred", "NORTHWIND/ZWETS", "--by", "ops@site", "--with", "jo@site", "--reason", "Asked for", "--format", "json")
        #expect(done.status == 0 && done.text.contains("\"values\":6") && done.text.contains("\"complete\":true"), "\(done.text)")
        #expect(try output("privacy", "show", "NORTHWIND/ZWETS", "--format", "json").text.contains("\"shredded\":4"))
        #expect(try site.program(["privacy", "admit", "NORTHWIND/ZWETS"] + persons).status == 0)
        #expect(try site.program(["audit", "verify"]).status == 0)
    }

    @Test func `killed at any moment, a shredding leaves a subject that is whole or one that is shredded, and the next start does the rest`() async throws {
        var ends = ["whole": 0, "shredded": 0], took = 0.0
        let rounds = ProcessInfo.processInfo.environment["KILL_ROUNDS"].flatMap { Int($0) } ?? 6
        let site = try await site()
        for round in 0...rounds {
            let party = "ZWETS-\(round)", subject = PersonalSubject(client: "NORDWIND", party: party), name = "ERIKA NUMMER \(round)"
            try site.take(Self.order(party, name: name, number: 920 + round), as: "\(round).edi", in: "warehouse-orders")
            try await site.runOnce()
            try collect(site)
            let arguments = ["privacy", "shred", subject.description, "--by", "ops@site", "--with", "jo@site", "--reason", "Asked for", "--originals"]
            let ran = try site.program(arguments, killAfter: round == 0 ? nil : took * Double(round) / Double(rounds))
            if round == 0 {
                took = ran.seconds
                #expect(ran.status == 0)
            }
            // The next start.
            let again = try Site.open(root: site.root)
            try ShreddedOriginals(site: again).remove()
            try again.store.destroyShreddedKeys(again: true)
            let key = try #require(try again.store.driver.read { try Store.personalKey(of: subject, in: $0) })
            if key.shredded == nil {
                ends["whole", default: 0] += 1
                #expect(try again.store.openedName(.warehouseInstruction, party: party) == name)
                try shred(site, subject, originals: true)
            } else {
                ends["shredded", default: 0] += 1
                #expect(try again.store.openedName(.warehouseInstruction, party: party) == nil && !again.store.keys.holds(key.id))
            }
            #expect(try files(of: site, holding: [name]).isEmpty && site.audit().defects.isEmpty)
            #expect(try again.store.driver.read { try Store.entries(of: .subjectShredded, in: $0) }.count == round + 1)
        }
        print("killed: \(rounds) shreddings, \(ends["whole"] ?? 0) left the subject whole and \(ends["shredded"] ?? 0) shredded")
    }
} }

extension Store {
    /// The name in the latest record of a kind, as who looks at it reads it.
    func openedName(_ kind: RecordKind, party: String? = nil) throws -> String? {
        let definition = RecordCatalogue.definition(kind), field = kind == .party ? "name" : "shipToName", of = kind == .party ? "party" : "shipTo"
        guard let slot = definition.slot(field), let about = definition.slot(of) else { return nil }
        var rows: [Int64] = []
        try driver.read { session in
            try Store.forEachCurrent(kind, in: session) { if party == nil || $0.values[about] == .string(party ?? "") { rows.append($0.row) } }
        }
        guard let row = rows.last, let record = try record(row), case .string(let name) = record.values[slot] else { return nil }
        return name
    }
}
