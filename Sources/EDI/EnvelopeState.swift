/// The functional group that is open.
struct OpenGroup {
    var node: Int32
    /// GS01, GS06, GS08 or UNG 0038, 0048, S008 as sent.
    var functionalIdentifier: String
    var controlNumber: String
    var version: String
    var start: EnvelopeStart
    var transactionSets = 0
}

/// The transaction set that is open.
struct OpenTransactionSet {
    var node: Int32
    /// ST01, ST02 or UNH S009, 0062 as sent.
    var identifier: String
    var controlNumber: String
    var version: String
    var start: EnvelopeStart
    var segments = 0
    var isRejected = false
}

/// Where an envelope began: what a finding about its missing trailer points to.
struct EnvelopeStart {
    var spot: SourceSpot
    var tag: String
    var ordinal: Int
}
