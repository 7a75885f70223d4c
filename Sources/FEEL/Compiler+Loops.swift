import Diagnostics
import Values

/// What a loop runs over.
enum LoopItems {
    case list([Value])
    /// `low..high`, up or down.
    case numbers(from: Int, step: Int, count: Int)
    case dates(from: Int, step: Int, count: Int)

    var count: Int {
        switch self {
        case .list(let items): items.count
        case .numbers(_, _, let count), .dates(_, _, let count): count
        }
    }

    subscript(place: Int) -> Value {
        switch self {
        case .list(let items): items[place]
        case .numbers(let from, let step, _): .integer(from + step * place)
        case .dates(let from, let step, _): .date(CalendarDate(dayNumber: from + step * place))
        }
    }

    /// Null where there is nothing to run over.
    init?(_ value: Value) throws(Refusal) {
        switch value {
        case .list(let items): self = .list(items)
        case .null: return nil
        case .range(let range):
            guard range.form == .interval, range.includesLower, range.includesUpper, let lower = range.lower, let upper = range.upper else {
                throw .value("a loop runs over a range with both ends closed")
            }
            try self.init(from: lower, to: upper)
            switch self {
            case .numbers(_, -1, _), .dates(_, -1, _): throw .value("a loop runs over a range from low to high")
            default: break
            }
        default: self = .list([value])
        }
    }

    init?(from: Value, to: Value) throws(Refusal) {
        if from == .null || to == .null { return nil }
        switch (from, to) {
        case (.number(let a), .number(let b)):
            guard let low = a.integer, let high = b.integer, abs(low) < 1 << 60, abs(high) < 1 << 60 else {
                throw .value("a loop runs between whole numbers")
            }
            self = .numbers(from: low, step: low <= high ? 1 : -1, count: abs(high - low) + 1)
        case (.date(let a), .date(let b)):
            self = .dates(from: a.dayNumber, step: a <= b ? 1 : -1, count: abs(b.dayNumber - a.dayNumber) + 1)
        default: throw .type("a loop runs between two numbers or two dates; found \(from.typeName) and \(to.typeName)")
        }
    }
}

/// One variable of a loop: where its value goes and what gives its items.
struct LoweredIterator: Sendable {
    let local: Int
    let source: Code
    let end: Code?
    let range: Range<Int>

    /// Nil where there is nothing to run over. A span longer than the steps that are left is refused before it is run.
    func items(_ frame: inout Frame) throws(Fault) -> LoopItems? {
        let from = try source(&frame)
        let to = try end?(&frame)
        do throws(Refusal) {
            let items = if let to { try LoopItems(from: from, to: to) } else { try LoopItems(from) }
            if let items, items.count > frame.stepsLeft {
                throw Refusal(.feelBudget, "the loop takes \(items.count) turns; the limit is \(frame.context.budget.steps) steps")
            }
            return items
        } catch {
            _ = try frame.reject(error, range)
            return nil
        }
    }
}

extension Compiler {
    /// Lowers the iterators and pushes one scope for each, which the caller pops.
    private mutating func lowerIterators(_ iterators: [SyntaxIterator]) -> [LoweredIterator] {
        iterators.map { iterator in
            let source = lower(iterator.source)
            let end = iterator.end.map { lower($0) }
            var type = ValueType.any
            if let end {
                for side in [source, end] where !Self.fits(side.type, .number) && !Self.fits(side.type, .date) {
                    report(.feelType, "an end of a loop is a \(side.type); expected number or date", side.range)
                }
                type = source.type == .date ? .date : (source.type == .number ? .number : .any)
            } else {
                switch source.type {
                case .list(let element), .range(let element): type = element
                default: type = source.type
                }
            }
            let local = newLocal()
            push([iterator.name: .local(local, type)])
            return LoweredIterator(local: local, source: source.code, end: end?.code, range: source.range)
        }
    }

    mutating func lowerLoop(_ iterators: [SyntaxIterator], _ bodyNode: SyntaxNode, _ range: Range<Int>) -> Lowered {
        let lowered = lowerIterators(iterators)
        let partial = newLocal()
        partials.insert(partial)
        push(["partial": .local(partial, .list(.any))])
        let body = lower(bodyNode)
        for _ in 0...iterators.count { pop() }
        let partialLocal = readLocals.contains(partial) ? partial : nil
        let keepsPartial = keptPartials.contains(partial)
        let code = body.code
        let cost = Self.cost(bodyNode)
        let loopLevels = 4 + 2 * iterators.count
        return Lowered(.list(body.type), range) { frame throws(Fault) in
            frame.results.append([])
            try frame.enter(range, levels: loopLevels)
            let turn: (inout Frame) throws(Fault) -> Bool = { frame throws(Fault) in
                let place = frame.results.count - 1
                if let partialLocal {
                    frame.locals[partialLocal] = .list(frame.results[place])
                    // The next turn copies what a value of this one holds.
                    if keepsPartial { try frame.spend(frame.results[place].count, range) }
                }
                let value = try code(&frame)
                if let partialLocal {
                    frame.locals[partialLocal] = .null
                    // The values of a loop that looks at them can hold each other, without end.
                    try frame.spendWalk(value, range)
                }
                if frame.results[place].count >= frame.context.budget.listLength {
                    throw Fault(.feelBudget, "a list is longer than the limit of \(frame.context.budget.listLength) items", range)
                }
                frame.results[place].append(value)
                return true
            }
            let ran = try Self.run(lowered[...], &frame, range, cost, turn)
            frame.leave(levels: loopLevels)
            let values = frame.results.removeLast()
            return ran == nil ? .null : .list(values)
        }
    }

    /// The steps that running a node once counts for: four of its parts a step.
    static func cost(_ node: SyntaxNode) -> Int { 1 + node.size / 4 }

    mutating func lowerQuantified(
        _ every: Bool, _ iterators: [SyntaxIterator], _ bodyNode: SyntaxNode, _ range: Range<Int>
    ) -> Lowered {
        let lowered = lowerIterators(iterators)
        let body = lower(bodyNode)
        for _ in iterators { pop() }
        check(body, is: .boolean, "what is to be satisfied")
        let code = body.code
        let bodyRange = body.range
        let cost = Self.cost(bodyNode)
        let loopLevels = 4 + 2 * iterators.count
        return Lowered(.boolean, range) { frame throws(Fault) in
            try frame.enter(range, levels: loopLevels)
            var unknown = false
            let turn: (inout Frame) throws(Fault) -> Bool = { frame throws(Fault) in
                switch try code(&frame) {
                case .boolean(let flag): return flag == every
                case .null: unknown = true
                case let other:
                    _ = try frame.reject(.type("what is to be satisfied gives a \(other.typeName); expected boolean"), bodyRange)
                    unknown = true
                }
                return true
            }
            let ran = try Self.run(lowered[...], &frame, range, cost, turn)
            frame.leave(levels: loopLevels)
            guard let ran else { return .null }
            if !ran { return .boolean(!every) }
            return unknown ? .null : .boolean(every)
        }
    }

    /// Runs a turn for each combination, the last variable fastest, until one gives false. Nil where a source is null.
    private static func run(
        _ iterators: ArraySlice<LoweredIterator>, _ frame: inout Frame, _ range: Range<Int>, _ cost: Int,
        _ turn: (inout Frame) throws(Fault) -> Bool
    ) throws(Fault) -> Bool? {
        guard let first = iterators.first else {
            try frame.spend(cost, range)
            return try turn(&frame)
        }
        guard let items = try first.items(&frame) else { return nil }
        for place in 0..<items.count {
            if iterators.count > 1 { try frame.spend(1, range) }
            frame.locals[first.local] = items[place]
            switch try run(iterators.dropFirst(), &frame, range, cost, turn) {
            case true?: break
            case let stopped: return stopped
            }
        }
        return true
    }
}
