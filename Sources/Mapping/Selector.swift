/// Where in a source document a value stands, as a mapping writes it. docs/mapping.md has the grammar.
///
/// Selectors are immutable and shared: a class, so that passing one on costs one reference.
package final class Selector: Sendable {
    /// Where the search begins.
    enum Scope: Sendable, Hashable {
        /// At the node that the record is made of, then at each enclosing node until something is found.
        case outward
        /// At the node that the record is made of, and only there.
        case here
        /// So many nodes up from it, and only there.
        case up(Int)
        /// At the nearest enclosing node with this name (or the node itself), and only there.
        case enclosing(Int32)
        /// At the outermost node.
        case root
    }

    let text: String
    let scope: Scope
    let steps: [SelectorStep]
    let target: SelectorTarget
    /// What is followed. Safe to share: nobody writes to it.
    nonisolated(unsafe) let code: UnsafePointer<SelectorCode>
    private let memory = CodeMemory()

    init(text: String, scope: Scope, steps: [SelectorStep], target: SelectorTarget) {
        self.text = text
        self.scope = scope
        self.steps = steps
        self.target = target
        let (kind, argument): (SelectorCode.Scope, Int32) = switch scope {
        case .outward: (.outward, 0)
        case .here: (.here, 0)
        case .up(let count): (.up, Int32(count))
        case .enclosing(let name): (.enclosing, name)
        case .root: (.root, 0)
        }
        let made = memory.keep([SelectorCode(scope: kind, argument: argument, steps: memory.keep(steps), target: memory.code(target))])
        guard let address = made.baseAddress else { preconditionFailure("there is one code") }
        code = address
    }
}

/// One step down: a loop, an EDI segment, or an XML element, with what must hold for it.
struct SelectorStep: Sendable, Hashable {
    let symbol: Int32
    /// Number of the namespace URI that the element must have; -1 where its local name is enough.
    var namespace: Int32 = -1
    let predicates: [SelectorPredicate]
}

/// A condition in brackets: `[N101=BY|BT]`, `[PARVW=AG]`, `[@SEGMENT=1]`, `[2]`.
struct SelectorPredicate: Sendable, Hashable {
    enum Test: Sendable, Hashable {
        /// The value equals one of these, as UTF-8.
        case equals(SelectorTarget, [[UInt8]])
        /// The step is the n-th of its name, from 1.
        case position(Int)
    }
    let test: Test
}

/// What is read at the end of the steps.
enum SelectorTarget: Sendable, Hashable {
    /// An element of an EDI segment: `PO107`, `SVC01-2` (component 2).
    case element(tag: Int32, element: Int32, component: Int16)
    /// The element after a qualifier in the pairs of an EDI segment: `PO1{VP}`. Pairs begin at element `from`.
    case pair(tag: Int32, from: Int32, qualifier: [UInt8])
    /// The text of an XML element.
    case text
    /// The text of a child of an XML element; only in predicates. Its namespace is as that of ``SelectorStep``.
    case childText(Int32, namespace: Int32 = -1)
    case attribute(Int32)
    /// A named column of a flat file.
    case column(Int32)
    /// A column by its number, from 1.
    case position(Int32)
}

/// The families of selector, by the format that a mapping reads.
package enum SourceFormat: String, Sendable, CaseIterable {
    case x12, edifact, tradacoms, csv, xml
    /// Files that a layout describes: fixed width, several kinds of row.
    case flat
    /// Flat files of SAP's intermediate documents. Mappings read them as XML.
    case idoc
    /// JSON and JSON lines.
    case json

    /// Elements in elements, which paths lead to.
    package var isTree: Bool { self == .xml || self == .flat || self == .idoc || self == .json }
    /// The format that a mapping for its files reads.
    package var mappingFormat: SourceFormat { self == .idoc ? .xml : self }
    /// With envelopes, transaction sets and elements of EDI segments.
    package var isEDI: Bool { self == .x12 || self == .edifact || self == .tradacoms }
}

/// Why a selector cannot be read.
package struct SelectorFailure: Error, Hashable {
    package let fact: String
    package let hint: String?
    /// 0-based offset into the selector's text, in bytes of UTF-8.
    package let offset: Int
}
