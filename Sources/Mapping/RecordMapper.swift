package import Diagnostics
package import FEEL
package import Formats

/// A ``DocumentMapper`` with a receiver of a known type, as a sink of readers.
package struct RecordMapper<Receiver: RecordReceiver>: SourceSink {
    private var mapper: DocumentMapper

    /// - Parameters:
    ///   - file: the path that findings name.
    ///   - context: its zone is the business zone; mappings read no clock.
    ///   - references: where rules look up cross-references and rates.
    ///   - coverage: hears what is looked at, where somebody asks.
    package init(
        plan: FeedPlan, file: String?, context: EvaluationContext, references: (any ReferenceRecords)? = nil, coverage: MappingCoverage? = nil,
        receiver: Receiver
    ) {
        mapper = DocumentMapper(
            plan: plan, file: file, context: context, references: references, coverage: coverage, receiver: receiver)
    }

    package var receiver: Receiver {
        guard let receiver = mapper.receiver as? Receiver else { preconditionFailure("a mapper keeps the receiver that it was given") }
        return receiver
    }

    package var outcome: MappingOutcome { mapper.outcome }

    package mutating func opened(_ node: Int32, in arena: inout SourceArena) { mapper.opened(node, in: &arena) }
    package mutating func closed(_ node: Int32, in arena: inout SourceArena) { mapper.closed(node, in: &arena) }
    package mutating func found(_ diagnostic: Diagnostic) { mapper.found(diagnostic) }
    package mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool { mapper.counted(code, severity) }
    package mutating func read(_ interchange: InterchangeHeader) { mapper.read(interchange) }
    package mutating func began(_ group: FunctionalGroupHeader) { mapper.began(group) }
    package mutating func ended(_ group: FunctionalGroupSummary) { mapper.ended(group) }
    package mutating func ended(_ interchange: InterchangeSummary) { mapper.ended(interchange) }
    package mutating func ended(_ transactionSet: TransactionSetSummary) { mapper.ended(transactionSet) }

    /// Another document of the same file begins, such as an entry of an archive.
    ///
    /// - Parameter shift: what is added to the places of its records, so that they count through all documents of the file.
    package mutating func beginDocument(_ file: String?, shift: Int) { mapper.beginDocument(file, shift: shift) }

    /// The reader has finished: says once what was present and not mapped, and gives the counts.
    ///
    /// - Parameter rowsRefused: rows that the reader reported and did not give on.
    package mutating func finish(rowsRefused: Int = 0) -> MappingOutcome { mapper.finish(rowsRefused: rowsRefused) }
}
