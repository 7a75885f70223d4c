import Testing
import Values

@testable import oracle_check

@Suite struct ComparisonTests {
    private func differences(_ expected: String, _ found: Answer, tolerance: Double = 1e-9) throws -> [String] {
        var comparison = Comparison(tolerance: tolerance)
        comparison.compare(try JSONText.parse(expected), found)
        return comparison.differences.map { "\($0.path): \($0.expected), \($0.found)" }
    }

    @Test func `a number is near as a distance or as a share`() throws {
        #expect(try differences("1", .number(1.000_000_000_5)).isEmpty)
        #expect(try differences("1", .number(1.000_000_002)) == [": 1, 1.000000002"])
        #expect(try differences("1000000", .number(1_000_000.000_5)).isEmpty)
        #expect(try differences("0.000001", .number(0.000_001_000_5)).isEmpty)
        #expect(try differences("5", .number(5.1), tolerance: 0).count == 1 && differences("5", .number(5), tolerance: 0).isEmpty)
        #expect(try differences("5", .number(.nan)).count == 1)
    }

    @Test func `all that is expected has to be found, and told where`() throws {
        let found = Answer.object(["a": .list([.number(1), .object(["b": .text("x")])]), "more": .flag(true)])
        #expect(try differences(#"{"a": [1, {"b": "x"}]}"#, found).isEmpty)
        #expect(try differences(#"{"a": [2, {"b": "y"}], "c": null}"#, found) == ["a[0]: 2, 1.0", "a[1].b: \"y\", \"x\"", "c: null, nothing"])
        #expect(try differences(#"{"a": [1]}"#, found) == ["a: 1 values, 2 values"])
    }

    @Test func `kinds of values do not stand for each other`() throws {
        for (expected, found): (String, Answer) in [
            ("null", .number(0)), ("0", .none), ("\"1\"", .number(1)), ("1", .text("1")), ("true", .number(1)), ("[1]", .number(1)), ("{}", .list([])),
        ] {
            #expect(try differences(expected, found).count == 1, "\(expected)")
        }
        #expect(try differences("null", .none).isEmpty && differences("true", .flag(true)).isEmpty)
    }

    @Test func `an object that is whole may have nothing else`() throws {
        let found = Answer.object(["rule1": .integers([2]), "rule2": .integers([8])], isWhole: true)
        #expect(try differences(#"{"rule1": [2], "rule2": [8]}"#, found).isEmpty)
        #expect(try differences(#"{"rule1": [2]}"#, found) == ["rule2: nothing, 1 values"])
    }

    @Test func `labels are compared as a partition`() throws {
        #expect(try differences("[0, 0, 2, 1]", .partition([5, 5, 1, 0])).isEmpty)
        #expect(try differences("[0, 0, 2, 1]", .partition([5, 4, 1, 0])).count == 1)
        #expect(try differences("[0, 1, 2, 1]", .partition([5, 4, 4, 4])).count == 1)
        #expect(try differences("[0, 0]", .partition([1])).count == 1)
        #expect(try differences("[-1, 0]", .partition([-1, 7], kept: [-1])).isEmpty)
        #expect(try differences("[-1, 0]", .partition([0, -1], kept: [-1])).count == 1)
    }

    @Test func `one of two answers is enough, and the first is told of`() throws {
        #expect(try differences("[1, 2]", .either([.numbers([2, 1]), .numbers([1, 2])])).isEmpty)
        #expect(try differences("[1, 2]", .either([.numbers([2, 2]), .numbers([3, 3])])) == ["[0]: 1, 2.0"])
    }
}
