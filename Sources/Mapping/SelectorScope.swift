/// Fits selectors to the node that a record is made of, and collects which names must be kept in memory for them.
struct SelectorScope {
    let format: SourceFormat
    let each: RecordRule.Each
    /// Names that an enclosing or later record may still ask for.
    private(set) var kept: Set<Int32> = []
    /// Names that some rule speaks of.
    private(set) var spoken: Set<Int32> = []
    /// The group that the head of an interchange or functional group stands in, by its tag: nothing within a transaction set is one.
    private let envelopes: [Int32: Int32]

    init(format: SourceFormat, each: RecordRule.Each, envelopes: [Int32: Int32] = [:]) {
        self.format = format
        self.each = each
        self.envelopes = envelopes
        if case .path(_, let steps) = each {
            for step in steps {
                spoken.insert(step.symbol)
                note(step.predicates)
            }
        }
    }

    private var eachSteps: [SelectorStep] {
        guard case .path(_, let steps) = each else { return [] }
        return steps
    }

    private var eachNames: [Int32] { eachSteps.map(\.symbol) }

    /// Settles where a selector is searched, so that it never reads a sibling of the node by mistake.
    mutating func fit(_ selector: Selector) -> Selector {
        var scope = selector.scope
        var ownSteps = selector.steps
        let names = eachNames
        switch scope {
        case .outward:
            guard let head = selector.head else { break }
            if head == names.last {
                scope = .here
            } else if names.contains(head) {
                scope = .enclosing(head)
            } else if selector.steps.isEmpty, let envelope = envelopes[head] {
                scope = .enclosing(envelope)
            }
        case .root:
            guard case .path(true, _) = each else { break }
            let shared = zip(ownSteps, eachSteps).prefix { $0.symbol == $1.symbol && $0.namespace == $1.namespace }.count
            guard shared > 0 else { break }
            ownSteps.removeFirst(shared)
            scope = names.count == shared ? .here : .up(names.count - shared)
        case .here, .up, .enclosing:
            break
        }
        let fitted = Selector(text: selector.text, scope: scope, steps: ownSteps, target: selector.target)
        note(fitted, own: format.isEDI ? Set(names) : [])
        return fitted
    }

    private mutating func note(_ selector: Selector, own: Set<Int32>) {
        for step in selector.steps {
            spoken.insert(step.symbol)
            if !own.contains(step.symbol) { kept.insert(step.symbol) }
            note(step.predicates)
        }
        note(selector.target, own: own)
    }

    private mutating func note(_ predicates: [SelectorPredicate]) {
        for predicate in predicates {
            if case .equals(let target, _) = predicate.test { note(target, own: Set(eachNames)) }
        }
    }

    private mutating func note(_ target: SelectorTarget, own: Set<Int32>) {
        switch target {
        case .element(let name, _, _), .pair(let name, _, _), .childText(let name, _):
            spoken.insert(name)
            if !own.contains(name) { kept.insert(name) }
        case .column(let name), .attribute(let name):
            spoken.insert(name)
        case .text, .position:
            break
        }
    }
}

extension Selector {
    /// The name that the search begins with.
    var head: Int32? {
        if let first = steps.first { return first.symbol }
        switch target {
        case .element(let tag, _, _), .pair(let tag, _, _): return tag
        default: return nil
        }
    }
}
