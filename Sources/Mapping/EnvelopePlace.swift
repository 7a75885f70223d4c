import Formats

/// Where the heads stand that name a sender: their first bytes within the document.
struct EnvelopePlace: Equatable {
    private let interchange: Int
    /// Nil without a functional group.
    private let group: Int?

    /// Nil without an interchange around the node.
    ///
    /// - Parameters:
    ///   - interchange: what is in the head of the interchange.
    ///   - group: what is in that of a functional group.
    init?(of node: Int32, _ interchange: Selector, _ group: Selector?, in scope: SourceScope) {
        guard let head = scope.find(interchange, from: node) else { return nil }
        self.interchange = scope.nodes[Int(head.node)].bytes.lowerBound
        self.group = group.flatMap { scope.find($0, from: node) }.map { scope.nodes[Int($0.node)].bytes.lowerBound }
    }
}
