import Diagnostics
import FlatFiles
import Formats
import Glibc
import Testing

/// Files of a folder that `CROSSDOCK_CORPUS` names, whatever they are, whole and cut short: each is read as CSV, JSON and IDoc.
@Suite struct UnseenFilesTests {
    @Test func `a folder that the environment names reads alike at any chunk size`() {
        guard let folder = getenv("CROSSDOCK_CORPUS").map({ String(cString: $0) }) else {
            return print("skipped: CROSSDOCK_CORPUS names no folder")
        }
        let paths = DocumentFiles.paths(under: folder)
        #expect(!paths.isEmpty, "\(folder) has no files")
        for (index, path) in paths.enumerated() {
            let bytes = DocumentFiles.bytes(of: path)
            check(bytes, path)
            guard bytes.count > 2, bytes.count < 1 << 16 else { continue }
            let at = 1 + index &* 7919 % (bytes.count - 1)
            check(Array(bytes[..<at]), "\(path), cut at \(at)")
            var changed = bytes
            changed[at] = UInt8(truncatingIfNeeded: at &* 31)
            check(changed, "\(path), changed at \(at)")
        }
    }

    private func check(_ bytes: [UInt8], _ note: String) {
        let rows = read(bytes).0, tree = readTree(bytes, JSONReader()), idoc = readTree(bytes, IDocReader(segments: IDocSegments()))
        for chunk in bytes.count < 1 << 16 ? [1, 7, 4096] : [4096] {
            let cut = read(bytes, chunk: chunk).0
            #expect(cut.details == rows.details && cut.rows == rows.rows && cut.findings == rows.findings, "\(note) as CSV, chunk \(chunk)")
            let cutTree = readTree(bytes, chunk: chunk, JSONReader())
            #expect(cutTree.sink.lines == tree.sink.lines && cutTree.sink.findings == tree.sink.findings, "\(note) as JSON, chunk \(chunk)")
            let cutIDoc = readTree(bytes, chunk: chunk, IDocReader(segments: IDocSegments()))
            #expect(cutIDoc.sink.lines == idoc.sink.lines && cutIDoc.sink.findings == idoc.sink.findings, "\(note) as IDoc, chunk \(chunk)")
        }
        #expect(!tree.sink.lines.isEmpty || !tree.sink.findings.isEmpty, "\(note) as JSON: nothing read, nothing said")
        #expect(!idoc.sink.lines.isEmpty || !idoc.sink.findings.isEmpty, "\(note) as IDoc: nothing read, nothing said")
    }
}
