import Diagnostics
import Formats
import Glibc
@testable import Markup
import Testing

/// Files of a folder that `CROSSDOCK_CORPUS` names, whatever they are, whole and broken, read as XML.
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
            // Cut where it hurts and where it does not, and with a byte changed.
            guard bytes.count < 1 << 16, bytes.first == UInt8(ascii: "<") || bytes.first == 0xEF else { continue }
            for round in 1...4 {
                let at = (index &* 7919 &+ round &* 104_729) % bytes.count
                check(Array(bytes[..<at]), "\(path), cut at \(at)")
                var changed = bytes
                changed[at] = UInt8(truncatingIfNeeded: at &* 31)
                check(changed, "\(path), changed at \(at)")
            }
        }
    }

    private func check(_ bytes: [UInt8], _ note: String) {
        let tolerant = options { $0.externalDocumentType = .ignore }, whole = read(bytes, tolerant)
        for chunk in bytes.count < 1 << 16 ? [1, 7, 4096] : [7, 4096] {
            let cut = read(bytes, chunk: chunk, tolerant)
            #expect(cut.sink.lines == whole.sink.lines && cut.sink.findings == whole.sink.findings, "\(note), chunk \(chunk)")
            #expect(cut.summary == whole.summary, "\(note), chunk \(chunk)")
        }
        #expect(!whole.sink.lines.isEmpty || !whole.sink.findings.isEmpty, "\(note): nothing read, nothing said")
    }
}
