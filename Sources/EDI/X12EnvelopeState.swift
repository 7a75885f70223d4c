/// The interchange that is open.
struct OpenInterchange {
    var node: Int32
    var delimiters: X12Delimiters
    /// ISA13 as sent, spaces trimmed.
    var controlNumber: String
    var start: EnvelopeStart
    var isWrapped: Bool
    var groups = 0
    var transactionSets = 0
    var acknowledgements = 0
    /// Findings that are made once an interchange.
    var saidIndented = false
    var saidCharset = false
    var saidNoStructure: [StructureLookup] = []
}
