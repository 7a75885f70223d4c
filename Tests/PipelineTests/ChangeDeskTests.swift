import ChangeControl
import Diagnostics
import Foundation
import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

@Suite struct ChangeDeskTests {
    @Test func `a change is proposed, approved and activated, and the log tells it`() async throws {
        let site = try DeskSite()
        #expect(try site.desk.hasBegun() == false)
        try await site.begin()
        let first = try site.site.liveState()
        let request = try site.propose()
        #expect(request.id.description == "CR-0001")
        #expect(request.changedComponents == [.bundle])
        #expect(try await site.approve(request.id).status == .approved)
        let second = try await site.desk.activate(request.id, at: DeskSite.at(30))
        #expect(second == request.target.id)
        #expect(try site.site.liveState().id == second.description)
        #expect(second.description != first.id)
        #expect(try site.desk.list().map(\.status) == [.active])
        #expect(try site.logKinds() == ["genesis", "changeProposed", "changeAssessed", "changeApproved", "stateActivated"])
        #expect(try LogAudit.verify(site.site).defects.isEmpty)
        #expect(try site.desk.history().map(\.state.description) == [first.id, second.description])
    }

    @Test func `editing files changes nothing that is live`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let before = try site.site.liveState()
        try site.edit("Schemes/order-priority.yaml", "< 48", "< 12")
        try site.write("Overrides/note.md", "a file that nobody approved\n")
        // A lookup table, the structure overlay of a partner, and who may approve.
        try FileManager.default.createDirectory(atPath: "\(site.root)/Mappings/lookups", withIntermediateDirectories: true)
        try site.write("Mappings/lookups/mine.csv", "from,to\nA,B\n")
        try FileManager.default.createDirectory(atPath: "\(site.root)/Mappings/structures", withIntermediateDirectories: true)
        try site.write("Mappings/structures/mine.yaml", "structure: mine\n")
        try site.edit("Governance/governance.yaml", "Ola Prins, roles: [operator]", "Ola Prins, roles: [operator, approver]")
        let after = try site.site.liveState()
        #expect(after.id == before.id)
        #expect(try site.desk.governance().person(DeskSite.ops)?.roles == [.operator])
        #expect(after.bundle.scheme("order-priority")?.fingerprint == before.bundle.scheme("order-priority")?.fingerprint)
        #expect(try site.logKinds() == ["genesis"])
    }

    @Test func `what is activated is what was approved and not what lies in the folders by then`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let request = try site.propose(hours: 30)
        _ = try await site.approve(request.id)
        try site.edit("Schemes/order-priority.yaml", "< 30", "< 999")
        #expect(try await site.desk.activate(request.id, at: DeskSite.at(30)) == request.target.id)
        #expect(try site.desk.diff(request.id).contains("< 999") == false)
    }

    @Test func `a revision after the approval is not activated until it is approved again`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let request = try site.propose(hours: 30)
        _ = try await site.approve(request.id)
        try site.edit("Schemes/order-priority.yaml", "< 30", "< 999")
        let revised = try site.desk.propose(
            author: DeskSite.mia, title: "More", reason: "Contract", revising: request.id, at: DeskSite.at(25)).request
        #expect(revised.revision == 2)
        #expect(await refusal { try await site.desk.activate(request.id, at: DeskSite.at(30)) } == .status)
        _ = try await site.approve(request.id, as: "kim")
        #expect(try await site.desk.activate(request.id, at: DeskSite.at(40)) == revised.target.id)
    }

    @Test func `a stored file that is not the approved one any more is not activated`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let request = try site.propose()
        _ = try await site.approve(request.id)
        let digest = ContentDigest(ofText: try site.read("Schemes/order-priority.yaml")).hex
        _ = try site.site.store.driver.write {
            try $0.execute(Statement("UPDATE content SET bytes = ? WHERE digest = ?"), [.blob(Array("evil".utf8)), .text(digest)])
        }
        await #expect(throws: PipelineFailure.self) { try await site.desk.activate(request.id, at: DeskSite.at(30)) }
        #expect(try site.logKinds().last == "changeApproved")
    }

    @Test func `a stored approval whose signature was put out is not counted at the activation`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let request = try site.propose()
        _ = try await site.approve(request.id)
        let row = try #require(try site.site.store.request(request.id.description))
        var forged = row
        forged.body = row.body.replacingOccurrences(of: "reason Read", with: "reason Reed")
        #expect(forged != row)
        try site.site.store.driver.write { try Store.write(forged, in: $0) }
        #expect(await refusal { try await site.desk.activate(request.id, at: DeskSite.at(30)) } == .threshold)
    }

    @Test func `an author cannot approve their own change, and a stranger's key counts for nobody`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let request = try site.propose()
        #expect(await refusal { try await site.approve(request.id, as: "mia") } == .ownChange)
        let text = try site.desk.statement(request.id, for: DeskSite.jo, reason: "Read").text
        let other = try await site.sign(text, as: "kim")
        await #expect(throws: (any Error).self) { try await site.desk.approve(statement: text, signature: other, at: DeskSite.at(20)) }
        #expect(await refusal { try await site.desk.activate(request.id, at: DeskSite.at(30)) } == .status)
        #expect(try site.logKinds() == ["genesis", "changeProposed", "changeAssessed"])
    }

    @Test func `a request whose base is not live any more is not activated`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let first = try site.propose(hours: 30), second = try site.propose(hours: 31)
        for id in [first.id, second.id] { _ = try await site.approve(id) }
        _ = try await site.desk.activate(first.id, at: DeskSite.at(30))
        #expect(await refusal { try await site.desk.activate(second.id, at: DeskSite.at(31)) } == .staleBase)
        #expect(await refusal { try await site.desk.activate(first.id, at: DeskSite.at(32)) } == .status)
    }

    @Test func `a rollback brings the former bundle back and says which request it undid`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let before = try site.site.liveState()
        let request = try site.propose()
        _ = try await site.approve(request.id)
        _ = try await site.desk.activate(request.id, at: DeskSite.at(30))
        #expect(await refusal { try site.desk.rollback(.before(request.id), by: DeskSite.mia, reason: "No", at: DeskSite.at(40)) } == .role)
        _ = try site.desk.rollback(.before(request.id), by: DeskSite.ops, reason: "Too many rushes", at: DeskSite.at(40))
        let after = try site.site.liveState()
        #expect(after.id == before.id)
        #expect(after.bundle.scheme("order-priority")?.fingerprint == before.bundle.scheme("order-priority")?.fingerprint)
        #expect(try site.desk.request(request.id).status == .rolledBack)
        #expect(try LogAudit.verify(site.site).defects.isEmpty)
        _ = try site.desk.rollback(.state(request.target.id), by: DeskSite.ops, reason: "It was right", at: DeskSite.at(50))
        #expect(try site.site.liveState().id == request.target.id.description)
    }

    @Test func `a rollback does not go to a state that never was live`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let request = try site.propose()
        #expect(await refusal { try site.desk.rollback(.state(request.target.id), by: DeskSite.ops, reason: "x", at: DeskSite.at(40)) } == .neverActive)
    }

    @Test func `a site begins once, and with the signatures of two roots only`() async throws {
        let site = try DeskSite()
        let statement = try site.desk.genesisStatement(reason: "First state")
        let jo = try await site.sign(statement.text, as: "jo", .genesis)
        #expect(await refusal { try await site.desk.genesis(statement, signatures: [(DeskSite.jo, jo)], at: DeskSite.at(0)) } == .signature)
        #expect(await refusal { try await site.desk.genesis(statement, signatures: [(DeskSite.jo, jo), (DeskSite.jo, jo)], at: DeskSite.at(0)) } == .signature)
        #expect(throws: PipelineFailure.self) { try site.site.liveState() }
        try await site.begin()
        let kim = try await site.sign(statement.text, as: "kim", .genesis)
        #expect(await refusal { try await site.desk.genesis(statement, signatures: [(DeskSite.jo, jo), (DeskSite.kim, kim)], at: DeskSite.at(1)) } == .status)
        #expect(try site.logKinds() == ["genesis"])
    }

    @Test func `a site does not begin with files that were edited after the statement was signed`() async throws {
        let site = try DeskSite()
        let statement = try site.desk.genesisStatement(reason: "First state")
        let jo = try await site.sign(statement.text, as: "jo", .genesis), kim = try await site.sign(statement.text, as: "kim", .genesis)
        try site.edit("Schemes/order-priority.yaml", "< 48", "< 47")
        let signatures = try site.desk.signers(of: [kim, jo], for: statement)
        #expect(signatures.map(\.principal) == [DeskSite.kim, DeskSite.jo])
        #expect(await refusal { try await site.desk.genesis(statement, signatures: signatures, at: DeskSite.at(0)) } == .otherContent)
        #expect(try site.desk.hasBegun() == false)
    }

    @Test func `a state with an error or with an unknown target is not proposed`() async throws {
        let site = try DeskSite()
        try await site.begin()
        try site.edit("Schemes/order-priority.yaml", "hitPolicy: FIRST", "hitPolice: FIRST")
        let failure = #expect(throws: PipelineFailure.self) {
            try site.desk.propose(author: DeskSite.mia, title: "x", reason: "y", at: DeskSite.at(10))
        }
        #expect(failure?.diagnostics.contains { $0.position.file == "Schemes/order-priority.yaml" } == true)
        try site.edit("Schemes/order-priority.yaml", "hitPolice: FIRST", "hitPolicy: FIRST")
        let text = try site.read("crossdock.yaml").replacingOccurrences(of: "  carrier-api:", with: "  other:")
        try site.write("crossdock.yaml", text)
        let other = ChangeDesk(site: try Site.open(root: site.root))
        let unknown = #expect(throws: PipelineFailure.self) { try other.propose(author: DeskSite.mia, title: "x", reason: "y", at: DeskSite.at(10)) }
        #expect(unknown?.diagnostics.contains { $0.code == .siteTarget } == true)
        #expect(try site.desk.list().isEmpty)
    }

    @Test func `an activation marks every order that it divides for evaluation`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let store = site.site.store
        let definition = RecordCatalogue.definition(.order)
        var values = [Value](repeating: .null, count: definition.fields.count)
        values[0] = .string("ACME")
        values[definition.slot("orderNumber") ?? 1] = .string("4711")
        let record = Record(
            kind: .order, values: values, origins: [FieldOrigin?](repeating: nil, count: values.count),
            rules: [Int32](repeating: 0, count: values.count), ordinal: 1)
        let file = try store.add(LedgerFile(
            feed: "acme", name: "a", digest: "aa", size: 1, status: .claimed, firstSeenAt: DeskSite.at(1), claimedAt: DeskSite.at(1)))
        let load = try store.beginLoad(of: file, state: "s")
        try store.add([PendingRecord(record: record, version: 0)], rejected: [], touching: [], to: load)
        try store.driver.write { try Store.publish(load, counts: LoadCounts(), position: 1, in: $0) }
        #expect(try store.dirtyCount() == 0)
        let request = try site.propose()
        _ = try await site.approve(request.id)
        #expect(try store.dirtyCount() == 0)
        _ = try await site.desk.activate(request.id, at: DeskSite.at(30))
        #expect(try store.driver.read { try Store.dirtyEntities(limit: 9, in: $0) } == [EntityKey(.order, client: "ACME", id: "4711")])
    }

    @Test func `a request is rejected by an approver and withdrawn by its author only`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let first = try site.propose(hours: 30), second = try site.propose(hours: 31)
        #expect(await refusal { try site.desk.reject(first.id, by: DeskSite.ops, reason: "no", at: DeskSite.at(11)) } == .role)
        #expect(try site.desk.reject(first.id, by: DeskSite.jo, reason: "no", at: DeskSite.at(11)).status == .rejected)
        #expect(await refusal { try site.desk.withdraw(second.id, by: DeskSite.jo, reason: "no", at: DeskSite.at(11)) } == .role)
        #expect(try site.desk.withdraw(second.id, by: DeskSite.mia, reason: "no", at: DeskSite.at(11)).status == .withdrawn)
        #expect(try site.logKinds().suffix(2) == ["changeRejected", "changeWithdrawn"])
    }

    @Test func `a diff names the files and shows the lines`() async throws {
        let site = try DeskSite()
        try await site.begin()
        try site.write("Overrides/new.md", "one\n")
        let request = try site.propose(hours: 36)
        let text = try site.desk.diff(request.id)
        #expect(text.contains("changed Schemes/order-priority.yaml"))
        #expect(text.contains("added   Overrides/new.md"))
        #expect(text.contains("+one\n"))
        #expect(text.split(separator: "\n").contains { $0.hasPrefix("-    | -             | < 24") })
        #expect(text.split(separator: "\n").contains { $0.hasPrefix("+    | -             | < 36") })
    }
}
