import Diagnostics
import FEEL
import Foundation
import Testing
import Values

/// Times are generous, for builds without optimisation on a busy machine. Texts whose values grow: lists that share their parts, values that nest, strings that double. The limits hold for the
/// memory that is taken and for the stack, also that of a thread with little of it.
@Suite struct HostileValueTests {
    /// The answer of an evaluation on a thread with this much stack.
    private func onSmallStack(_ bytes: Int = 512 * 1024, _ work: @escaping @Sendable () -> String) -> String {
        final class Box: @unchecked Sendable { var answer = "" }
        let box = Box()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            box.answer = work()
            done.signal()
        }
        thread.stackSize = bytes
        thread.start()
        done.wait()
        return box.answer
    }

    @Test(arguments: [
        // Lists that share their parts: a thousand million items by three lines.
        "{a: for i in 1..1000 return i, b: for i in 1..1000 return a, c: for i in 1..1000 return b}.c",
        "{a: for i in 1..1000 return i, b: for i in 1..1000 return a, c: for i in 1..1000 return b, r: c = c}.r",
        "{a: for i in 1..1000 return i, b: for i in 1..1000 return a, c: for i in 1..1000 return b, r: string length(string(c))}.r",
        "{a: for i in 1..1000 return i, b: for i in 1..1000 return a, c: for i in 1..1000 return b, r: count(flatten(c))}.r",
        "{a: for i in 1..1000 return i, b: for i in 1..1000 return a, c: for i in 1..1000 return b, r: c in (c)}.r",
        // Values that nest without end.
        "for i in 1..50000 return if i = 1 then [] else [partial[-1]]", "for i in 1..50000 return {a: partial[-1]}",
        "{f: function(n) if n = 0 then [] else [[[[[[[[[[f(n - 1)]]]]]]]]]], r: f(90)}.r",
        // A copy of all that was before, each turn.
        "count(for i in 1..50000 return partial)", "count(for i in 1..50000 return {a: partial, b: 1}.b)",
        // Many bytes by few steps.
        "count(for i in 1..50000 return string join(for j in 1..100 return \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\") + string(i))",
        "{s: string join(for j in 1..20000 return \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"), r: count(for i in 1..90000 return s + string(i))}.r",
        "{s: string join(for j in 1..20000 return \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"), r: count(for i in 1..90000 return contains(s, \"b\"))}.r",
        "{s: for j in 1..50000 return j, r: count(for i in 1..90000 return sum(s))}.r", "{s: for j in 1..50000 return j, r: count(for i in 1..90000 return i in s)}.r",
        "{s: for j in 1..50000 return j, r: count(for i in 1..90000 return s[item = i])}.r", "{s: for j in 1..50000 return {a: j}, r: count(for i in 1..90000 return s.a)}.r",
        "{f: function(n) for i in 1..10 return f(n - 1), r: f(1)}.r", "{f: function(n) some i in 1..10 satisfies f(i), r: f(1)}.r",
        "{f: function(g, n) g(g, n + 1), r: f(f, 1)}.r", "{f: function(x) f(x)[1], r: f([1])}.r", "sort(for i in 1..60000 return -i, function(a, b) sort([b, a], function(c, d) c < d)[1] = a)",
    ])
    func `what grows without end ends at its budget, on a small stack too`(_ text: String) {
        for profile in [FEELProfile.strict, .standard] {
            let start = ContinuousClock.now
            let answer = onSmallStack { Fixture.answer(text, profile: profile, budget: EvaluationBudget(steps: 200_000)) }
            #expect(answer == "FEEL-BUDGET")
            #expect(ContinuousClock.now - start < .seconds(60))
        }
    }

    /// Without optimisation the parser takes some 6 KiB a level of the 160.
    private static let parserStackBytes = 2 * 1024 * 1024

    @Test(arguments: [
        ("", "(", "1"), ("", "[", ""), ("", "-", "1"), ("", "{a: ", ""), ("", "if true then ", ""), ("lines", "[1]", ""), ("", "for x in ", ""), ("", "function(x) ", ""), ("", "(", "1 + 2"),
    ])
    func `the deepest text that is taken is compiled and run on a small stack`(_ start: String, _ repeated: String, _ end: String) {
        let answer = onSmallStack(Self.parserStackBytes) { Fixture.answer(start + String(repeating: repeated, count: 20_000) + end) }
        #expect(answer == "FEEL-SIZE")
        let closed = String(repeating: "(", count: 70) + "1" + String(repeating: " + a)", count: 70)
        #expect(onSmallStack(Self.parserStackBytes) { Fixture.answer(closed) } == "701")
        let lists = String(repeating: "[", count: 140) + "a" + String(repeating: "]", count: 140)
        #expect(onSmallStack(Self.parserStackBytes) { Fixture.answer(lists) }.hasPrefix("[[["))
        let functions = "{f: function(n) if n = 0 then 0 else " + String(repeating: "(1 + ", count: 30) + "f(n - 1)" + String(repeating: ")", count: 30) + ", r: f(9)}.r"
        #expect(onSmallStack { Fixture.answer(functions) } == "270")
    }

    @Test func `many names, many of one kind, are found in time`() {
        let names = (0..<12_000).map { "a \($0)" }
        let context = "{" + names.enumerated().map { $0.offset == 0 ? "\($0.element): 1" : "\($0.element): a \($0.offset - 1)" }.joined(separator: ", ") + "}"
        let start = ContinuousClock.now
        #expect(Fixture.answer(context + ".a 11999") == "1")
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func `mistakes without number are told up to a limit`() {
        let found = Fixture.findings((0..<5_000).map { "[unknown\($0)]" }.joined(separator: ", ").replacing("[", with: "[").split(separator: ",").joined(separator: " = "))
        #expect(found.count <= 101)
        let warnings = Fixture.findings("[" + (0..<5_000).map { "unknown\($0)" }.joined(separator: ", ") + "]", profile: .standard)
        #expect(warnings.count == 100)
    }

    @Test func `what a real rule needs is within the limits`() {
        #expect(Fixture.answer("count(for i in 1..20000 return i * 2 + 1)") == "20000")
        #expect(Fixture.answer("sum(for i in 1..5000 return if i = 1 then 1 else partial[-1] + 1)") == "12502500")
        #expect(Fixture.answer("{f: function(n) if n = 0 then 0 else 1 + f(n - 1), r: f(30)}.r") == "30")
        #expect(Fixture.answer("count(sort(for i in 1..10000 return -i, function(a, b) a < b))") == "10000")
    }
}
