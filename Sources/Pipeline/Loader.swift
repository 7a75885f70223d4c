import Diagnostics
package import EDI
import FEEL
import FlatFiles
package import Formats
import Glibc
package import Mapping
import Markup
import Records
package import Store
import Values

/// Reads one spooled file through its feed into an open load: bytes to records to batches, in bounded memory.
package struct Loader: Sendable {
    let store: Store
    /// The business zone, which dates without a zone are read in.
    let context: EvaluationContext
    /// Kinds of entity that live schemes divide; only these are marked as touched.
    let liveEntities: Set<EntityKind>
    let structures: TransactionStructures

    /// What came of reading one file; nothing of it is visible yet.
    package struct Outcome: Sendable {
        package let load: Int64
        package let summary: SourceSummary
        package let mapping: MappingOutcome
        package let diagnostics: DiagnosticList
        package let interchanges: [InterchangeHeader]
        package let counts: LoadCounts
    }

    /// Reads `spooled`, whose ledger entry is `file`, under a state.
    func load(_ file: LedgerFile, spooled path: String, plan: FeedPlan, state: String) throws -> Outcome {
        let load = try store.beginLoad(of: file, state: state)
        let receiver = LoadReceiver(
            store: store, load: load, zone: context.zone, liveEntities: liveEntities)
        let mapper = RecordMapper(plan: plan, file: "\(plan.feed.folder)/\(file.name)", context: context, receiver: receiver)
        return try read(path, plan, mapper)
    }

    private func read(_ path: String, _ plan: FeedPlan, _ mapper: RecordMapper<LoadReceiver>) throws -> Outcome {
        var mapper = mapper
        var reader = FormatReader(plan.feed, file: path, structures: structures)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PipelineFailure(errno: errno, subject: path, hint: "the spool is damaged; restore it from a backup") }
        defer { close(descriptor) }
        let block = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
        defer { block.deallocate() }
        while true {
            let count = Glibc.read(descriptor, block.baseAddress, block.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw PipelineFailure(errno: errno, subject: path, hint: "check the disk of the spool")
            }
            if count == 0 { break }
            reader.read(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(block)[0..<count]), into: &mapper)
            try mapper.receiver.checkFailure()
        }
        let summary = reader.finish(into: &mapper)
        let outcome = mapper.finish()
        var receiver = mapper.receiver
        try receiver.flush()
        var counts = LoadCounts()
        counts.read = outcome.read
        counts.accepted = outcome.accepted
        counts.reported = outcome.reported
        return Outcome(
            load: receiver.load, summary: summary, mapping: outcome, diagnostics: receiver.diagnostics,
            interchanges: receiver.interchanges, counts: counts)
    }
}
