package import Diagnostics

// The findings of this room; docs/diagnostics/markup.md says what to do about each.
extension DiagnosticCode {
    /// The document is not well-formed. Nothing after that place is read.
    package static let xmlSyntax: DiagnosticCode = "XML-SYNTAX"
    /// The document ends before its root element does.
    package static let xmlTruncated: DiagnosticCode = "XML-TRUNCATED"
    /// The document holds no element.
    package static let xmlEmpty: DiagnosticCode = "XML-EMPTY"
    /// The document has a document type declaration with declarations in it, or one that names a file. It is refused:
    /// nothing is expanded and nothing is fetched.
    package static let xmlDTD: DiagnosticCode = "XML-DTD"
    /// The document's encoding is not one that is read, or its bytes do not fit it.
    package static let xmlEncoding: DiagnosticCode = "XML-ENCODING"
    /// A prefix has no namespace. Names are matched by their local part, so reading goes on.
    package static let xmlNamespace: DiagnosticCode = "XML-NAMESPACE"
    /// libxml2 warns of something that does not keep the document from being read.
    package static let xmlRemark: DiagnosticCode = "XML-REMARK"
    /// Text stands after a child element. It is not given on.
    package static let xmlMixed: DiagnosticCode = "XML-MIXED"
    /// Elements are nested deeper than the limit. Nothing after that place is read.
    package static let xmlDepth: DiagnosticCode = "XML-DEPTH"
    /// An element has more attributes than the limit. Nothing after that place is read.
    package static let xmlAttributes: DiagnosticCode = "XML-ATTRIBUTES"
    /// The document has more different names of elements and attributes than the limit. Nothing after that place is read.
    package static let xmlNames: DiagnosticCode = "XML-NAMES"
    /// A text or an attribute is longer than the limit. Nothing after that place is read.
    package static let xmlText: DiagnosticCode = "XML-TEXT"
    /// The document is larger than the limit. The rest of it is not read.
    package static let xmlSize: DiagnosticCode = "XML-SIZE"
}
