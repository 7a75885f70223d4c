import Diagnostics
import Values

extension Compiler {
    mutating func lowerList(_ nodes: [SyntaxNode], _ range: Range<Int>) -> Lowered {
        let items = nodes.map { lower($0) }
        let element = items.isEmpty ? ValueType.any : items.dropFirst().reduce(items[0].type) { Self.joined($0, $1.type) }
        let parts = items.map { Part($0) }
        return folded(
            Lowered(.list(element), range) { frame throws(Fault) in
                var values: [Value] = []
                values.reserveCapacity(parts.count)
                for part in parts { values.append(try part.run(&frame)) }
                return .list(values)
            }, from: items)
    }

    private struct ContextStep {
        let name: String
        let local: Int
        let part: Part
    }

    /// Entries see those before them. An entry that is a function sees itself too.
    mutating func lowerContext(_ entries: [SyntaxEntry], _ range: Range<Int>) -> Lowered {
        var steps: [ContextStep] = []
        var parts: [Lowered] = []
        var types: [String: ValueType] = [:]
        for entry in entries {
            let value: Lowered
            if case .function(let parameters, let body) = entry.value.kind {
                value = lowerFunction(parameters, body, entry.value.range, name: entry.name)
            } else {
                value = lower(entry.value)
            }
            let local = newLocal()
            if let names = value.parameterNames { parameterNames[local] = names }
            steps.append(ContextStep(name: entry.name, local: local, part: Part(value)))
            types[entry.name] = value.type
            parts.append(value)
            push([entry.name: .local(local, value.type)])
        }
        for _ in entries { pop() }
        let run = steps
        let reads = steps.contains { readLocals.contains($0.local) }
        let node = Lowered(.context(types), range) { frame throws(Fault) in
            var values: [(name: String, value: Value)] = []
            values.reserveCapacity(run.count)
            for step in run {
                let value = try step.part.run(&frame)
                if reads { frame.locals[step.local] = value }
                values.append((step.name, value))
            }
            return .context(ContextValue(values))
        }
        return reads ? node : folded(node, from: parts)
    }

    mutating func lowerRange(_ node: SyntaxNode) -> Lowered {
        guard case .range(let lowNode, let lowClosed, let highNode, let highClosed) = node.kind else {
            preconditionFailure("lowerRange takes ranges")
        }
        let low = lowNode.map { lower($0) }, high = highNode.map { lower($0) }
        if let low, let high, !checkComparable(.lessOrEqual, low, high, node.range) {
            return Lowered(.range(.any), node.range) { _ throws(Fault) in .null }
        }
        let element = low.map { low in high.map { Self.joined(low.type, $0.type) } ?? low.type } ?? high?.type ?? .any
        let from = low?.code, to = high?.code
        return folded(
            Lowered(.range(element), node.range) { frame throws(Fault) in
                let a = try from?(&frame), b = try to?(&frame)
                return .range(RangeValue(lower: a, includesLower: lowClosed, upper: b, includesUpper: highClosed))
            }, from: [low, high].compactMap { $0 })
    }

    mutating func lowerPoint(_ inner: SyntaxNode, _ isNegated: Bool, _ range: Range<Int>) -> Lowered {
        let point = lower(inner)
        let code = point.code
        return folded(
            Lowered(.range(point.type), range) { frame throws(Fault) in
                .range(RangeValue(point: try code(&frame), isNegated: isNegated))
            }, from: [point])
    }

    // MARK: paths

    mutating func lowerPath(_ innerNode: SyntaxNode, _ member: String, _ memberRange: Range<Int>, _ range: Range<Int>) -> Lowered {
        let inner = lower(innerNode)
        var type = ValueType.any
        switch Members.type(of: member, in: inner.type) {
        case .known(let found): type = found
        case .unknown(let names):
            let nearest = NameSuggestion.nearest(to: member, among: names)
            report(
                .feelUnknownMember, "\(inner.type.kindName) has no member \(member)", memberRange,
                hint: nearest.map { "did you mean \($0)?" } ?? (names.isEmpty ? nil : "it has " + names.sorted().prefix(12).joined(separator: ", ")))
            if isStrict { return .open(range) }
        }
        let code = inner.code
        return folded(
            Lowered(type, range) { frame throws(Fault) in
                let value = try code(&frame)
                if case .list(let items) = value { try frame.spend(items.count, memberRange) }
                do throws(Refusal) {
                    let found = try Members.value(of: member, in: value, frame.context)
                    if found == .null { frame.note(.feelUnknownMember, memberRange) { "\(member) of a \(value.typeName) is null or not there" } }
                    return found
                } catch {
                    return try frame.reject(error, memberRange)
                }
            }, from: [inner])
    }

    // MARK: filters

    mutating func lowerFilter(_ listNode: SyntaxNode, _ conditionNode: SyntaxNode, _ range: Range<Int>) -> Lowered {
        let list = lowerLookedInto(listNode)
        let element: ValueType = if case .list(let inner) = list.type { inner } else { list.type }
        let item = newLocal()
        var names: [String: Binding] = ["item": .local(item, element)]
        var isOpen = false
        switch element {
        case .context(let fields) where !fields.isEmpty:
            names.merge(fields.mapValues { .member(local: item, $0) }) { _, member in member }
        case .any, .context: isOpen = true
        default: break
        }
        push(names)
        if isOpen { openItems.append(item) }
        let condition = lower(conditionNode)
        if isOpen { openItems.removeLast() }
        pop()
        let collection = list.code
        switch condition.type {
        case .number:
            let index = condition.code
            return folded(
                Lowered(element, range) { frame throws(Fault) in
                    let items = try Self.items(try collection(&frame))
                    return try Self.element(items, try index(&frame), frame, condition.range)
                }, from: [list, condition])
        case .boolean, .null, .any:
            let isDynamic = condition.type == .any
            let cost = Self.cost(conditionNode)
            return Lowered(isDynamic ? .any : .list(element), range) { frame throws(Fault) in
                let items = try Self.items(try collection(&frame))
                return try Self.filter(items, item, condition.code, isDynamic, cost, &frame, condition.range)
            }
        default:
            return failed(.feelType, "a filter is a \(condition.type); expected boolean or number", condition.range)
        }
    }

    /// A value as a list: one that is none is a list of itself, and null is an empty one.
    static func items(_ value: Value) throws(Fault) -> [Value] {
        switch value {
        case .list(let items): items
        case .null: []
        default: [value]
        }
    }

    /// 1-based; -1 is the last. Outside the list it is null.
    private static func element(_ items: [Value], _ index: Value, _ frame: borrowing Frame, _ range: Range<Int>) throws(Fault) -> Value {
        switch index {
        case .number(let number):
            guard let whole = number.integer else { return try frame.reject(.value("an index is a whole number"), range) }
            let place = whole > 0 ? whole - 1 : items.count + whole
            return whole != 0 && items.indices.contains(place) ? items[place] : .null
        case .null: return .null
        default: return try frame.reject(.type("an index is a number; found a \(index.typeName)"), range)
        }
    }

    private static func filter(
        _ items: [Value], _ local: Int, _ condition: Code, _ isDynamic: Bool, _ cost: Int, _ frame: inout Frame, _ range: Range<Int>
    ) throws(Fault) -> Value {
        var kept: [Value] = []
        for (place, item) in items.enumerated() {
            try frame.spend(cost, range)
            frame.locals[local] = item
            switch try condition(&frame) {
            case .boolean(let flag): if flag { kept.append(item) }
            case .null: break
            case .number(let number) where isDynamic && place == 0: return try element(items, .number(number), frame, range)
            case let other: _ = try frame.reject(.type("a filter gives a \(other.typeName); expected boolean"), range)
            }
        }
        return .list(kept)
    }
}

extension ValueType {
    /// The type in a word, without its entries, for messages.
    var kindName: String {
        switch self {
        case .context: "the context"
        case .list: "the list"
        default: description
        }
    }
}
