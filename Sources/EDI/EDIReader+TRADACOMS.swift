import Diagnostics
import Formats

/// What only TRADACOMS has: messages numbered in a row, and the reconciliation message that repeats what STX says.
extension EDIReader {
    mutating func checkSTX<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let syntax = text(1, 1, bytes), version = text(1, 2, bytes)
        if !["ANA", "ANAA"].contains(syntax) || version != "1" {
            report(
                EDIDefect(
                    .tradacomsHeader, "The syntax is \(Self.shown(syntax)) version \(Self.shown(version)); ANA or ANAA version 1 was expected",
                    element: 1),
                bytes, into: &sink)
        }
        let parts = [(2, "sender"), (3, "recipient"), (4, "date"), (5, "transmission reference")] as [(Int32, String)]
        for (element, name) in parts where scan.span(element) == nil {
            report(
                EDIDefect(.tradacomsHeader, "STX has no \(name) in element \(element)", element: element), bytes, into: &sink)
        }
    }

    mutating func checkMHD<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard let set = transactionSet else { return }
        if set.controlNumber.isEmpty || set.identifier.isEmpty {
            let element: Int32 = set.controlNumber.isEmpty ? 1 : 2
            report(
                EDIDefect(
                    .tradacomsMessageHeader, "MHD has no \(element == 1 ? "message reference" : "message type")", element: element),
                bytes, into: &sink)
        } else if let expected = interchange?.transactionSets, Int(set.controlNumber) != expected {
            report(
                EDIDefect(
                    .tradacomsMessageNumber,
                    "The message reference is \(Self.shown(set.controlNumber)); \(expected) was expected, messages are numbered in a row",
                    element: 1, hint: "ask the sender whether messages were lost"),
                bytes, into: &sink)
        }
    }

    /// RSG of the reconciliation message: the transmission reference and the recipient of STX.
    mutating func checkReconciliation<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard let header = interchange?.header else { return }
        interchange?.isReconciled = true
        let parts = [(1, "transmission reference", header.controlNumber), (2, "recipient", header.receiver)] as [(Int32, String, String)]
        for (element, name, expected) in parts {
            let found = text(element, bytes)
            guard found != expected else { continue }
            report(
                EDIDefect(
                    .tradacomsReconciliation, "The \(name) in RSG is \(Self.shown(found)); in STX it is \(Self.shown(expected))",
                    element: element, hint: "ask the sender whether transmissions were mixed up"),
                bytes, into: &sink)
        }
    }

    /// ANAA announces that the reconciliation facility is used: the last message is RSGRSG.
    mutating func checkReconciled<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard let open = interchange, open.header.version.hasPrefix("ANAA:"), !open.isReconciled else { return }
        report(
            EDIDefect(
                .tradacomsMissingReconciliation, "STX announces a reconciliation message (ANAA), and none was read",
                hint: "ask the sender whether the transmission is whole"),
            bytes, into: &sink)
    }
}
