import Diagnostics
import Drafts
import Foundation
import Mapping
import Records
import Testing

/// Drafts of real data sets and of files of the corpus: the lines that an analyst would write are there at once.
@Suite struct RealDataDraftTests {
    private struct Case: CustomTestStringConvertible {
        let path: String
        let format: SourceFormat
        let kind: RecordKind
        /// Rules of the first record that must be as an analyst would have them.
        let rules: [String: String]
        var testDescription: String { path }
    }

    private static let moment = "{ at: %, as: dateTime, picture: yyyy-MM-dd, zone: business }"
    private static func day(_ column: String) -> String { moment.replacingOccurrences(of: "%", with: column) }

    private static let cases = [
        Case(path: "data/northwind/orders.csv", format: .csv, kind: .order, rules: [
            "orderNumber": "order_id", "customer": "customer_id", "orderedOn": "{ at: order_date, as: date, picture: yyyy-MM-dd }",
            "promisedAt": day("required_date"), "carrier": "ship_via", "shipToRegion": "ship_region",
        ]),
        Case(path: "data/northwind/order_details.csv", format: .csv, kind: .orderLine, rules: [
            "orderNumber": "order_id", "lineNumber": "product_id", "item": "product_id", "quantity": "{ at: quantity, as: decimal }",
            "unitPrice": "{ at: unit_price, as: decimal }",
        ]),
        Case(path: "data/northwind/products.csv", format: .csv, kind: .item, rules: [
            "item": "product_id", "description": "product_name", "category": "category_id", "supplier": "supplier_id",
        ]),
        Case(path: "data/northwind/customers.csv", format: .csv, kind: .party, rules: [
            "role": "{ constant: customer }", "party": "customer_id", "name": "company_name", "region": "region", "country": "country",
        ]),
        Case(path: "data/northwind/suppliers.csv", format: .csv, kind: .party, rules: ["role": "{ constant: supplier }", "party": "supplier_id"]),
        Case(path: "data/northwind/shippers.csv", format: .csv, kind: .party, rules: ["role": "{ constant: carrier }", "party": "shipper_id"]),
        Case(path: "data/tpch-sf0.01/lineitem.csv.gz", format: .csv, kind: .orderLine, rules: [
            "orderNumber": "l_orderkey", "lineNumber": "l_linenumber", "item": "l_partkey", "quantity": "{ at: l_quantity, as: decimal }",
        ]),
        Case(path: "data/tpch-sf0.01/orders.csv.gz", format: .csv, kind: .order, rules: [
            "orderNumber": "o_orderkey", "customer": "o_custkey", "orderedOn": "{ at: o_orderdate, as: date, picture: yyyy-MM-dd }",
        ]),
        Case(path: "data/tpch-sf0.01/part.csv.gz", format: .csv, kind: .item, rules: ["item": "p_partkey", "description": "p_name"]),
        Case(path: "data/online-retail/online_retail.csv.gz", format: .csv, kind: .salesLine, rules: [
            "invoice": "InvoiceNo", "item": "StockCode", "customer": "{ at: CustomerID, as: integer }", "quantity": "{ at: Quantity, as: decimal }",
            "unitPrice": "{ at: UnitPrice, as: decimal }", "amount": "{ feel: \"quantity * unitPrice\" }", "country": "Country",
            "soldAt": "{ at: InvoiceDate, as: dateTime, picture: \"yyyy-MM-dd HH:mm:ss\", zone: business }",
        ]),
        Case(path: "data/nycflights13/flights.csv.gz", format: .csv, kind: .shipment, rules: [
            "carrier": "carrier", "shipment": "flight", "lane": "{ concat: [origin, \"'>'\", dest] }",
        ]),
        Case(path: "data/nycflights13/weather.csv.gz", format: .csv, kind: .signal, rules: [
            "kind": "{ constant: weather }", "subject": "origin", "validFrom": "{ at: time_hour, as: dateTime, picture: \"yyyy-MM-ddTHH:mm:ssXXX\" }",
        ]),
        Case(path: "corpus/x12/850/olmelabs__850.OK.edi", format: .x12, kind: .order, rules: [
            "orderNumber": "BEG03", "shipTo": "\"N1[N101=ST]/N104\"", "promisedAt": "{ at: \"DTM[DTM01=002]/DTM02\", as: dateTime, zone: business }",
        ]),
        Case(path: "corpus/x12/856/aaronhuggins__856.edi", format: .x12, kind: .shipment, rules: ["shipment": "BSN02", "carrier": "\"HL[HL03=S]/TD503\""]),
        Case(path: "corpus/x12/810/xlate__simple810.edi", format: .x12, kind: .invoiceLine, rules: ["invoice": "BIG02", "orderNumber": "BIG04"]),
        Case(path: "corpus/edifact/ORDERS/ballerina-platform__message.edi", format: .edifact, kind: .order, rules: [
            "orderNumber": "BGM02", "customer": "\"NAD[NAD01=BY]/NAD02-1\"", "currency": "CUX/CUX01-2",
        ]),
        Case(path: "corpus/edifact/INVOIC/xlate__invoic_d97b.edi", format: .edifact, kind: .invoiceLine, rules: ["invoice": "BGM02", "lineNumber": "LIN01"]),
        Case(path: "corpus/idoc/ORDERS05/PyPI_mock-sap_0.22.0__idoc_ORDERS_0000004712.xml", format: .xml, kind: .order, rules: [
            "orderNumber": "E1EDK01/BELNR", "customer": "\"E1EDKA1[PARVW=AG]/PARTN\"",
        ]),
    ]

    @Test(arguments: cases) private func `a draft of a real file has the lines that an analyst would write`(_ expected: Case) throws {
        guard let sample = Project.sample(Project.shared.appendingPathComponent(expected.path), bytesMax: 1 << 20) else {
            print("skipped: ../shared is absent")
            return
        }
        var request = DraftRequest()
        request.client = "TEST"
        request.name = "drafted"
        request.rowsMax = 2_000
        let draft = try Drafter.draft(sample, format: expected.format, request: request, structures: Project.structures)
        let compiled = Project.compile(draft)
        #expect(compiled.diagnostics.isEmpty, "\(compiled.diagnostics.map(\.text).joined(separator: "\n"))\n\(draft.mappingText)")
        #expect(draft.mappingText.contains("- record: \(expected.kind.rawValue) "), "\(draft.mappingText)")
        for (field, rule) in expected.rules { #expect(draft.rule(field) == rule, "\(field)\n\(draft.mappingText)") }
    }

    /// Every X12, EDIFACT and IDoc file of the corpus: a draft that is sound, or a plain word why there is none.
    @Test(arguments: [("x12", SourceFormat.x12), ("edifact", .edifact), ("idoc", .xml), ("ubl", .xml), ("cxml", .xml), ("csv", .csv)])
    func `no file of the corpus gives a draft that is not sound`(folder: String, format: SourceFormat) throws {
        let root = Project.shared.appendingPathComponent("corpus/\(folder)")
        let paths = (FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []).sorted()
        guard !paths.isEmpty else {
            print("skipped: ../shared is absent")
            return
        }
        var drafted = 0, refused: [String: Int] = [:]
        for path in paths {
            let url = root.appendingPathComponent(path)
            guard !url.hasDirectoryPath, let sample = Project.sample(url, bytesMax: 256 << 10) else { continue }
            do throws(DraftFailure) {
                let draft = try Drafter.draft(sample, format: format, request: DraftRequest(), structures: Project.structures)
                #expect(draft.lines > 0)
                drafted += 1
            } catch .unsound(let diagnostics) {
                Issue.record("\(path): \(diagnostics.map(\.text).joined(separator: "\n"))")
            } catch {
                refused[String("\(error)".prefix { $0 != "(" }), default: 0] += 1
            }
        }
        print("\(folder): \(drafted) drafted, refused \(refused)")
        #expect(drafted > 0)
    }
}
