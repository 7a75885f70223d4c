import Diagnostics
import Formats
import Mapping
import Records
import Store
import Values

/// Gathers the records of a file into batches for an open load.
///
/// Mapping cannot throw, so a failed batch is kept as `failure` and everything after it is dropped; the loader
/// rethrows it at the next block.
struct LoadReceiver: RecordReceiver {
    /// Records in one batch: a transaction of under 50 ms. Fewer would write the same pages of indexes more often.
    static let batchSize = 5000

    let store: Store
    let load: Int64
    let zone: ZoneRules
    /// What live schemes need to know of, by kind of record.
    let references: [RecordKind: Set<EntityReference>]
    /// The fields that are sealed.
    let personal: PersonalFields
    private(set) var diagnostics = DiagnosticList()
    private(set) var structureErrors = 0
    private(set) var interchanges: [InterchangeHeader] = []
    private var records: [PendingRecord] = []
    private var rejected: [Rejected] = []
    private var entities: Set<EntityKey> = []
    /// Ordinal of the last record that is in the store.
    private var lastFlushed = 0
    private var rejectedOrdinal = 0
    private var failure: (any Error)?

    init(store: Store, load: Int64, zone: ZoneRules, references: [RecordKind: Set<EntityReference>], personal: PersonalFields) {
        self.personal = personal
        self.store = store
        self.load = load
        self.zone = zone
        self.references = references
    }

    mutating func accept(_ record: Record) {
        records.append(PendingRecord(record: record, version: version(of: record)))
        for reference in references[record.kind] ?? [] { if let entity = record.entity(reference) { entities.insert(entity) } }
        if records.count >= Self.batchSize { flushKeepingFailure() }
    }

    mutating func report(_ item: RejectedRecord) {
        rejectedOrdinal += 1
        rejected.append(Rejected(
            ordinal: rejectedOrdinal, bytes: item.bytes, code: item.code.name, fact: item.diagnostics.first?.fact ?? ""))
        diagnostics.add(contentsOf: item.diagnostics)
        if rejected.count >= Self.batchSize { flushKeepingFailure() }
    }

    mutating func found(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { structureErrors += 1 }
        diagnostics.add(diagnostic)
    }

    mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool {
        guard diagnostics.counted(code, severity) else { return false }
        if severity == .error { structureErrors += 1 }
        return true
    }

    mutating func read(_ interchange: InterchangeHeader) { interchanges.append(interchange) }

    /// What is still here is dropped; what was flushed is taken back out of the load.
    mutating func withdraw(from ordinal: Int) {
        while let last = records.last, last.record.ordinal >= ordinal { records.removeLast() }
        guard ordinal <= lastFlushed else { return }
        do { try store.withdraw(load: load, fromOrdinal: ordinal) } catch { failure = failure ?? error }
    }

    mutating func flush() throws {
        if let failure { throw failure }
        guard !records.isEmpty || !rejected.isEmpty || !entities.isEmpty else { return }
        try store.add(records, rejected: rejected, touching: entities, to: load, personal: personal)
        lastFlushed = records.last?.record.ordinal ?? lastFlushed
        records.removeAll(keepingCapacity: true)
        rejected.removeAll(keepingCapacity: true)
        entities.removeAll(keepingCapacity: true)
    }

    private mutating func flushKeepingFailure() {
        do { try flush() } catch {
            failure = failure ?? error
            records.removeAll()
            rejected.removeAll()
        }
    }

    func checkFailure() throws {
        if let failure { throw failure }
    }

    /// Nanoseconds of the field that orders versions of a record, in the business zone.
    private func version(of record: Record) -> Int64 {
        guard let slot = record.definition.version, case .dateTime(let time) = record.values[slot] else { return 0 }
        return time.instant(in: zone).storeNanoseconds
    }
}
