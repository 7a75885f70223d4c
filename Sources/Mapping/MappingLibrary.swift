package import Diagnostics
package import EDI
import FlatFiles
package import Records

/// One file of the bundle: its path relative to the site's root, such as `Mappings/feeds/x12-orders.yaml`, and its bytes.
package struct BundleFile: Sendable {
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// Everything under `Mappings/`, checked and compiled: feeds, partners, mappings, lookups, outbounds, routes.
package struct MappingLibrary: Sendable {
    package let feeds: [FeedDefinition]
    package let partners: PartnerDirectory
    package let mappings: [CompiledMapping]
    package let outbounds: [OutboundMapping]
    package let outboundSets: [OutboundSet]
    package let routes: [RouteDefinition]
    package let lookups: [LookupTable]
    /// What records of feeds are to be like.
    package let quality: [QualityPlan]
    /// The tests that lie beside mappings.
    package let tests: [MappingTestSuite]
    /// The order of EDI segments and loops, from `Mappings/structures/`.
    package let structures: TransactionStructures
    /// From `Mappings/structures/flat/`.
    let layouts: [FlatLayout]
    let segments: IDocSegments
    let idocNames: IDocNames
    let symbols: SymbolTable
    /// By format: X12 or EDIFACT.
    let envelopes: [SourceFormat: EnvelopeSelectors]

    package func feed(_ name: String) -> FeedDefinition? { feeds.first { $0.feed == name } }
    package func outbound(_ name: String) -> OutboundMapping? { outbounds.first { $0.name == name } }
    package func outboundSet(_ name: String) -> OutboundSet? { outboundSets.first { $0.name == name } }
    /// The routes that may take records of a kind.
    package func routes(from kind: RecordKind) -> [RouteDefinition] { routes.filter { $0.kind == kind } }

    /// The partners that are sent to, with the target that hears of their acknowledgements.
    package var notifiedTargets: [(partner: String, target: String)] {
        partners.partners.compactMap { partner in partner.send?.notify.map { (partner.partner, $0) } }
    }

    /// The partners whose files are answered, with the target of the answers.
    package var answeredPartners: [(partner: String, target: String)] {
        partners.partners.compactMap { partner in partner.acknowledge.map { (partner.partner, $0.target) } }
    }

    /// A feed joined with all that it names; nil where there is no such feed.
    package func plan(_ feed: String) -> FeedPlan? {
        self.feed(feed).map { plan($0) }
    }

    /// A feed, of the bundle or not, joined with all that it names.
    func plan(_ feed: FeedDefinition) -> FeedPlan {
        let mappings = feed.mappings.compactMap { name in self.mappings.first { $0.name == name } }
        return FeedPlan(
            feed: feed, mappings: mappings, partners: partners, structures: structures,
            layout: feed.layout.flatMap { name in layouts.first { $0.name == name } }, segments: segments, idocNames: idocNames, symbols: symbols,
            envelope: envelopes[feed.format] ?? EnvelopeSelectors.none, quality: quality.first { $0.feed == feed.feed })
    }

    /// The kinds of record that a feed's mappings make, each with the fields that some rule gives.
    package func fields(givenBy feed: FeedDefinition) -> [(kind: RecordKind, fields: [String])] {
        var given: [RecordKind: Set<String>] = [:]
        for mapping in mappings where feed.mappings.contains(mapping.name) {
            for rule in mapping.records { given[rule.kind, default: []].formUnion(rule.fields.map(\.name)) }
        }
        return given.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0, $1.sorted()) }
    }

    /// Compiles all files of the bundle's `Mappings/` folder.
    ///
    /// - Returns: the library where no file has an error, and every finding, in the order of the paths.
    package static func compile(_ files: [BundleFile]) -> (library: MappingLibrary?, diagnostics: [Diagnostic]) {
        var compiler = LibraryCompiler()
        return compiler.compile(files.sorted { $0.path < $1.path })
    }
}
