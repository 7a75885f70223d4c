import Records

/// What was made before a functional group or an interchange began.
struct EnvelopeMark {
    var ordinal = 0
    var records: [RecordKind: Int] = [:]
    var accepted = 0

    init() {}

    init(ordinal: Int, _ outcome: MappingOutcome) {
        self.ordinal = ordinal
        records = outcome.records
        accepted = outcome.transactionSetsAccepted
    }
}
