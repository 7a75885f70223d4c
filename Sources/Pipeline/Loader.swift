import Attributes
package import Diagnostics
package import EDI
import FEEL
package import Formats
import Glibc
package import Mapping
import Microsegments
import Records
package import Store
package import Values

/// Reads one spooled file through its feed into an open load: bytes to records to batches, in bounded memory.
package struct Loader: Sendable {
    let store: Store
    let state: ActiveState

    package init(store: Store, state: ActiveState) {
        self.store = store
        self.state = state
    }

    /// What came of reading one file; nothing of it is visible yet.
    package struct Outcome: Sendable {
        package let load: Int64
        package let summary: SourceSummary
        package let mapping: MappingOutcome
        package let diagnostics: DiagnosticList
        /// Errors of the document's own structure, apart from records that were reported.
        package let structureErrors: Int
        package let interchanges: [InterchangeHeader]
        /// The interchanges of EDI with what was found in them.
        package let reports: [InterchangeReport]

        package var counts: LoadCounts {
            var counts = LoadCounts()
            counts.read = mapping.read
            counts.accepted = mapping.accepted
            counts.reported = mapping.reported
            return counts
        }
    }

    /// The fields by which records name entities that matter to a live scheme, directly or through a related record.
    static func liveReferences(_ bundle: Bundle) -> [RecordKind: Set<EntityReference>] {
        var references: [RecordKind: Set<EntityReference>] = [:]
        for scheme in bundle.schemes where scheme.cadence == .live {
            references.merge(scheme.plan.references) { $0.union($1) }
            for kind in scheme.plan.indirectKinds {
                if let described = RecordCatalogue.definition(kind).describes {
                    references[kind, default: []].insert(EntityReference(described.kind, slots: described.slots))
                }
            }
        }
        return references
    }

    /// Reads the spooled bytes of a ledger entry.
    ///
    /// - Parameter now: a mapping reads no clock; this is only what its context needs to have.
    package func load(_ file: LedgerFile, spooled path: String, plan: FeedPlan, now: Instant) throws -> Outcome {
        let load = try store.beginLoad(of: file, state: state.id)
        let receiver = LoadReceiver(
            store: store, load: load, zone: state.bundle.zone, references: Self.liveReferences(state.bundle),
            personal: state.bundle.retention.personal)
        let references = StoredReferences(store)
        var session = FeedSession(
            plan: plan, file: "\(plan.feed.folder)/\(file.name)", context: state.context(now: now), references: references, receiver: receiver)
        try Self.forEachBlock(of: path) { block in
            session.read(block)
            try session.receiver.checkFailure()
            try references.checkFailure()
        }
        var (summary, outcome, finished) = session.finish()
        try references.checkFailure()
        try finished.flush()
        return Outcome(
            load: load, summary: summary, mapping: outcome, diagnostics: finished.diagnostics,
            structureErrors: finished.structureErrors, interchanges: finished.interchanges, reports: session.reports)
    }

    /// The first bytes of a file, as many as a format is told from.
    package static func head(of path: String) throws -> [UInt8] {
        struct Enough: Error {}
        var head: [UInt8] = []
        do {
            try forEachBlock(of: path) { block in
                head.append(contentsOf: block.prefix(4096 - head.count))
                if head.count == 4096 { throw Enough() }
            }
        } catch is Enough {}
        return head
    }

    /// Gives the bytes of a file in blocks of a quarter megabyte.
    ///
    /// A file that gets shorter, longer or other while it is read is a failure at its end: what was given is no version of it. Files of the spool
    /// never change; this is for those that a person names.
    package static func forEachBlock(of path: String, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PipelineFailure(errno: errno, subject: path, hint: "check that it is there and may be read") }
        defer { close(descriptor) }
        let before = try status(of: descriptor, path)
        let block = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
        defer { block.deallocate() }
        var total = 0
        while true {
            let count = Glibc.read(descriptor, block.baseAddress, block.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw PipelineFailure(errno: errno, subject: path, hint: "check the disk")
            }
            if count == 0 { break }
            total += count
            try body(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(block)[0..<count]))
        }
        let after = try status(of: descriptor, path)
        // A pipe has no size, and a file of the kernel's says that it has none.
        guard before.st_mode & S_IFMT == S_IFREG, before.st_size > 0 || after.st_size > 0 else { return }
        guard total == Int(before.st_size), after.st_size == before.st_size, after.st_mtim.tv_sec == before.st_mtim.tv_sec,
            after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
        else {
            throw PipelineFailure(
                subject: path, cause: "it changed while it was read: \(before.st_size) bytes at first, \(total) read, \(after.st_size) at the end",
                hint: "read it again once it is written whole", isRetriable: true)
        }
    }

    private static func status(of descriptor: Int32, _ path: String) throws -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw PipelineFailure(errno: errno, subject: path, hint: "check the disk") }
        return status
    }
}
