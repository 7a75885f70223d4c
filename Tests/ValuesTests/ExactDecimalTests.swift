import Testing
import Values

private func number(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text), "\(text) is a number") }

@Suite struct ExactDecimalTests {
    /// A find of the fuzzer: 34 digits with zeros behind them are past 128 bits.
    @Test func `a number of more digits than an Int has is no Int`() {
        #expect(ExactDecimal("9999999999999999999999999999999999E18")?.integer == nil)
        #expect(ExactDecimal("-1234567890123456789012345678901234E10")?.integer == nil)
        #expect(ExactDecimal("9223372036854775807")?.integer == .max)
        #expect(ExactDecimal("1E18")?.integer == 1_000_000_000_000_000_000)
    }

    @Test func `a tenth and two tenths are three tenths`() throws {
        #expect(0.1 + 0.2 != 0.3)
        #expect(try number("0.1").adding(number("0.2")) == number("0.3"))
        var sum = ExactDecimal.zero
        for _ in 0..<1000 { sum = try sum.adding(number("0.001")) }
        #expect(sum == .one)
    }

    @Test(arguments: ["1.10", "0", "0.00", "-0.5", "100", "1234567890123456789012345678901234", "-1.000",
        "0.000000000000000000000000000000000001", "9223372036854775808", "-9223372036854775808"])
    func `a number prints as it was written`(text: String) throws {
        #expect(try number(text).description == text)
    }

    @Test(arguments: [(".5", "0.5"), ("5.", "5"), ("+1.2E-3", "0.0012"), ("1e3", "1000"), ("1.50E1", "15.0"), ("-0", "0"),
        ("007", "7"), ("1E+50", "1E+50"), ("1.5e-60", "1.5E-60"), ("10000000000000000000000000000000000000", "10000000000000000000000000000000000000")])
    func `other notations are read`(text: String, printed: String) throws {
        #expect(try number(text).description == printed)
    }

    @Test(arguments: ["", " 1", "1 ", ".", "-", "+", "e5", "1e", "1e+", "1.2.3", "0x1", "1,5", "NaN", "Infinity", "--1",
        "12345678901234567890123456789012345", "0.12345678901234567890123456789012345", "1E7000", "1E-7000", "١"])
    func `what is no number is nil`(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test func `equality and hash are numeric`() throws {
        #expect(try number("1.1") == number("1.10"))
        #expect(try Set([number("1.1"), number("1.10"), number("1.100"), number("11E-1")]).count == 1)
        #expect(try Set([number("1E40"), number("10E39"), number("100000E35")]).count == 1)
        #expect(try Set([number("0"), number("0.000"), number("-0.0")]).count == 1)
        #expect(try number("1.1") != number("1.11"))
    }

    @Test func `order does not depend on scale or size`() throws {
        let ascending = ["-1E6000", "-12.5", "-12.49", "-1E-6000", "0.00", "1E-6000", "0.1", "0.11", "1", "1.01",
            "9007199254740993", "9007199254740993.0000000001", "9223372036854775807", "9223372036854775808", "1E40", "1.1E40"]
        let numbers = try ascending.map(number)
        for (index, left) in numbers.enumerated() {
            for (other, right) in numbers.enumerated() {
                #expect((left < right) == (index < other))
                #expect((left == right) == (index == other))
            }
        }
    }

    @Test func `sums at the edge of 64 bits are exact`() throws {
        let cases = [
            ("9223372036854775807", "0.1", "9223372036854775807.1"), ("9223372036854775807", "1", "9223372036854775808"),
            ("-9223372036854775808", "-0.001", "-9223372036854775808.001"), ("922337203685477580.7", "0.01", "922337203685477580.71"),
            ("1", "0.0000000000000000001", "1.0000000000000000001"), ("1E20", "0.5", "100000000000000000000.5"), ("0.00", "5", "5.00"),
        ]
        for (left, right, sum) in cases {
            #expect(try number(left).adding(number(right)).description == sum)
            #expect(try number(right).adding(number(left)).description == sum)
            #expect(try number(left) != number(right) && (number(left) < number(right)) == (number(right).subtracting(number(left)) > .zero))
        }
    }

    @Test func `products have thirty-four digits and round half-even`() throws {
        let ones = try number("9999999999999999999999999999999999")
        #expect(try ones.multiplying(by: ones).description == String(repeating: "9", count: 33) + "8" + String(repeating: "0", count: 34))
        #expect(try number("1.000000000000000000000000000000005").multiplying(by: number("10.1"))
            == number("10.10000000000000000000000000000005"))
        #expect(try number("0.1").multiplying(by: number("1.10")).description == "0.110")
    }

    @Test func `quotients are exact where they can be`() throws {
        #expect(try number("10").divided(by: number("4")).description == "2.5")
        #expect(try number("1").divided(by: number("3")).description == "0.3333333333333333333333333333333333")
        #expect(try number("2").divided(by: number("3")).description == "0.6666666666666666666666666666666667")
        #expect(try number("2.40").divided(by: number("2")).description == "1.20")
        #expect(try number("100").divided(by: number("0.1")).description == "1000")
        #expect(try ExactDecimal(coefficient: .min).divided(by: number("-1")).description == "9223372036854775808")
    }

    @Test func `what has no result throws`() throws {
        let huge = try number("9E6111"), one = ExactDecimal.one, zero = ExactDecimal.zero
        #expect(throws: ArithmeticFailure.overflow) { try huge.multiplying(by: huge) }
        #expect(throws: ArithmeticFailure.divisionByZero) { try one.divided(by: zero) }
        #expect(throws: ArithmeticFailure.undefined) { try zero.divided(by: zero) }
        let largest = try number("9999999999999999999999999999999999E6111")
        #expect(throws: ArithmeticFailure.overflow) { try largest.adding(largest) }
    }

    @Test func `what is too small to hold becomes zero`() throws {
        let tiny = try number("1E-6000")
        #expect(try tiny.multiplying(by: tiny).isZero)
    }

    @Test(arguments: [
        ("2.5", 0, "2", "3", "2", "3", "2", "2", "3"), ("-2.5", 0, "-2", "-3", "-2", "-3", "-2", "-3", "-2"),
        ("3.5", 0, "4", "4", "3", "4", "3", "3", "4"), ("1.101", 1, "1.1", "1.1", "1.1", "1.2", "1.1", "1.1", "1.2"),
        ("-0.05", 1, "0.0", "-0.1", "0.0", "-0.1", "0.0", "-0.1", "0.0"), ("1.1", 3, "1.100", "1.100", "1.100", "1.100", "1.100", "1.100", "1.100"),
        ("1250", -2, "1200", "1300", "1200", "1300", "1200", "1200", "1300"),
        ("0.000000000000000000000000000000000000000000000001", 2, "0.00", "0.00", "0.00", "0.01", "0.00", "0.00", "0.01"),
    ])
    func `each rule rounds its own way`(
        text: String, scale: Int, halfEven: String, halfUp: String, halfDown: String, up: String, down: String,
        floor: String, ceiling: String
    ) throws {
        let rules: [(RoundingRule, String)] = [(.halfEven, halfEven), (.halfUp, halfUp), (.halfDown, halfDown), (.up, up),
            (.down, down), (.floor, floor), (.ceiling, ceiling)]
        for (rule, expected) in rules {
            #expect(try number(text).rounded(scale: scale, rule).description == expected, "\(rule)")
        }
    }

    @Test func `half-even holds at each scale`() {
        for scale in 0...15 {
            for digit in 0...9 {
                let tie = ExactDecimal(coefficient: Int64(digit * 10 + 5), scale: scale + 1)
                    .rounded(scale: scale)
                let expected = ExactDecimal(coefficient: Int64(digit % 2 == 0 ? digit : digit + 1), scale: scale)
                #expect(tie == expected && tie.scale == scale, "\(digit)5 at \(scale)")
            }
        }
    }

    @Test func `integers are seen through their scale`() throws {
        #expect(try number("12.00").integer == 12)
        #expect(try number("12.01").integer == nil)
        #expect(try number("1E3").integer == 1000)
        #expect(try number("9223372036854775808").integer == nil)
        #expect(try number("-9223372036854775808").integer == Int.min)
        #expect(try number("12.0").isInteger && !number("0.5").isInteger)
        #expect(try number("1.200").normalized.description == "1.2")
    }

    @Test func `a number is small`() {
        #expect(MemoryLayout<ExactDecimal>.stride == 24)
    }
}

@Suite struct ExactDecimalOracleTests {
    @Test func `random operations agree with libmpdec`() throws {
        var count = 0
        for line in decimal128Cases.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            let left = try number(words[0]), right = try number(words[2]), expected = try number(words[4])
            let result = switch words[1] {
            case "+": try left.adding(right)
            case "-": try left.subtracting(right)
            case "*": try left.multiplying(by: right)
            default: try left.divided(by: right)
            }
            #expect(result == expected, "\(line), found \(result)")
            if expected.scale >= 0, !words[4].contains("E+") { #expect(result.scale == expected.scale, "\(line), found \(result)") }
            count += 1
        }
        #expect(count == 380)
    }
}
