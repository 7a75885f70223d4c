import FEEL
import Testing
import Values

/// Times are generous, for builds without optimisation on a busy machine; what they rule out takes hours.
@Suite struct HostileTextTests {
    private func timed(_ text: String, profile: FEELProfile = .strict) -> (answer: String, time: Duration) {
        var answer = ""
        let time = ContinuousClock().measure { answer = Fixture.answer(text, profile: profile) }
        return (answer, time)
    }

    @Test(arguments: [
        ("", "(", "1"), ("", "[", ""), ("", "-", "1"), ("", "{a: ", ""), ("", "if ", ""), ("1", " + 1", ""), ("lines", "[1]", ""), ("lines", ".price", ""),
        ("", "for x in ", ""), ("", "not(", ""), ("1 in ", "(", ""), ("", "1 in (", ""), ("", "function(x) ", ""), ("1 instance of ", "list<", ""),
        ("1 instance of ", "context<a: ", ""), ("", "] 1..", ""), ("", "1 in < ", ""), ("", "some x in 1..2 satisfies ", ""),
    ])
    func `deep nesting is a finding`(_ start: String, _ repeated: String, _ end: String) {
        let (answer, time) = timed(start + String(repeating: repeated, count: 10_000) + end)
        #expect(answer == "FEEL-SIZE")
        #expect(time < .seconds(20))
    }

    @Test func `a parser that goes back tries each text a bounded number of times`() {
        let text = String(repeating: "1 in (", count: 100) + "1" + String(repeating: " .. 5)", count: 100)
        let (_, time) = timed(text)
        #expect(time < .seconds(20))
    }

    @Test func `ten megabytes of text are refused at once`() {
        let (answer, time) = timed("1" + String(repeating: " + 1", count: 2_621_440))
        #expect(answer == "FEEL-SIZE")
        #expect(time < .seconds(20))
    }

    @Test(arguments: [
        "for i in 1..1000000000 return i", "some i in 1..1000000000 satisfies i < 0", "count(for i in 1..999999 return i)",
        "for i in 1..2000, j in 1..2000 return i", "every i in 1..2000 satisfies every j in 1..2000 satisfies true",
        "{a: for i in 1..1000 return i, b: for i in a, j in a, k in a return 1}", "for i in 1..1000 return for j in 1..1000 return for k in 1..1000 return 1",
        "for x in @\"0001-01-01\"..@\"9999-12-31\" return x",
    ])
    func `an endless loop ends at its budget`(_ text: String) {
        for profile in [FEELProfile.strict, .standard] {
            let (answer, time) = timed(text, profile: profile)
            #expect(answer == "FEEL-BUDGET")
            #expect(time < .seconds(30))
        }
    }

    @Test func `a string that doubles ends at its budget`() {
        let text = "for i in 1..40 return if i = 1 then text else partial[-1] + partial[-1]"
        #expect(Fixture.answer(text) == "FEEL-BUDGET")
    }

    @Test func `functions that call each other twice end at their budget`() {
        var text = "{f0: function(x) x + 1"
        for level in 1...60 { text += ", f\(level): function(x) f\(level - 1)(f\(level - 1)(x))" }
        text += ", y: f60(1)}"
        let answer = Fixture.answer(text)
        #expect(answer == "FEEL-BUDGET")
    }

    @Test(arguments: [
        "{f: function(x) f(x), y: f(1)}.y", "{f: function(x) f(f(x)), y: f(1)}.y", "{f: function(g) g(g), y: f(f)}.y",
        "{f: function(x) [f(x)], y: f(1)}.y", "{f: function(x) sort([2, 1], function(a, b) f(x)), y: f(1)}.y",
    ])
    func `a function that calls itself without end ends at its budget`(_ text: String) {
        for profile in [FEELProfile.strict, .standard] {
            let (answer, time) = timed(text, profile: profile)
            #expect(answer == "FEEL-BUDGET")
            #expect(time < .seconds(5))
        }
    }

    @Test func `searching takes linear time`() {
        let text = "contains(string join(for i in 1..50000 return \"aaaa\"), string join(for i in 1..25000 return \"aaaa\") + \"b\")"
        let (answer, time) = timed(text)
        #expect(answer == "false")
        #expect(time < .seconds(30))
    }

    @Test func `bytes of any kind are a finding and not a crash`() {
        var seed: UInt64 = 42
        let pieces = ["(", ")", "[", "]", "{", "}", "\"", "\\", "..", ".", "-", "1", "a", "in ", "for ", "if ", "then ", "@", "\u{0}", "é", "?", ",", "not", "<", "=", "function", ":", "null", "between ", "and ", " ", "\n", "item", "date(", "\u{FEFF}"]
        var compiled = 0
        for _ in 0..<4_000 {
            var text = ""
            for _ in 0..<8 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(seed >> 33) % pieces.count]
            }
            let expression = FEEL.expression(text, layout: Fixture.layout)
            #expect(expression.product != nil || !expression.diagnostics.isEmpty)
            let tests = FEEL.unaryTests(text, input: .number, layout: Fixture.layout)
            #expect(tests.product != nil || !tests.diagnostics.isEmpty)
            if expression.product != nil { compiled += 1 }
            _ = Fixture.holds(text, .integer(1))
            _ = Fixture.answer(text)
        }
        #expect(compiled > 0)
    }
}
