import Diagnostics
import Formats

/// Values of ISA (X12.5). What is not padded to its width is another finding, so spaces at the ends do not count here.
extension EDIReader {
    mutating func checkISAValues<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let version = text(12, bytes)
        for (element, rule) in Self.headerRules {
            let value = text(element, bytes)
            if rule.holds(value) { continue }
            reportISA(element, "\(Self.shown(value)); \(rule.expected) was expected", bytes, into: &sink)
        }
        // ISA02 and ISA04 are information where ISA01 and ISA03 say so, and are never shown.
        for (element, qualifier) in [(2, 1), (4, 3)] as [(Int32, Int32)]
        where !["", "00"].contains(text(qualifier, bytes)) && text(element, bytes).isEmpty {
            reportISA(element, "nothing, and ISA0\(qualifier) is \(Self.shown(text(qualifier, bytes)))", bytes, into: &sink)
        }
        // From 00402 on it is the separator of repetitions, before it who keeps the standard: U.
        let standards = text(11, bytes)
        if version < "00402", standards.isEmpty || standards != "U" && standards.utf8.allSatisfy(ASCII.isAlphanumeric) {
            reportISA(11, "\(Self.shown(standards)); U was expected in version \(Self.shown(version))", bytes, into: &sink)
        }
    }

    private mutating func reportISA<Sink: SourceSink>(
        _ element: Int32, _ fact: String, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        report(EDIDefect(.x12HeaderValue, "ISA\(element < 10 ? "0" : "")\(element) is \(fact)", element: element), bytes, into: &sink)
    }

    /// GS01 says what travels in the group (data element 479), and GS06 is what a 997 answers to (data element 28: one to nine digits).
    mutating func checkGS<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        if let identifier = group?.header.identifier, !X12FunctionalIdentifiers.isKnown(identifier) {
            report(
                EDIDefect(.x12GroupIdentifier, "GS01 is \(Self.shown(identifier)), and no transaction set that is known travels in such a group", element: 1), bytes,
                into: &sink)
        }
        guard let number = group?.header.controlNumber else { return }
        if (1...9).contains(number.utf8.count), Self.number(number, number.utf8.count) >= 0 { return }
        report(
            EDIDefect(.x12GroupNumber, "GS06 is \(Self.shown(number)); a number of up to nine digits was expected", element: 6), bytes,
            into: &sink)
    }

    private struct HeaderRule: Sendable {
        var expected: String
        var holds: @Sendable (String) -> Bool
    }

    /// By element: I01, I03 and I05 (qualifiers), I06, I07 (parties), I08, I09 (date, time), I11 to I14.
    private static let headerRules: [(element: Int32, rule: HeaderRule)] = [
        (1, HeaderRule(expected: "a code 00 to 08") { (0...8).contains(number($0, 2)) }),
        (3, HeaderRule(expected: "00 or 01") { (0...1).contains(number($0, 2)) }),
        (5, HeaderRule(expected: "a qualifier of two characters", holds: isQualifier)),
        (6, HeaderRule(expected: "a sender") { !$0.isEmpty }),
        (7, HeaderRule(expected: "a qualifier of two characters", holds: isQualifier)),
        (8, HeaderRule(expected: "a receiver") { !$0.isEmpty }),
        (9, HeaderRule(expected: "a date YYMMDD") { $0.utf8.count == 6 && isValue($0, ElementValue.isDate) }),
        (10, HeaderRule(expected: "a time HHMM") { $0.utf8.count == 4 && isValue($0, ElementValue.isTime) }),
        (12, HeaderRule(expected: "a version such as 00401") { (200...999).contains(number($0, 5)) }),
        (13, HeaderRule(expected: "a number") { $0.utf8.count <= 9 && number($0, $0.utf8.count) >= 0 }),
        (14, HeaderRule(expected: "0 or 1") { $0 == "0" || $0 == "1" }),
        (15, HeaderRule(expected: "P, T or I") { ["P", "T", "I"].contains($0) }),
    ]

    private static func isQualifier(_ text: String) -> Bool {
        text.utf8.count == 2 && text.utf8.allSatisfy { ASCII.isAlphanumeric($0) && !($0 >= 0x61 && $0 <= 0x7A) }
    }

    private static func isValue(_ text: String, _ isValue: (UnsafePointer<UInt8>, Int) -> Bool) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer { bytes in bytes.baseAddress.map { isValue($0, bytes.count) } ?? false }
    }

    /// -1 where it is no number of so many digits.
    private static func number(_ text: String, _ digits: Int) -> Int {
        text.utf8.count == digits && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(text) ?? -1 : -1
    }
}
