import Attributes
import ChangeControl
import Foundation
import Outbox
import Records
import Sealing
import Store
import Testing
import Values

@Suite struct PersonalFieldTests {
    static func party(_ id: String?, name: String, region: String = "AT-9", ordinal: Int = 1, kind: RecordKind = .party) -> PendingRecord {
        let definition = RecordCatalogue.definition(kind)
        var values = [Value](repeating: .null, count: definition.fields.count)
        let fields = kind == .party
            ? ["client": "ACME", "role": "customer", "party": id, "name": name, "region": region]
            : ["client": "ACME", "instruction": "I-\(ordinal)", "shipTo": id, "shipToName": name]
        for (field, value) in fields { if let slot = definition.slot(field), let value { values[slot] = .string(value) } }
        return PendingRecord(
            record: Record(
                kind: kind, values: values, origins: [FieldOrigin?](repeating: nil, count: values.count), rules: [Int32](repeating: 0, count: values.count),
                ordinal: ordinal),
            version: 0)
    }

    /// Whether the raw bytes of any file of the store hold a text. Another process reads them: whoever closes a file of SQLite's gives up the locks that
    /// its own process has on it.
    private func holds(_ fixture: StoreFixture, _ text: String) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/grep")
        process.arguments = ["-rqaF", "-e", text, fixture.folder]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus <= 1 else { throw CocoaError(.fileReadUnknown) }
        return process.terminationStatus == 0
    }

    private func row(_ load: Int64, _ ordinal: Int, _ kind: RecordKind = .party) -> Int64 { RecordRow.number(load: load, ordinal: ordinal, kind: kind) }

    private func name(_ fixture: StoreFixture, _ row: Int64, _ field: String = "name") throws -> Value {
        let record = try #require(try fixture.store.record(row)), slot = try #require(RecordCatalogue.definition(record.kind).slot(field))
        return record.values[slot]
    }

    @Test func `personal values are in no file of the store, who looks at a record reads them, and who evaluates does not`() throws {
        let fixture = try StoreFixture()
        try fixture.publish([Self.party("C-1", name: "Erika Zwetschgenbaum"), Self.party("C-2", name: "Bolt GmbH", ordinal: 2)], file: "a.csv", digest: "1")
        #expect(try !holds(fixture, "Erika") && !holds(fixture, "Bolt GmbH") && holds(fixture, "AT-9") && holds(fixture, "C-1"))
        #expect(try name(fixture, row(1, 1)) == .string("Erika Zwetschgenbaum") && name(fixture, row(1, 2)) == .string("Bolt GmbH"))
        #expect(try name(fixture, row(1, 1), "region") == .string("AT-9"))
        let slot = try #require(RecordCatalogue.definition(.party).slot("name"))
        try fixture.store.driver.read { session in
            var names: [Value] = []
            try Store.forEachCurrent(.party, in: session) { names.append($0.values[slot]) }
            #expect(names == [.null, .null])
            let facts = try Store.openedFacts(ofLoad: 1, kind: .party, with: fixture.store.keys, in: session)
            #expect(facts.map { $0.fact.values[slot] } == [.string("Erika Zwetschgenbaum"), .string("Bolt GmbH")] && facts.map(\.keys) == [[1], [2]])
        }
        // A copy has no keys.
        let copy = "\(fixture.folder)/copy.sqlite"
        try fixture.store.driver.copy(to: copy)
        let copied = try Store(driver: SQLiteDriver(path: copy))
        #expect(try copied.record(row(1, 1))?.closed == [slot: 1] && copied.record(row(1, 1))?.values[slot] == .null)
    }

    @Test func `one subject has one key, and a record that names nobody is its own subject`() throws {
        let fixture = try StoreFixture()
        try fixture.publish([
            Self.party("C-1", name: "One"), Self.party("C-1", name: "One too", ordinal: 2, kind: .warehouseInstruction),
            Self.party(nil, name: "Nobody's", ordinal: 3, kind: .warehouseInstruction),
        ], file: "a.csv", digest: "1")
        try fixture.publish([Self.party("C-1", name: "One again")], file: "b.csv", digest: "2")
        try fixture.store.driver.read { session in
            #expect(try Store.personalKeys(of: PersonalSubject(client: "ACME", party: "C-1"), in: session).map(\.id) == [1])
            #expect(try Store.personalKey(of: PersonalSubject(client: "ACME", party: "instruction:I-3"), in: session)?.id == 2)
            var found: [String] = []
            try fixture.store.forEachRecord(about: PersonalSubject(client: "ACME", party: "C-1"), .catalogue, in: session) { found += $0.open.values }
            #expect(found.sorted() == ["One", "One again", "One too"])
            found = []
            try fixture.store.forEachRecord(about: PersonalSubject(client: "ACME", party: "instruction:I-3"), .catalogue, in: session) { found += $0.open.values }
            #expect(found == ["Nobody's"])
        }
    }

    @Test func `a sealed value that is put into another record or field opens nowhere`() throws {
        let fixture = try StoreFixture()
        try fixture.publish([Self.party("C-1", name: "Erika"), Self.party("C-2", name: "Bolt", ordinal: 2)], file: "a.csv", digest: "1")
        let slot = try #require(RecordCatalogue.definition(.party).slot("name"))
        _ = try fixture.store.driver.write {
            try $0.execute(Statement("UPDATE record_party SET name = (SELECT other.name FROM record_party other WHERE other.party = 'C-1') WHERE party = 'C-2'"), [])
        }
        #expect(try name(fixture, row(1, 1)) == .string("Erika") && fixture.store.record(row(1, 2))?.closed == [slot: 1])
        _ = try fixture.store.driver.write { try $0.execute(Statement("UPDATE record_party SET region = name, name = NULL WHERE party = 'C-1'"), []) }
        #expect(try name(fixture, row(1, 1), "region") == .null)
    }

    @Test func `a text that is sent to look sealed stays what it is`() throws {
        let fixture = try StoreFixture()
        try fixture.publish([Self.party("C-1", name: "\u{1F}1:AAAA", region: "\u{1F}1:AAAA")], file: "a.csv", digest: "1")
        #expect(try name(fixture, row(1, 1)) == .string("\u{1F}1:AAAA") && name(fixture, row(1, 1), "region") == .string("\u{1F}1:AAAA"))
        let slot = try #require(RecordCatalogue.definition(.party).slot("region"))
        try fixture.store.driver.read { session in
            try Store.forEachCurrent(.party, in: session) { #expect($0.values[slot] == .string("\u{1F}1:AAAA")) }
        }
    }

    @Test func `once shredded nothing opens, nothing new is kept, and a new key comes only after it is admitted`() throws {
        let fixture = try StoreFixture(), subject = PersonalSubject(client: "ACME", party: "C-1")
        try fixture.publish([Self.party("C-1", name: "Erika"), Self.party("C-2", name: "Bolt", ordinal: 2)], file: "a.csv", digest: "1")
        let slot = try #require(RecordCatalogue.definition(.party).slot("name"))
        _ = try fixture.store.driver.erase { try Store.shred(subject, position: 9, in: $0); return ((), true) }
        // The mark alone closes it: a process that is stopped here has shredded.
        #expect(try fixture.store.record(row(1, 1))?.closed == [slot: 1] && fixture.store.keys.holds(1))
        try fixture.store.destroyShreddedKeys(again: false)
        #expect(try !fixture.store.keys.holds(1) && fixture.store.record(row(1, 1))?.closed == [slot: 1] && name(fixture, row(1, 2)) == .string("Bolt"))
        try fixture.publish([Self.party("C-1", name: "Erika again")], file: "b.csv", digest: "2")
        #expect(try !holds(fixture, "Erika") && fixture.store.record(row(2, 1))?.closed == [slot: 1])
        try fixture.store.driver.write { session in
            let latest = try #require(try Store.personalKey(of: subject, in: session))
            #expect(latest.withholds && latest.shredded == 9)
            try Store.admit(latest, position: 11, in: session)
        }
        try fixture.publish([Self.party("C-1", name: "Erika the third")], file: "c.csv", digest: "3")
        #expect(try name(fixture, row(3, 1)) == .string("Erika the third") && fixture.store.record(row(2, 1))?.closed == [slot: 1])
        #expect(try fixture.store.driver.read { try Store.personalKeys(of: subject, in: $0) }.map(\.id) == [1, 3])
    }

    @Test func `a shredding that is stopped before its key is gone is finished when the store opens, and an older file of keys opens nothing`() throws {
        let fixture = try StoreFixture(), subject = PersonalSubject(client: "ACME", party: "C-1"), path = "\(fixture.folder)/store.sqlite"
        try fixture.publish([Self.party("C-1", name: "Erika")], file: "a.csv", digest: "1")
        let older = try Data(contentsOf: URL(fileURLWithPath: fixture.store.keys.path))
        _ = try fixture.store.driver.erase { try Store.shred(subject, position: 9, in: $0); return ((), false) }
        let again = try Store(driver: SQLiteDriver(path: path))
        #expect(try !again.keys.holds(1) && again.driver.read { try Store.shreddedKeys(in: $0) }.map(\.isDestroyed) == [true])
        try older.write(to: URL(fileURLWithPath: fixture.store.keys.path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: fixture.store.keys.path)
        let restored = try Store(driver: SQLiteDriver(path: path))
        #expect(try restored.keys.holds(1) && restored.record(row(1, 1))?.closed.count == 1)
        try restored.destroyShreddedKeys(again: true)
        #expect(try !restored.keys.holds(1))
    }

    @Test func `somebody who never had a key is shredded too, and the first key of a store comes after that`() throws {
        let fixture = try StoreFixture(), subject = PersonalSubject(client: "ACME", party: "C-9")
        _ = try fixture.store.driver.erase { try Store.shred(subject, position: 3, in: $0); return ((), false) }
        try fixture.publish([Self.party("C-9", name: "Nobody"), Self.party("C-1", name: "Erika", ordinal: 2)], file: "a.csv", digest: "1")
        #expect(try !holds(fixture, "Nobody") && name(fixture, row(1, 2)) == .string("Erika"))
        // Without the file of keys nothing is sealed under other keys.
        try FileManager.default.removeItem(atPath: fixture.store.keys.path)
        let again = try Store(driver: SQLiteDriver(path: "\(fixture.folder)/store.sqlite"))
        #expect(throws: StoreFailure.self) { try again.add([Self.party("C-5", name: "Other")], rejected: [], touching: [], to: 1) }
    }

    @Test func `a payload is digested as it is sealed, and one that was taken away is answered for by its digest`() throws {
        let fixture = try StoreFixture(), payload = Array("SHIP_TO;Erika".utf8)
        func effect(_ id: String) -> Effect {
            Effect(
                id: id, kind: .actionFile, target: "wms", contentType: "text/csv", fileName: "\(id).csv", payload: payload, createdAt: Instant(seconds: 5),
                deadline: Instant(seconds: 500))
        }
        try fixture.publish([Self.party("C-1", name: "Erika")], file: "a.csv", digest: "1")
        let entry = try fixture.store.driver.write { session in
            try Store.begin(LogEntry.genesis(at: Instant(seconds: 5), body: "{}"), in: session)
            let key = try #require(try fixture.store.keys.key(1))
            let stored = try Store.add(effect("sealed"), action: "route x", position: 1, sources: [.record(1)], sealedUnder: [key], in: session)
            #expect(SealedPayload.keys(of: stored) == [1])
            try Store.add(effect("plain"), action: "route x", position: 1, sources: [.record(2)], in: session)
            return try Store.append(.loadPublished, .context(ContextValue([("a", .integer(1))])), at: Instant(seconds: 6), in: session)
        }
        func found() throws -> LogRows { try fixture.store.driver.read { try LogRows(at: 1, in: $0) } }
        #expect(try LogRows(body: entry.body) == found())
        let sealed = try #require(try fixture.store.effect("sealed")), plain = try #require(try fixture.store.effect("plain"))
        #expect(try sealed.isSealed && fixture.store.opened(sealed)?.payload == payload && !plain.isSealed && fixture.store.opened(plain) == effect("plain"))
        #expect(try fixture.store.driver.read { try Store.effects(sealedUnder: 1, in: $0) } == ["sealed"])
        #expect(try fixture.store.driver.read { try Store.plainEffects(of: [2], answering: [], in: $0) } == ["plain"])
        let (_, isCut) = try fixture.store.driver.erase { session in
            try Store.shred(PersonalSubject(client: "ACME", party: "C-1"), position: 2, in: session)
            try Store.removePayload(ofEffect: "plain", digest: ContentDigest(of: payload).hex, in: session)
            return ((), true)
        }
        try fixture.store.destroyShreddedKeys(again: false)
        #expect(try isCut && LogRows(body: entry.body) == found() && !holds(fixture, "Erika"))
        #expect(try fixture.store.opened(sealed) == nil && fixture.store.effect("plain").flatMap { try fixture.store.opened($0) } == nil)
        // Another digest in its place shows.
        _ = try fixture.store.driver.write { try $0.execute(Statement("UPDATE effect SET removed = ? WHERE id = 'plain'"), [.text(ContentDigest(of: [1]).hex)]) }
        #expect(try LogRows(body: entry.body) != found())
    }

    @Test func `what is replaced stands in no file of the database any more`() throws {
        let fixture = try StoreFixture()
        var plain = PersonalFields.catalogue
        plain.insert(try #require(RecordCatalogue.definition(.party).slot("region")), of: .party)
        try fixture.publish((1...200).map { Self.party("C-\($0)", name: "N", region: "Quittenweg \($0)", ordinal: $0) }, file: "a.csv", digest: "1")
        #expect(try holds(fixture, "Quittenweg 77"))
        let slot = try #require(RecordCatalogue.definition(.party).slot("region"))
        let (_, isCut) = try fixture.store.driver.erase { session in
            for number in 1...200 { try Store.replace(slot, of: .party, row: row(1, number), with: SealedText.withheld(1), in: session) }
            return ((), true)
        }
        #expect(try isCut && !holds(fixture, "Quittenweg"))
    }
}

@Suite struct PersonalCatalogueTests {
    @Test func `each personal field of the catalogue is a text that can be sealed, of a kind that names whom it is about`() {
        var named: [String] = []
        for definition in RecordCatalogue.all {
            for slot in PersonalFields.catalogue.slots(of: definition.kind) {
                #expect(definition.sealable[slot] && PersonalFields.obstacle(slot, of: definition) == nil)
                named.append("\(definition.kind.rawValue).\(definition.fields[slot].name)")
            }
            for slot in definition.fields.indices where definition.key.contains(slot) || definition.about.contains(slot) || definition.version == slot {
                #expect(PersonalFields.obstacle(slot, of: definition) != nil)
            }
        }
        #expect(named == ["party.name", "warehouseInstruction.shipToName", "location.name", "location.street", "location.postalCode"])
    }

    @Test func `a subject is read back from its text`() {
        #expect(PersonalSubject("ACME/C/1") == PersonalSubject(client: "ACME", party: "C/1"))
        for text in ["", "ACME", "/C", "ACME/"] { #expect(PersonalSubject(text) == nil) }
    }
}
