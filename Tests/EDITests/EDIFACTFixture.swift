import EDI
import Formats

/// EDIFACT interchanges built for a test: own content, right counts unless told otherwise.
enum EDIFACTFixture {
    static let una = "UNA:+.? '"

    static func interchange(
        _ messages: [String], syntax: String = "UNOC:3", una: String = "UNA:+.? '", count: Int? = nil, newline: String = "\n"
    ) -> String {
        una + newline + "UNB+\(syntax)+4012345000001:14+4098765000001:14+261121:0938+REF1'" + newline
            + messages.joined() + "UNZ+\(count ?? messages.count)+REF1'" + newline
    }

    static func message(
        _ segments: [String], type: String = "ORDERS:D:96A:UN", reference: String = "1", newline: String = "\n"
    ) -> String {
        (["UNH+\(reference)+\(type)"] + segments + ["UNT+\(segments.count + 2)+\(reference)"]).map { $0 + "'" + newline }.joined()
    }

    static let order = [
        "BGM+220+4711+9", "DTM+137:20261121:102", "NAD+BY+4012345000001::9++Beta GmbH", "LIN+1++4000000034160:EN", "QTY+21:93:PCE",
        "UNS+S", "CNT+2:1",
    ]

    static var clean: String { interchange([message(order)]) }
}

func readEDIFACT(
    _ bytes: [UInt8], chunk: Int = 0, limits: ReadLimits = ReadLimits(), policy: DefectPolicy = .standard,
    structures: TransactionStructures = TransactionStructures()
) -> (sink: RecordingSink, summary: SourceSummary) {
    read(bytes, as: .edifact, chunk: chunk, limits: limits, policy: policy, structures: structures)
}

func readEDIFACT(_ text: String, chunk: Int = 0, limits: ReadLimits = ReadLimits()) -> (sink: RecordingSink, summary: SourceSummary) {
    read(text, as: .edifact, chunk: chunk, limits: limits)
}
