import Formats

/// Names that an EDI reader gives to the groups of an interchange.
enum EnvelopeName {
    static let interchange = "interchange"
    static let group = "functionalGroup"
    /// How mappings call the node of a transaction set; readers name it by its identifier, such as `850`.
    static let transactionSet = "transactionSet"
    /// The groups that hold the heads of interchanges and functional groups, by the numbers of their tags.
    static func heads(of format: SourceFormat, _ symbols: inout SymbolTable) -> [Int32: Int32] {
        let tags: (interchange: String, group: String)
        switch format {
        case .x12: tags = ("ISA", "GS")
        case .edifact: tags = ("UNB", "UNG")
        case .tradacoms, .csv, .xml, .flat, .idoc, .json: return [:]
        }
        return [symbols.intern(tags.interchange): symbols.intern(interchange), symbols.intern(tags.group): symbols.intern(group)]
    }

    /// Envelope segments: known to everyone, never "unmapped".
    static let segments: Set<String> = [
        "ISA", "IEA", "GS", "GE", "ST", "SE", "TA1", "CTT", "UNB", "UNZ", "UNG", "UNE", "UNH", "UNT", "UNS", "CNT", "STX", "END", "BAT",
        "EOB", "MHD", "MTR", "RSG",
    ]
}

/// Selectors of the envelope that every EDI feed needs: who sent it, what it is.
struct EnvelopeSelectors: Sendable {
    /// The segment that begins a transaction set: ST, UNH, MHD.
    let head: Int32
    /// nil where senders have none.
    let qualifier: Selector?
    let sender: Selector
    /// Where the sender is named that way instead.
    let senderName: Selector?
    /// nil where functional groups name no sender.
    let application: Selector?
    let controlNumber: Selector
    /// Values that make the version, one after the other.
    let version: [Selector]
    /// What is added to the version behind a `/`, where it is there.
    let association: Selector?
    let setIdentifier: Selector
    let setNumber: Selector
    /// The heads of the envelopes stay until their group closes.
    let kept: Set<Int32>

    /// For formats without envelopes: no node has these names.
    static let none: EnvelopeSelectors = {
        var symbols = SymbolTable()
        let some = x12(&symbols)
        return EnvelopeSelectors(
            head: -2, qualifier: some.qualifier, sender: some.sender, senderName: nil, application: some.application,
            controlNumber: some.controlNumber, version: [], association: nil, setIdentifier: some.setIdentifier,
            setNumber: some.setNumber, kept: [])
    }()

    static func x12(_ symbols: inout SymbolTable) -> EnvelopeSelectors {
        EnvelopeSelectors(
            head: symbols.intern("ST"), qualifier: element("ISA", 5, 0, &symbols), sender: element("ISA", 6, 0, &symbols), senderName: nil,
            application: element("GS", 2, 0, &symbols), controlNumber: element("ISA", 13, 0, &symbols),
            version: [element("GS", 8, 0, &symbols)], association: nil, setIdentifier: element("ST", 1, 0, &symbols),
            setNumber: element("ST", 2, 0, &symbols), kept: [symbols.intern("ISA"), symbols.intern("GS"), symbols.intern("ST")])
    }

    /// UNB 0004 and 0007 name the sender, UNH S009 the message.
    static func edifact(_ symbols: inout SymbolTable) -> EnvelopeSelectors {
        EnvelopeSelectors(
            head: symbols.intern("UNH"), qualifier: element("UNB", 2, 2, &symbols), sender: element("UNB", 2, 1, &symbols), senderName: nil,
            application: element("UNG", 2, 1, &symbols), controlNumber: element("UNB", 5, 0, &symbols),
            version: [element("UNH", 2, 2, &symbols), element("UNH", 2, 3, &symbols)],
            association: element("UNH", 2, 5, &symbols), setIdentifier: element("UNH", 2, 1, &symbols),
            setNumber: element("UNH", 1, 0, &symbols), kept: [symbols.intern("UNB"), symbols.intern("UNG"), symbols.intern("UNH")])
    }

    /// STX names the sender by a code, or by a name; MHD the message.
    static func tradacoms(_ symbols: inout SymbolTable) -> EnvelopeSelectors {
        EnvelopeSelectors(
            head: symbols.intern("MHD"), qualifier: nil, sender: element("STX", 2, 1, &symbols), senderName: element("STX", 2, 2, &symbols),
            application: nil, controlNumber: element("STX", 5, 0, &symbols), version: [element("MHD", 2, 2, &symbols)], association: nil,
            setIdentifier: element("MHD", 2, 1, &symbols), setNumber: element("MHD", 1, 0, &symbols),
            kept: [symbols.intern("STX"), symbols.intern("BAT"), symbols.intern("MHD")])
    }

    private static func element(
        _ tag: String, _ number: Int32, _ component: Int16, _ symbols: inout SymbolTable
    ) -> Selector {
        let address = tag + (number < 10 ? "0" : "") + String(number) + (component > 0 ? "-\(component)" : "")
        return Selector(
            text: address, scope: .outward, steps: [],
            target: .element(tag: symbols.intern(tag), element: number, component: component))
    }
}

extension SourceScope {
    /// Whether a node that closed is one that a rule makes a record of.
    func matches(_ rule: RecordCode, _ node: Int32) -> Bool {
        var level = node, index = rule.steps.count - 1
        while index >= 0 {
            let step = rule.steps[index]
            guard level >= 0, isNamed(level, as: step.symbol, step.namespace), holds(step.predicates, at: level, position: 1) else { return false }
            let parent = nodes[Int(level)].parent
            // A segment that heads its loop is not a node of its own: the loop is.
            if level == node, nodes[Int(level)].kind.isRecord, parent >= 0, nodes[Int(parent)].kind.isGroup,
                isNamed(parent, as: step.symbol, step.namespace) { return false }
            level = parent
            index -= 1
        }
        return !rule.isAbsolute || level < 0
    }
}
