import Formats

/// Where the heads stand that name a sender: their first bytes within the document.
struct EnvelopePlace: Equatable {
    private let interchange: Int
    /// Nil without a functional group.
    private let group: Int?

    /// Nil without an interchange around the node.
    init?(of node: Int32, by envelope: EnvelopeSelectors, in scope: SourceScope) {
        guard let head = scope.find(envelope.controlNumber, from: node) else { return nil }
        interchange = scope.nodes[Int(head.node)].bytes.lowerBound
        group = envelope.application.flatMap { scope.find($0, from: node) }.map { scope.nodes[Int($0.node)].bytes.lowerBound }
    }
}
