import Diagnostics
import Drafts
import Mapping
import Records
import Testing

/// Drafts of small samples in the forms that partners send.
@Suite struct DraftTests {
    private func draft(
        _ text: String, name: String = "orders.csv", format: SourceFormat = .csv, _ change: (inout DraftRequest) -> Void = { _ in }
    ) throws -> Draft {
        var request = DraftRequest()
        request.client = "TEST"
        change(&request)
        return try Drafter.draft(Project.sample(text, name: name), format: format, request: request, structures: Project.structures)
    }

    /// Mapping, feed and test of the draft are sound, and the mapping is tested.
    private func check(_ draft: Draft) {
        let compiled = Project.compile(draft)
        #expect(compiled.library?.plan(draft.feed) != nil && compiled.library?.untested.isEmpty == true)
        #expect(compiled.diagnostics.isEmpty, "\(compiled.diagnostics.map(\.text).joined(separator: "\n"))\n\(draft.mappingText)")
    }

    @Test func `order lines are drafted from English names`() throws {
        let draft = try draft("""
            PO No,Line,SKU,Qty,UOM,Unit Price,Currency,ETA
            4711,1,A-100,12,PCE,9.95,EUR,2026-12-01
            4711,2,B-200,3,KGM,1.50,EUR,2026-12-01
            4712,1,A-100,7,PCE,9.95,EUR,2026-12-02

            """, name: "lines.csv")
        check(draft)
        #expect(draft.mappingText.contains("record: orderLine"))
        #expect(draft.rule("orderNumber") == "\"PO No\"")
        #expect(draft.rule("lineNumber") == "Line")
        #expect(draft.rule("item") == "SKU")
        #expect(draft.rule("quantity") == "{ at: Qty, as: decimal }")
        #expect(draft.rule("unitOfMeasure") == "UOM")
        #expect(draft.rule("unitPrice") == "{ at: \"Unit Price\", as: decimal }")
        #expect(draft.records[.orderLine] == 3 && draft.reported == 0 && draft.unfounded == 0)
    }

    @Test(arguments: [
        "Bestellnummer;Position;Artikelnummer;Menge;ME;Einzelpreis;Währung\n4711;10;A-100;12,5;ST;9,95;EUR\n4711;20;B-200;3;ST;1,50;EUR\n",
        "no de commande;ligne;référence article;quantité;unité;prix unitaire;devise\n4711;10;A-100;12,5;ST;9,95;EUR\n4711;20;B-200;3;ST;1,50;EUR\n",
        "número de pedido;línea;código artículo;cantidad;unidad;precio unitario;moneda\n4711;10;A-100;12,5;ST;9,95;EUR\n4711;20;B-200;3;ST;1,50;EUR\n",
    ])
    func `order lines are drafted from German, French and Spanish names`(_ text: String) throws {
        let draft = try draft(text, name: "x.csv")
        check(draft)
        #expect(draft.mappingText.contains("record: orderLine"), "\(draft.mappingText)")
        for field in ["orderNumber", "lineNumber", "item", "quantity", "unitOfMeasure", "unitPrice"] {
            #expect(draft.confidence(field).map { $0 >= 0.8 } == true, "\(field)\n\(draft.mappingText)")
        }
        #expect(draft.rule("quantity")?.contains("mark: \",\"") == true)
        #expect(draft.feedText.contains("separator: \";\""))
        #expect(draft.records[.orderLine] == 2)
    }

    @Test func `header and lines in one row give both records`() throws {
        let draft = try draft("""
            order no,customer no,order date,delivery date,ship to,line,item,quantity
            1,C7,2026-11-01,2026-11-09,D1,1,A,5
            1,C7,2026-11-01,2026-11-09,D1,2,B,6
            2,C8,2026-11-02,2026-11-10,D2,1,A,7

            """, name: "x.csv")
        check(draft)
        #expect(draft.records[.orderLine] == 3 && draft.records[.order] == 3, "\(draft.mappingText)")
    }

    @Test func `customers with their addresses are parties and places`() throws {
        let draft = try draft("customer no;name;street;zip;city;country\nC7;Moser;Am Bach 3;8010;Graz;AT\nC8;Rei;Hof 1;1010;Wien;AT\n", name: "customers.csv") { $0.name = "people" }
        check(draft)
        #expect(draft.records == [.party: 2, .location: 2], "\(draft.mappingText)")
        #expect(draft.rule("location", record: 1) == "\"customer no\"")
        #expect(draft.rule("postalCode", record: 1) == "zip")
        #expect(draft.rule("kind", record: 1) == "{ constant: customer }")
    }

    @Test func `orders that left are shipments too, and those that did not are none`() throws {
        let draft = try draft("order id,customer id,required date,Shipped Date\n1,C7,2026-11-20,2026-11-18\n2,C8,2026-11-21,\n", name: "x.csv")
        check(draft)
        #expect(draft.records == [.order: 2, .shipment: 1], "\(draft.mappingText)")
    }

    @Test func `a date of an EDI element that is not written by custom gets its picture`() throws {
        let draft = try draft(
            "UNB+UNOA:3+S+R+260517:1200+1'UNH+1+INVOIC:D:96A:UN'BGM+380+I-1+9'DTM+137:202605171200:203'NAD+SU+S1::9'NAD+BY+B1::9'LIN+1++A1:EN'QTY+47:5'UNS+S'UNT+9+1'UNZ+1+1'",
            name: "i.edi", format: .edifact)
        check(draft)
        #expect(draft.rule("issuedOn")?.contains("picture: yyyyMMddHHmm") == true, "\(draft.mappingText)")
    }

    @Test func `a required field that nothing gives is said with confidence 0`() throws {
        let draft = try draft("item,quantity\nA,5\nB,7\n", name: "x.csv") { $0.record = .inventoryPosition }
        check(draft)
        #expect(draft.rule("location") == "{ constant: UNKNOWN }")
        #expect(draft.confidence("location") == 0)
        #expect(draft.unfounded == 1)
        #expect(draft.mappingText.contains("# not found: lot, text"))
    }

    @Test func `words for nothing, ambiguous days and columns that nobody reads are said`() throws {
        let draft = try draft("""
            location,date,temperature,remark
            VIE,04/11/2026,3.5,dry
            VIE,05/11/2026,NA,dry
            LNZ,04/11/2026,1.0,wet

            """, name: "weather.csv") { $0.name = "hourly" }
        check(draft)
        #expect(draft.mappingText.contains("record: signal"), "\(draft.mappingText)")
        #expect(draft.mappingText.contains("AMBIGUOUS: the values also read as MM/dd/yyyy"))
        #expect(draft.rule("reading")?.contains("\\\"NA\\\"") == true)
        #expect(draft.mappingText.contains("#   remark: text, dry"))
        #expect(draft.records[.signal] == 3, "\(draft.mappingText)")
        #expect(draft.reported == 0)
    }

    @Test func `a file without a header is read by the numbers of its columns`() throws {
        let draft = try draft("4006381333931,5,PCE\n4006381333948,7,KGM\n4006381333955,9,PCE\n", name: "x.csv") { $0.record = .inventoryPosition }
        check(draft)
        #expect(draft.feedText.contains("header: false"))
        #expect(draft.rule("item") == "\"#1\"")
        #expect(draft.rule("unitOfMeasure") == "\"#3\"")
    }

    @Test func `an element that comes again and again is a line of the one around it`() throws {
        let draft = try draft("""
            <orders><order id="4711"><customer><number>C7</number></customer><orderDate>2026-11-01</orderDate>
            <line><no>1</no><sku>A</sku><qty>5</qty></line><line><no>2</no><sku>B</sku><qty>6</qty></line></order>
            <order id="4712"><customer><number>C8</number></customer><orderDate>2026-11-02</orderDate>
            <line><no>1</no><sku>A</sku><qty>7</qty></line></order></orders>
            """, name: "x.xml", format: .xml)
        check(draft)
        #expect(draft.records[.order] == 2 && draft.records[.orderLine] == 3, "\(draft.mappingText)")
        #expect(draft.rule("orderNumber", record: 0) == "\"@id\"")
        #expect(draft.rule("customer", record: 0) == "customer/number")
        #expect(draft.rule("orderNumber", record: 1) == "order.orderNumber")
        #expect(draft.rule("quantity", record: 1) == "{ at: qty, as: decimal }")
    }

    @Test func `JSON lines are drafted as XML is`() throws {
        let draft = try draft("""
            {"orderNumber": "4711", "customer": {"id": "C7"}, "lines": [{"sku": "A", "unit price": 1.5, "quantity": 5}, {"sku": "B", "unit price": 2, "quantity": 6}]}
            {"orderNumber": "4712", "customer": {"id": "C8"}, "lines": [{"sku": "A", "unit price": 1.5, "quantity": 7}]}

            """, name: "x.jsonl", format: .json)
        check(draft)
        #expect(draft.records[.order] == 2 && draft.records[.orderLine] == 3, "\(draft.mappingText)")
        #expect(draft.rule("unitPrice", record: 1) == "{ at: \"\\\"unit price\\\"\", as: decimal }")
    }

    @Test func `a sample that holds nothing, and one that no kind fits, are refused`() throws {
        #expect(throws: DraftFailure.self) { try draft("", name: "x.csv") }
        #expect(throws: DraftFailure.self) { try draft("frob,blub\nx,y\nx,z\n", name: "x.csv") }
        #expect(throws: DraftFailure.self) { try draft("ST*997*0001~", name: "x.edi", format: .x12) }
    }

    @Test func `what a comment holds cannot break out of it`() throws {
        let draft = try draft("item,quantity,\"re\nmark\"\nA,5,\"x\nrecords: []\"\nB,6,y\n", name: "x.csv") { $0.record = .inventoryPosition }
        check(draft)
    }
}
