import Diagnostics
import EDI
import Formats
import Foundation
import Testing

/// Reading, writing and reading again gives the same, on every shared file of which the reader leaves nothing out: those whose
/// envelopes are clean, and those whose counts and references are wrong, which stay as wrong as they are.
@Suite struct RoundTripTests {
    /// With one of these findings, bytes of the file are read as nothing or as something else.
    private static let lossy: Set<DiagnosticCode> = [
        .x12NoInterchange, .x12Junk, .x12DocumentSize, .x12CutSegment, .x12HeaderElements, .x12HeaderWidth, .x12Delimiters, .x12Wrapped,
        .x12SegmentTag, .x12SegmentSize, .x12FieldCount, .x12BinaryLength,
        .edifactNoInterchange, .edifactJunk, .edifactDocumentSize, .edifactCutSegment, .edifactDelimiters, .edifactSegmentTag,
        .edifactSegmentSize, .edifactFieldCount,
        "TRD-NOSTX", "TRD-JUNK", "TRD-SIZE", "TRD-CUT", "TRD-TAG", "TRD-LONG", "TRD-FIELDS",
    ]
    /// With none of these either, the envelopes are clean.
    private static let unclean: Set<DiagnosticCode> = [
        .x12OutsideEnvelope, .x12MissingSE, .x12MissingGE, .x12MissingIEA, .x12SegmentCount, .x12TransactionSetControl,
        .x12TransactionSetCount, .x12GroupControl, .x12GroupCount, .x12InterchangeControl, .x12TransactionSetHeader,
        .edifactSyntax, .edifactHeader, .edifactOutsideEnvelope, .edifactMissingUNT, .edifactMissingUNE, .edifactMissingUNZ,
        .edifactSegmentCount, .edifactMessageReference, .edifactMessageCount, .edifactGroupReference, .edifactInterchangeCount,
        .edifactInterchangeReference, .edifactMessageHeader,
    ]

    struct Case {
        var file: URL
        var bytes: [UInt8]
        var content: ContentSink
        var isClean: Bool
    }

    static func files(_ folder: String, _ standard: InterchangeHeader.Standard) throws -> [Case]? {
        guard let files = SharedFiles.files(under: folder) else { return nil }
        return try files.compactMap { file in
            let bytes = [UInt8](try Data(contentsOf: file))
            let read = EDITests.content(of: bytes, standard), codes = Set(read.diagnostics.map(\.code))
            return codes.isDisjoint(with: lossy)
                ? Case(file: file, bytes: bytes, content: read, isClean: codes.isDisjoint(with: unclean)) : nil
        }
    }

    /// Whether a file of which nothing is left out says the same after writing; nil for another one.
    static func isSame(_ bytes: [UInt8], _ standard: InterchangeHeader.Standard, _ name: String) -> Bool? {
        let read = EDITests.content(of: bytes, standard)
        return Set(read.diagnostics.map(\.code)).isDisjoint(with: lossy) ? isSame(bytes, read, standard, name) : nil
    }

    private static func isSame(_ bytes: [UInt8], _ content: ContentSink, _ standard: InterchangeHeader.Standard, _ name: String) -> Bool {
        // Texts that are not of the declared character set are written in one that has them.
        let lies = content.diagnostics.contains { $0.code == .edifactCharset }
        guard let rewritten = rewrite(bytes, syntax: lies ? "UNOW" : nil) else {
            Issue.record("\(name) has no punctuation")
            return false
        }
        #expect(rewritten.sink.writer.diagnostics.kept.map(\.text) == [], "\(name)")
        let before = content.lines, after = EDITests.content(of: rewritten.bytes, standard).lines
        let unequal = zip(before, after).first { $0 != $1 && !(lies && $0.contains(" UNB ")) }
        #expect(unequal == nil && before.count == after.count, "\(name): \(unequal.map { "\($0)" } ?? "")")
        // The third generation has the bytes of the second.
        #expect(rewrite(rewritten.bytes)?.bytes == rewritten.bytes, "\(name)")
        return unequal == nil
    }

    /// - Returns: how many files came out as they went in, and how many of these have clean envelopes.
    private func expectIdentity(_ folder: String, _ standard: InterchangeHeader.Standard) throws -> (all: Int, clean: Int)? {
        guard let files = try Self.files(folder, standard) else { return nil }
        var same = 0, clean = 0
        for file in files where Self.isSame(file.bytes, file.content, standard, file.file.lastPathComponent) {
            same += 1
            if file.isClean { clean += 1 }
        }
        print("round trip: \(same) files of \(folder), \(clean) of them with clean envelopes")
        return (same, clean)
    }

    @Test func `X12 files say the same after writing`() throws {
        guard let same = try expectIdentity("corpus/x12", .x12) else { return }
        #expect(same.all >= 99 && same.clean >= 71)
    }

    @Test func `TRADACOMS files say the same after writing`() throws {
        guard let same = try expectIdentity("corpus/tradacoms", .tradacoms) else { return }
        #expect(same.all >= 4)
    }

    @Test func `EDIFACT files say the same after writing`() throws {
        guard let same = try expectIdentity("corpus/edifact", .edifact) else { return }
        #expect(same.all >= 46 && same.clean >= 15)
    }
}
