import Diagnostics
import Markup

/// What a document has beyond the standard: elements of other namespaces and attributes with a prefix, each kind once with the
/// number of times that it comes.
struct IgnoredParts {
    private struct Part {
        let text: String
        let place: Range<Int>
        let path: String
        var count = 1
    }

    /// Names of the namespaces that an editor draws with (DMNDI, DC and DI of all versions).
    private static let diagrams = ["/DMNDI/", "/DC/", "/DI/"]
    /// Kinds that are told apart; the rest is counted under the last.
    private static let kindsMax = 200

    private let namespace: String
    private var parts: [Part] = []
    private var index: [String: Int] = [:]

    init(namespace: String) { self.namespace = namespace }

    mutating func look(at element: MarkupElement) {
        guard element.namespace == namespace else {
            if !Self.diagrams.contains(where: { element.namespace.hasSuffix($0) }) {
                add("the element \(element.name) of \(element.namespace.isEmpty ? "no namespace" : element.namespace)", element.bytes, element.path)
            }
            return
        }
        for attribute in element.attributes where !attribute.prefix.isEmpty && attribute.prefix != "xml" && attribute.prefix != "xsi" {
            add("the attribute \(attribute.prefix):\(attribute.name)", attribute.bytes, element.path)
        }
        for child in element.children { look(at: child) }
    }

    private mutating func add(_ text: String, _ place: Range<Int>, _ path: String) {
        if let known = index[text] {
            parts[known].count += 1
        } else if parts.count < Self.kindsMax {
            index[text] = parts.count
            parts.append(Part(text: text, place: place, path: path))
        } else {
            parts[parts.count - 1].count += 1
        }
    }

    func findings(in document: MarkupDocument) -> [Diagnostic] {
        parts.map { part in
            Diagnostic(
                .modelIgnored, .note,
                "\(part.text) is not of the standard and is not used\(part.count > 1 ? "; it comes \(part.count) times" : "")",
                at: document.position(part.place, path: part.path))
        }
    }
}
