/// The EDIFACT interchange that is open.
struct OpenEDIFACTInterchange {
    var node: Int32
    /// UNB 0020 as sent, spaces trimmed.
    var controlNumber: String
    var charset: EDIFACTCharset
    var start: EnvelopeStart
    var groups = 0
    var messages = 0
    /// Findings that are made once an interchange.
    var saidIndented = false
    var saidCharset = false
    var saidNoStructure: [StructureLookup] = []
}
