package import Formats

/// How an XML document is to be read.
package struct XMLOptions: Sendable, Hashable {
    /// What is done about a document type declaration that names an external file, as cXML's does. The file is never
    /// fetched and declarations within the document are always refused.
    package enum ExternalDocumentType: String, Sendable, Hashable {
        case refuse
        /// Reads on as if the declaration were not there.
        case ignore
    }

    package var externalDocumentType = ExternalDocumentType.refuse
    /// The path that findings name.
    package var file: String?
    package var limits = ReadLimits()

    package init() {}
}
