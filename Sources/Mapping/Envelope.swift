import Formats

/// Names that an EDI reader gives to the groups of an interchange.
enum EnvelopeName {
    static let interchange = "interchange"
    static let group = "functionalGroup"
    /// How mappings call the node of a transaction set; readers name it by its identifier, such as `850`.
    static let transactionSet = "transactionSet"
    /// Envelope segments: known to everyone, never "unmapped".
    static let segments: Set<String> = ["ISA", "IEA", "GS", "GE", "ST", "SE", "TA1", "CTT"]
}

/// Selectors of the envelope that every X12 feed needs: who sent it, what it is.
struct EnvelopeSelectors: Sendable {
    let qualifier: Selector
    let sender: Selector
    let application: Selector
    let controlNumber: Selector
    let version: Selector
    let setIdentifier: Selector
    let setNumber: Selector
    /// ISA, GS and ST stay until their group closes.
    let kept: Set<Int32>

    init(_ symbols: inout SymbolTable) {
        func element(_ tag: String, _ number: Int32) -> Selector {
            Selector(
                text: tag + (number < 10 ? "0" : "") + String(number), scope: .outward, steps: [],
                target: .element(tag: symbols.intern(tag), element: number, component: 0))
        }
        qualifier = element("ISA", 5)
        sender = element("ISA", 6)
        controlNumber = element("ISA", 13)
        application = element("GS", 2)
        version = element("GS", 8)
        setIdentifier = element("ST", 1)
        setNumber = element("ST", 2)
        kept = [symbols.intern("ISA"), symbols.intern("GS"), symbols.intern("ST")]
    }
}

extension SourceScope {
    /// Whether a node that closed is one that the rule makes a record of.
    func matches(_ each: RecordRule.Each, _ node: Int32) -> Bool {
        guard case .path(let absolute, let steps) = each else { return true }
        var level = node
        for (offset, step) in steps.reversed().enumerated() {
            guard level >= 0, symbol(of: level) == step.symbol, holds(step.predicates, at: level, position: 1) else { return false }
            let parent = nodes[Int(level)].parent
            // A segment that heads its loop is not a node of its own: the loop is.
            if offset == 0, nodes[Int(level)].kind == .record, parent >= 0, nodes[Int(parent)].kind == .group,
                symbol(of: parent) == step.symbol { return false }
            level = parent
        }
        return !absolute || level < 0
    }
}
