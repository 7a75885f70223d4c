import Formats

/// The EDIFACT interchange that is open.
struct OpenEDIFACTInterchange {
    var header: InterchangeHeader
    var trailer: EnvelopeTrailer?
    var accepted = 0
    var isRejected = false
    var charset: EDIFACTCharset
    var start: EnvelopeStart
    var groups = 0
    var messages = 0
    /// Findings that are made once an interchange.
    var saidIndented = false
    var saidCharset = false
    var saidNoStructure: [StructureLookup] = []

    /// UNB 0020 as sent, spaces trimmed.
    var controlNumber: String { header.controlNumber }

    var summary: InterchangeSummary {
        InterchangeSummary(
            header: header, groups: groups, transactionSets: messages, acceptedTransactionSets: accepted, trailer: trailer,
            accepted: !isRejected)
    }
}
