import Testing
import Values

private func number(_ text: some StringProtocol) throws -> ExactDecimal { try #require(ExactDecimal(String(text)), "\(text) is a number") }

@Suite struct TranscendentalTests {
    @Test func `roots, logarithms and powers have the right thirty-four digits`() throws {
        var count = 0
        for line in transcendentalCases.split(separator: "\n") {
            let words = line.split(separator: " ")
            let argument = try number(words[1]), expected = try number(words[3])
            let result = switch words[0] {
            case "exp": try argument.exponential()
            case "log": try argument.naturalLogarithm()
            case "sqrt": try argument.squareRoot()
            default: try argument.power(number(words[2]))
            }
            #expect(result == expected, "\(line), found \(result)")
            count += 1
        }
        #expect(count == 198)
    }

    @Test func `whole powers are exact where the digits hold them`() throws {
        #expect(try ExactDecimal(2).power(ExactDecimal(100)).description == "1267650600228229401496703205376")
        #expect(try number("1.1").power(ExactDecimal(2)).description == "1.21")
        #expect(try number("-3").power(ExactDecimal(3)).description == "-27")
        #expect(try number("-3").power(number("201")).isNegative && !number("-3").power(number("200")).isNegative)
        #expect(try ExactDecimal(5).power(ExactDecimal(-2)).description == "0.04")
        #expect(try ExactDecimal(0).power(ExactDecimal(0)) == .one)
        #expect(try ExactDecimal(0).power(number("0.5")) == .zero)
        #expect(try number("-1").power(number("1E40")) == .one)
        #expect(try number("-1").power(number("10000000001")) == ExactDecimal(-1))
    }

    @Test func `what has no result throws`() throws {
        #expect(throws: ArithmeticFailure.undefined) { try ExactDecimal(-1).squareRoot() }
        #expect(throws: ArithmeticFailure.undefined) { try ExactDecimal.zero.naturalLogarithm() }
        #expect(throws: ArithmeticFailure.undefined) { try ExactDecimal(-2).power(number("0.5")) }
        #expect(throws: ArithmeticFailure.divisionByZero) { try ExactDecimal.zero.power(ExactDecimal(-1)) }
        #expect(throws: ArithmeticFailure.overflow) { try ExactDecimal(20_000).exponential() }
        #expect(throws: ArithmeticFailure.overflow) { try number("1.01").power(number("1E60")) }
        #expect(throws: ArithmeticFailure.overflow) { try number("1E6000").power(ExactDecimal(2)) }
    }

    @Test func `what is too small to hold becomes zero`() throws {
        #expect(try ExactDecimal(-20_000).exponential().isZero)
        #expect(try number("0.99").power(number("1E60")).isZero)
        #expect(try number("2").power(number("-1E30")).isZero)
    }

    @Test func `the inverse of a square is its root`() throws {
        for n in stride(from: 1, through: 2_000_000, by: 9973) {
            let square = try ExactDecimal(n).multiplying(by: ExactDecimal(n))
            #expect(try square.squareRoot().description == "\(n)")
        }
    }

    @Test func `modulo has the divisor's sign and is exact`() throws {
        let cases = [
            ("10", "4", "2"), ("10", "-4", "-2"), ("-10", "4", "2"), ("-10", "-4", "-2"), ("10.1", "4.5", "1.1"), ("-10.1", "4.5", "3.4"),
            ("10.1", "-4.5", "-3.4"), ("0", "4", "0"), ("1E33", "7", "6"), ("9999999999999999999999999999999999", "0.7", "0.2"),
            ("1E6000", "7", "1"), ("1E-6000", "7", "1E-6000"), ("5", "1E30", "5"), ("10", "4.50", "1.00"),
        ]
        for (dividend, divisor, expected) in cases {
            #expect(try number(dividend).modulo(number(divisor)) == number(expected), "\(dividend) mod \(divisor)")
        }
        #expect(throws: ArithmeticFailure.divisionByZero) { try ExactDecimal.one.modulo(.zero) }
    }

    @Test func `odd and even look at every digit`() throws {
        #expect(try number("9999999999999999999999999999999999").isOdd)
        #expect(try number("1E40").isEven && !number("1E40").isOdd)
        #expect(try number("3.00").isOdd && number("-4").isEven && number("0").isEven)
        #expect(try !number("2.5").isOdd && !number("2.5").isEven)
    }
}
