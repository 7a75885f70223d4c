import FlatFiles
import Formats
import Glibc
import Testing

@Suite struct CSVCorpusTests {
    /// `../shared` as seen from the package's root, or nil with a word of it.
    private static func shared(_ path: String, _ this: String = #filePath) -> String? {
        var root = getenv("CROSSDOCK_SHARED").map { String(cString: $0) }
        if root == nil, let real = realpath(this, nil) {
            defer { free(real) }
            root = String(cString: real).split(separator: "/").dropLast(4).map { "/" + $0 }.joined() + "/shared"
        }
        guard let root, access(root + "/" + path, R_OK) == 0 else {
            print("skipped: ../shared is absent (\(path))")
            return nil
        }
        return root + "/" + path
    }

    @Test(arguments: [
        ("orders.csv", 830, 0), ("order_details.csv", 2155, 0), ("customers.csv", 91, 0), ("employees.csv", 9, 0),
        ("suppliers.csv", 29, 0), ("products.csv", 77, 0),
    ]) func `the Northwind tables are read whole`(_ name: String, _ rows: Int, _ refused: Int) {
        guard let path = Self.shared("data/northwind/" + name) else { return }
        let (sink, summary, reader) = read(DocumentFiles.bytes(of: path))
        #expect(summary.records == rows)
        #expect(reader.rowsRefused == refused)
        #expect(sink.rows.count == rows)
        #expect(sink.codes.isEmpty)
    }
}
