package import Diagnostics

/// The id of a state: the digest of its description's text.
package struct StateID: Hashable, Sendable, CustomStringConvertible {
    package let digest: ContentDigest

    package init(_ digest: ContentDigest) { self.digest = digest }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    package init?(_ hex: String) {
        guard let digest = ContentDigest(hex: hex) else { return nil }
        self.digest = digest
    }

    package var description: String { digest.hex }
}

/// The parts of a state that files make up, each with a manifest of its own.
package enum StateComponent: String, CaseIterable, Hashable, Sendable {
    /// `Mappings/` and `Schemes/`.
    case bundle
    /// `Overrides/`.
    case overrides
    /// `Governance/` but for `Governance/in/`, where signed approvals are dropped.
    case governance

    /// The component that a path belongs to, by its first folder; nil for a path that is of no state.
    package init?(path: String) {
        if path.hasPrefix("Mappings/") || path.hasPrefix("Schemes/") { self = .bundle } else
        if path.hasPrefix("Overrides/") { self = .overrides } else
        if path.hasPrefix("Governance/"), !path.hasPrefix("Governance/in/") { self = .governance } else { return nil }
    }
}

/// Everything that may influence an assignment but records and ticks, by digest. Its id names it for good.
package struct StateDescription: Hashable, Sendable {
    /// The ids of the manifests.
    package let bundle: ContentDigest
    package let overrides: ContentDigest
    package let governance: ContentDigest
    /// The version of the program that evaluates.
    package let engine: String
    /// The version or digest of the time zone rules.
    package let zones: String
    /// Who has the bundle, where it is live for a part of the entities only; nil where everybody has it.
    package let canary: Canary?

    /// A bundle that is live for a part of the entities, its cohort.
    package struct Canary: Hashable, Sendable {
        /// The id of the manifest of the bundle that the rest has.
        package let control: ContentDigest
        /// Who is in the cohort, as one line.
        package let cohort: String

        /// Precondition: `cohort` is a single line of printable text.
        package init(control: ContentDigest, cohort: String) {
            precondition(StatementLines.isLine(cohort), "a cohort is told in a single line")
            self.control = control
            self.cohort = cohort
        }
    }

    /// Precondition: `engine` and `zones` are single lines of printable text.
    package init(
        bundle: ContentDigest, overrides: ContentDigest, governance: ContentDigest, engine: String, zones: String, canary: Canary? = nil
    ) {
        precondition(StatementLines.isLine(engine) && StatementLines.isLine(zones), "engine and zone versions are single lines")
        self.bundle = bundle
        self.overrides = overrides
        self.governance = governance
        self.engine = engine
        self.zones = zones
        self.canary = canary
    }

    /// The same for a part of the entities, or, with nil, for everybody.
    package func with(canary: Canary?) -> StateDescription {
        StateDescription(bundle: bundle, overrides: overrides, governance: governance, engine: engine, zones: zones, canary: canary)
    }

    /// The canonical text: five lines after the first, in this order, and two more where the bundle is live for a part of the entities.
    package var text: String {
        StatementLines.write(StateDescription.title, [
            ("bundle", bundle.hex), ("overrides", overrides.hex), ("governance", governance.hex), ("engine", engine), ("zones", zones),
        ] + (canary.map { [("control", $0.control.hex), ("cohort", $0.cohort)] } ?? []))
    }

    /// The digest of `text`.
    package var id: StateID { StateID(ContentDigest(ofText: text)) }

    /// Reads `text` back; nil with an error for anything that is not exactly such a text.
    package static func parse(_ text: String) -> (state: StateDescription?, diagnostics: [Diagnostic]) {
        let isPartial = text.utf8.count(where: { $0 == 10 }) > keys.count + 1
        let read = StatementLines.read(text, title: title, keys: keys + (isPartial ? ["control", "cohort"] : []), code: .stateText)
        guard let lines = read.lines else { return (nil, read.diagnostics) }
        guard let bundle = ContentDigest(hex: lines[0]), let overrides = ContentDigest(hex: lines[1]),
              let governance = ContentDigest(hex: lines[2]) else {
            return (nil, [Diagnostic(.stateText, .error, "a component of a state is written as 64 hexadecimal digits")])
        }
        var canary: Canary?
        if isPartial {
            guard let control = ContentDigest(hex: lines[5]), control != bundle else {
                return (nil, [Diagnostic(.stateText, .error, "the control of a state is another bundle, written as 64 hexadecimal digits")])
            }
            canary = Canary(control: control, cohort: lines[6])
        }
        let state = StateDescription(bundle: bundle, overrides: overrides, governance: governance, engine: lines[3], zones: lines[4], canary: canary)
        return (state, [])
    }

    /// The id of a component's manifest.
    package func digest(of component: StateComponent) -> ContentDigest {
        switch component {
        case .bundle: bundle
        case .overrides: overrides
        case .governance: governance
        }
    }

    /// The components that differ from another state's.
    package func components(differingFrom other: StateDescription) -> [StateComponent] {
        StateComponent.allCases.filter { digest(of: $0) != other.digest(of: $0) }
    }

    private static let title = "crossdock state 1"
    private static let keys = ["bundle", "overrides", "governance", "engine", "zones"]
}

/// The manifests of a state and what it evaluates with: what a caller builds from the files it read.
package struct StateManifests: Hashable, Sendable {
    package let bundle: Manifest
    package let overrides: Manifest
    package let governance: Manifest
    package let description: StateDescription

    package init(
        bundle: Manifest, overrides: Manifest, governance: Manifest, engine: String, zones: String, canary: StateDescription.Canary? = nil
    ) {
        self.bundle = bundle
        self.overrides = overrides
        self.governance = governance
        description = StateDescription(
            bundle: bundle.id, overrides: overrides.id, governance: governance.id, engine: engine, zones: zones, canary: canary)
    }

    /// Sorts files into components by their first folder. A file of no component is refused: it would influence nothing,
    /// and somebody thought that it would.
    package static func of(
        _ files: [OfferedFile], engine: String, zones: String, canary: StateDescription.Canary? = nil
    ) -> (manifests: StateManifests?, diagnostics: [Diagnostic]) {
        var parts: [StateComponent: [OfferedFile]] = [:]
        // Twins are looked for across components, so that `schemes/` beside `Schemes/` is seen.
        var diagnostics: [Diagnostic] = Manifest.of(files).diagnostics
        for file in files {
            if let component = StateComponent(path: file.path) {
                parts[component, default: []].append(file)
            } else {
                diagnostics.append(Diagnostic(
                    .manifestPath, .error, "\(file.path) is in none of the folders of a state", at: SourcePosition(file: file.path),
                    hint: "a state is made of Mappings/, Schemes/, Overrides/ and Governance/"))
            }
        }
        guard !diagnostics.contains(where: { $0.severity == .error }),
              let bundle = Manifest.of(parts[.bundle] ?? []).manifest,
              let overrides = Manifest.of(parts[.overrides] ?? []).manifest,
              let governance = Manifest.of(parts[.governance] ?? []).manifest else { return (nil, diagnostics) }
        let manifests = StateManifests(bundle: bundle, overrides: overrides, governance: governance, engine: engine, zones: zones, canary: canary)
        return (manifests, diagnostics)
    }

    package var id: StateID { description.id }

    package func manifest(of component: StateComponent) -> Manifest {
        switch component {
        case .bundle: bundle
        case .overrides: overrides
        case .governance: governance
        }
    }
}
