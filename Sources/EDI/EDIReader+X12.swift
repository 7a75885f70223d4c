import Diagnostics
import Formats

/// What only X12 has: the widths of ISA, identifiers of groups, binary data.
extension EDIReader {
    mutating func checkISA<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        if scan.elements != 16 {
            report(
                EDIDefect(
                    .x12HeaderElements, "ISA has \(scan.elements) elements; 16 were expected", range: 0..<3,
                    hint: "sender, receiver and control number may be read from the wrong elements"),
                bytes, into: &sink)
        } else {
            reportWidth(bytes, into: &sink)
            checkISAValues(bytes, into: &sink)
        }
        guard let header else { return }
        if header.isWrapped {
            report(
                EDIDefect(
                    .x12Wrapped, "Line breaks stand inside ISA; the file is broken at a fixed width, and they were removed",
                    range: 0..<3, hint: "ask the sender not to wrap lines"),
                bytes, into: &sink)
        }
        if !header.delimiters.areDistinct {
            report(
                EDIDefect(.x12Delimiters, "Two delimiters that ISA declares are the same byte", range: 0..<3),
                bytes, into: &sink)
        } else if header.delimiters.terminatorLength > 1 {
            report(
                EDIDefect(
                    .x12Terminator, "The terminator is a UTF-8 character of several bytes",
                    range: bytes.count..<bytes.count, hint: "ask the sender for a terminator of one byte"),
                bytes, into: &sink)
        }
    }

    private mutating func reportWidth<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        if scan.newlines == 0, X12Header.isOfWidth(bytes, element: lexer.delimiters.element) { return }
        var wrong: [Int32] = [], width = 0
        for (index, expected) in X12Header.widths.enumerated() {
            let range = elementRange(Int32(index + 1), nil, bytes)
            let count = bytes[range].lazy.filter { !ASCII.isNewline($0) }.count
            width += count
            if count != expected { wrong.append(Int32(index + 1)) }
        }
        guard let first = wrong.first else { return }
        let list = wrong.map { $0 < 10 ? "ISA0\($0)" : "ISA\($0)" }.joined(separator: ", ")
        report(
            EDIDefect(
                .x12HeaderWidth, "ISA is \(width + 20) bytes wide; 106 were expected (\(list))", element: first,
                hint: "ask the sender to pad the elements of ISA to their widths"),
            bytes, into: &sink)
    }

    mutating func checkST<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard let identifier = transactionSet?.identifier else { return }
        if identifier.isEmpty || transactionSet?.controlNumber.isEmpty == true {
            let element: Int32 = identifier.isEmpty ? 1 : 2
            report(
                EDIDefect(
                    .x12TransactionSetHeader,
                    "ST0\(element) is empty; a transaction set \(element == 1 ? "identifier" : "control number") was expected",
                    element: element),
                bytes, into: &sink)
        }
        if let own = group?.header.identifier, let expected = X12FunctionalIdentifiers.identifier(of: identifier), expected != own {
            report(
                EDIDefect(
                    .x12FunctionalIdentifier,
                    "ST01 is \(identifier), which belongs in a group \(expected); GS01 is \(own)",
                    element: 1),
                bytes, into: &sink)
        }
    }

    mutating func reportUnreadableHeader<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        segmentOrdinal = 0
        report(
            EDIDefect(
                .x12HeaderElements,
                "ISA has no 16 elements and a terminator within \(X12Header.bytesMax) bytes; no interchange was read from it",
                hint: "ask the sender for an ISA of 16 elements"),
            spot, into: &sink)
    }

    mutating func reportBinaryLength<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        expectNextSegment()
        report(
            EDIDefect(
                .x12BinaryLength, "The declared length of the binary data does not lead to a terminator",
                hint: "the data were read up to the next terminator"),
            spot, into: &sink)
    }
}
