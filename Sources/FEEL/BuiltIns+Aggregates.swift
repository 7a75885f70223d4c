import Values

extension BuiltIns {
    static var aggregates: [BuiltIn] {
        [
            extreme("min") { $0 < 0 }, extreme("max") { $0 > 0 },
            aggregate("sum") { numbers throws(Refusal) in numbers.isEmpty ? .null : .number(try sum(numbers)) },
            aggregate("product") { numbers throws(Refusal) in
                if numbers.isEmpty { return .null }
                var product = ExactDecimal.one
                for number in numbers { product = try Arithmetic.numbers(.multiply, product, number) }
                return .number(product)
            },
            aggregate("mean") { numbers throws(Refusal) in
                numbers.isEmpty ? .null : .number(try Arithmetic.numbers(.divide, try sum(numbers), ExactDecimal(numbers.count)))
            },
            aggregate("median") { numbers throws(Refusal) in
                if numbers.isEmpty { return .null }
                let sorted = numbers.sorted()
                let middle = sorted.count / 2
                if sorted.count % 2 == 1 { return .number(sorted[middle]) }
                let both = try Arithmetic.numbers(.add, sorted[middle - 1], sorted[middle])
                return .number(try Arithmetic.numbers(.divide, both, ExactDecimal(2)))
            },
            aggregate("stddev") { numbers throws(Refusal) in
                if numbers.count < 2 { return .null }
                let mean = try Arithmetic.numbers(.divide, try sum(numbers), ExactDecimal(numbers.count))
                var squares: [ExactDecimal] = []
                for number in numbers {
                    let distance = try Arithmetic.numbers(.subtract, number, mean)
                    squares.append(try Arithmetic.numbers(.multiply, distance, distance))
                }
                return .number(try squareRoot(try Arithmetic.numbers(.divide, try sum(squares), ExactDecimal(numbers.count - 1))))
            },
            mode,
        ]
    }

    private static func sum(_ numbers: [ExactDecimal]) throws(Refusal) -> ExactDecimal {
        var sum = ExactDecimal.zero
        for number in numbers { sum = try Arithmetic.numbers(.add, sum, number) }
        return sum
    }

    /// A function over numbers, given as a list or one by one. A null among them gives null.
    private static func aggregate(_ name: String, _ body: @escaping @Sendable ([ExactDecimal]) throws(Refusal) -> Value) -> BuiltIn {
        let run: BuiltInForm.Body = { given, _ throws(Refusal) in
            guard let numbers = try numbers(given.count == 1 ? given[0] : .list(given.values)) else { return .null }
            return try body(numbers)
        }
        return BuiltIn(
            name: name,
            forms: [
                BuiltInForm([.list("list", of: .number)], .number, run),
                BuiltInForm([.number("list")], .number, isVariadic: true) { given, context throws(Refusal) in
                    try run(Arguments(values: [.list(given.values)]), context)
                },
            ])
    }

    private static func numbers(_ value: Value) throws(Refusal) -> [ExactDecimal]? {
        guard case .list(let items) = value else { return nil }
        var numbers: [ExactDecimal] = []
        numbers.reserveCapacity(items.count)
        for item in items {
            switch item {
            case .number(let number): numbers.append(number)
            case .null: return nil
            default: throw .type("list has a \(item.typeName); expected numbers")
            }
        }
        return numbers
    }

    private static func extreme(_ name: String, _ replaces: @escaping @Sendable (Int) -> Bool) -> BuiltIn {
        let run: @Sendable ([Value], EvaluationContext) throws(Refusal) -> Value = { items, context throws(Refusal) in
            guard var best = items.first, !items.contains(.null) else { return .null }
            for item in items.dropFirst() where replaces(try Comparison.order(item, best, context)) { best = item }
            return best
        }
        return BuiltIn(
            name: name,
            forms: [
                BuiltInForm([.list("list")], result: { element($0[0]) }) { given, context throws(Refusal) in try run(given.list(0), context) },
                BuiltInForm([.any("list")], isVariadic: true, result: { types in types.dropFirst().reduce(types[0]) { Compiler.joined($0, $1) } }) {
                    given, context throws(Refusal) in try run(given.values, context)
                },
            ])
    }

    /// The most frequent numbers, ascending.
    private static var mode: BuiltIn {
        let run: @Sendable ([Value]) throws(Refusal) -> Value = { items throws(Refusal) in
            guard let numbers = try numbers(.list(items)) else { return .null }
            var counts: [ExactDecimal: Int] = [:]
            for number in numbers { counts[number, default: 0] += 1 }
            let most = counts.values.max()
            return .list(counts.filter { $0.value == most }.keys.sorted().map(Value.number))
        }
        return BuiltIn(
            name: "mode",
            forms: [
                BuiltInForm([.list("list", of: .number)], .list(.number)) { given, _ throws(Refusal) in try run(given.list(0)) },
                BuiltInForm([.number("list")], .list(.number), isVariadic: true) { given, _ throws(Refusal) in try run(given.values) },
            ])
    }
}

extension Arguments {
    var count: Int { values.count }
}
