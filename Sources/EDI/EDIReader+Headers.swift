import Diagnostics
import Formats

/// What the headers of each standard hold, and where.
extension EDIReader {
    /// ISA, UNB or STX.
    func interchangeHeader(_ bytes: UnsafeBufferPointer<UInt8>) -> InterchangeHeader {
        let range = segmentStart..<(segmentStart + bytes.count)
        switch standard {
        case .x12:
            return InterchangeHeader(
                standard: standard, senderQualifier: text(5, bytes), sender: text(6, bytes), receiverQualifier: text(7, bytes),
                receiver: text(8, bytes), controlNumber: text(13, bytes), version: text(12, bytes), date: text(9, bytes),
                time: text(10, bytes), requestsAcknowledgement: text(14, bytes) == "1", isTest: text(15, bytes) == "T", bytes: range)
        case .edifact:
            return InterchangeHeader(
                standard: standard, senderQualifier: text(2, 2, bytes), sender: text(2, 1, bytes), receiverQualifier: text(3, 2, bytes),
                receiver: text(3, 1, bytes), controlNumber: text(5, bytes), version: text(1, 1, bytes) + ":" + text(1, 2, bytes),
                date: text(4, 1, bytes), time: text(4, 2, bytes), requestsAcknowledgement: text(9, bytes) == "1",
                isTest: text(11, bytes) == "1", bytes: range)
        case .tradacoms:
            // FROM and UNTO have a code, and a name where no code is agreed on.
            return InterchangeHeader(
                standard: standard, senderQualifier: "", sender: party(2, bytes), receiverQualifier: "", receiver: party(3, bytes),
                controlNumber: text(5, bytes), version: text(1, 1, bytes) + ":" + text(1, 2, bytes), date: text(4, 1, bytes),
                time: text(4, 2, bytes), isTest: false, bytes: range)
        }
    }

    private func party(_ element: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let code = text(element, 1, bytes)
        return code.isEmpty ? text(element, 2, bytes) : code
    }

    /// X12 and TRADACOMS declare no character set: UTF-8 is expected.
    func declaredCharset(_ bytes: UnsafeBufferPointer<UInt8>) -> EDIFACTCharset {
        standard == .edifact ? EDIFACTCharset(syntax: text(1, 1, bytes)) ?? .latin1 : .utf8
    }

    /// GS, UNG or BAT.
    func groupHeader(_ bytes: UnsafeBufferPointer<UInt8>) -> FunctionalGroupHeader {
        let range = segmentStart..<(segmentStart + bytes.count)
        switch standard {
        case .x12:
            return FunctionalGroupHeader(
                identifier: text(1, bytes), sender: text(2, bytes), receiver: text(3, bytes), controlNumber: text(6, bytes),
                agency: text(7, bytes), version: text(8, bytes), bytes: range)
        case .edifact:
            return FunctionalGroupHeader(
                identifier: text(1, bytes), sender: text(2, 1, bytes), receiver: text(3, 1, bytes), controlNumber: text(5, bytes),
                agency: text(6, bytes), version: text(7, 1, bytes) + text(7, 2, bytes), bytes: range)
        case .tradacoms:
            return FunctionalGroupHeader(
                identifier: "", sender: "", receiver: "", controlNumber: text(1, bytes), agency: "", version: "", bytes: range)
        }
    }

    /// ST, UNH or MHD.
    func setHeader(_ bytes: UnsafeBufferPointer<UInt8>) -> TransactionSetHeader {
        let range = segmentStart..<(segmentStart + bytes.count)
        switch standard {
        case .x12:
            return TransactionSetHeader(
                identifier: text(1, bytes), version: group?.header.version ?? "", controlNumber: text(2, bytes),
                reference: text(3, bytes), bytes: range)
        case .edifact:
            let message = MessageIdentifier(
                type: text(2, 1, bytes), version: text(2, 2, bytes), release: text(2, 3, bytes), agency: text(2, 4, bytes),
                association: text(2, 5, bytes))
            // D:96A:UN:EAN008 is D96A/EAN008: mappings and structures look at its beginning.
            let association = message.association.isEmpty ? "" : "/" + message.association
            return TransactionSetHeader(
                identifier: message.type, version: message.version + message.release + association, controlNumber: text(1, bytes),
                reference: text(3, bytes), message: message, bytes: range)
        case .tradacoms:
            return TransactionSetHeader(
                identifier: text(2, 1, bytes), version: text(2, 2, bytes), controlNumber: text(1, bytes), bytes: range)
        }
    }

    mutating func checkInterchangeHeader<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        switch standard {
        case .x12: checkISA(bytes, into: &sink)
        case .edifact: checkUNB(bytes, into: &sink)
        case .tradacoms: checkSTX(bytes, into: &sink)
        }
    }

    mutating func checkSetHeader<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        switch standard {
        case .x12: checkST(bytes, into: &sink)
        case .edifact: checkUNH(bytes, into: &sink)
        case .tradacoms: checkMHD(bytes, into: &sink)
        }
    }

    // MARK: Texts

    /// An element of the segment at hand without spaces at its ends. Releases are undone.
    func text(_ element: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> String { unreleased(scan.text(element, in: bytes)) }

    /// A component of an element.
    func text(_ element: Int32, _ component: Int16, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        unreleased(scan.text(element, component, in: bytes))
    }

    private func unreleased(_ text: String) -> String {
        guard scan.hasReleases, let release = lexer.delimiters.release else { return text }
        var isReleased = false
        return String(decoding: text.utf8.filter { byte in
            if !isReleased, byte == release {
                isReleased = true
                return false
            }
            isReleased = false
            return true
        }, as: UTF8.self)
    }
}
