import Attributes
import Diagnostics
import Testing

/// What is wrong with a file of attributes is told with its place.
struct ReadingTests {
    /// The finding that one attribute of an order gives, as `line:column code fact`.
    private func finding(_ attribute: String, entity: String = "order") throws -> String {
        let text = "attributes: test\nentity: \(entity)\nvalues:\n  amount: { sum: salesLine, by: customer, of: amount }\n  \(attribute)\n"
        let (plan, diagnostics) = Desk.read(entity == "customer" ? text : text.replacing("  amount: { sum: salesLine, by: customer, of: amount }", with: "  number: { count: orderLine, by: orderNumber }").replacing(entity == "order" ? "\u{1}" : "orderLine, by: orderNumber", with: entity == "item" ? "salesLine, by: item" : "transportEvent, by: lane"))
        #expect(plan == nil)
        let found = try #require(diagnostics.first, "there is no finding")
        #expect(diagnostics.count == 1, "\(diagnostics.map(\.text))")
        #expect(found.position.file == "Schemes/attributes/test.yaml")
        return "\(found.position.line ?? 0):\(found.position.column ?? 0) \(found.code) \(found.fact)"
    }

    @Test func `an unknown kind of record is told where it stands, with the nearest name`() throws {
        let (_, diagnostics) = Desk.read("attributes: a\nentity: item\nvalues:\n  sold: { count: salesLin, by: item }\n")
        let found = try #require(diagnostics.first)
        #expect(found.code == .attributeName)
        #expect((found.position.line, found.position.column) == (4, 18))
        #expect(found.hint == "did you mean salesLine?")
    }

    @Test func `an unknown field is told where it stands`() throws {
        #expect(try finding("x: { field: regio }") == "5:15 ATTR-NAME order has no field regio")
        #expect(try finding("x: { count: orderLine, by: orderNumbr }") == "5:30 ATTR-NAME orderLine has no field orderNumbr")
        #expect(try finding("x: { hoursUntil: promised }") == "5:20 ATTR-NAME order has no field promised")
    }

    @Test func `a defect in an expression is told at its character`() throws {
        let text = try finding("x: { sum: orderLine, by: orderNumber, of: 'quantity * pric' }")
        #expect(text.hasPrefix("5:57 "), "\(text)")
    }

    @Test func `an attribute without a source, or with two, is refused`() throws {
        #expect(try finding("x: { unit: hour }").hasPrefix("5:3 ATTR-FORM attribute x says nowhere"))
        #expect(try finding("x: { hoursUntil: promisedAt, feel: '1' }").hasPrefix("5:3 ATTR-FORM attribute x says in 2 ways"))
    }

    @Test func `a name is declared once`() throws {
        #expect(try finding("x: { field: customer }\n  number : { field: customer }").contains("number") == true)
    }

    @Test func `parts that do not fit each other are refused at the part`() throws {
        #expect(try finding("x: { hoursUntil: orderedOn }") == "5:20 ATTR-FORM orderedOn is no date and time")
        #expect(try finding("x: { count: orderLine }") == "5:3 ATTR-FORM count needs by")
        #expect(try finding("x: { count: orderLine, by: orderNumber, of: quantity }") == "5:47 ATTR-FORM count counts records and takes no of; use where to choose them")
        #expect(try finding("x: { sum: orderLine, by: orderNumber }") == "5:3 ATTR-FORM sum needs of")
        #expect(try finding("x: { sum: orderLine, by: orderNumber, of: item }") == "5:45 ATTR-FORM sum needs a number, and of gives string")
        #expect(try finding("x: { any: orderLine, by: orderNumber, of: quantity }") == "5:45 ATTR-FORM any needs true or false, and of gives number")
        #expect(try finding("x: { count: orderLine, by: orderNumber, where: quantity }") == "5:50 ATTR-FORM where needs true or false, and gives number")
        #expect(try finding("x: { count: orderLine, by: orderNumber, window: P1D }") == "5:51 ATTR-FORM window needs at")
        #expect(try finding("x: { count: orderLine, by: orderNumber, at: issuedAt, window: 0s }") == "5:65 ATTR-FORM a window is longer than nothing")
        #expect(try finding("x: { count: orderLine, by: orderNumber, at: item }") == "5:47 ATTR-FORM item is no date and time")
        #expect(try finding("x: { count: orderLine, by: orderNumber, bucket: day }") == "5:51 ATTR-FORM bucket is not for count")
        #expect(try finding("x: { trend: orderLine, by: orderNumber, of: quantity }") == "5:3 ATTR-FORM trend needs window and bucket")
        #expect(try finding("x: { feel: 'customer', scale: 2 }").contains("5:"))
    }

    @Test func `by names a field that identifies the entity`() throws {
        #expect(try finding("x: { count: orderLine, by: item }") == "5:30 ATTR-FORM item of orderLine does not name a order")
    }

    @Test func `a join needs a field that points to the joined kind`() throws {
        #expect(try finding("x: { any: orderLine, by: orderNumber, join: item, of: fragile }") == "5:3 ATTR-FORM join needs through")
        #expect(try finding("x: { any: orderLine, by: orderNumber, join: item, through: lineNumber, of: fragile }") == "5:62 ATTR-FORM lineNumber of orderLine does not name a item")
        #expect(try finding("x: { any: orderLine, by: orderNumber, join: salesLine, through: item, of: 'true' }") == "5:47 ATTR-FORM a salesLine cannot be joined")
    }

    @Test func `a related party needs its role, and a default of the field's type`() throws {
        #expect(try finding("x: { related: party, through: customer, field: tier }") == "5:3 ATTR-FORM a related party needs role")
        #expect(try finding("x: { related: party, through: customer, role: customer }") == "5:3 ATTR-FORM related needs field")
        #expect(try finding("x: { related: party, field: tier, role: customer }") == "5:3 ATTR-FORM related needs through")
        #expect(try finding("x: { field: promisedAt, default: soon }") == "5:36 ATTR-FORM soon is no default for promisedAt, which is a dateTime")
    }

    @Test func `classes need a number declared above, and cuts that fit their names`() throws {
        #expect(try finding("x: { class: nothing, cuts: [80], names: [A, B] }", entity: "item") == "5:15 ATTR-NAME attribute nothing is not declared above")
        #expect(try finding("x: { class: number, cuts: [80, 95], names: [A, B] }", entity: "item") == "5:29 ATTR-FORM there are 2 cuts and 2 names")
        #expect(try finding("x: { class: number, cuts: [95, 80], names: [A, B, C] }", entity: "item") == "5:29 ATTR-FORM there are 2 cuts and 3 names")
        #expect(try finding("x: { class: number, cuts: [80, 100], names: [A, B, C] }", entity: "item") == "5:29 ATTR-FORM there are 2 cuts and 3 names")
    }

    @Test func `a key of another source is refused, and an item of a list is pointed at`() throws {
        for (text, fact) in [
            ("x: { count: orderLine, by: orderNumber, cuts: [80] }", "cuts is not for count"),
            ("x: { count: orderLine, by: orderNumber, order: ascending }", "order is not for count"),
            ("x: { field: carrier, window: P1D }", "window is not for field"),
            ("x: { rank: number, tiles: 5 }", "tiles is not for rank"),
            ("x: { class: number, cuts: [80], names: [A, B], order: ascending }", "order is not for class"),
            ("x: { feel: '1', of: quantity }", "of is not for feel"),
        ] {
            #expect(try finding(text).hasSuffix("ATTR-FORM \(fact)"), "\(text)")
        }
        let (_, found) = Desk.read("attributes: a\nentity: itemLocation\nvalues:\n  x: { sum: inventoryPosition, by: [item, place], of: quantity }\n")
        #expect(found.map(\.fact) == ["inventoryPosition has no field place"] && found.first?.position.column == 43)
    }

    @Test func `what no record describes has no fields of its own, and says so`() throws {
        #expect(try finding("x: { field: carrier }", entity: "lane") == "5:3 ATTR-FORM no record describes a lane")
        #expect(try finding("x: { hoursUntil: promisedAt }", entity: "lane") == "5:3 ATTR-FORM no record describes a lane")
        #expect(try finding("x: { related: item, through: item, field: category }", entity: "lane") == "5:3 ATTR-FORM no record describes a lane")
    }

    @Test func `an unknown key is told with its line`() throws {
        #expect(try finding("x: { feild: customer }").hasPrefix("5:8 "))
    }
}
