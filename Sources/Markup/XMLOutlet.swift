import Diagnostics
import Formats

/// Where nodes and findings go while libxml2 is given bytes: it calls functions of C, which cannot be generic over the sink.
class XMLOutlet {
    func opened(_ node: Int32, in arena: inout SourceArena) { preconditionFailure("an outlet leads to a sink") }
    func closed(_ node: Int32, in arena: inout SourceArena) { preconditionFailure("an outlet leads to a sink") }
    func found(_ diagnostic: Diagnostic) { preconditionFailure("an outlet leads to a sink") }
}

/// Leads to a sink, which must stay where it is for as long as this is used.
final class SinkOutlet<Sink: SourceSink>: XMLOutlet {
    private let sink: UnsafeMutablePointer<Sink>

    init(_ sink: UnsafeMutablePointer<Sink>) { self.sink = sink }

    override func opened(_ node: Int32, in arena: inout SourceArena) { sink.pointee.opened(node, in: &arena) }
    override func closed(_ node: Int32, in arena: inout SourceArena) { sink.pointee.closed(node, in: &arena) }
    override func found(_ diagnostic: Diagnostic) { sink.pointee.found(diagnostic) }
}
