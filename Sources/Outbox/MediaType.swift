/// What kind of body a content type names (RFC 9110, 8.3.1; RFC 6839 for suffixes), without its parameters.
package struct MediaType: Hashable, Sendable {
    /// Type and subtype in lower case, such as `application/json`.
    package let name: String

    package init(_ contentType: String) { name = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " } }

    package var isJSON: Bool { name == "application/json" || name.hasSuffix("+json") }
    /// XML, or HTML, which is escaped alike.
    package var isMarkup: Bool { name.hasSuffix("/xml") || name.hasSuffix("+xml") || name == "text/html" }
}
