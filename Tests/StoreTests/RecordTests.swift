import Attributes
import Records
import Store
import Testing
import Values

@Suite struct RecordTests {
    @Test(arguments: 0..<6) func `one version is current whatever the order of arrival`(seed: Int) throws {
        let fixture = try StoreFixture()
        var random = SeededRandom(seed: UInt64(seed))
        // Version first, then the greatest file digest, then the latest place in the file.
        let files: [(digest: String, records: [PendingRecord])] = [
            ("aa", [StoreFixture.item("1", "v2 aa", version: 2)]),
            ("cc", [StoreFixture.item("1", "v1 cc", version: 1, ordinal: 1), StoreFixture.item("1", "v2 cc early", version: 2, ordinal: 2),
                    StoreFixture.item("1", "v2 cc late", version: 2, ordinal: 3)]),
            ("bb", [StoreFixture.item("1", "v2 bb", version: 2, ordinal: 9)]),
            ("dd", [StoreFixture.item("1", "v0 dd", version: 0), StoreFixture.item("2", "other", ordinal: 2)]),
        ]
        for (number, file) in files.shuffled(using: &random).enumerated() {
            try fixture.publish(file.records, file: "f\(number)", digest: file.digest, position: number + 1)
        }
        #expect(try fixture.descriptions().sorted() == ["other", "v2 cc late"])
    }

    @Test func `a load is invisible until it is published, and gone when it is dropped`() throws {
        let fixture = try StoreFixture()
        let load = try fixture.store.beginLoad(of: try fixture.file("a", digest: "aa"), state: "s")
        try fixture.store.add([StoreFixture.item("1", "pending")], rejected: [], touching: [EntityKey(.item, client: "ACME", id: "1")], to: load)
        #expect(try fixture.descriptions() == [])
        #expect(try fixture.store.dirtyCount() == 0)
        try fixture.store.dropLoad(load)
        try fixture.publish([StoreFixture.item("1", "published")], file: "b", digest: "bb")
        #expect(try fixture.descriptions() == ["published"])
        #expect(try fixture.store.dirtyCount() == 1)
    }

    @Test func `decimals come back exactly as they were written`() throws {
        let fixture = try StoreFixture()
        let texts = ["1.10", "0.1", "12345678901234567.8", "-0.005", "9223372036854775807", "100", "0.00"]
        let records = try texts.enumerated().map { number, text in
            let cost: ExactDecimal = try #require(ExactDecimal(text))
            return StoreFixture.item("\(number)", text, ordinal: number + 1, cost: cost)
        }
        try fixture.publish(records, file: "a", digest: "aa")
        let definition = RecordCatalogue.definition(.item)
        let cost = try #require(definition.slot("unitCost")), description = try #require(definition.slot("description"))
        try fixture.store.driver.read { session in
            try Store.forEachCurrent(.item, in: session) { #expect($0.values[cost].text == $0.values[description].text) }
        }
        #expect(try fixture.descriptions().count == texts.count)
    }

    @Test func `every entity that a live scheme divides is marked for evaluation, seen before or not`() throws {
        let fixture = try StoreFixture()
        try fixture.publish([StoreFixture.item("1", "a"), StoreFixture.item("2", "b", ordinal: 2)], file: "a", digest: "aa")
        try fixture.store.driver.write { session in
            for entity in try Store.dirtyEntities(limit: 10, in: session) { try Store.clearDirty(entity, in: session) }
        }
        #expect(try fixture.store.dirtyCount() == 0)
        let plan = AttributePlan(entity: .item, own: RecordCatalogue.definition(.item), definitions: [], relations: [], measures: [])
        try fixture.store.driver.write { session in
            try Store.markDirty(dividedBy: "item-value", plan: plan, position: 4, in: session)
            #expect(try Store.dirtyEntities(limit: 10, in: session).map(\.id) == ["1", "2"])
        }
    }
}
