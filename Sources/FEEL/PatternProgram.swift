/// A regular expression as instructions. Without back-references it is run as a set of states, in time that grows with text
/// times program; with them by backtracking. Both count their steps.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        case character(UInt32)
        /// Index into ``sets``.
        case set(Int)
        case start
        case end
        case save(Int)
        case jump(Int)
        /// The first way is preferred.
        case split(Int, Int)
        /// The group's number.
        case backReference(Int)
        /// Remembers where a turn of a loop begins, and leaves the loop where the turn took nothing.
        case turn(Int)
        case unlessEmpty(turn: Int, exit: Int)
        case match
    }

    /// Most instructions; counted repetitions are written out.
    static let sizeMax = 10_000

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [PatternSet] = []
    private(set) var turnCount = 0
    let groupCount: Int
    let hasBackReferences: Bool
    let flags: PatternFlags
    /// Whether each match begins at the start of the text.
    private(set) var isAnchored = false
    /// What a match can begin with; nil where that is not known.
    private(set) var firsts: PatternSet?

    init(_ node: PatternNode, groupCount: Int, hasBackReferences: Bool, flags: PatternFlags) throws(PatternFailure) {
        self.groupCount = groupCount
        self.hasBackReferences = hasBackReferences
        self.flags = flags
        try append(.save(0))
        try emit(node)
        try append(.save(1))
        try append(.match)
        isAnchored = !flags.isMultiline && Self.beginsAtStart(node)
        firsts = Self.first(of: node, flags)
    }

    private mutating func append(_ instruction: Instruction) throws(PatternFailure) {
        if instructions.count >= Self.sizeMax {
            throw PatternFailure(
                place: 1, fact: "the pattern takes more than \(Self.sizeMax) parts when its repetitions are written out", isTooLarge: true)
        }
        instructions.append(instruction)
    }

    private mutating func emit(_ node: PatternNode) throws(PatternFailure) {
        switch node {
        case .empty: break
        case .character(let code): try append(.character(code))
        case .set(let set):
            sets.append(set)
            try append(.set(sets.count - 1))
        case .start: try append(.start)
        case .end: try append(.end)
        case .group(let inner, let number):
            if let number { try append(.save(2 * number)) }
            try emit(inner)
            if let number { try append(.save(2 * number + 1)) }
        case .backReference(let number): try append(.backReference(number))
        case .sequence(let parts): for part in parts { try emit(part) }
        case .choice(let branches): try emitChoice(branches)
        case .repetition(let inner, let least, let most, let isReluctant): try emitRepetition(inner, least, most, isReluctant)
        }
    }

    private mutating func emitChoice(_ branches: [PatternNode]) throws(PatternFailure) {
        var jumps: [Int] = []
        for branch in branches.dropLast() {
            let split = instructions.count
            try append(.split(split + 1, 0))
            try emit(branch)
            jumps.append(instructions.count)
            try append(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        if let last = branches.last { try emit(last) }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emitRepetition(_ inner: PatternNode, _ least: Int, _ most: Int?, _ isReluctant: Bool) throws(PatternFailure) {
        for _ in 0..<least {
            let before = instructions.count
            try emit(inner)
            // What takes no instruction matches nothing, however often.
            if instructions.count == before { return }
        }
        guard let most else {
            let split = instructions.count
            let turn = turnCount
            turnCount += 1
            try append(.split(0, 0))
            try append(.turn(turn))
            try emit(inner)
            try append(.unlessEmpty(turn: turn, exit: 0))
            try append(.jump(split))
            let exit = instructions.count
            instructions[exit - 2] = .unlessEmpty(turn: turn, exit: exit)
            instructions[split] = Self.split(split + 1, exit, isReluctant)
            return
        }
        var splits: [Int] = []
        for _ in least..<most {
            splits.append(instructions.count)
            try append(.split(0, 0))
            let before = instructions.count
            try emit(inner)
            if instructions.count == before { break }
        }
        for split in splits { instructions[split] = Self.split(split + 1, instructions.count, isReluctant) }
    }

    private static func split(_ inside: Int, _ exit: Int, _ isReluctant: Bool) -> Instruction {
        isReluctant ? .split(exit, inside) : .split(inside, exit)
    }

    // MARK: what a match begins with

    private static func beginsAtStart(_ node: PatternNode) -> Bool {
        switch node {
        case .start: true
        case .group(let inner, _): beginsAtStart(inner)
        case .sequence(let parts): parts.first.map(beginsAtStart) ?? false
        case .choice(let branches): branches.allSatisfy(beginsAtStart)
        case .repetition(let inner, let least, _, _): least > 0 && beginsAtStart(inner)
        default: false
        }
    }

    private static func first(of node: PatternNode, _ flags: PatternFlags) -> PatternSet? {
        switch node {
        case .character(let code): .single(code, ignoresCase: false)
        case .set(let set): set
        case .group(let inner, _): first(of: inner, flags)
        case .sequence(let parts): parts.first.flatMap { first(of: $0, flags) }
        case .repetition(let inner, let least, _, _): least > 0 ? first(of: inner, flags) : nil
        default: nil
        }
    }
}
