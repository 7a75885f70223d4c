import Values

extension BuiltIns {
    static var numbers: [BuiltIn] {
        [
            function("decimal", [.number("n"), .number("scale")], .number) { given, _ throws(Refusal) in try rounded(given, .halfEven) },
            rounding("floor", .floor), rounding("ceiling", .ceiling), rounding("round up", .up), rounding("round down", .down),
            rounding("round half up", .halfUp), rounding("round half down", .halfDown), rounding("round half even", .halfEven),
            BuiltIn(
                name: "abs",
                forms: [
                    BuiltInForm([.number("n")], .number) { given, _ throws(Refusal) in .number(given.number(0).magnitude) },
                    BuiltInForm([.any("n")], result: { $0[0] }) { given, _ throws(Refusal) in
                        switch given[0] {
                        case .number(let number): return .number(number.magnitude)
                        case .dayTimeDuration(let duration): return .dayTimeDuration(duration.magnitude)
                        case .yearMonthDuration(let duration): return .yearMonthDuration(YearMonthDuration(months: abs(duration.months)))
                        default: throw .type("n is a \(given[0].typeName); expected number or duration")
                        }
                    },
                ]),
            function("modulo", [.number("dividend"), .number("divisor")], .number) { given, _ throws(Refusal) in
                let quotient = try Arithmetic.numbers(.divide, given.number(0), given.number(1)).rounded(scale: 0, .floor)
                return .number(try Arithmetic.numbers(.subtract, given.number(0), try Arithmetic.numbers(.multiply, quotient, given.number(1))))
            },
            function("sqrt", [.number("number")], .number) { given, _ throws(Refusal) in .number(try squareRoot(given.number(0))) },
            function("odd", [.number("number")], .boolean) { given, _ throws(Refusal) in try parity(given.number(0), odd: true) },
            function("even", [.number("number")], .boolean) { given, _ throws(Refusal) in try parity(given.number(0), odd: false) },
        ]
    }

    private static func rounding(_ name: String, _ rule: RoundingRule) -> BuiltIn {
        function(name, [.number("n"), .number("scale").optional], .number) { given, _ throws(Refusal) in try rounded(given, rule) }
    }

    private static func rounded(_ given: Arguments, _ rule: RoundingRule) throws(Refusal) -> Value {
        let scale = given.isGiven(1) ? try given.integer(1, "scale") : 0
        // The range of decimal128's exponents (DMN 1.5, 10.3.4.5).
        guard (-6111...6176).contains(scale) else { throw .value("scale \(scale) is outside -6111..6176") }
        return .number(given.number(0).rounded(scale: scale, rule))
    }

    private static func parity(_ number: ExactDecimal, odd: Bool) throws(Refusal) -> Value {
        guard number.isInteger else { return .boolean(false) }
        let half = try Arithmetic.numbers(.divide, number, ExactDecimal(2))
        return .boolean(half.isInteger != odd)
    }

    /// Newton's iteration in 34 digits, until it stands still: within one unit of the 34th digit, and the same digits on every
    /// processor.
    static func squareRoot(_ number: ExactDecimal) throws(Refusal) -> ExactDecimal {
        if number.isNegative { throw Refusal(.undefined) }
        if number.isZero { return .zero }
        // Start from a power of ten of about half the digits.
        let plain = number.normalized
        let digits = plain.description.utf8.count { CharacterClass.isDigit($0) }
        let exponent = (digits - plain.scale) / 2
        var root = try Arithmetic.numbers(.power, ExactDecimal(10), ExactDecimal(max(-3000, min(3000, exponent))))
        var older = ExactDecimal.zero
        for _ in 0..<200 {
            let sum = try Arithmetic.numbers(.add, root, try Arithmetic.numbers(.divide, number, root))
            let next = try Arithmetic.numbers(.divide, sum, ExactDecimal(2))
            if next == root || next == older { return min(next, root).normalized }
            older = root
            root = next
        }
        return root.normalized
    }
}
