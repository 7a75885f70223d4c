import Configurations
import Diagnostics
import FlatFiles
import Testing

/// Rows of a CSV file are mappings with places, and nothing of a row is dropped.
struct ConfigurationSheetTests {
    private func read(_ text: String) -> (rows: [ConfigurationNode], diagnostics: [Diagnostic]) { ConfigurationSheet.read(Array(text.utf8), file: "o.csv") }

    private func place(_ node: ConfigurationNode?) -> String { node.map { "\($0.position.line ?? 0):\($0.position.column ?? 0) \($0.scalar ?? "")" } ?? "none" }

    @Test func `cells are keys with their places, with a byte order mark, quotes and CR LF too`() throws {
        for (text, places) in [
            ("a,b.c,b.d,e\n1,2,3,\n,,,\n4,,5,6\n", ["2:1 1", "2:3 2", "2:5 3", "none", "4:1 4", "none", "4:4 5", "4:6 6"]),
            ("\u{FEFF}a;b.c;b.d;e\r\n1;2;3;\r\n\r\n4;;5;6", ["2:1 1", "2:3 2", "2:5 3", "none", "4:1 4", "none", "4:4 5", "4:6 6"]),
            ("a,b.c,b.d,e\n\"x, y\",2,3,\n\"4\",,5,6\n", ["2:2 x, y", "2:8 2", "2:10 3", "none", "3:2 4", "none", "3:6 5", "3:8 6"]),
        ] {
            let (rows, diagnostics) = read(text)
            #expect(diagnostics.isEmpty && rows.count == 2, "\(diagnostics.map(\.text))")
            #expect(rows.flatMap { [place($0["a"]), place($0["b"]?["c"]), place($0["b"]?["d"]), place($0["e"])] } == places)
        }
    }

    @Test func `what would lose something is refused`() {
        for (text, code) in [
            ("", "CSV-EMPTY"), ("a,a\n1,2\n", "CSV-HEADER-DUPLICATE"), ("a,a.b\n1,2\n", "CSV-HEADER-DUPLICATE"), ("a.b.c,a.b\n1,2\n", "CSV-HEADER-DUPLICATE"),
            ("a,b\n1,2,3\n", "CSV-RAGGED"), ("a,b\n1\n", "CSV-RAGGED"), ("a,b\n1,\"2\n", "CSV-QUOTE"),
        ] {
            let (rows, diagnostics) = read(text)
            #expect(rows.isEmpty && diagnostics.first { $0.severity == .error }.map { "\($0.code)" } == code, "\(text): \(diagnostics.map(\.text))")
        }
        let (rows, diagnostics) = ConfigurationSheet.read(Array("a,b\n1,M".utf8) + [0xFC] + Array("ller\n".utf8), file: "o.csv")
        #expect(rows.isEmpty && diagnostics.map(\.severity) == [.error] && diagnostics[0].hint == "save it as CSV in UTF-8")
    }
}
