import Formats

/// The interchange that is open.
struct OpenInterchange {
    var header: InterchangeHeader
    var start: EnvelopeStart
    /// What its bytes above 7F are, as declared.
    var charset: EDIFACTCharset
    var isWrapped = false
    var groups = 0
    var transactionSets = 0
    var accepted = 0
    /// TA1 segments.
    var acknowledgements = 0
    var trailer: EnvelopeTrailer?
    var isRejected = false
    /// A reconciliation message (TRADACOMS) came.
    var isReconciled = false
    /// Findings that are made once an interchange.
    var saidIndented = false
    var saidCharset = false
    var saidNoStructure: [StructureLookup] = []
    /// The last look-up (``LoopForming/lookups``) of which it was said.
    var saidLookup = -1

    var controlNumber: String { header.controlNumber }

    var summary: InterchangeSummary {
        InterchangeSummary(
            header: header, groups: groups, transactionSets: transactionSets, acceptedTransactionSets: isRejected ? 0 : accepted,
            trailer: trailer, accepted: !isRejected)
    }
}

/// The functional group that is open.
struct OpenGroup {
    var header: FunctionalGroupHeader
    var start: EnvelopeStart
    var transactionSets = 0
    var accepted = 0
    var trailer: EnvelopeTrailer?
    var isRejected = false

    var controlNumber: String { header.controlNumber }

    var summary: FunctionalGroupSummary {
        FunctionalGroupSummary(
            header: header, transactionSets: transactionSets, acceptedTransactionSets: isRejected ? 0 : accepted, trailer: trailer,
            accepted: !isRejected)
    }
}

/// The transaction set that is open.
struct OpenTransactionSet {
    var header: TransactionSetHeader
    var start: EnvelopeStart
    /// How many nodes are open inside which loops are.
    var depth: Int
    var segments = 0
    var trailer: EnvelopeTrailer?
    var isRejected = false

    var identifier: String { header.identifier }
    var controlNumber: String { header.controlNumber }
    var version: String { header.version }

    var summary: TransactionSetSummary {
        TransactionSetSummary(header: header, segments: segments, trailer: trailer, accepted: !isRejected)
    }
}

/// Where an envelope began: what a finding about its missing trailer points to.
struct EnvelopeStart {
    var spot: SourceSpot
    var tag: String
    var ordinal: Int
}
