/// A selector as it is followed: numbers and addresses alone, so that following one counts no reference and makes nothing.
///
/// The addresses are good for as long as the ``Selector`` or the ``CompiledMapping`` that they were made for.
struct SelectorCode {
    enum Scope: UInt8 { case outward, here, up, enclosing, root }

    let scope: Scope
    /// For `up` so many nodes, for `enclosing` the number of the name.
    let argument: Int32
    let steps: UnsafeBufferPointer<StepCode>
    let target: TargetCode
}

/// ``SelectorStep`` as it is followed.
struct StepCode {
    let symbol: Int32
    let namespace: Int32
    let predicates: UnsafeBufferPointer<PredicateCode>
}

/// ``SelectorPredicate`` as it is asked.
struct PredicateCode {
    /// The step is the n-th of its name; 0 where the value is compared.
    let position: Int
    let target: TargetCode
    /// One of these, as UTF-8.
    let texts: UnsafeBufferPointer<UnsafeBufferPointer<UInt8>>
    /// Whether one of them is empty, which a value that is not there equals.
    let takesNothing: Bool
}

/// ``SelectorTarget`` as it is read.
struct TargetCode {
    enum Kind: UInt8 { case element, pair, text, childText, named, position }

    var kind = Kind.text
    /// Number of a tag, an element, an attribute or a column.
    var name: Int32 = -1
    var namespace: Int32 = -1
    /// The element; of pairs the one that they begin at; the number of a column.
    var number: Int32 = 0
    var component: Int16 = 0
    var qualifier = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// The qualifier in words; no text where it is long, or there is none.
    var shortQualifier = ShortText()
}

/// The memory of code: written once, then read by anybody, and let go of with its owner.
///
/// Safe to share (`@unchecked`): only what makes the code adds to it.
final class CodeMemory: @unchecked Sendable {
    private var blocks: [UnsafeMutableRawPointer] = []

    func keep<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
        guard !elements.isEmpty else { return UnsafeBufferPointer(start: nil, count: 0) }
        let block = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
        _ = block.initialize(from: elements)
        if let address = block.baseAddress { blocks.append(UnsafeMutableRawPointer(address)) }
        return UnsafeBufferPointer(block)
    }

    func keep(_ steps: [SelectorStep]) -> UnsafeBufferPointer<StepCode> {
        keep(steps.map { step in
            StepCode(symbol: step.symbol, namespace: step.namespace, predicates: keep(step.predicates.map { code($0.test) }))
        })
    }

    private func code(_ test: SelectorPredicate.Test) -> PredicateCode {
        switch test {
        case .position(let position):
            return PredicateCode(position: position, target: TargetCode(), texts: keep([]), takesNothing: false)
        case .equals(let target, let values):
            return PredicateCode(position: 0, target: code(target), texts: keep(values.map { keep($0) }), takesNothing: values.contains([]))
        }
    }

    func code(_ target: SelectorTarget) -> TargetCode {
        switch target {
        case .element(let tag, let element, let component): TargetCode(kind: .element, name: tag, number: element, component: component)
        case .pair(let tag, let from, let qualifier):
            TargetCode(
                kind: .pair, name: tag, number: from, qualifier: keep(qualifier),
                shortQualifier: qualifier.withUnsafeBufferPointer { ShortText($0) } ?? ShortText())
        case .text: TargetCode(kind: .text)
        case .childText(let name, let namespace): TargetCode(kind: .childText, name: name, namespace: namespace)
        case .attribute(let name), .column(let name): TargetCode(kind: .named, name: name)
        case .position(let column): TargetCode(kind: .position, number: column)
        }
    }

    deinit { for block in blocks { block.deallocate() } }
}
