import Configurations
package import Diagnostics
package import EDI

/// The structures of a bundle's `Mappings/structures`, for reading without a feed.
package enum StructureFiles {
    /// The structures that lie in a site's folder; none where it is no site.
    package static func inSite(_ root: String) -> TransactionStructures {
        guard let contents = try? FolderContents(root: root, folder: "Mappings/structures") else { return TransactionStructures() }
        return compile(contents.files).structures ?? TransactionStructures()
    }

    package static func compile(
        _ files: [(path: String, bytes: [UInt8])]
    ) -> (structures: TransactionStructures?, diagnostics: [Diagnostic]) {
        var findings: [Diagnostic] = []
        var structures: [TransactionStructure] = []
        var elements: [SegmentElements] = []
        for file in files where file.path.hasSuffix(".yaml") {
            let (root, problems) = ConfigurationText.parse(String(decoding: file.bytes, as: UTF8.self), file: file.path)
            findings += problems
            guard let root else { continue }
            if root["elements"] != nil {
                let decoded = SegmentElements.decode(root)
                findings += decoded.diagnostics
                if let table = decoded.elements { elements.append(table) }
            } else {
                let decoded = TransactionStructure.decode(root)
                findings += decoded.diagnostics
                if let structure = decoded.structure { structures.append(structure) }
            }
        }
        return (findings.contains { $0.severity == .error } ? nil : TransactionStructures(structures, elements: elements), findings)
    }
}
