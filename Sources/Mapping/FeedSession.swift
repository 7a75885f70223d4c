import Archives
package import EDI
package import FEEL
package import Formats

/// Reads one file of a feed from its bytes to records: the reader for the feed's format joined with a mapper. What is packed with
/// gzip or zip is unpacked, and each entry of an archive is a document of its own.
///
/// Give it the bytes in pieces of any size; the records, and their order, are the same.
package struct FeedSession<Receiver: RecordReceiver> {
    private var unpacker: Unpacker?
    /// The first bytes, until they tell whether the file is packed.
    private var head: [UInt8]? = []
    private var documents: FeedDocuments<Receiver>

    /// - Parameters:
    ///   - file: the path that findings name.
    ///   - context: its zone is the business zone, in which local times are meant. The clock in it is not read.
    ///   - references: where rules look up cross-references and rates.
    ///   - coverage: hears what is looked at, where somebody asks.
    package init(
        plan: FeedPlan, file: String?, context: EvaluationContext, limits: ReadLimits = ReadLimits(),
        references: (any ReferenceRecords)? = nil, coverage: MappingCoverage? = nil, receiver: Receiver
    ) {
        documents = FeedDocuments(
            plan: plan, file: file, context: context, limits: limits, references: references, coverage: coverage, receiver: receiver)
    }

    /// What took the records so far.
    package var receiver: Receiver { documents.collector.inner.receiver }

    /// The interchanges of EDI that were read, as acknowledgements and the search for duplicates need them.
    package var reports: [InterchangeReport] { documents.collector.reports }

    package mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard var held = head else { return pass(bytes) }
        held.append(contentsOf: bytes)
        head = held
        if held.count >= ArchiveKind.headBytes { tell() }
    }

    package mutating func read(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { read($0) } }

    /// The file has ended.
    ///
    /// - Returns: what the reader read, what became of it, and the receiver with everything that it took.
    package mutating func finish() -> (summary: SourceSummary, outcome: MappingOutcome, receiver: Receiver) {
        tell()
        if let unpacker { unpacker.finish(into: &documents) } else { documents.ended(isWhole: true) }
        return documents.finish()
    }

    /// The first bytes are there, or there are no more.
    private mutating func tell() {
        guard let held = head else { return }
        head = nil
        unpacker = ArchiveKind.of(held).map { Unpacker($0, file: documents.file, limits: documents.unpackLimits) }
        if unpacker == nil { documents.began(nil) }
        held.withUnsafeBufferPointer { pass($0) }
    }

    private mutating func pass(_ bytes: UnsafeBufferPointer<UInt8>) {
        if let unpacker { unpacker.read(bytes, into: &documents) } else { documents.took(bytes) }
    }
}
