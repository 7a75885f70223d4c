import DecisionModels
import DecisionTables
import Diagnostics
import FEEL
import Testing
import Values

@Suite struct TableConversionTests {
    private func write(_ document: TableDocument, _ form: TableForm) throws -> [UInt8] {
        let written = TableConversion.write(document, as: form)
        if written.product == nil { print(document) }
        return try #require(written.product, "\(written.diagnostics.map(\.fact))")
    }

    private func read(_ bytes: [UInt8], _ form: TableForm) throws -> TableDocument {
        let found = TableConversion.read(bytes, as: form, file: "t.\(form.rawValue)")
        return try #require(found.product, "\(found.diagnostics.map(\.text))")
    }

    @Test func `tables by chance go from each form to each other and back, to the same table and the same bytes`() throws {
        for seed in 0..<50 {
            var random = RandomTable(seed: UInt64(seed))
            let document = random.document().canonical
            for there in TableForm.allCases {
                let bytes = try write(document, there)
                let first = try read(bytes, there)
                #expect(first == document, "seed \(seed), \(there)")
                for over in TableForm.allCases where over != there {
                    let second = try read(write(first, over), over)
                    #expect(try write(second, there) == bytes, "seed \(seed), \(there) by \(over)")
                }
            }
        }
    }

    private let text = """
        decision: Order priority
        about: how soon an order leaves
        hitPolicy: FIRST
        table: |
          | customer tier : string | hours to promise : number || priority : string || why      |
          | "gold", "a|b"          | < 24                      || "rush"            || contract |
          | -                      | -                         || "standard"        ||          |
        outputs:
          - output: priority
            default: "\\"standard\\""
            values: "\\"rush\\", \\"standard\\""

        """

    @Test func `the text form keeps its bytes through a model and through CSV`() throws {
        let document = try read(Array(text.utf8), .text)
        #expect(String(decoding: try write(document, .text), as: UTF8.self) == text)
        let csv = String(decoding: try write(document, .csv), as: UTF8.self)
        #expect(csv == """
            decision,Order priority,,,\r
            about,how soon an order leaves,,,\r
            hit policy,FIRST,,,\r
            column,input,input,output,remark\r
            header,customer tier,hours to promise,priority,why\r
            type,string,number,string,\r
            values,,,\"""rush"", ""standard""\",\r
            default,,,\"""standard""\",\r
            rule,\"""gold"", ""a|b""\",< 24,\"""rush""\",contract\r
            rule,-,-,\"""standard""\",\r

            """)
        let model = try write(document, .model)
        #expect(try write(read(model, .model), .text) == Array(text.utf8))
        #expect(try write(read(Array(csv.utf8), .csv), .text) == Array(text.utf8))
    }

    @Test func `a written model is evaluated as the table is`() throws {
        let bytes = try write(read(Array(text.utf8), .text), .model)
        let (model, found) = DecisionModel.read(bytes, file: "t.dmn")
        #expect(found.isEmpty)
        let compiled = CompiledModel.compile(try #require(model), profile: .strict)
        #expect(compiled.diagnostics.isEmpty)
        let product = try #require(compiled.product)
        #expect(try ModelFixture.value("Order priority", of: product, ["customer tier": .string("gold"), "hours to promise": .integer(3)]) == "\"rush\"")
        #expect(try ModelFixture.value("Order priority", of: product, ["customer tier": .string("tin")]) == "\"standard\"")
    }

    @Test func `formulas of spreadsheets are made text, and come back`() throws {
        for cell in ["=1+1", "+1", "-1", "@x", "'a", "-", "''", "1"] {
            let table = DecisionTable(
                hitPolicy: .first, inputs: [TableColumn(header: TableCell("x"))], outputs: [TableColumn(header: TableCell("y"))],
                annotations: [TableColumn(header: TableCell("why"))],
                rules: [TableRule(inputs: [TableCell("-")], outputs: [TableCell("1")], annotations: [TableCell(cell)])])
            let document = TableDocument(name: "d", table: table)
            let csv = try write(document, .csv)
            let rule = String(decoding: csv, as: UTF8.self).split(separator: "\r\n").last.map(String.init) ?? ""
            let last = rule.split(separator: ",").last.map(String.init) ?? ""
            #expect(cell == "-" || !["=", "+", "-", "@"].contains(last.first.map(String.init)), "\(cell)")
            #expect(try read(csv, .csv).table.rules[0].annotations[0].text == cell)
        }
    }

    @Test func `a CSV with semicolons, as spreadsheets write it, is read`() throws {
        let csv = "decision;d;\ncolumn;input;output\nheader;x;y\nrule;\"\"\"a\"\", \"\"b\"\"\";1\nrule;-;2\n"
        let document = try read(Array(csv.utf8), .csv)
        #expect(document.table.rules.map { $0.inputs[0].text } == ["\"a\", \"b\"", "-"])
        #expect(document.table.hitPolicy == .unique)
    }

    @Test(arguments: [
        ("decision,d,\nheader,x,y\n", "TABLE-HEADER"), ("column,input,output\nheader,x,y\nrules,1,2\n", "TABLE-ROW"), ("column,input\nheader,x\n", "TABLE-HEADER"),
        ("hit policy,BEST,\ncolumn,input,output\nheader,x,y\n", "TABLE-POLICY"), ("column,entrance,output\nheader,x,y\n", "TABLE-HEADER"),
        ("column,input,output\nheader,x,y\ntype,numbr,\n", "TABLE-HEADER"), ("decision,d\n", "TABLE-EMPTY"), ("rule,1\n", "TABLE-ROW"),
        ("column,input,output,cell ids\nheader,x,y,\nrule,1,2,a\n", "TABLE-ROW"),
    ]) func `a sheet in error is refused with its place`(csv: String, code: String) {
        let found = TableConversion.read(Array(csv.utf8), as: .csv, file: "t.csv")
        #expect(found.product == nil)
        #expect(found.diagnostics.contains { $0.code.name == code && $0.position.line != nil }, "\(found.diagnostics.map(\.text))")
    }

    @Test func `of a model with several tables one is named, and what stays behind is told`() throws {
        func decision(_ name: String) -> String {
            "<decision name=\"\(name)\"><variable name=\"\(name)\"/><decisionTable><output/><rule><outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>"
        }
        let bytes = Array(ModelFixture.text(decision("a") + decision("b")).utf8)
        let open = TableConversion.read(bytes, as: .model, file: "t.dmn")
        #expect(open.product == nil)
        #expect(open.diagnostics.first?.hint == "name one of \"a\", \"b\"")
        let named = TableConversion.read(bytes, as: .model, file: "t.dmn", decision: "b")
        #expect(named.product?.name == "b")
        #expect(named.diagnostics.map(\.fact) == ["of the model only the decision \"b\" is taken; 1 decision stay behind"])
    }

    @Test func `a type of the model's own keeps its name, and its values become those of the column`() throws {
        let bytes = Array(ModelFixture.text("""
            <itemDefinition name="tTier"><typeRef>string</typeRef><allowedValues><text>"gold", "tin"</text></allowedValues></itemDefinition>
            <inputData id="i" name="tier"><variable name="tier" typeRef="tTier"/></inputData>
            <decision name="d" id="d7"><variable name="d"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
            <decisionTable><input><inputExpression typeRef="tTier"><text>tier</text></inputExpression></input><output/>
            <rule><inputEntry><text>"gold"</text></inputEntry><outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>
            """).utf8)
        let document = try read(bytes, .model)
        #expect(document.table.inputs[0].typeName == "tTier")
        #expect(document.table.inputs[0].type == .string)
        #expect(document.table.inputs[0].values?.text == "\"gold\", \"tin\"")
        #expect(document.id == "d7")
        #expect(document.fields.isEmpty)
    }

    @Test func `what cannot be written without loss is refused`() {
        let table = DecisionTable(
            hitPolicy: .first, inputs: [TableColumn(header: TableCell("x"))], outputs: [TableColumn(header: TableCell("y : z"))],
            rules: [TableRule(inputs: [TableCell("-")], outputs: [TableCell("1")])])
        let written = TableConversion.write(TableDocument(name: "d", table: table), as: .text)
        #expect(written.product == nil)
        #expect(written.diagnostics.map(\.code.name) == ["DMN-CONVERT"])
    }

    @Test func `the table of a scheme is read by the scheme's name`() throws {
        let yaml = "scheme: item-value\nentity: item\nrules:\n  hitPolicy: FIRST\n  table: |\n    | a || b |\n    | - || 1 |\nmicrosegments: {}\n"
        let document = try read(Array(yaml.utf8), .text)
        #expect(document.name == "item-value")
        #expect(document.table.hitPolicy == .first)
    }
}
