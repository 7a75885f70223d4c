package import Configurations
package import Diagnostics

/// What a partner's guide says over the standard: which EDI segments and loops it uses, how often, and how a qualifier tells
/// them apart. It is data (`Mappings/guides/alpenmarkt-850.yaml`), laid over a structure.
package struct StructureGuide: Sendable {
    /// The structure that it is laid over, such as `x12/850`.
    package let over: String
    /// Partners whose interchanges it holds for.
    package let partners: [String]
    /// Versions that it holds for; those of the structure where it says none.
    package let versions: [String]
    let entries: [TransactionStructure.Entry]

    /// What a guide's file holds.
    package static let shape = ConfigurationShape.record([
        ConfigurationKey("guide", .text, required: true, "Name of this guide in the bundle, such as alpenmarkt-850."),
        ConfigurationKey("over", .text, required: true, "Name of the structure that it is laid over, such as x12/850."),
        ConfigurationKey("partners", .list(.text), required: true, "Partners whose interchanges it holds for."),
        ConfigurationKey("versions", .list(.text), default: "those of the structure", "Versions that it holds for."),
        ConfigurationKey(
            "segments", .text, required: true,
            "Lines of the structure that are used otherwise: as there, or `TAG X` for what is not used; `where 01 = A|B` for certain values of an element, with `as name` for the loop; after `;` what is asked of elements."),
    ])

    /// Makes a guide of a file's root. There is none where a finding is an error.
    package static func decode(_ root: ConfigurationNode) -> (guide: StructureGuide?, diagnostics: [Diagnostic]) {
        let findings = shape.check(root)
        guard findings.allSatisfy({ $0.severity < .error }), let segments = root["segments"] else { return (nil, findings) }
        var parser = StructureLines(node: segments, isGuide: true)
        let entries = parser.parse(segments.scalar ?? "")
        guard parser.diagnostics.isEmpty else { return (nil, findings + parser.diagnostics) }
        return (
            StructureGuide(over: root.text("over"), partners: root.texts("partners"), versions: root.texts("versions"), entries: entries),
            findings
        )
    }

    /// Names that it gives to loops.
    package var loopNames: [String] { Self.names(entries) }

    private static func names(_ entries: [TransactionStructure.Entry]) -> [String] {
        entries.flatMap { ($0.name.map { [$0] } ?? []) + names($0.children) }
    }

    /// The structure with the guide laid over it, or what of the guide contradicts it.
    package func laid(over standard: TransactionStructure) -> Result<TransactionStructure, Contradiction> {
        var contradictions: [String] = []
        let laid = Self.lay(entries, over: standard.entries, in: standard.transactionSet, &contradictions)
        guard contradictions.isEmpty else { return .failure(Contradiction(facts: contradictions)) }
        return .success(TransactionStructure(
            transactionSet: standard.transactionSet, versions: versions.isEmpty ? standard.versions : versions,
            near: versions.isEmpty ? standard.near : [], entries: laid))
    }

    /// Why a guide cannot be laid over its structure.
    package struct Contradiction: Error {
        package let facts: [String]
    }

    private static func lay(
        _ lines: [TransactionStructure.Entry], over standard: [TransactionStructure.Entry], in place: String,
        _ contradictions: inout [String]
    ) -> [TransactionStructure.Entry] {
        var laid = standard
        for written in lines {
            var line = written
            let places = standard.indices.filter { standard[$0].tag == line.tag }
            guard line.place <= places.count else {
                contradictions.append("\(place) has no \(line.tag)" + (line.place > 1 ? "/\(line.place)" : ""))
                continue
            }
            let index = places[line.place - 1], base = standard[index]
            // Any number is any that the standard allows.
            if line.max == .max { line.max = base.max }
            if let contradiction = contradiction(line, base, in: place) {
                contradictions.append(contradiction)
                continue
            }
            switch ElementUse.lay(line.elements, over: base.elements) {
            case .success(let uses): line.elements = uses
            case .failure(let contradiction):
                contradictions.append("\(contradiction.use.name(line.tag)) in \(place) is not as the structure has it")
            }
            let children = lay(line.children, over: base.children, in: "loop \(line.label)", &contradictions)
            if line.condition == nil {
                laid[index].isMandatory = line.isMandatory
                laid[index].max = line.max
                laid[index].name = line.name
                laid[index].children = children
                laid[index].elements = line.elements
            } else {
                var variant = line
                variant.isHierarchical = base.isHierarchical
                variant.children = children
                laid[index].variants.append(variant)
            }
        }
        // What is split is there where any of its variants is: the standard's own demand holds for all of them together.
        for index in laid.indices where !laid[index].variants.isEmpty { laid[index].isMandatory = standard[index].isMandatory }
        return laid
    }

    /// A guide only restricts.
    private static func contradiction(
        _ line: TransactionStructure.Entry, _ base: TransactionStructure.Entry, in place: String
    ) -> String? {
        if line.max > base.max { return "\(line.label) may be used \(line.max) times in \(place); the standard has \(base.max)" }
        if line.condition == nil, base.isMandatory, !line.isMandatory, line.max > 0 {
            return "\(line.tag) is optional in \(place); the standard makes it mandatory"
        }
        if line.max > 0, line.isLoop != base.isLoop { return "\(line.tag) is \(base.isLoop ? "a" : "no") loop in \(place)" }
        return nil
    }
}
