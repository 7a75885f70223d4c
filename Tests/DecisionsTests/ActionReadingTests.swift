import Decisions
import Diagnostics
import Mapping
import Testing
import Values

/// What is wrong with an action is told with its place, before anything runs.
struct ActionReadingTests {
    private func finding(_ text: String, library: MappingLibrary? = nil) throws -> (place: String, hint: String) {
        let (action, diagnostics) = try Desk.read(text, library: library)
        #expect(action == nil)
        let found = try #require(diagnostics.first)
        return ("\(found.position.line ?? 0):\(found.position.column ?? 0) \(found.code)", found.hint ?? "")
    }

    private func action(_ rest: String) -> String { "action: a\nscheme: order-priority\ntarget: wms\n\(rest)\n" }

    private func library(values: String, file: String = "x-{effect}.csv", column: String) throws -> MappingLibrary {
        try Desk.library([("Mappings/outbound/x.yaml", """
            outbound: x
            values: \(values)
            writes: { format: csv }
            file: "\(file)"
            columns:
              - { name: A, from: \(column) }
            """)])
    }

    @Test func `the actions of the project are sound`() throws {
        for name in ["pick-priority", "stocking-policy", "order-priority-changed"] {
            #expect(try Desk.sample(name).name == name)
        }
    }

    @Test func `a body that cannot be what it says is refused with its place`() throws {
        func webhook(_ body: String, _ more: String = "") -> String {
            action("webhook:\n  event: e\n  fields: { order: { feel: entity }, hours: { feel: pickPriority } }\n  body: '\(body)'\n\(more)")
        }
        #expect(try finding(webhook(#"{"a":"{{ordre}}"}"#)) == ("7:9 ACTION-NAME", "did you mean order?"))
        #expect(try finding(webhook(#"{"a":{{order}}}"#)).place == "7:9 ACTION-FORM")
        #expect(try finding(webhook(#"{"a":"{{#order}}"}"#)).place.hasSuffix("ACTION-FORM"))
        #expect(try finding(webhook("x", "  contentType: text\n")).place == "8:16 ACTION-FORM")
        #expect(try finding(action("webhook:\n  event: e\n  fields: { order: { feel: entity } }\n  contentType: text/plain")).place == "7:16 ACTION-FORM")
        let (sound, found) = try Desk.read(webhook(#"{"a":"{{order}}","h":{{{hours}}},"e":"{{event}} {{effect}} {{timestamp}}"}"#))
        #expect(sound != nil && found.isEmpty)
    }

    @Test func `an unknown scheme or outbound mapping is told with the nearest name`() throws {
        let scheme = try finding("action: a\nscheme: order-priorty\ntarget: wms\nfile: { outbound: wms/pick-priority }\n")
        #expect(scheme == ("2:9 ACTION-NAME", "did you mean order-priority?"))
        let outbound = try finding(action("file: { outbound: wms/pick-prioriti }"))
        #expect(outbound == ("4:19 ACTION-NAME", "did you mean wms/pick-priority?"))
    }

    @Test func `a value that a decision does not have is refused with the nearest name`() throws {
        let found = try finding(action("file: { outbound: x }"), library: library(values: "{ pickPriorty: number }", column: "pickPriorty"))
        #expect(found == ("4:19 ACTION-NAME", "did you mean pickPriority?"))
        let other = try finding(action("file: { outbound: x }"), library: library(values: "{ weather: text }", column: "weather"))
        #expect(other.hint.hasPrefix("a decision has client, entity,"))
    }

    @Test func `a value of another type is refused`() throws {
        #expect(try finding(action("file: { outbound: x }"), library: library(values: "{ carrier: number }", column: "carrier")).place == "4:19 ACTION-FORM")
    }

    @Test func `a file name that two runs would share is refused`() throws {
        for name in ["list.csv", "list-{position}.csv", "list-{digest}-{effect}.csv"] {
            #expect(try finding(action("file: { outbound: x }"), library: library(values: "{ carrier: text }", file: name, column: "carrier")).place == "4:19 ACTION-FORM")
        }
        let slash = "action: a/b\nscheme: order-priority\ntarget: wms\nfile: { outbound: x }\n"
        #expect(try finding(slash, library: library(values: "{ carrier: text }", file: "{action}-{effect}.csv", column: "carrier")).place == "4:19 ACTION-FORM")
    }

    @Test func `an outbound mapping of records is refused`() throws {
        let library = try Desk.library([("Mappings/outbound/wms-shipping.yaml", Desk.text("Mappings/outbound/wms-shipping.yaml"))])
        #expect(try finding(action("file: { outbound: wms-shipping }"), library: library).place == "4:19 ACTION-FORM")
    }

    @Test func `an action is either a file or a webhook`() throws {
        #expect(try finding(action("")).place == "1:1 ACTION-FORM")
        #expect(try finding(action("file: { outbound: wms/pick-priority }\nwebhook: { event: e, fields: {} }")).place == "1:1 ACTION-FORM")
    }

    @Test func `expressions are checked at their place`() throws {
        #expect(try finding(action("when: pickPriority\nfile: { outbound: wms/pick-priority }")).place == "4:7 ACTION-FORM")
        #expect(try finding(action("when: pickPriorty < 5\nfile: { outbound: wms/pick-priority }")).place.hasPrefix("4:7 FEEL-"))
        #expect(try finding(action("webhook: { event: e, fields: { a: { feel: nothing } } }")).place.hasPrefix("4:43 FEEL-"))
        #expect(try finding(action("deadline: 0s\nfile: { outbound: wms/pick-priority }")).place == "4:11 ACTION-FORM")
    }

    @Test func `a parameter that every decision has already is refused`() throws {
        let scheme = try Desk.scheme("order-priority", attributes: "order", replacing: "pickPriority", by: "rule")
        let text = action("webhook: { event: e, fields: { a: { feel: entity } } }")
        let (made, diagnostics) = try Desk.read(text, schemes: [scheme])
        #expect(made == nil && diagnostics.map(\.code) == [.actionName] && diagnostics[0].position.line == 2)
        // Nor does rendering mix the two up.
        let decision = try Desk.decision("A", hours: 5, scheme: scheme)
        let layout = DecisionLayout(scheme)
        #expect(layout.hiddenParameters == ["rule"] && Set(layout.layout.names).count == layout.layout.names.count)
        #expect(layout.row(decision)[layout.layout.slot(of: "rule") ?? 0].text == "2")
    }
}
