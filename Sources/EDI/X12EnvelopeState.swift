import Formats

/// The interchange that is open.
struct OpenInterchange {
    var header: InterchangeHeader
    var start: EnvelopeStart
    var trailer: EnvelopeTrailer?
    var accepted = 0
    var isRejected = false
    var isWrapped: Bool
    var groups = 0
    var transactionSets = 0
    var acknowledgements = 0
    /// Findings that are made once an interchange.
    var saidIndented = false
    var saidCharset = false
    var saidNoStructure: [StructureLookup] = []

    /// ISA13 as sent, spaces trimmed.
    var controlNumber: String { header.controlNumber }

    var summary: InterchangeSummary {
        InterchangeSummary(
            header: header, groups: groups, transactionSets: transactionSets, acceptedTransactionSets: accepted, trailer: trailer,
            accepted: !isRejected)
    }
}
