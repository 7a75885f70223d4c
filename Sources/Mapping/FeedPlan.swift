import EDI
import FlatFiles

/// Names in IDocs that choose the mapping: the document, its control record and the message type in that.
struct IDocNames: Sendable {
    let document: Int32
    let control: Int32
    let message: Int32

    init(_ symbols: inout SymbolTable) {
        document = symbols.intern("IDOC")
        control = symbols.intern("EDI_DC40")
        message = symbols.intern("MESTYP")
    }
}

/// A feed joined with what it names: the mappings in order, the partners that may send, the client.
package struct FeedPlan: Sendable {
    package let feed: FeedDefinition
    package let mappings: [CompiledMapping]
    let partners: PartnerDirectory
    /// The structures by which an EDI reader forms loops.
    let structures: TransactionStructures
    /// The layout of a flat feed.
    let layout: FlatLayout?
    let segments: IDocSegments
    /// Names that tell IDocs apart.
    let idocNames: IDocNames
    let symbols: SymbolTable
    let envelope: EnvelopeSelectors
    /// What its records are to be like.
    package let quality: QualityPlan?

    /// The mapping for a transaction set or message, the first of the feed's list that reads it.
    package func mapping(transactionSet: String, version: String) -> Int? {
        mappings.firstIndex { mapping in
            let reads = mapping.reads
            guard reads.format == feed.format, reads.transactionSet == transactionSet else { return false }
            // GS08 may carry an industry suffix, such as 004010VICS; an EDIFACT version an association code, such as D96A/EAN008.
            return reads.versions.isEmpty || reads.versions.contains { version.hasPrefix($0) }
        }
    }

    /// The mapping for an XML root element, by local name and by namespace where a mapping wants one, and the message type of an IDoc
    /// in it.
    package func mapping(root: String, namespace: String? = nil, message: String? = nil) -> Int? {
        mappings.firstIndex { mapping in
            let reads = mapping.reads
            guard reads.format == .xml, reads.root == root, reads.rootNamespace == nil || reads.rootNamespace == namespace else { return false }
            return reads.messages.isEmpty || reads.messages.contains { $0 == message }
        }
    }

    /// From a control record to its message type.
    var messageSelector: Selector {
        Selector(text: "MESTYP", scope: .here, steps: [SelectorStep(symbol: idocNames.message, predicates: [])], target: .text)
    }

    /// Whether the message type of an IDoc must be known before a mapping for its type can be chosen.
    func asksForMessage(root: String) -> Bool {
        mappings.contains { $0.reads.format == .xml && $0.reads.root == root && !$0.reads.messages.isEmpty }
    }

    /// The mapping for the layout of a flat feed, or for JSON.
    func mappingOfLayout() -> Int? {
        mappings.firstIndex { $0.reads.format == feed.format && (feed.format == .json || $0.reads.layout == feed.layout) }
    }

    /// The mapping for the columns of a flat file.
    package func mapping(header: [String]) -> Int? {
        mappings.firstIndex { mapping in
            mapping.reads.format == .csv && mapping.reads.header.allSatisfy { header.contains($0) }
        }
    }
}
