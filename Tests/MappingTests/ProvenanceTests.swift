import Foundation
import Mapping
import Records
import Testing
import Values

/// The byte ranges of fields, held against the bytes of the samples.
@Suite struct ProvenanceTests {
    private func text(_ bytes: [UInt8], _ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    @Test func `the ranges of an X12 order are its elements`() throws {
        let bytes = try Project.bytes("Samples/x12-orders/850-alpenmarkt-0042.edi")
        let taken = try readFeed("x12-orders", bytes).taken
        let order = try #require(taken.of(.order).first)
        let number = try #require(order.origin("orderNumber"))
        #expect(text(bytes, number.field) == "4500071001")
        #expect(text(bytes, number.node) == "BEG*00*SA*4500071001**20261102")
        let customer = try #require(order.origin("customer"))
        #expect(text(bytes, customer.node) == "N1*BY*ALPENMARKT WIEN*92*AM-100")
        #expect(text(bytes, customer.field) == "AM-100")
        #expect(order["customer"] == .string("C-1001"))
        let promised = try #require(order.origin("promisedAt"))
        #expect(text(bytes, promised.node) == "DTM*002*20350312*1400")
        // The text form of the priority's rule reads BEG02 alone.
        #expect(text(bytes, try #require(order.origin("priority")).field) == "SA")
        let line = try #require(taken.of(.orderLine).first)
        #expect(text(bytes, try #require(line.origin("quantity")).field) == "6")
        #expect(text(bytes, try #require(line.origin("orderNumber")).node).hasPrefix("BEG*"))
        #expect(order.origin("client") == nil)
    }

    @Test func `the ranges of an IDoc are its element texts`() throws {
        let bytes = try Project.bytes("Samples/idoc-orders/orders05-0000204711.xml")
        let taken = try readFeed("idoc-orders", bytes).taken
        let order = try #require(taken.of(.order).last)
        let shipTo = try #require(order.origin("shipTo"))
        #expect(text(bytes, shipTo.field) == "C-1001")
        #expect(text(bytes, shipTo.node) == "<PARTN>C-1001</PARTN>")
        let line = try #require(taken.of(.orderLine).last)
        #expect(line["unitPrice"] == .number(ExactDecimal(99)))
    }

    @Test func `the ranges of a row are its cells`() throws {
        let bytes = try Project.bytes("Samples/item-master/items-2026-09.csv")
        let taken = try readFeed("item-master", bytes).taken
        for item in taken.of(.item) {
            let origin = try #require(item.origin("item"))
            #expect(text(bytes, origin.field) == item["item"].text)
            #expect(text(bytes, origin.node).hasPrefix(item["item"].text + ";"))
        }
        let last = try #require(taken.of(.item).first { $0["item"] == .string("NW-1018") })
        #expect(text(bytes, try #require(last.origin("item")).node).contains("Charge prüfen;\r\nvor Versand"))
    }

    /// Over all samples: a text that no code list, lookup, joining or other writing changed is the bytes of its range.
    @Test(arguments: CaseTests.names)
    func `texts are what stands in their ranges`(name: String) throws {
        let folder = "Tests/MappingTests/Cases/\(name)"
        let feed = String(decoding: try Project.bytes(folder + "/feed"), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let path = (try? Project.bytes(folder + "/input.path")).map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) }
        let bytes = try Project.bytes(path ?? folder + "/input")
        let changed: Set<String> = [
            "purpose", "priority", "condition", "unitOfMeasure", "lane", "tier", "customer", "lineNumber",
        ]
        for record in try readFeed(feed, bytes).taken.records {
            for (slot, field) in record.definition.fields.enumerated() where field.type == .text && !changed.contains(field.name) {
                guard let origin = record.origins[slot], record.values[slot] != .null else { continue }
                let sent = text(bytes, origin.field).replacing("\"\"", with: "\"")
                #expect(sent == record.values[slot].text || sent.isEmpty, "\(record.kind).\(field.name)")
                #expect(origin.node.lowerBound <= origin.field.lowerBound && origin.field.upperBound <= origin.node.upperBound)
            }
            let blob = Provenance.encode(origins: record.origins, rules: record.rules)
            let back = try #require(Provenance.decode(blob))
            #expect(back.origins == record.origins && back.rules == record.rules)
        }
    }

    @Test func `rule lines are lines of the mapping file`() throws {
        let taken = try readFeed("x12-orders", try Project.bytes("Samples/x12-orders/850-alpenmarkt-0042.edi")).taken
        let lines = String(decoding: try Project.bytes("Mappings/x12/850-orders.yaml"), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let order = try #require(taken.of(.order).first)
        for (slot, field) in order.definition.fields.enumerated() where order.rules[slot] > 0 {
            let at = Int(order.rules[slot]) - 1
            #expect(lines[at].contains(field.name + ":") || lines[at - 1].contains(field.name + ":"), "\(field.name)")
        }
        #expect(order.rules[0] == 0)
    }
}
