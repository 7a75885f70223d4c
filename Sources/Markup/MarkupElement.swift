/// One element of a document that is small enough to be held whole.
package struct MarkupElement: Sendable {
    /// Local name.
    package let name: String
    /// Namespace URI; empty where there is none.
    package let namespace: String
    /// In the order of the document, namespace declarations left out.
    package let attributes: [MarkupAttribute]
    /// The text before the first child, entities and CDATA undone and nothing trimmed; nil where there is none.
    package let text: MarkupText?
    package let children: [MarkupElement]
    /// From the `<` of the start tag to the end of the end tag.
    package let bytes: Range<Int>
    /// From the root, by local names, siblings of one name numbered from 2: `/definitions/decision[2]`.
    package let path: String

    /// The value of the first attribute with a local name.
    package func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

    /// The children with a local name, in order.
    package func children(named name: String) -> [MarkupElement] { children.filter { $0.name == name } }
}

/// One attribute of a ``MarkupElement``.
package struct MarkupAttribute: Hashable, Sendable {
    /// As the document spells it; empty where there is none, and the attribute is the element's own.
    package let prefix: String
    package let name: String
    package let value: String
    /// Of the value, quotes not included.
    package let bytes: Range<Int>
}

/// The text of a ``MarkupElement``.
package struct MarkupText: Hashable, Sendable {
    package let string: String
    /// What spells it in the document.
    package let bytes: Range<Int>
}
