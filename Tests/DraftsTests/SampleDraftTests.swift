import Diagnostics
import Drafts
import Foundation
import Mapping
import Records
import Testing

/// Drafts of the project's own samples: each passes the check, and gives the records that the edited mappings give.
@Suite struct SampleDraftTests {
    private struct Case: CustomTestStringConvertible {
        let path: String
        let format: SourceFormat
        let records: [RecordKind: Int]
        var testDescription: String { path }
    }

    private static let cases = [
        Case(path: "x12-orders/850-alpenmarkt-0042.edi", format: .x12, records: [.order: 4, .orderLine: 9]),
        Case(path: "x12-inventory/846-dockyard-20261120.edi", format: .x12, records: [.inventoryPosition: 43]),
        Case(path: "x12-carrier-status/214-plfl-20261112.edi", format: .x12, records: [.transportEvent: 5]),
        Case(path: "warehouse-orders/940-nordwind-0911.edi", format: .x12, records: [.warehouseInstruction: 2, .warehouseInstructionLine: 4]),
        Case(path: "idoc-orders/orders05-0000204711.xml", format: .xml, records: [.order: 2, .orderLine: 4]),
        Case(path: "idoc-flat-orders/orders05-0000204711.dat", format: .idoc, records: [.order: 2, .orderLine: 4]),
        Case(path: "customers/customers-2026-10.csv", format: .csv, records: [.party: 6]),
        Case(path: "item-master/items-2026-09.csv", format: .csv, records: [.item: 20]),
        Case(path: "shop-orders/shop-20261112-08.jsonl", format: .json, records: [.order: 3, .orderLine: 3]),
    ]

    @Test(arguments: cases) private func `a draft of a sample passes the check and gives its records`(_ expected: Case) throws {
        let sample = try #require(Project.sample(Project.root.appendingPathComponent("Samples/\(expected.path)")))
        var request = DraftRequest()
        request.client = "TEST"
        let draft = try Drafter.draft(sample, format: expected.format, request: request, structures: Project.structures)
        let compiled = Project.compile(draft)
        #expect(compiled.diagnostics.isEmpty, "\(compiled.diagnostics.map(\.text).joined(separator: "\n"))\n\(draft.mappingText)")
        #expect(draft.records == expected.records, "\(draft.mappingText)")
    }
}
