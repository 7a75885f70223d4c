import Attributes
import Diagnostics
import Microsegments
import Testing
import Values

/// What is wrong with a scheme is told with its place, and what time could change unseen is refused.
struct SchemeReadingTests {
    private static let attributes = """
        attributes: order
        entity: order
        values:
          lines: { count: orderLine, by: orderNumber }
          left: { hoursUntil: promisedAt, scale: 1 }
          near: { feel: 'left < 24' }
          recent: { count: orderLine, by: orderNumber, where: 'issuedAt > now()' }
          windowed: { count: orderLine, by: orderNumber, at: issuedAt, window: P1D }
          rank: { class: lines, cuts: [80], names: [A, B] }
          graded: { feel: 'if rank = "A" then 1 else 2' }
          place: { rank: lines }
          early: { feel: 'place < 10' }
        """

    private func read(
        cadence: String = "live", header: String = "lines", cells: [String] = ["> 1", "-"], answers: [String] = ["\"big\"", "\"small\""],
        policy: String = "FIRST", stability: String = "{ confirmations: 2 }", microsegments: String = "{ big: { p: 1 }, small: { p: 2 } }"
    ) throws -> (scheme: Scheme?, diagnostics: [Diagnostic]) {
        try Desk.read(
            """
            scheme: test
            entity: order
            cadence: \(cadence)
            rules:
              hitPolicy: \(policy)
              table: |
                | \(header) || microsegment |
            \(zip(cells, answers).map { "    | \($0) || \($1) |" }.joined(separator: "\n"))
            stability: \(stability)
            microsegments: \(microsegments)
            """, [try Desk.plan(Self.attributes)])
    }

    private func finding(_ result: (scheme: Scheme?, diagnostics: [Diagnostic])) throws -> String {
        #expect(result.scheme == nil)
        let found = try #require(result.diagnostics.first { $0.severity == .error })
        return "\(found.position.line ?? 0):\(found.position.column ?? 0) \(found.code)"
    }

    @Test func `a sound scheme is read with all that it says`() throws {
        let (scheme, diagnostics) = try read(stability: "{ confirmations: 3, confirmAfter: 2m, minimumDwell: 4h }")
        #expect(diagnostics.isEmpty)
        #expect(scheme?.name == "test" && scheme?.cadence == .live && scheme?.file == "Schemes/test.yaml")
        #expect(scheme?.stability == StabilityPolicy(confirmations: 3, confirmAfter: Desk.seconds(120), minimumDwell: Desk.seconds(14_400)))
        #expect(scheme?.microsegments.map(\.name) == ["big", "small"])
    }

    @Test func `cadences are periods`() throws {
        for (text, seconds): (String, Int64) in [("hourly", 3600), ("daily", 86_400), ("weekly", 604_800), ("12h", 43_200), ("P1DT1H", 90_000)] {
            #expect(try read(cadence: text).scheme?.cadence == .every(Desk.seconds(seconds)))
        }
        for text in ["sometimes", "0s", "-PT1H"] { #expect(try finding(read(cadence: text)) == "3:10 SCHEME-CADENCE") }
    }

    @Test func `an unknown answer is told at its cell with the nearest name`() throws {
        let result = try read(answers: ["\"bgi\"", "\"small\""])
        #expect(try finding(result) == "8:14 SCHEME-MICROSEGMENT")
        #expect(result.diagnostics[0].hint == "did you mean \"big\"?")
        #expect(try finding(read(answers: ["1", "2"])) == "8:14 SCHEME-MICROSEGMENT")
        #expect(try finding(read(answers: ["null", "\"small\""])) == "8:14 SCHEME-MICROSEGMENT")
    }

    @Test func `a micro-segment that no rule answers is a warning`() throws {
        let (scheme, diagnostics) = try read(microsegments: "{ big: { p: 1 }, small: { p: 2 }, never: { p: 3 } }")
        #expect(scheme != nil)
        #expect(diagnostics.map(\.code) == [.schemeUnused] && diagnostics[0].severity == .warning)
        #expect(try read(answers: ["if lines > 5 then \"never\" else \"big\"", "\"small\""], microsegments: "{ big: { p: 1 }, small: { p: 2 }, never: { p: 3 } }").diagnostics.isEmpty, "a computed answer may be any")
    }

    @Test func `a scheme gives one answer`() throws {
        #expect(try finding(read(policy: "COLLECT")) == "5:14 SCHEME-OUTPUTS")
        let two = try Desk.read(
            """
            scheme: test
            entity: order
            rules:
              hitPolicy: FIRST
              table: |
                | lines || microsegment | other |
                | -     || "big"        | 1     |
            microsegments: { big: { p: 1 } }
            """, [try Desk.plan(Self.attributes)])
        #expect(try finding(two).hasSuffix("SCHEME-OUTPUTS"))
    }

    @Test func `a scheme without attributes, and a live one over ranks, are refused`() throws {
        let none = try Desk.read("scheme: s\nentity: item\nrules:\n  table: |\n    | a || microsegment |\n    | - || \"x\" |\nmicrosegments: { x: { p: 1 } }\n", [try Desk.plan(Self.attributes)])
        #expect(try finding(none) == "2:9 SCHEME-ATTRIBUTES")
        #expect(try finding(read(header: "place", cells: ["1", "-"])) == "3:10 SCHEME-CADENCE")
        #expect(try finding(read(header: "early", cells: ["true", "-"])) == "3:10 SCHEME-CADENCE")
        #expect(try read(cadence: "daily", header: "early", cells: ["true", "-"]).diagnostics.isEmpty)
        #expect(try read(header: "graded", cells: ["1", "-"]).diagnostics.isEmpty, "classes are told of who crosses")
    }

    @Test func `a cell of another type is told at its place`() throws {
        let (scheme, diagnostics) = try read(cells: ["\"many\"", "-"])
        #expect(scheme == nil)
        #expect(diagnostics.first?.position.line == 8 && diagnostics.first?.position.column == 7)
    }

    @Test func `time compared with numbers is foreseen`() throws {
        for cell in ["< 24", "[12..24)", "24", "not(< 24)", "-", "< 2, > 48", "null"] {
            #expect(try read(header: "left", cells: [cell, "-"]).diagnostics.isEmpty, "\(cell)")
        }
        #expect(try read(header: "windowed").diagnostics.isEmpty, "windows tell when they change")
    }

    @Test func `what time could change unseen is refused in a live scheme, with the cure`() throws {
        for (header, cell, place) in [
            ("left * 2", "< 24", "7:7"), ("left + lines", "-", "7:7"), ("near", "true", "7:7"), ("recent", "> 1", "7:7"),
            ("left", "< lines", ""), ("left", "? * 2 < 48", "8:7"), ("lines", "< left", "8:7"), ("lines", "? > left", "8:7"),
            ("left", "< left + 1", "8:7"), ("now()", "-", "7:7"),
        ] {
            let result = try read(header: header, cells: [cell, "-"])
            let text = try finding(result)
            #expect(text.hasSuffix("SCHEME-CLOCK") && text.hasPrefix(place), "\(header) \(cell): \(text)")
            #expect(result.diagnostics.first?.hint?.contains("header of a column") == true)
            #expect(try read(cadence: "hourly", header: header, cells: [cell, "-"]).diagnostics.isEmpty, "a period sees it in its next run")
        }
        #expect(try finding(read(answers: ["if left < 3 then \"big\" else \"small\"", "\"small\""])) == "8:14 SCHEME-CLOCK")
    }

    @Test func `confirmations at one instant make no sense`() throws {
        #expect(try finding(read(stability: "{ confirmations: 2, confirmAfter: 0s }")) == "10:46 SCHEME-STABILITY")
    }

    @Test func `parameters are what was written`() throws {
        let (scheme, _) = try read(microsegments: "{ big: { a: 0.10, b: true, c: 007, d: \"5\", e: NO, f: 1e3, g: ground, h: -3 }, small: { p: 2 } }")
        let parameters = try #require(scheme?.microsegment("big")?.parameters)
        let types = parameters.entries.map { $0.value.type }
        #expect(types == [.number, .boolean, .string, .string, .string, .string, .string, .number])
        #expect(parameters.entries.map { $0.value.text } == ["0.10", "true", "007", "5", "NO", "1e3", "ground", "-3"])
    }
}
