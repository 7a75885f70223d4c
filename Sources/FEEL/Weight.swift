import Diagnostics
import Values

/// How much a value holds. Lists share what is in them, so a short text can make a value that is walked for years;
/// whatever walks a value asks here first.
enum Weight {
    /// The deepest nesting of lists and contexts in a value: what comparing, printing and freeing it need of the stack.
    static let depthMax = 200

    /// The number of values in it, itself included, or nil where there are more than `limit`.
    static func of(_ value: Value, limit: Int) throws(Refusal) -> Int? {
        var left = limit
        return try walk(value, &left, 0) ? limit - left : nil
    }

    private static func walk(_ value: Value, _ left: inout Int, _ depth: Int) throws(Refusal) -> Bool {
        left -= 1
        if left < 0 { return false }
        if depth > depthMax { throw Refusal(.feelBudget, "a value nests lists and contexts more than \(depthMax) deep") }
        switch value {
        case .list(let items): for item in items where try !walk(item, &left, depth + 1) { return false }
        case .context(let context): for entry in context.entries where try !walk(entry.value, &left, depth + 1) { return false }
        case .range(let range):
            if let lower = range.lower, try !walk(lower, &left, depth + 1) { return false }
            if let upper = range.upper, try !walk(upper, &left, depth + 1) { return false }
        default: break
        }
        return true
    }
}

extension Value {
    /// Whether other values are in it.
    var isContainer: Bool {
        switch self {
        case .list, .context, .range: true
        default: false
        }
    }
}

extension Frame {
    /// Spends what walking a value takes, eight of its parts a step.
    mutating func spendWalk(_ value: Value, _ range: Range<Int>) throws(Fault) {
        guard value.isContainer else { return }
        let limit = stepsLeft > Int.max / Self.partsOfStep ? Int.max : stepsLeft * Self.partsOfStep
        let weight: Int?
        do throws(Refusal) { weight = try Weight.of(value, limit: limit) } catch { throw Fault(error.code, error.fact, range) }
        try spend(weight.map { $0 / Self.partsOfStep } ?? stepsLeft + 1, range)
    }

    private static let partsOfStep = 8
}
