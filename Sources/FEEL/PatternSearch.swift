/// Runs a program over a text as a list of states in order of preference (Thompson 1968; Pike's captures as in Cox,
/// "Regular Expression Matching: the Virtual Machine Approach", 2009): no text makes it slow.
struct PatternSearch {
    private let program: PatternProgram
    private let text: [UInt32]
    /// Bounds of groups that each state carries; 0 where only the answer is wanted.
    private let width: Int
    private(set) var stepsLeft: Int
    private var current: States
    private var next: States
    private var stack: [Pending] = []

    /// The states of one place, in order of preference, each once.
    private struct States {
        var order: [Int] = []
        /// Where a state stands in `order`; meaningful only if it stands there.
        var places: [Int]
        var bounds: [Int]

        init(_ size: Int, _ width: Int) {
            order.reserveCapacity(size)
            places = Array(repeating: 0, count: size)
            bounds = Array(repeating: -1, count: size * width)
        }

        mutating func insert(_ state: Int) -> Bool {
            let place = places[state]
            if place < order.count, order[place] == state { return false }
            places[state] = order.count
            order.append(state)
            return true
        }
    }

    private enum Pending {
        case visit(Int)
        case restore(slot: Int, value: Int)
    }

    /// - Parameter keepsGroups: whether the places of groups are wanted; else only whether there is a match.
    init(_ program: PatternProgram, _ text: [UInt32], keepsGroups: Bool, steps: Int) {
        self.program = program
        self.text = text
        width = keepsGroups ? 2 * (program.groupCount + 1) : 0
        stepsLeft = steps
        current = States(program.instructions.count, width)
        next = States(program.instructions.count, width)
    }

    /// The bounds of the leftmost match and of its groups (-1 where a group has none); empty where no bounds are kept; nil where there is no match.
    mutating func find(from start: Int) throws(PatternLimit) -> [Int]? {
        current.order.removeAll(keepingCapacity: true)
        next.order.removeAll(keepingCapacity: true)
        var found: [Int]?
        var scratch = Array(repeating: -1, count: width)
        var place = start
        while true {
            if found == nil {
                if current.order.isEmpty {
                    if program.isAnchored && place > 0 { return nil }
                    place = skipped(place)
                }
                for slot in scratch.indices { scratch[slot] = -1 }
                try Self.follow(program, text, 0, place, &scratch, into: &current, &stack, &stepsLeft)
            }
            if current.order.isEmpty { return found }
            let code = place < text.count ? text[place] : UInt32.max
            states: for state in current.order {
                stepsLeft -= 1
                switch program.instructions[state] {
                case .character(let wanted): if wanted != code { continue }
                case .set(let index): if code == .max || !program.sets[index].contains(code) { continue }
                case .match:
                    if width == 0 { return [] }
                    found = Array(current.bounds[(state * width)..<(state * width + width)])
                    // The states after it are less preferred.
                    break states
                default: continue
                }
                for slot in 0..<width { scratch[slot] = current.bounds[state * width + slot] }
                try Self.follow(program, text, state + 1, place + 1, &scratch, into: &next, &stack, &stepsLeft)
            }
            if stepsLeft < 0 { throw PatternLimit() }
            swap(&current, &next)
            next.order.removeAll(keepingCapacity: true)
            if place >= text.count { return found }
            place += 1
        }
    }

    /// The next place at which a match can begin.
    private func skipped(_ place: Int) -> Int {
        guard let firsts = program.firsts else { return place }
        var place = place
        while place < text.count, !firsts.contains(text[place]) { place += 1 }
        return place
    }

    /// Adds the states that are reached from one without taking a character.
    private static func follow(
        _ program: PatternProgram, _ text: [UInt32], _ state: Int, _ place: Int, _ bounds: inout [Int], into states: inout States,
        _ stack: inout [Pending], _ stepsLeft: inout Int
    ) throws(PatternLimit) {
        let width = bounds.count
        stack.append(.visit(state))
        while let pending = stack.popLast() {
            guard case .visit(var state) = pending else {
                if case .restore(let slot, let value) = pending { bounds[slot] = value }
                continue
            }
            walk: while states.insert(state) {
                stepsLeft -= 1
                switch program.instructions[state] {
                case .jump(let target): state = target
                case .split(let first, let second):
                    stack.append(.visit(second))
                    state = first
                case .turn, .unlessEmpty: state += 1
                case .save(let slot):
                    if slot < width {
                        stack.append(.restore(slot: slot, value: bounds[slot]))
                        bounds[slot] = place
                    }
                    state += 1
                case .start:
                    guard PatternPlace.isStart(place, text, program.flags) else { break walk }
                    state += 1
                case .end:
                    guard PatternPlace.isEnd(place, text, program.flags) else { break walk }
                    state += 1
                case .character, .set, .match, .backReference:
                    for slot in 0..<width { states.bounds[state * width + slot] = bounds[slot] }
                    break walk
                }
            }
        }
        if stepsLeft < 0 {
            stack.removeAll()
            throw PatternLimit()
        }
    }
}

/// Where `^` and `$` match (XPath and XQuery Functions 3.1, section 5.6.1).
enum PatternPlace {
    static func isStart(_ place: Int, _ text: [UInt32], _ flags: PatternFlags) -> Bool {
        // After a newline, but not after one that ends the text.
        place == 0 || (flags.isMultiline && text[place - 1] == 10 && place < text.count)
    }

    static func isEnd(_ place: Int, _ text: [UInt32], _ flags: PatternFlags) -> Bool {
        guard flags.isMultiline else { return place == text.count }
        return place < text.count ? text[place] == 10 : text.last != 10
    }
}
