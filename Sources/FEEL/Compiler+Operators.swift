import Diagnostics
import Values

extension Compiler {
    mutating func lowerNegation(_ inner: SyntaxNode, _ range: Range<Int>) -> Lowered {
        let operand = lower(inner)
        switch operand.type {
        case .any, .null, .number, .dayTimeDuration, .yearMonthDuration: break
        default: return failed(.feelType, "- does not take a \(operand.type)", operand.range)
        }
        let code = operand.code
        let type = operand.type
        return folded(
            Lowered(type, range) { frame throws(Fault) in
                let value = try code(&frame)
                do throws(Refusal) { return try Arithmetic.negated(value) } catch { return try frame.reject(error, range) }
            }, from: [operand])
    }

    mutating func lowerArithmetic(
        _ operation: ArithmeticOperator, _ leftNode: SyntaxNode, _ rightNode: SyntaxNode, _ range: Range<Int>
    ) -> Lowered {
        let left = lower(leftNode), right = lower(rightNode)
        guard let type = Arithmetic.type(operation, left.type, right.type) else {
            return failed(.feelType, "\(operation.rawValue) does not take \(left.type) and \(right.type)", range)
        }
        let first = left.code, second = right.code
        return folded(
            Lowered(type, range) { frame throws(Fault) in
                let a = try first(&frame), b = try second(&frame)
                // The usual case, without a copy of the context.
                if case .number(let x) = a, case .number(let y) = b {
                    do throws(Refusal) { return .number(try Arithmetic.numbers(operation, x, y)) } catch { return try frame.reject(error, range) }
                }
                return try Self.combine(operation, a, b, &frame, range)
            }, from: [left, right])
    }

    private static func combine(
        _ operation: ArithmeticOperator, _ a: Value, _ b: Value, _ frame: inout Frame, _ range: Range<Int>
    ) throws(Fault) -> Value {
        let result: Value
        do throws(Refusal) { result = try Arithmetic.apply(operation, a, b, frame.context) } catch { return try frame.reject(error, range) }
        if result == .null { frame.note(.feelType, range) { "\(operation.rawValue) with null" } }
        if case .string = result { return try frame.bounded(result, range) }
        return result
    }

    // MARK: comparison

    mutating func lowerComparison(
        _ comparison: ComparisonOperator, _ leftNode: SyntaxNode, _ rightNode: SyntaxNode, _ range: Range<Int>
    ) -> Lowered {
        let left = lower(leftNode), right = lower(rightNode)
        guard checkComparable(comparison, left, right, range) else { return Lowered(.boolean, range) { _ throws(Fault) in .null } }
        if let slot = left.slot, let constant = right.constant, let fast = direct(comparison, slot, constant, range) { return fast }
        if let slot = right.slot, let constant = left.constant, let fast = direct(comparison.mirrored, slot, constant, range) { return fast }
        let first = left.code, second = right.code
        return folded(
            Lowered(.boolean, range) { frame throws(Fault) in
                let a = try first(&frame), b = try second(&frame)
                return try Self.compare(comparison, a, b, &frame, range)
            }, from: [left, right])
    }

    static func compare(
        _ comparison: ComparisonOperator, _ left: Value, _ right: Value, _ frame: inout Frame, _ range: Range<Int>
    ) throws(Fault) -> Value {
        if left.isContainer, right.isContainer {
            try frame.spendWalk(left, range)
            try frame.spendWalk(right, range)
        }
        do throws(Refusal) {
            if let answer = try Comparison.apply(comparison, left, right, frame) { return .boolean(answer) }
        } catch {
            return try frame.reject(error, range)
        }
        frame.note(.feelType, range) { "\(comparison.rawValue) with null" }
        return .null
    }

    mutating func checkComparable(_ comparison: ComparisonOperator, _ left: Lowered, _ right: Lowered, _ range: Range<Int>) -> Bool {
        if !Comparison.comparable(left.type, right.type) {
            report(.feelType, "\(left.type) cannot be compared with \(right.type)", range)
            return false
        }
        if comparison != .equal, comparison != .notEqual {
            for side in [left, right] where !Comparison.ordered(side.type) {
                report(.feelType, "\(side.type) has no order", side.range)
                return false
            }
        }
        return true
    }

    /// A field against a number, a string or null: no calls but the comparison itself.
    private func direct(_ comparison: ComparisonOperator, _ slot: Int, _ constant: Value, _ range: Range<Int>) -> Lowered? {
        guard let test = PlainTest(comparison, slot, constant) else { return nil }
        var lowered = Lowered(.boolean, range) { frame throws(Fault) in
            if let answer = test.answer(frame.row) { return .boolean(answer) }
            return try Self.compare(comparison, frame.row[slot], constant, &frame, range)
        }
        lowered.test = test
        return lowered
    }

    // MARK: logic

    private struct LogicPart {
        let part: Part
        let range: Range<Int>
    }

    /// Kleene's and/or over all parts: false (true) decides, whatever the unknown ones are; evaluated left to right
    /// until decided.
    mutating func lowerLogic(_ nodes: [SyntaxNode], isAnd: Bool, _ range: Range<Int>) -> Lowered {
        let parts = nodes.map { lower($0) }
        for part in parts { check(part, is: .boolean, "an operand of \(isAnd ? "and" : "or")") }
        let operands = parts.map { LogicPart(part: Part($0), range: $0.range) }
        return folded(
            Lowered(.boolean, range) { frame throws(Fault) in
                var unknown = false
                for operand in operands {
                    switch try operand.part.run(&frame) {
                    case .boolean(let flag):
                        if flag != isAnd { return .boolean(flag) }
                    case .null: unknown = true
                    case let other:
                        _ = try frame.reject(.type("and/or takes booleans; found a \(other.typeName)"), operand.range)
                        unknown = true
                    }
                }
                return unknown ? .null : .boolean(isAnd)
            }, from: parts)
    }

    mutating func lowerConditional(_ conditionNode: SyntaxNode, _ yesNode: SyntaxNode, _ noNode: SyntaxNode, _ range: Range<Int>) -> Lowered {
        let condition = lower(conditionNode), yes = lower(yesNode), no = lower(noNode)
        check(condition, is: .boolean, "the condition")
        let test = condition.code, first = yes.code, second = no.code
        let conditionRange = condition.range
        return folded(
            Lowered(Self.joined(yes.type, no.type), range) { frame throws(Fault) in
                switch try test(&frame) {
                case .boolean(true): return try first(&frame)
                case .boolean(false), .null: return try second(&frame)
                case let other:
                    _ = try frame.reject(.type("the condition is a \(other.typeName); expected boolean"), conditionRange)
                    return try second(&frame)
                }
            }, from: [condition, yes, no])
    }

    // MARK: between, in, instance of

    mutating func lowerBetween(_ valueNode: SyntaxNode, _ lowNode: SyntaxNode, _ highNode: SyntaxNode, _ range: Range<Int>) -> Lowered {
        let value = lower(valueNode), low = lower(lowNode), high = lower(highNode)
        guard checkComparable(.less, value, low, range), checkComparable(.less, value, high, range) else {
            return Lowered(.boolean, range) { _ throws(Fault) in .null }
        }
        let subject = value.code, from = low.code, to = high.code
        return folded(
            Lowered(.boolean, range) { frame throws(Fault) in
                let v = try subject(&frame), a = try from(&frame), b = try to(&frame)
                let above = try Self.compare(.greaterOrEqual, v, a, &frame, range)
                let below = try Self.compare(.lessOrEqual, v, b, &frame, range)
                if above == .boolean(false) || below == .boolean(false) { return .boolean(false) }
                return above == .null || below == .null ? .null : .boolean(true)
            }, from: [value, low, high])
    }

    mutating func lowerMembership(_ valueNode: SyntaxNode, _ testNodes: [SyntaxNode], _ range: Range<Int>) -> Lowered {
        let value = lower(valueNode)
        // Inside, ? is the value that is looked for, and not the input of the cell.
        let outerType = inputType, outerReads = readsInput
        inputType = value.type
        let tests = testNodes.map { lowerTest($0, input: value.type) }
        inputType = outerType
        readsInput = outerReads
        let subject = value.code
        let codes = tests.map { Part($0.code) }
        return folded(
            Lowered(.boolean, range) { frame throws(Fault) in
                let outer = frame.input
                defer { frame.input = outer }
                frame.input = try subject(&frame)
                return try Self.any(codes, &frame)
            }, from: [value] + tests.map { $0.operand ?? .open(range) })
    }

    mutating func lowerInstanceOf(_ valueNode: SyntaxNode, _ type: ValueType, _ name: String, _ range: Range<Int>) -> Lowered {
        let value = lower(valueNode)
        let code = value.code
        return folded(
            Lowered(.boolean, range) { frame throws(Fault) in .boolean(Conformance.isInstance(try code(&frame), of: type)) }, from: [value])
    }
}
