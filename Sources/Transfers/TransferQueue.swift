/// What is accepted and waits: a queue a group, each in order. Groups take turns, and one that has as many running as it may is passed over, so that a slow
/// group keeps no other waiting.
struct TransferQueue {
    private final class Line {
        let name: String
        var waiting: [Submission] = []
        /// Where the first of those that wait is.
        var head = 0
        var running = 0
        var runningMax = Int.max
        var isOffered = false

        init(name: String) { self.name = name }

        var canStart: Bool { head < waiting.count && running < runningMax }
    }

    private var lines: [String: Line] = [:]
    /// Lines that can start something, in the order of their turns, from `turn` on.
    private var offered: [Line] = []
    private var turn = 0
    private var count = 0

    var isEmpty: Bool { count == 0 }
    /// Whether ``next()`` would give something.
    var hasNext: Bool { turn < offered.count }

    mutating func add(_ submission: Submission) {
        let group = submission.request.group
        let line = lines[group.name] ?? Line(name: group.name)
        lines[group.name] = line
        line.runningMax = group.runningMax
        line.waiting.append(submission)
        count += 1
        offer(line)
    }

    /// Takes the one whose turn it is; it runs until it has ``ended(_:)``.
    mutating func next() -> Submission? {
        guard turn < offered.count else { return nil }
        let line = offered[turn]
        turn += 1
        if turn == offered.count || turn > 256 {
            offered.removeFirst(turn)
            turn = 0
        }
        line.isOffered = false
        guard line.canStart else { return next() }
        let submission = line.waiting[line.head]
        line.head += 1
        if line.head == line.waiting.count || line.head > 1_024 {
            line.waiting.removeFirst(line.head)
            line.head = 0
        }
        line.running += 1
        count -= 1
        offer(line)
        return submission
    }

    /// What ``next()`` gave has come to its end.
    mutating func ended(_ submission: Submission) {
        guard let line = lines[submission.request.group.name] else { return }
        line.running -= 1
        offer(line)
        if line.running == 0, line.waiting.isEmpty { lines[line.name] = nil }
    }

    mutating func remove(_ id: UInt64) -> Submission? {
        for line in lines.values {
            guard let index = line.waiting[line.head...].firstIndex(where: { $0.id == id }) else { continue }
            count -= 1
            return line.waiting.remove(at: index)
        }
        return nil
    }

    mutating func removeAll() -> [Submission] {
        let left = lines.values.flatMap { $0.waiting[$0.head...] }
        (lines, offered, turn, count) = ([:], [], 0, 0)
        return left
    }

    private mutating func offer(_ line: Line) {
        guard !line.isOffered, line.canStart else { return }
        line.isOffered = true
        offered.append(line)
    }
}
