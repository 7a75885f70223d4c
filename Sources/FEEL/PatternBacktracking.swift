/// Runs a program that has back-references, way after way. What it may try is bounded by its steps and by the ways that it keeps
/// open: some texts take time that grows exponentially with their length.
struct PatternBacktracking {
    /// Most ways kept open at one time.
    private static let waysMax = 500_000

    private let program: PatternProgram
    private let text: [UInt32]
    private(set) var stepsLeft: Int
    private var bounds: [Int] = []
    private var turns: [Int] = []
    private var ways: [Way] = []

    private enum Way {
        case run(state: Int, place: Int)
        case restoreBound(slot: Int, value: Int)
        case restoreTurn(turn: Int, value: Int)
    }

    init(_ program: PatternProgram, _ text: [UInt32], steps: Int) {
        self.program = program
        self.text = text
        stepsLeft = steps
    }

    /// As ``PatternSearch/find(from:)``, with bounds.
    mutating func find(from start: Int) throws(PatternLimit) -> [Int]? {
        for place in start...max(start, text.count) {
            if program.isAnchored && place > 0 { return nil }
            bounds = Array(repeating: -1, count: 2 * (program.groupCount + 1))
            turns = Array(repeating: -1, count: program.turnCount)
            ways.removeAll(keepingCapacity: true)
            if try matches(at: place) { return bounds }
        }
        return nil
    }

    private mutating func matches(at start: Int) throws(PatternLimit) -> Bool {
        ways.append(.run(state: 0, place: start))
        while let way = ways.popLast() {
            switch way {
            case .restoreBound(let slot, let value): bounds[slot] = value
            case .restoreTurn(let turn, let value): turns[turn] = value
            case .run(let state, let place): if try run(state, place) { return true }
            }
        }
        return false
    }

    /// Follows one way to its end, and leaves the others open.
    private mutating func run(_ first: Int, _ start: Int) throws(PatternLimit) -> Bool {
        var state = first, place = start
        while true {
            // A way costs more than a state, and there may be exponentially many.
            stepsLeft -= 2
            if stepsLeft < 0 || ways.count > Self.waysMax { throw PatternLimit() }
            switch program.instructions[state] {
            case .character(let wanted):
                guard place < text.count, text[place] == wanted else { return false }
                place += 1
            case .set(let index):
                guard place < text.count, program.sets[index].contains(text[place]) else { return false }
                place += 1
            case .start: guard PatternPlace.isStart(place, text, program.flags) else { return false }
            case .end: guard PatternPlace.isEnd(place, text, program.flags) else { return false }
            case .save(let slot):
                ways.append(.restoreBound(slot: slot, value: bounds[slot]))
                bounds[slot] = place
            case .jump(let target):
                state = target
                continue
            case .split(let preferred, let other):
                ways.append(.run(state: other, place: place))
                state = preferred
                continue
            case .turn(let turn):
                ways.append(.restoreTurn(turn: turn, value: turns[turn]))
                turns[turn] = place
            case .unlessEmpty(let turn, let exit):
                if turns[turn] == place {
                    state = exit
                    continue
                }
            case .backReference(let group):
                guard let end = repeated(group, at: place) else { return false }
                place = end
            case .match: return true
            }
            state += 1
        }
    }

    /// Where the group's text ends if it comes again here. A group that took no part matches nothing, anywhere.
    private mutating func repeated(_ group: Int, at place: Int) -> Int? {
        let from = bounds[2 * group], to = bounds[2 * group + 1]
        guard from >= 0, to >= from else { return place }
        guard text.count - place >= to - from else { return nil }
        stepsLeft -= (to - from) / 8
        for offset in 0..<(to - from) {
            let a = text[from + offset], b = text[place + offset]
            guard a == b || (program.flags.ignoresCase && CaseVariants.areVariants(a, b)) else { return nil }
        }
        return place + to - from
    }
}
