import Values

/// Times the operations of ``ExactDecimal``, over operands of 64 bits and of 34 digits. Each line is `name value unit`; the best of
/// five rounds counts.
@main
struct DecimalBench {
    private static let count = 1024

    /// Numbers as business has them: up to 10 digits, 0 to 4 of them after the point.
    private static let small = operands { random in
        ExactDecimal(coefficient: Int64(random.next() % 10_000_000_000) - 5_000_000_000, scale: Int(random.next() % 5))
    }

    /// Numbers of 34 digits.
    private static let wide = operands { random in
        var text = ""
        for _ in 0..<34 { text += String(random.next() % 9 + 1) }
        return ExactDecimal(text + "E-\(random.next() % 30)") ?? .one
    }

    static func main() throws {
        for (name, numbers) in [("small", small), ("wide", wide)] {
            try report("add.\(name)", numbers) { try $0.adding($1) }
            try report("subtract.\(name)", numbers) { try $0.subtracting($1) }
            try report("multiply.\(name)", numbers) { try $0.multiplying(by: $1) }
            try report("divide.\(name)", numbers) { $1.isZero ? .zero : try $0.divided(by: $1) }
            try report("compare.\(name)", numbers) { $0 < $1 ? $0 : $1 }
            try report("equal.\(name)", numbers) { $0 == $1 ? $0 : $1 }
            try report("round.\(name)", numbers) { a, _ in a.rounded(scale: 1) }
            let texts = numbers.map(\.description)
            try report("print.\(name)", numbers) { a, _ in ExactDecimal(a.description.utf8.count) }
            var place = 0
            try report("read.\(name)", numbers) { _, _ in
                place = (place + 1) % texts.count
                return ExactDecimal(texts[place]) ?? .zero
            }
        }
        let positive = small.map { $0.isZero ? .one : $0.magnitude }
        try report("root.small", positive, rounds: 1) { a, _ in try a.squareRoot() }
        try report("log.small", positive, rounds: 1) { a, _ in try a.naturalLogarithm() }
        let exponents = positive.map { $0.rounded(scale: 3).normalized }.map { ExactDecimal(coefficient: ($0.coefficient64 ?? 1) % 9000, scale: 3) }
        try report("exp.small", exponents, rounds: 1) { a, _ in try a.exponential() }
        try report("power.small", exponents, rounds: 1) { a, b in try (a.isZero ? .one : a).power(b) }
    }

    /// Nanoseconds an operation.
    private static func report(
        _ name: String, _ numbers: [ExactDecimal], rounds: Int = 200, _ operation: (ExactDecimal, ExactDecimal) throws -> ExactDecimal
    ) throws {
        let clock = ContinuousClock()
        var best = Duration.seconds(3600)
        var check = 0
        for _ in 0..<5 {
            let start = clock.now
            for _ in 0..<rounds {
                for index in numbers.indices {
                    check &+= try operation(numbers[index], numbers[index == 0 ? numbers.count - 1 : index - 1]).scale
                }
            }
            best = min(best, clock.now - start)
        }
        // Without the check the work could be left out.
        if check == .min { print("decimal.check \(check) count") }
        let nanoseconds = Double(best.components.attoseconds) / 1e9 + Double(best.components.seconds) * 1e9
        let each = nanoseconds / Double(rounds * numbers.count)
        let tenths = Int(each * 10 + 0.5)
        print("decimal.\(name) \(tenths / 10).\(tenths % 10) ns")
    }

    private static func operands(_ make: (inout SplitMix) -> ExactDecimal) -> [ExactDecimal] {
        var random = SplitMix(state: 42)
        return (0..<count).map { _ in make(&random) }
    }
}

/// Vigna's splitmix64: the same numbers on every machine.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
