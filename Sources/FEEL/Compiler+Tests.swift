import Diagnostics
import Values

/// One test as compiled. The code reads the input from the frame and answers true, false or null.
struct LoweredTest: Sendable {
    let code: Code
    /// What the input is compared with, where it is that simple.
    let operand: Lowered?
    /// The test over a constant, for analysis and without a frame.
    let term: TestTerm?
    /// Set for `!= x`.
    let isNegated: Bool
}

extension Compiler {
    /// True where any test is true, null where none is and one is unknown.
    static func any(_ codes: [Part], _ frame: inout Frame) throws(Fault) -> Value {
        var unknown = false
        for code in codes {
            switch try code.run(&frame) {
            case .boolean(true): return .boolean(true)
            case .boolean(false): break
            default: unknown = true
            }
        }
        return unknown ? .null : .boolean(false)
    }

    mutating func lowerTest(_ node: SyntaxNode, input: ValueType) -> LoweredTest {
        if case .shorthand(let comparison, let operand) = node.kind { return lowerShorthand(comparison, operand, input, node.range) }
        let outerReads = readsInput
        readsInput = false
        let value = lower(node)
        let usesInput = readsInput
        readsInput = outerReads || usesInput
        if usesInput || (value.type == .boolean && input != .boolean && input != .any && value.constant == nil) {
            check(value, is: .boolean, "a test with ?")
            return LoweredTest(code: Self.condition(value), operand: nil, term: nil, isNegated: false)
        }
        return lowerBareValue(value, input)
    }

    private mutating func lowerShorthand(
        _ comparison: ComparisonOperator, _ node: SyntaxNode, _ input: ValueType, _ range: Range<Int>
    ) -> LoweredTest {
        let operand = lower(node)
        _ = checkComparable(comparison, Lowered(input, range) { _ throws(Fault) in .null }, operand, range)
        let code = operand.code
        let run: Code = { frame throws(Fault) in
            let value = try code(&frame)
            return try Self.compare(comparison, frame.input, value, &frame, range)
        }
        let term = operand.constant.flatMap { TestTerm(comparison, $0) }
        return LoweredTest(code: run, operand: operand, term: term, isNegated: comparison == .notEqual)
    }

    private mutating func lowerBareValue(_ value: Lowered, _ input: ValueType) -> LoweredTest {
        if let wanted = Self.inputType(for: value.type), !Comparison.comparable(Self.item(input), Self.item(wanted)) {
            report(.feelType, "the test is about a \(wanted); the input is a \(input)", value.range)
        }
        let code = value.code
        let range = value.range
        let run: Code = { frame throws(Fault) in
            let value = try code(&frame)
            if value.isContainer {
                try frame.spendWalk(value, range)
                try frame.spendWalk(frame.input, range)
            }
            do throws(Refusal) {
                let answer = try Comparison.test(frame.input, value, frame.context, isStrict: frame.isStrict)
                return answer.map(Value.boolean) ?? .null
            } catch {
                return try frame.reject(error, range)
            }
        }
        return LoweredTest(code: run, operand: value, term: value.constant.flatMap { TestTerm(value: $0) }, isNegated: false)
    }

    private static func item(_ type: ValueType) -> ValueType {
        if case .list(let element) = type { return element }
        return type
    }

    /// What the input has to be for a bare value of some type: the value's type, or that of its elements or ends.
    private static func inputType(for type: ValueType) -> ValueType? {
        switch type {
        case .list(.range(let element)), .list(let element), .range(let element): element == .any ? nil : element
        default: type
        }
    }

    private static func condition(_ value: Lowered) -> Code {
        let code = value.code
        let range = value.range
        return { frame throws(Fault) in
            switch try code(&frame) {
            case .boolean(let flag): return .boolean(flag)
            case .null: return .null
            case let other: return try frame.reject(.type("a test gives a \(other.typeName); expected boolean"), range)
            }
        }
    }
}
