import Configurations
import Diagnostics
import EDI
import FlatFiles

/// Compiles a whole bundle: lookups first, then mappings, then what refers to them.
struct LibraryCompiler {
    private var diagnostics: [Diagnostic] = []
    private var symbols = SymbolTable()
    private var lookups: [String: LookupTable] = [:]
    private var testFiles: [BundleFile] = []
    private var roots: [(kind: String, name: ConfigurationNode, root: ConfigurationNode, file: String)] = []

    mutating func compile(_ files: [BundleFile]) -> (library: MappingLibrary?, diagnostics: [Diagnostic]) {
        for file in files { read(file) }
        let envelopes = [SourceFormat.x12: EnvelopeSelectors.x12(&symbols), .edifact: .edifact(&symbols), .tradacoms: .tradacoms(&symbols)]
        let idocNames = IDocNames(&symbols)
        let mappings = of("mapping").compactMap { mapping($0.root, $0.file) }
        // A structure is made when some mapping reads its transaction set or some outbound set writes it: the bundle has those of whole standards.
        let read = Set(of("mapping").compactMap { $0.root["reads"]?.optionalText("transactionSet") })
            .union(of("outboundSet").compactMap { $0.root["writes"]?.optionalText("transactionSet") })
        let structures = of("structure").filter { read.contains($0.root.text("transactionSet")) }
            .compactMap { found in structure(found.root).map { (name: found.name.scalar ?? "", structure: $0) } }
        let elements = of("elements").compactMap { elementTable($0.root) }
        let layouts = of("layout").compactMap { layout($0.root) }
        let segments = of("idoc").compactMap { idocSegments($0.root) }
        var reader = BundleReader()
        let feeds = of("feed").compactMap { reader.feed($0.root, file: $0.file) }
        let partners = of("partner").map { reader.partner($0.root) }
        let outbounds = of("outbound").compactMap { reader.outbound($0.root, file: $0.file) }
        let outboundSets = of("outboundSet").compactMap { reader.outboundSet($0.root, file: $0.file) }
        checkElements(structures, elements)
        let guides = of("guide").compactMap { guide($0.root, structures, elements, partners) }
        let routes = of("route").compactMap { reader.route($0.root, file: $0.file) }
        let quality = of("quality").map { reader.quality($0.root, file: $0.file) }
        diagnostics += reader.diagnostics
        let tests = tests()
        checkNames()
        checkReferences()
        checkPartners()
        checkSeparators(outboundSets, partners)
        guard !diagnostics.contains(where: { $0.severity == .error }) else { return (nil, diagnostics) }
        let library = MappingLibrary(
            feeds: feeds, partners: PartnerDirectory(partners), mappings: mappings, outbounds: outbounds, outboundSets: outboundSets,
            routes: routes,
            lookups: lookups.values.sorted { $0.name < $1.name }, quality: quality, tests: tests,
            structures: TransactionStructures(structures.map(\.structure), elements: elements, guides: guides),
            layouts: layouts, segments: IDocSegments(segments), idocNames: idocNames, symbols: symbols, envelopes: envelopes)
        return (library, diagnostics)
    }

    private func of(_ kind: String) -> [(kind: String, name: ConfigurationNode, root: ConfigurationNode, file: String)] {
        roots.filter { $0.kind == kind }
    }

    // MARK: - Files

    private mutating func read(_ file: BundleFile) {
        if MappingTestSuite.stem(of: file.path) != nil {
            testFiles.append(file)
            guard file.path.hasSuffix("/" + MappingTestSuite.settingsFile) else { return }
        }
        if file.path.hasSuffix(".csv") { return readLookup(file) }
        guard file.path.hasSuffix(".yaml") || file.path.hasSuffix(".yml") else { return }
        let (root, findings) = ConfigurationText.parse(String(decoding: file.bytes, as: UTF8.self), file: file.path)
        diagnostics += findings
        guard let root else { return }
        guard let first = root.entries.first, let shape = MappingShapes.all.first(where: { $0.kind == first.name })?.shape else {
            let known = MappingShapes.all.map(\.kind)
            let key = root.entries.first?.name ?? root.kindName
            diagnostics.append((root.entries.first?.key ?? root).diagnostic(
                .mapFileKind, "the file begins with `\(key)`, which is no kind of file",
                hint: NearestName.hint(key, known) ?? "the first key is one of \(known.joined(separator: ", "))"))
            return
        }
        let defects = shape.check(root)
        diagnostics += defects
        if defects.allSatisfy({ $0.severity != .error }) { roots.append((first.name, first.value, root, file.path)) }
    }

    private mutating func readLookup(_ file: BundleFile) {
        let name = file.path.components(after: "lookups/").droppingSuffix(".csv")
        switch LookupReader.read(file.bytes, name: name, file: file.path) {
        case .success(let table): lookups[name] = table
        case .failure(let failure): diagnostics += failure.diagnostics
        }
    }

    private mutating func tests() -> [MappingTestSuite] {
        var reader = MappingTestReader()
        let suites = reader.suites(
            testFiles, mappings: of("mapping").map { ($0.name.scalar ?? "", $0.file) }, settings: of("tests").map { ($0.root, $0.file) })
        diagnostics += reader.diagnostics
        return suites
    }

    private mutating func mapping(_ root: ConfigurationNode, _ file: String) -> CompiledMapping? {
        let reads = root["reads"]
        let set = reads?.optionalText("transactionSet"), format = reads?.optionalText("format") ?? ""
        var compiler = MappingCompiler(
            file: file, lookups: lookups, segments: set.flatMap { segments(of: $0, in: format) }, symbols: symbols)
        let mapping = compiler.compile(root)
        symbols = compiler.symbols
        diagnostics += compiler.diagnostics
        return mapping
    }

    /// Tags of the EDI segments of a transaction set; nil where its structure is not in the bundle.
    private func segments(of transactionSet: String, in format: String) -> Set<String>? {
        // ORDERS is a message of EDIFACT and one of TRADACOMS: the first part of a structure's name says which.
        let structures = of("structure").filter {
            $0.root.text("transactionSet") == transactionSet && $0.name.scalar?.hasPrefix(format + "/") == true
        }
        guard !structures.isEmpty else { return nil }
        let lines = structures.flatMap { $0.root.text("segments").split(separator: "\n") }
        let over = Set(structures.compactMap(\.name.scalar))
        let named = of("guide").filter { over.contains($0.root.text("over")) }
            .flatMap { StructureGuide.decode($0.root).guide?.loopNames ?? [] }
        return Set(lines.compactMap { $0.split(separator: " ").first.map(String.init) }).union(EnvelopeName.segments).union(named)
    }

    private mutating func structure(_ root: ConfigurationNode) -> TransactionStructure? {
        let decoded = TransactionStructure.decode(root)
        diagnostics += decoded.diagnostics
        return decoded.structure
    }

    /// A guide laid over its structure, for the senders that its partners are; nil where no mapping reads the transaction set.
    private mutating func guide(
        _ root: ConfigurationNode, _ structures: [(name: String, structure: TransactionStructure)], _ elements: [SegmentElements],
        _ partners: [PartnerDefinition]
    ) -> (senders: [DefectSender], structure: TransactionStructure)? {
        let decoded = StructureGuide.decode(root)
        diagnostics += decoded.diagnostics
        guard let guide = decoded.guide, let over = root["over"] else { return nil }
        require(over, "structure", of("structure").compactMap(\.name.scalar))
        for partner in root.list("partners") { require(partner, "partner", partners.map(\.partner)) }
        guard let standard = structures.first(where: { $0.name == guide.over })?.structure else { return nil }
        switch guide.laid(over: standard) {
        case .success(let structure):
            // What the structure itself says was held against the elements before.
            let known = Set(standard.contradictions(with: elements)), lines = root["segments"] ?? root
            for fact in structure.contradictions(with: elements) where !known.contains(fact) { diagnostics.append(lines.diagnostic(.mapRule, fact)) }
            let senders = partners.filter { guide.partners.contains($0.partner) }.flatMap(\.identifiers)
            return (senders.map { DefectSender(qualifier: $0.qualifier, id: $0.id) }, structure)
        case .failure(let contradiction):
            let lines = root["segments"] ?? root
            diagnostics += contradiction.facts.map { lines.diagnostic(.mapRule, "the guide contradicts \(guide.over): \($0)") }
            return nil
        }
    }

    /// What structures ask of elements is held against the elements of their versions.
    private mutating func checkElements(_ structures: [(name: String, structure: TransactionStructure)], _ elements: [SegmentElements]) {
        for (name, structure) in structures {
            guard let root = of("structure").first(where: { $0.name.scalar == name })?.root else { continue }
            let lines = root["segments"] ?? root
            diagnostics += structure.contradictions(with: elements).map { lines.diagnostic(.mapRule, $0) }
        }
    }

    private mutating func layout(_ root: ConfigurationNode) -> FlatLayout? {
        let decoded = FlatLayout.decode(root)
        diagnostics += decoded.diagnostics
        return decoded.layout
    }

    private mutating func idocSegments(_ root: ConfigurationNode) -> IDocSegments? {
        let decoded = IDocSegments.decode(root)
        diagnostics += decoded.diagnostics
        return decoded.segments
    }

    private mutating func elementTable(_ root: ConfigurationNode) -> SegmentElements? {
        let decoded = SegmentElements.decode(root)
        diagnostics += decoded.diagnostics
        return decoded.elements
    }

    // MARK: - What holds across files

    /// A name is unique in its kind, and it is the one that the file is stored under.
    private mutating func checkNames() {
        var seen: [String: String] = [:]
        for root in roots {
            let name = root.name.scalar ?? ""
            if let first = seen["\(root.kind) \(name)"] {
                diagnostics.append(root.name.diagnostic(.mapDuplicate, "\(root.kind) `\(name)` is also in \(first)"))
            }
            seen["\(root.kind) \(name)"] = root.file
            // Tests are stored beside their mapping, whose name they bear.
            if root.kind == "tests" { continue }
            let stored = root.file.components(after: "Mappings/").droppingSuffix(".yaml").droppingSuffix(".yml")
            guard stored != name, !stored.hasSuffix("/" + name) else { continue }
            diagnostics.append(root.name.diagnostic(
                .mapDuplicate, "\(root.kind) `\(name)` is stored as \(stored)", severity: .warning, hint: "name the file for what it holds"))
        }
    }

    private mutating func checkReferences() {
        let mappings = Dictionary(of("mapping").map { ($0.name.scalar ?? "", $0.root) }, uniquingKeysWith: { first, _ in first })
        for feed in of("feed") {
            for reference in feed.root.list("mappings") {
                let name = reference.scalar ?? ""
                guard let mapping = mappings[name] else {
                    require(reference, "mapping", mappings.keys.sorted())
                    continue
                }
                let format = mapping["reads"]?["format"]?.scalar ?? ""
                guard format != SourceFormat(rawValue: feed.root.text("format"))?.mappingFormat.rawValue else { continue }
                diagnostics.append(reference.diagnostic(
                    .mapRule, "the feed's files are \(feed.root.text("format")); mapping `\(name)` reads \(format)"))
            }
            if let layout = feed.root["layout"] { require(layout, "layout", of("layout").compactMap(\.name.scalar)) }
            if let partner = feed.root["partner"] { require(partner, "partner", of("partner").compactMap(\.name.scalar)) }
        }
        for outbound in of("outbound") + of("outboundSet") { checkInverse(of: outbound.root, mappings) }
        for quality in of("quality") { require(quality.name, "feed", of("feed").compactMap(\.name.scalar)) }
        for tests in of("tests") { checkFeed(of: tests.root) }
        for route in of("route") {
            guard let outbound = route.root["outbound"] else { continue }
            require(outbound, "outbound", (of("outbound") + of("outboundSet")).compactMap(\.name.scalar))
            checkRoute(route.root, outbound)
        }
    }

    private mutating func require(_ reference: ConfigurationNode, _ kind: String, _ known: [String]) {
        let name = reference.scalar ?? ""
        guard !known.contains(name) else { return }
        diagnostics.append(reference.diagnostic(
            .mapUnknownReference, "there is no \(kind) `\(name)`",
            hint: NearestName.hint(name, known) ?? (known.isEmpty ? nil : "there are \(known.joined(separator: ", "))")))
    }

    /// The feed through which tests are read must use the mapping that they test.
    private mutating func checkFeed(of tests: ConfigurationNode) {
        guard let named = tests["feed"] else { return }
        require(named, "feed", of("feed").compactMap(\.name.scalar))
        guard let feed = of("feed").first(where: { $0.name.scalar == named.scalar }), !feed.root.texts("mappings").contains(tests.text("tests"))
        else { return }
        diagnostics.append(named.diagnostic(.mapRule, "feed `\(named.scalar ?? "")` does not use mapping `\(tests.text("tests"))`"))
    }

    /// What an outbound mapping says to be its inverse must make one of the kinds of record that it writes.
    private mutating func checkInverse(of outbound: ConfigurationNode, _ mappings: [String: ConfigurationNode]) {
        guard let named = outbound["inverse"] else { return }
        guard let mapping = mappings[named.scalar ?? ""] else { return require(named, "mapping", mappings.keys.sorted()) }
        let written = outbound.texts("records"), made = mapping.list("records").compactMap { $0["record"]?.scalar }
        guard Set(written).isDisjoint(with: made) else { return }
        diagnostics.append(named.diagnostic(
            .mapRule, "mapping `\(named.scalar ?? "")` makes none of \(written.joined(separator: ", "))", hint: "it makes \(made.joined(separator: ", "))"))
    }

    /// The outbound mapping of a route must write the kind of record that the route takes.
    private mutating func checkRoute(_ route: ConfigurationNode, _ reference: ConfigurationNode) {
        guard let outbound = (of("outbound") + of("outboundSet")).first(where: { $0.name.scalar == reference.scalar })?.root else { return }
        checkPartner(of: route, writesEDI: outbound["outboundSet"] != nil)
        let kinds = outbound.texts("records")
        guard !kinds.contains(route.text("from")) else { return }
        diagnostics.append(reference.diagnostic(
            .mapRule, "outbound `\(reference.scalar ?? "")` does not write \(route.text("from"))",
            hint: kinds.isEmpty ? "it writes named values" : "it writes \(kinds.joined(separator: ", "))"))
    }

    /// A route of an outbound set says the partner, whose file says how it is written; no other one does.
    private mutating func checkPartner(of route: ConfigurationNode, writesEDI: Bool) {
        guard writesEDI else {
            if let partner = route["partner"] { diagnostics.append(partner.diagnostic(.mapRule, "`partner` belongs to a route of an outbound set")) }
            return
        }
        guard let partner = route["partner"] else {
            diagnostics.append(route.diagnostic(.mapRule, "a route of an outbound set says its `partner`"))
            return
        }
        require(partner, "partner", of("partner").compactMap(\.name.scalar))
        let file = of("partner").first { $0.name.scalar == partner.scalar }
        if let file, file.root["send"] == nil {
            diagnostics.append(partner.diagnostic(.mapRule, "partner `\(partner.scalar ?? "")` has no `send`", hint: "say in \(file.file) how interchanges to it are written"))
        }
    }

    /// What a route sends must be writable with the separators that its partner wants.
    private mutating func checkSeparators(_ sets: [OutboundSet], _ partners: [PartnerDefinition]) {
        for route in of("route") {
            guard let set = sets.first(where: { $0.name == route.root.text("outbound") }), let name = route.root["partner"],
                let separators = partners.first(where: { $0.partner == name.scalar })?.send?.separators
            else { continue }
            diagnostics += separators.defects(set.standard).map {
                name.diagnostic(.mapRule, "nothing can be sent with the separators of partner `\(name.scalar ?? "")`: \($0)")
            }
        }
    }

    /// One identifier must lead to one partner.
    private mutating func checkPartners() {
        var seen: [String: String] = [:]
        for partner in of("partner") {
            for identifier in partner.root.list("identifiers") {
                let key = (identifier.optionalText("qualifier") ?? "any") + " " + identifier.text("id")
                if let first = seen[key] {
                    diagnostics.append(identifier.diagnostic(.mapDuplicate, "identifier \(key) is also in \(first)"))
                }
                seen[key] = partner.file
            }
        }
    }
}

extension String {
    /// What follows the last occurrence of a part; the whole text where it does not occur.
    fileprivate func components(after part: String) -> String {
        var rest = Substring(self)
        while let range = rest.firstRange(of: part) { rest = rest[range.upperBound...] }
        return String(rest)
    }

    fileprivate func droppingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
