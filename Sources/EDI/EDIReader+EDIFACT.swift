import Diagnostics
import Formats

/// What only EDIFACT has: syntax identifiers, announced separators.
extension EDIReader {
    mutating func checkUNB<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        if let header {
            if !header.delimiters.areDistinct {
                report(
                    EDIDefect(.edifactDelimiters, "Two separators of the interchange are the same byte", range: 0..<3),
                    bytes, into: &sink)
            }
            if header.isUnannounced {
                report(
                    EDIDefect(
                        .edifactSeparators, "UNA does not announce the separators that the interchange has", range: 0..<3,
                        hint: "they were taken from UNB and what follows it; ask the sender for UNA"),
                    bytes, into: &sink)
            }
        }
        let syntax = text(1, 1, bytes), version = text(1, 2, bytes)
        if EDIFACTCharset(syntax: syntax) == nil || !["1", "2", "3", "4"].contains(version) {
            report(
                EDIDefect(
                    .edifactSyntax,
                    "S001 is \(Self.shown(syntax)) version \(Self.shown(version)); UNOA to UNOK or UNOW to UNOY of version 1 to 4 was expected",
                    element: 1),
                bytes, into: &sink)
        }
        for (element, name) in [(2, "sender"), (3, "recipient"), (4, "date and time"), (5, "control reference")] as [(Int32, String)]
        where scan.span(element) == nil {
            report(
                EDIDefect(.edifactHeader, "UNB has no \(name) in element \(element)", element: element), bytes, into: &sink)
        }
    }

    mutating func checkUNH<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard let isUnnumbered = transactionSet?.controlNumber.isEmpty, isUnnumbered || transactionSet?.identifier.isEmpty == true else { return }
        let element: Int32 = isUnnumbered ? 1 : 2
        report(
            EDIDefect(
                .edifactMessageHeader,
                "UNH has no \(element == 1 ? "message reference (0062)" : "message type (0065)")", element: element),
            bytes, into: &sink)
    }
}
