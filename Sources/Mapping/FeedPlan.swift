import EDI

/// A feed joined with what it names: the mappings in order, the partners that may send, the client.
package struct FeedPlan: Sendable {
    package let feed: FeedDefinition
    package let mappings: [CompiledMapping]
    let partners: PartnerDirectory
    /// The structures by which an EDI reader forms loops.
    let structures: TransactionStructures
    let symbols: SymbolTable
    let envelope: EnvelopeSelectors

    /// The mapping for a transaction set or message, the first of the feed's list that reads it.
    package func mapping(transactionSet: String, version: String) -> Int? {
        mappings.firstIndex { mapping in
            let reads = mapping.reads
            guard reads.format == feed.format, reads.transactionSet == transactionSet else { return false }
            // GS08 may carry an industry suffix, such as 004010VICS; an EDIFACT version an association code, such as D96A/EAN008.
            return reads.versions.isEmpty || reads.versions.contains { version.hasPrefix($0) }
        }
    }

    /// The mapping for an XML root element, by local name.
    package func mapping(root: String) -> Int? {
        mappings.firstIndex { $0.reads.format == .xml && $0.reads.root == root }
    }

    /// The mapping for the columns of a flat file.
    package func mapping(header: [String]) -> Int? {
        mappings.firstIndex { mapping in
            mapping.reads.format == .csv && mapping.reads.header.allSatisfy { header.contains($0) }
        }
    }
}
