package import Attributes
package import ChangeControl
import Configurations
package import Decisions
package import Diagnostics
package import FEEL
import FlatFiles
package import Mapping
package import Microsegments
import Records
package import Values

/// Everything that one state says, checked and compiled: what live runs, replay, impact and explanation evaluate with.
package struct Bundle: Sendable {
    package let library: MappingLibrary
    package let schemes: [Scheme]
    /// The attributes of each kind of entity that has some, whether or not a scheme reads them, in the order of the kinds' names.
    package let attributes: [AttributePlan]
    package let actions: [Action]
    /// How a change of the bundle goes live; nil is at once.
    package let rollout: RolloutPlan?
    package let overrides: OverrideSet
    /// How long history is kept, and whose is held.
    package let retention: RetentionPolicy
    /// The business time zone.
    package let zone: ZoneRules
    /// The rules of zones that expressions name.
    package let zones: ZoneCatalogue

    /// A scheme; while a change of it is live for a part of the entities, the version that the part has.
    package func scheme(_ name: String) -> Scheme? { schemes.first { $0.name == name } }

    /// The version of a scheme that an arm has: `cohort` or `rest`; nil where everybody has the same.
    package func scheme(_ name: String, arm: String?) -> Scheme? { arm == nil ? scheme(name) : schemes.first { $0.name == name && $0.arm?.name == arm } }

    /// Each scheme once, as ``scheme(_:)`` has it.
    package var namedSchemes: [Scheme] {
        var names: Set<String> = []
        return schemes.filter { names.insert($0.name).inserted }
    }
}

/// Compiles the files of a state into a bundle, with every finding.
package struct BundleCompiler {
    private var findings: [Diagnostic] = []
    /// Bytes of the decision models and cluster models, by path.
    private var models: [String: [UInt8]] = [:]
    private var roots: [(kind: String, path: String, root: ConfigurationNode, bytes: [UInt8])] = []
    private let zones: ZoneCatalogue

    /// - Parameter files: of `Mappings/`, `Schemes/` and `Overrides/`, paths relative to the site's root.
    package static func compile(
        _ files: [(path: String, bytes: [UInt8])], zones: ZoneCatalogue
    ) -> (bundle: Bundle?, diagnostics: [Diagnostic]) {
        var compiler = BundleCompiler(zones: zones)
        return compiler.compile(files)
    }

    private init(zones: ZoneCatalogue) { self.zones = zones }

    private mutating func compile(_ files: [(path: String, bytes: [UInt8])]) -> (bundle: Bundle?, diagnostics: [Diagnostic]) {
        let (library, mappingFindings) = MappingLibrary.compile(
            files.filter { $0.path.hasPrefix("Mappings/") }.map { BundleFile(path: $0.path, bytes: $0.bytes) })
        findings = mappingFindings
        for file in files where file.path.hasPrefix("Schemes/") && Self.isModel(file.path) { models[file.path] = file.bytes }
        for file in files where !file.path.hasPrefix("Mappings/") && file.path.hasSuffix(".yaml") { read(file) }
        for file in files where Self.isSheet(file.path) { readSheet(file) }
        let zone = businessZone()
        let plans = attributePlans()
        let schemes = named("scheme").compactMap { scheme($0, plans) }
        // A scheme that is there and does not compile has its own findings; what refers to it gets none for that.
        let broken = Set(named("scheme").map { $0.root.text("scheme") }).subtracting(schemes.map(\.name))
        findUnused(files)
        if let library { findUnknownFeeds(library) }
        let overrides = named("override").filter { !broken.contains($0.root.text("scheme")) }.compactMap { item in
            keep(SchemeReader.override(item.root, schemes: schemes)).map { (override: $0, root: item.root) }
        }
        findings += SchemeReader.overlaps(overrides)
        let retention = retentionPolicy(schemes)
        findPersonal(plans, retention.personal)
        let access = named("access").compactMap { keep(AccessScope.read($0.root, schemes: schemes)) }
        let actions = library.map { library in
            named("action").filter { !broken.contains($0.root.text("scheme")) }.compactMap { item -> Action? in
                keep(ActionFile.read(item.root, schemes: schemes, library: library, access: access)).map { action in
                    var action = action
                    action.fingerprint = ContentDigest(of: item.bytes).hex
                    return action
                }
            }
        } ?? []
        findUnboundAccess()
        let rollout = rolloutPlan(schemes)
        guard let library, let zone, !findings.contains(where: { $0.severity == .error }) else {
            return (nil, findings)
        }
        let bundle = Bundle(
            library: library, schemes: schemes, attributes: plans.values.sorted { $0.entity.rawValue < $1.entity.rawValue }, actions: actions,
            rollout: rollout, overrides: OverrideSet(overrides.map(\.override)), retention: retention, zone: zone, zones: zones)
        return (bundle, findings)
    }

    /// Files that lie where they would be part of the state and that nothing reads: most likely a slip of the name.
    private mutating func findUnused(_ files: [(path: String, bytes: [UInt8])]) {
        let schemes = roots.filter { $0.kind == "scheme" }.map(\.root)
        let named = Set(schemes.compactMap(SchemeReader.modelPath) + schemes.compactMap(SchemeReader.clusterPath))
        for file in files where file.path.hasPrefix("Schemes/") || file.path.hasPrefix("Overrides/") {
            let isModel = file.path.hasPrefix("Schemes/") && Self.isModel(file.path)
            guard !file.path.hasSuffix(".yaml"), !file.path.hasSuffix(".md"), !Self.isSheet(file.path), !(isModel && named.contains(file.path)) else { continue }
            findings.append(Diagnostic(
                .bundleUnused, .warning, isModel ? "no scheme names this model" : "nothing reads this file",
                at: SourcePosition(file: file.path),
                hint: isModel ? "name it under `rules: model:` of a scheme beside it, or take it out"
                    : "end its name in .yaml where it is configuration, or take it out"))
        }
    }

    /// Access scopes that bind no action: with a slip in its name the target it is meant for may be told everything.
    private mutating func findUnboundAccess() {
        let targets = Set(roots.filter { $0.kind == "action" }.map { $0.root.text("target") })
        for item in roots where item.kind == "access" && !targets.contains(item.root.text("access")) {
            let name = item.root.text("access")
            findings.append((item.root["access"] ?? item.root).diagnostic(
                .actionAccess, "no action writes to \(name), so this binds nobody", severity: .warning,
                hint: NearestName.of(name, in: targets.sorted()).map { "did you mean \($0)?" } ?? "actions write to \(targets.sorted().joined(separator: ", "))"))
        }
    }

    private mutating func keep<Product>(_ result: (Product?, [Diagnostic])) -> Product? {
        findings += result.1
        return result.0
    }

    private static let shapes: [(kind: String, folder: String, shape: ConfigurationShape)] = [
        ("attributes", "Schemes/", AttributeFile.shape), ("scheme", "Schemes/", SchemeFile.scheme),
        ("action", "Schemes/", ActionFile.shape), ("calendar", "Schemes/", SchemeFile.calendar),
        ("retention", "Schemes/", RetentionPolicy.shape), ("access", "Schemes/", AccessScope.shape), ("rollout", "Schemes/", RolloutPlan.shape), ("override", "Overrides/", SchemeFile.override),
    ]

    /// The kinds of file outside `Mappings/`, with their shapes.
    package static var kinds: [ConfigurationKinds.Kind] {
        shapes.map { ConfigurationKinds.Kind(name: $0.kind, files: "\($0.folder)**/*.yaml", shape: $0.shape) }
    }

    private mutating func read(_ file: (path: String, bytes: [UInt8])) {
        let (parsed, problems) = ConfigurationText.parse(String(decoding: file.bytes, as: UTF8.self), file: file.path)
        findings += problems
        guard let root = parsed else { return }
        let known = Self.shapes.filter { file.path.hasPrefix($0.folder) }
        guard let first = root.entries.first, let shape = known.first(where: { $0.kind == first.name }) else {
            let key = root.entries.first?.name ?? root.kindName
            findings.append((root.entries.first?.key ?? root).diagnostic(
                .bundleKind, "the file begins with \(key), which is no kind of file here",
                hint: NearestName.of(key, in: known.map(\.kind)).map { "did you mean \($0)?" } ?? "the first key is one of \(known.map(\.kind).joined(separator: ", "))"))
            return
        }
        let defects = shape.shape.check(root)
        findings += defects
        if !defects.contains(where: { $0.severity == .error }) { roots.append((first.name, file.path, root, file.bytes)) }
    }

    /// Feeds whose freshness a scheme asks for and that there are not.
    private mutating func findUnknownFeeds(_ library: MappingLibrary) {
        let names = library.feeds.map(\.feed)
        for item in roots where item.kind == "scheme" {
            for entry in item.root["freshness"]?.entries ?? [] where !names.contains(entry.name) {
                findings.append(entry.key.diagnostic(
                    .schemeAttributes, "there is no feed \(entry.name)", hint: NearestName.of(entry.name, in: names).map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: ", "))"))
            }
        }
    }

    /// Whether a file holds a decision model or a frozen cluster model.
    private static func isModel(_ path: String) -> Bool { path.hasSuffix(".dmn") || path.hasSuffix(".clusters.jsonl") }

    /// Whether a file holds many overrides, one a row.
    private static func isSheet(_ path: String) -> Bool { path.hasPrefix("Overrides/") && path.hasSuffix(".csv") }

    private mutating func readSheet(_ file: (path: String, bytes: [UInt8])) {
        let (rows, problems) = ConfigurationSheet.read(file.bytes, file: file.path)
        findings += problems
        for row in rows {
            let defects = SchemeFile.override.check(row)
            findings += defects
            if !defects.contains(where: { $0.severity == .error }) { roots.append(("override", file.path, row, file.bytes)) }
        }
    }

    /// The files of a kind, each name once.
    private mutating func named(_ kind: String) -> [(kind: String, path: String, root: ConfigurationNode, bytes: [UInt8])] {
        var first: [String: String] = [:]
        return roots.filter { item in
            guard item.kind == kind else { return false }
            let name = item.root.text(kind)
            if let other = first[name] {
                findings.append((item.root[kind] ?? item.root).diagnostic(.schemeTwice, "\(kind) \(name) is also in \(other)"))
                return false
            }
            first[name] = item.path
            return true
        }
    }

    private mutating func businessZone() -> ZoneRules? {
        guard let calendar = named("calendar").first else {
            findings.append(Diagnostic(
                .bundleCalendar, .error, "there is no calendar", at: SourcePosition(file: "Schemes/calendar.yaml"),
                hint: "add it with `calendar: site` and `timeZone: Europe/Berlin`"))
            return nil
        }
        let name = calendar.root.text("timeZone")
        if let rules = zones[name] { return rules }
        findings.append((calendar.root["timeZone"] ?? calendar.root).diagnostic(
            .bundleCalendar, "\(name) is no time zone that this machine knows", hint: "use an IANA name such as Europe/Berlin, and install tzdata"))
        return nil
    }

    private mutating func retentionPolicy(_ schemes: [Scheme]) -> RetentionPolicy {
        let files = named("retention")
        for second in files.dropFirst() {
            findings.append((second.root["retention"] ?? second.root).diagnostic(
                .retentionTwice, "the retention of this state is in \(files[0].path)", hint: "write all of it into one file"))
        }
        return files.first.flatMap { keep(RetentionPolicy.read($0.root, schemes: schemes.map(\.name))) } ?? .none
    }

    private mutating func rolloutPlan(_ schemes: [Scheme]) -> RolloutPlan? {
        let files = named("rollout")
        for second in files.dropFirst() {
            findings.append((second.root["rollout"] ?? second.root).diagnostic(
                .rolloutPlan, "the rollout of this state is in \(files[0].path)", hint: "a change goes live in one way: write it into one file"))
        }
        guard let plan = files.first.flatMap({ keep(RolloutPlan.read($0.root)) }) else { return nil }
        findings += plan.defects(schemes)
        return plan
    }

    /// Attributes that read personal fields: a decision would hold what has to be forgotten, or hang on a key.
    private mutating func findPersonal(_ plans: [EntityKind: AttributePlan], _ personal: PersonalFields) {
        for item in roots where item.kind == "attributes" {
            guard let entity = EntityKind(rawValue: item.root.text("entity")), let plan = plans[entity] else { continue }
            for entry in item.root.entries("values") {
                guard let attribute = plan.layout.slot(of: entry.name),
                    let read = plan.fieldsRead(by: attribute).first(where: { personal.contains($0.slot, of: $0.kind) })
                else { continue }
                let field = RecordCatalogue.definition(read.kind).fields[read.slot].name
                findings.append(entry.key.diagnostic(
                    .attributePersonal, "\(entry.name) reads \(read.kind.rawValue).\(field), which is personal: it is sealed, and no rule sees it",
                    hint: "go by an identifier, an area or a class that a feed brings as a field of its own"))
            }
        }
    }

    private mutating func attributePlans() -> [EntityKind: AttributePlan] {
        var plans: [EntityKind: AttributePlan] = [:]
        for item in named("attributes") {
            guard let plan = keep(AttributePlanReader.read(item.root)) else { continue }
            if plans[plan.entity] != nil {
                findings.append(item.root.diagnostic(.attributeTwice, "\(plan.entity.rawValue) has attributes in two files"))
            }
            plans[plan.entity] = plan
        }
        return plans
    }

    private mutating func scheme(
        _ item: (kind: String, path: String, root: ConfigurationNode, bytes: [UInt8]), _ plans: [EntityKind: AttributePlan]
    ) -> Scheme? {
        let entity = item.root.text("entity")
        let attributes = roots.filter { $0.kind == "attributes" && $0.root.text("entity") == entity }.flatMap(\.bytes)
        var model: [UInt8] = []
        for path in [SchemeReader.modelPath(item.root), SchemeReader.clusterPath(item.root)] {
            if let path, let bytes = models[path] { model += [0] + bytes }
        }
        return keep(SchemeReader.scheme(
            item.root, plans: plans, models: models, fingerprint: ContentDigest(of: item.bytes + [0] + attributes + model).hex))
    }
}

/// A state that is live, with what it compiles to.
package struct ActiveState: Sendable {
    package let id: String
    package let description: StateDescription
    package let bundle: Bundle

    package func context(now: Instant) -> EvaluationContext { EvaluationContext(now: now, zone: bundle.zone, zones: bundle.zones) }
}
