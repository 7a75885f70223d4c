package import Diagnostics
import Formats
import Markup

extension DecisionModel {
    /// Largest model that is read, in bytes.
    package static let bytesMax = 16 << 20
    /// Most elements of one model.
    package static let elementsMax = 400_000
    /// How deep elements may nest.
    package static let depthMax = 200

    /// Reads a `.dmn` file. Nothing is fetched, no document type is read, and nothing is compiled.
    ///
    /// The model is there unless the document is not well-formed, is no decision model of a known version, or is larger than
    /// the limits; an element in error is left out or open, and the rest is read. Findings have line, column and bytes.
    /// - Parameter file: the path that findings name.
    package static func read(_ bytes: [UInt8], file: String?) -> (model: DecisionModel?, diagnostics: [Diagnostic]) {
        var options = XMLOptions()
        options.file = file
        options.limits.documentBytes = bytesMax
        options.limits.depth = depthMax
        let document = MarkupDocument.read(bytes, options: options)
        guard let root = document.root else { return (nil, document.diagnostics) }
        var reader = ModelReader(document: document, file: file)
        let model = reader.read(root)
        return (model, document.diagnostics + reader.diagnostics.sorted)
    }
}
