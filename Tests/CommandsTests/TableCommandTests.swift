import Foundation
import Testing

/// `crossdock table` on tables of docs/tables.md.
struct TableCommandTests {
    static let priority = """
        decision: order priority
        hitPolicy: FIRST
        table: |
          | customer tier : string | hours to promise : number | fragile : boolean || microsegment : string |
          | "gold"                 | < 24                      | -                 || "rush"                |
          | -                      | < 12                      | -                 || "rush"                |
          | "gold"                 | < 6                       | true              || "careful"             |
          | -                      | >= 12                     | true              || "careful"             |

        """

    @Test func `check names the masked rule and the gap with their lines and an example`() throws {
        let folder = try ScratchFolder(["t.yaml": Self.priority])
        let found = try folder.run("table", "check", "t.yaml")
        #expect(found.status == 0)
        #expect(found.errors.contains("t.yaml:7:5: warning[TABLE-MASKED]: rule 3 never decides: wherever it holds, rule 1 does and comes first"))
        #expect(found.errors.contains(
            "t.yaml:4:5: warning[TABLE-GAP]: no rule holds for customer tier not(\"gold\") and hours to promise >= 12 and fragile false"))
        #expect(try folder.run("table", "check", "t.yaml", "--strict").status == 1)
    }

    @Test func `check answers in JSON, gaps with witnesses`() throws {
        let folder = try ScratchFolder(["t.yaml": Self.priority])
        let answer = try folder.run("table", "check", "t.yaml", "--format", "json").json()
        #expect(answer["rules"] as? Int == 4)
        #expect(answer["hasAllGaps"] as? Bool == true)
        let gaps = try #require(answer["gaps"] as? [[String: Any]])
        #expect(gaps.count == 2)
        for gap in gaps {
            // What the gap says is so: its witness has no answer.
            let witness = try JSONSerialization.data(withJSONObject: #require(gap["witness"]))
            let evaluated = try folder.run("table", "eval", "t.yaml", "--input", String(decoding: witness, as: UTF8.self))
            #expect(evaluated.status == 1)
            #expect(evaluated.output.hasPrefix("no answer"))
        }
    }

    @Test func `eval says for each rule why it holds or not`() throws {
        let folder = try ScratchFolder(["t.yaml": Self.priority])
        let found = try folder.run(
            "table", "eval", "t.yaml", "--input", #"{"customer tier": "silver", "hours to promise": 3, "fragile": true}"#)
        #expect(found.status == 0)
        #expect(found.output.contains("rush"))
        #expect(found.output.contains(#"rule 1: no, customer tier is "silver" and "gold" was wanted"#))
        #expect(found.output.contains("rule 2: yes"))
    }

    @Test func `a name that the table does not read is a wrong call`() throws {
        let folder = try ScratchFolder(["t.yaml": Self.priority])
        let found = try folder.run("table", "eval", "t.yaml", "--input", #"{"tier": "gold"}"#)
        #expect(found.status == 2)
        #expect(found.errors.contains("the table reads no tier; it reads customer tier, hours to promise, fragile"))
    }

    @Test func `explain names the nearest rule`() throws {
        let folder = try ScratchFolder(["t.yaml": Self.priority])
        let found = try folder.run(
            "table", "explain", "t.yaml", "--input", #"{"customer tier": "silver", "hours to promise": 30, "fragile": false}"#)
        #expect(found.status == 1)
        #expect(found.output.contains("hours to promise would have to be below 24 (< 24); it is 30"))
        #expect(found.output.contains("nearest is rule 2, 1 cell away"))
    }

    @Test func `diff tells where the answer changes, and that a text alone changed`() throws {
        let folder = try ScratchFolder([
            "old.yaml": Self.priority,
            "new.yaml": Self.priority.replacingOccurrences(of: #"| "gold"                 | < 24 "#, with: #"| "gold"                 | < 48 "#),
            "same.yaml": Self.priority.replacingOccurrences(of: "< 24 ", with: "not(>= 24) "),
        ])
        let changed = try folder.run("table", "diff", "old.yaml", "new.yaml")
        #expect(changed.output.contains(
            #"where customer tier "gold" and hours to promise [24..48) and fragile true: "careful" (rule 4) becomes "rush" (rule 1)"#))
        let answer = try folder.run("table", "diff", "old.yaml", "new.yaml", "--format", "json").json()
        #expect(answer["same"] as? Bool == false)
        #expect(answer["complete"] as? Bool == true)
        #expect(try folder.run("table", "diff", "old.yaml", "old.yaml").output == "no change\n")
        // `not` holds where none of its tests does, so null passes it now, and nothing else changes.
        let same = try folder.run("table", "diff", "old.yaml", "same.yaml").output
        #expect(same.hasPrefix("where customer tier \"gold\" and hours to promise null: no answer becomes \"rush\" (rule 1)\n"))
        #expect(same.hasSuffix("1 region with another answer\n"))
    }

    @Test func `cover counts rows by rule and rows in gaps, and refuses what has another type`() throws {
        let folder = try ScratchFolder([
            "t.yaml": Self.priority,
            "rows.csv": """
                customer tier,hours to promise,fragile,value
                gold,3,false,10.50
                silver,3,true,1.25
                silver,30,false,7
                silver,30,true,2
                gold,soon,true,100

                """,
        ])
        let found = try folder.run("table", "cover", "t.yaml", "--rows", "rows.csv", "--sum", "value")
        #expect(found.output.hasPrefix("4 rows, value 20.75\n"))
        #expect(found.output.contains("rule 1: decided 1 row, value 10.50"))
        #expect(found.output.contains("never reached: rule 3"))
        #expect(found.output.contains("no rule: 1 row, value 7"))
        #expect(found.errors.contains(#"hours to promise is "soon", which is no number"#))
        #expect(found.status == 1)
    }

    @Test func `convert carries a table through a model and CSV and back`() throws {
        let folder = try ScratchFolder(["a.yaml": Self.priority])
        for (from, to) in [("a.yaml", "b.dmn"), ("b.dmn", "c.csv"), ("c.csv", "d.yaml")] {
            let found = try folder.run("table", "convert", from, to)
            #expect(found.status == 0, "\(from) to \(to): \(found.errors)")
        }
        #expect(try folder.run("table", "diff", "a.yaml", "d.yaml").output == "no change\n")
        let again = try folder.run("table", "convert", "a.yaml", "e.yaml")
        #expect(again.status == 0)
        #expect(try folder.text("d.yaml") == folder.text("e.yaml"))
    }

    @Test(arguments: ["b.dmn", "b.csv"])
    func `findings of models and sheets name their lines`(name: String) throws {
        let folder = try ScratchFolder(["a.yaml": Self.priority])
        #expect(try folder.run("table", "convert", "a.yaml", name).status == 0)
        let found = try folder.run("table", "check", name)
        #expect(found.status == 0)
        let masked = try #require(found.errors.split(separator: "\n").first { $0.contains("TABLE-MASKED") })
        let parts = masked.split(separator: ":")
        let line = try #require(parts.count > 2 ? Int(parts[1]) : nil, "\(masked)")
        // The third rule has the only cell `< 6`.
        let text = try folder.text(name).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let rule = try #require(text.firstIndex { $0.contains("< 6") || $0.contains("&lt; 6") }) + 1
        #expect(name.hasSuffix("csv") ? line == rule : abs(line - rule) <= 12, "\(masked)")
    }

    @Test func `a table that is none is told with its line`() throws {
        let folder = try ScratchFolder(["t.yaml": Self.priority.replacingOccurrences(of: "< 12 ", with: "< twelve ")])
        let found = try folder.run("table", "check", "t.yaml")
        #expect(found.status == 1)
        #expect(found.errors.contains("t.yaml:6:"))
        #expect(found.errors.contains("twelve"))
        #expect(try folder.run("table", "check", "none.yaml").status != 0)
    }
}
