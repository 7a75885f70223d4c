import Diagnostics
import EDI
import Formats
import Foundation
import Testing

/// EDI segments and elements against other parsers, on every shared file that they accept: pyx12 for X12, pydifact for EDIFACT.
@Suite struct PeerTests {
    /// Tags and elements: components joined by U+001F, empty ones at the end left out.
    private struct SegmentSink: SourceSink {
        var segments: [[String]] = []
        /// Segments that hold a repetition, which the peers leave joined.
        var repeating: Set<Int> = []

        mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
        mutating func found(_ diagnostic: Diagnostic) {}

        mutating func closed(_ node: Int32, in arena: inout SourceArena) {
            guard arena.nodes[Int(node)].kind == .record else { return }
            var elements: [[String]] = []
            for index in arena.nodes[Int(node)].fields {
                let field = arena.fields[Int(index)]
                if field.repetition > 1 { repeating.insert(segments.count) }
                while elements.count < Int(field.element) { elements.append([]) }
                let place = max(0, Int(field.component) - 1)
                while elements[elements.count - 1].count <= place { elements[elements.count - 1].append("") }
                elements[elements.count - 1][place] = arena.string(field)
            }
            segments.append([arena.name(of: node)] + elements.map { $0.joined(separator: "\u{1F}") })
        }
    }

    /// What a peer reads, by file; nil for a file that it refuses. Nil where the peer is not installed.
    private static func peer(_ name: String, _ files: [URL]) throws -> [[[String]]?]? {
        guard let lines = try PeerProgram.lines("segments.py", name, files) else { return nil }
        var found = [[[String]]?](repeating: [], count: files.count)
        for line in lines {
            var cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard let number = Int(cells.removeFirst()), found.indices.contains(number) else { continue }
            if cells.first == "!" { found[number] = nil } else { found[number]?.append(cells) }
        }
        return found
    }

    private static func compare(
        _ name: String, _ folder: String, _ excused: [String: String], read: ([UInt8]) -> SegmentSink
    ) throws {
        guard let files = SharedFiles.files(under: folder), let peers = try peer(name, files) else { return }
        var compared = 0
        for (file, theirs) in zip(files, peers) {
            guard var theirs, excused[file.lastPathComponent] == nil else { continue }
            let ours = read([UInt8](try Data(contentsOf: file)))
            // A file without an interchange is none to us, and a segment with a broken tag is left out.
            if ours.segments.isEmpty { continue }
            theirs.removeAll { $0[0].wholeMatch(of: /[A-Z][A-Z0-9]{1,2}/) == nil }
            compared += 1
            #expect(ours.segments.count == theirs.count, "\(file.lastPathComponent)")
            for (index, pair) in zip(ours.segments, theirs).enumerated() {
                // Text beyond ASCII is decoded in other ways; line breaks in texts are written as \n.
                let isPlain = (pair.0 + pair.1).allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
                guard isPlain, !ours.repeating.contains(index) else { continue }
                let mine = pair.0.map(written)
                #expect(mine == pair.1, "\(file.lastPathComponent), segment \(index + 1)")
            }
        }
        #expect(compared > files.count / 3, "only \(compared) of \(files.count) files were compared")
    }

    private static func written(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += $1 == "\n" ? "\\n" : $1 == "\r" ? "\\r" : String($1) }
    }

    /// Files in which pyx12 reads something else, and why Crossdock does not.
    private static let pyx12 = [
        "olmelabs__940.2.OK.edi": "its IEA has no terminator, and pyx12 leaves it out",
        "olmelabs__940.W05.Only.edi": "its IEA has no terminator, and pyx12 leaves it out",
        "olmelabs__AckTest.edi": "its IEA has no terminator, and pyx12 leaves it out",
    ]

    @Test func `X12 segments and elements equal pyx12's`() throws {
        try Self.compare("pyx12", "corpus/x12", Self.pyx12) { bytes in
            var sink = SegmentSink()
            var reader = EDIReader(.x12)
            bytes.withUnsafeBufferPointer { reader.read($0, into: &sink) }
            _ = reader.finish(into: &sink)
            return sink
        }
    }

    private static let pydifact = ["indice-co__edifact.Issue170.ElementList.edi": "its UNB is `UNB+XXXX`, which announces no component separator"]

    @Test func `EDIFACT segments and elements equal pydifact's`() throws {
        try Self.compare("pydifact", "corpus/edifact", Self.pydifact) { bytes in
            var sink = SegmentSink()
            var reader = EDIReader(.edifact)
            bytes.withUnsafeBufferPointer { reader.read($0, into: &sink) }
            _ = reader.finish(into: &sink)
            return sink
        }
    }
}
