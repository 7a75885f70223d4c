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
                try computed { () throws(ArithmeticFailure) in try given.number(0).modulo(given.number(1)) }
            },
            function("sqrt", [.number("number")], .number) { given, _ throws(Refusal) in .number(try squareRoot(given.number(0))) },
            function("log", [.number("number")], .number) { given, _ throws(Refusal) in
                try computed { () throws(ArithmeticFailure) in try given.number(0).naturalLogarithm() }
            },
            function("exp", [.number("number")], .number) { given, _ throws(Refusal) in
                try computed { () throws(ArithmeticFailure) in try given.number(0).exponential() }
            },
            function("odd", [.number("number")], .boolean) { given, _ throws(Refusal) in .boolean(given.number(0).isOdd) },
            function("even", [.number("number")], .boolean) { given, _ throws(Refusal) in .boolean(given.number(0).isEven) },
        ]
    }

    private static func rounding(_ name: String, _ rule: RoundingRule) -> BuiltIn {
        function(name, [.number("n"), .number("scale").optional], .number) { given, _ throws(Refusal) in try rounded(given, rule) }
    }

    private static func rounded(_ given: Arguments, _ rule: RoundingRule) throws(Refusal) -> Value {
        let scale = given.isGiven(1) ? try given.cut(1, "scale") : 0
        // The range of decimal128's exponents (DMN 1.5, 10.3.4.5).
        guard (-6111...6176).contains(scale) else { throw .value("scale \(scale) is outside -6111..6176") }
        return .number(given.number(0).rounded(scale: scale, rule))
    }

    private static func computed(_ body: () throws(ArithmeticFailure) -> ExactDecimal) throws(Refusal) -> Value {
        do {
            return .number(try body())
        } catch {
            throw Refusal(error)
        }
    }

    static func squareRoot(_ number: ExactDecimal) throws(Refusal) -> ExactDecimal {
        do {
            return try number.squareRoot()
        } catch {
            throw Refusal(error)
        }
    }
}

extension Arguments {
    /// A number as an index or count: what stands after the point is cut off.
    func cut(_ place: Int, _ what: String) throws(Refusal) -> Int {
        guard let whole = number(place).rounded(scale: 0, .down).integer else { throw .value("\(what) is too large") }
        return whole
    }
}
