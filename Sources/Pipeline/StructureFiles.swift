import Configurations
package import Diagnostics
package import EDI
package import FlatFiles

/// The structures of a bundle's `Mappings/structures`, for reading without a feed.
package struct StructureFiles: Sendable {
    package private(set) var structures = TransactionStructures()
    package private(set) var layouts: [FlatLayout] = []
    package private(set) var segments = IDocSegments()

    package init() {}

    /// What lies in a site's folder; nothing where it is no site.
    package static func inSite(_ root: String) -> StructureFiles {
        guard let contents = try? FolderContents(root: root, folder: "Mappings/structures") else { return StructureFiles() }
        return compile(contents.files).files ?? StructureFiles()
    }

    /// - Returns: what the files say, where none of them has an error, and every finding.
    package static func compile(
        _ files: [(path: String, bytes: [UInt8])]
    ) -> (files: StructureFiles?, diagnostics: [Diagnostic]) {
        var findings: [Diagnostic] = []
        var structures: [TransactionStructure] = []
        var elements: [SegmentElements] = []
        var segments: [IDocSegments] = []
        var result = StructureFiles()
        for file in files where file.path.hasSuffix(".yaml") {
            let (root, problems) = ConfigurationText.parse(String(decoding: file.bytes, as: UTF8.self), file: file.path)
            findings += problems
            guard let root else { continue }
            switch root.entries.first?.name {
            case "elements": keep(SegmentElements.decode(root), &elements, &findings)
            case "layout": keep(FlatLayout.decode(root), &result.layouts, &findings)
            case "idoc": keep(IDocSegments.decode(root), &segments, &findings)
            default: keep(TransactionStructure.decode(root), &structures, &findings)
            }
        }
        result.structures = TransactionStructures(structures, elements: elements)
        result.segments = IDocSegments(segments)
        return (findings.contains { $0.severity == .error } ? nil : result, findings)
    }

    private static func keep<Product>(_ decoded: (Product?, [Diagnostic]), _ products: inout [Product], _ findings: inout [Diagnostic]) {
        findings += decoded.1
        if let product = decoded.0 { products.append(product) }
    }
}
