import Configurations
import Diagnostics
import Testing
import Values

/// A shape with one of each.
let sample = ConfigurationShape.record([
    ConfigurationKey("feed", .checkedText("a name of small letters") { $0.allSatisfy(\.isLowercase) ? nil : "a name is of small letters" }, required: true, "name of the feed"),
    ConfigurationKey("format", .choice(["x12", "edifact", "csv"]), required: true, "how its files are written"),
    ConfigurationKey("quiet", .duration, default: "5s", "how long it must not grow"),
    ConfigurationKey("limit", .integer(1...10), "how many"),
    ConfigurationKey("rate", .decimal, "how much"),
    ConfigurationKey("on", .flag, "whether"),
    ConfigurationKey("since", .instant, "from when"),
    ConfigurationKey("day", .date, "which day"),
    ConfigurationKey("spool", .bytes, "how large"),
    ConfigurationKey("churn", .percent, "how many may move"),
    ConfigurationKey("test", .feel, "what must hold"),
    ConfigurationKey("complete", .either([.choice(["auto"]), .duration, .record([ConfigurationKey("doneFile", .text, required: true, "marker")])]), "when a file is whole"),
    ConfigurationKey("mappings", .list(.text), "which mappings"),
    ConfigurationKey("codes", .map(.text), "what codes mean"),
    ConfigurationKey("prices", .keyed("kinds", .choice(["order", "item"]), .decimal), "price of each kind"),
    ConfigurationKey("tree", tree, "what contains itself"),
])

let tree = ConfigurationShape.lazy("tree node") {
    .record([ConfigurationKey("name", .text, required: true, "its name"), ConfigurationKey("children", .list(tree), "what is below it")])
}

@Suite struct ConfigurationShapeTests {
    private func check(_ lines: String, required: String = "feed: acme\nformat: x12\n") throws -> [String] {
        sample.check(try root(required + lines)).map { "\($0.code) \(place($0.position)) \($0.fact)" + ($0.hint.map { " (\($0))" } ?? "") }
    }

    @Test func `what fits has no finding`() throws {
        #expect(try check("""
            quiet: PT5S
            limit: 10
            rate: 1.10
            on: true
            since: 2026-11-21T09:38:42Z
            day: 2026-11-21
            spool: 64MiB
            churn: 10%
            test: |
              quantity > 0
            complete: 2h
            mappings: [x12/850, NO, 1.10, 08:30, ""]
            codes: { "00": original, NO: Norway }
            prices: { order: 1.5 }
            tree: { name: a, children: [{ name: b, children: [] }] }
            """) == [])
    }

    @Test(arguments: [
        ("fromat: csv\n", "CONF-KEY 3:1 key fromat is not known here (did you mean format?)"),
        ("mapings: [a]\n", "CONF-KEY 3:1 key mapings is not known here (did you mean mappings?)"),
        ("quiet: 5 s\n", "CONF-TYPE 3:8 \"5 s\" is not a duration (write 5s, 10m, 2h, 1d or ISO 8601 such as PT5S)"),
        ("quiet: -PT5S\n", "CONF-VALUE 3:8 the duration is negative"),
        ("limit: 11\n", "CONF-VALUE 3:8 11 is not a whole number from 1 to 10"),
        ("limit: 1.0\n", "CONF-TYPE 3:8 \"1.0\" is not a whole number from 1 to 10"),
        ("rate: 1,5\n", "CONF-TYPE 3:7 \"1,5\" is not a number"),
        ("on: NO\n", "CONF-TYPE 3:5 \"NO\" is not true or false (write true or false)"),
        ("since: 2026-11-21T09:38:42\n", "CONF-TYPE 3:8 \"2026-11-21T09:38:42\" is not an instant (write it with its zone, such as 2026-11-21T09:38:42Z)"),
        ("day: 2026-02-30\n", "CONF-TYPE 3:6 \"2026-02-30\" is not a date (write it as 2026-11-21)"),
        ("spool: 64 MiB\n", "CONF-TYPE 3:8 \"64 MiB\" is not an amount of bytes (write a whole number and a unit, such as 64MiB)"),
        ("churn: 10\n", "CONF-TYPE 3:8 \"10\" is not a percentage (write it as 10%)"),
        ("test: \"  \"\n", "CONF-VALUE 3:7 the text is empty"),
        ("complete: atuo\n", "CONF-VALUE 3:11 \"atuo\" is not auto or a duration (did you mean auto? allowed are auto)"),
        ("complete: [a]\n", "CONF-TYPE 3:11 text or a mapping is expected, and there is a list"),
        ("complete: {}\n", "CONF-MISSING 3:11 key doneFile is missing (doneFile: marker)"),
        ("mappings: x\n", "CONF-TYPE 3:11 a list is expected, and there is text"),
        ("mappings:\n", "CONF-VALUE 3:10 a list is expected, and there is nothing (write a value, or remove the key)"),
        ("mappings:\n  - \n", "CONF-VALUE 4:4 text is expected, and there is nothing (write a value, or remove the key)"),
        ("mappings: [[x]]\n", "CONF-TYPE 3:12 text is expected, and there is a list"),
        ("codes: [a]\n", "CONF-TYPE 3:8 a mapping is expected, and there is a list"),
        ("prices: { ordre: 1 }\n", "CONF-VALUE 3:11 \"ordre\" is not allowed here (did you mean order? allowed are order, item)"),
        ("tree: { name: a, children: [{ nmae: b }] }\n", "CONF-MISSING 3:29 key name is missing (name: its name)"),
    ]) func `what does not fit is reported at its place`(lines: String, expected: String) throws {
        #expect(try check(lines).first == expected)
    }

    @Test func `all errors of a file are reported, not the first alone`() throws {
        let found = sample.check(try root("feed: ACME\nformat: xml\nlimit: x\nzzz: 1\non: maybe\n"))
        #expect(found.map(\.code) == ["CONF-VALUE", "CONF-VALUE", "CONF-TYPE", "CONF-KEY", "CONF-TYPE"])
        #expect(found.map { $0.position.line ?? 0 } == [1, 2, 3, 4, 5])
        #expect(found.allSatisfy { $0.excerpt != nil })
        #expect(try check("", required: "quiet: 5s\n").count == 2)
    }

    @Test func `a finding shows the line, the path and what to do`() throws {
        let found = sample.check(try root("feed: acme\nformat: csx  # not yet\n"))
        #expect(found.first?.text == """
            t.yaml:2:9: error[CONF-VALUE]: "csx" is not allowed here
              at format
              | format: csx  # not yet
              |         ^^^
              hint: did you mean csv? allowed are x12, edifact, csv
            """)
    }

    @Test func `a misspelt key is compared with those that are not there yet`() {
        #expect(NearestName.of("tarnsactionSet", in: ["format", "transactionSet"]) == "transactionSet")
        #expect(NearestName.of("FORMAT", in: ["format"]) == "format")
        #expect(NearestName.of("weather", in: ["format", "limit"]) == nil)
    }

    @Test func `total accessors read what was checked`() throws {
        let node = try root("feed: acme\nquiet: 2h\nlimit: 7\nrate: 1.10\non: true\nsince: 2026-11-21T09:38:42Z\nday: 2026-11-21\nspool: 64MiB\nchurn: 2.5%\nmappings: [a, NO]\ncodes: { \"00\": x, a: y }\n")
        #expect(node.text("feed") == "acme")
        #expect(node.optionalText("none") == nil)
        #expect(node.duration("quiet")?.seconds == 7200)
        #expect(node.integer("limit") == 7)
        #expect(node.decimal("rate")?.description == "1.10")
        #expect(node.flag("on"))
        #expect(node.flag("none", default: true))
        #expect(node.instant("since")?.description == "2026-11-21T09:38:42Z")
        #expect(node.date("day")?.description == "2026-11-21")
        #expect(node.bytes("spool") == 67_108_864)
        #expect(node.percent("churn")?.description == "0.025")
        #expect(node.texts("mappings") == ["a", "NO"])
        #expect(node.entries("codes").map(\.name) == ["00", "a"])
        #expect(node.list("none").isEmpty)
    }

    @Test(arguments: [
        ("5s", 5), ("10m", 600), ("2h", 7200), ("1d", 86_400), ("PT5S", 5), ("P1D", 86_400), ("PT4H", 14_400), ("0s", 0),
        ("5", nil), ("s", nil), ("-5s", nil), ("+5s", nil), ("1.5h", nil), ("5 s", nil), ("P1Y", nil), ("9223372036854775807d", nil),
    ] as [(String, Int64?)]) func `durations are read in both forms`(text: String, seconds: Int64?) {
        #expect(ConfigurationValue.duration(text)?.seconds == seconds)
    }

    @Test(arguments: [
        ("64MiB", 67_108_864), ("10kB", 10_000), ("1B", 1), ("4096", 4096), ("1GiB", 1 << 30),
        ("MiB", nil), ("", nil), ("1.5MiB", nil), ("-1B", nil), ("1mb", nil), ("9999999999TiB", nil),
    ] as [(String, Int?)]) func `amounts of bytes are read with their units`(text: String, bytes: Int?) {
        #expect(ConfigurationValue.bytes(text) == bytes)
    }

    @Test(arguments: [("10%", "0.10"), ("2.5%", "0.025"), ("0%", "0.00"), ("100%", "1.00"), ("-1%", nil), ("10", nil), ("%", nil)] as [(String, String?)])
    func `percentages are exact fractions`(text: String, fraction: String?) {
        #expect(ConfigurationValue.percent(text)?.description == fraction)
    }
}
