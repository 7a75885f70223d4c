import Foundation
import Testing
import Values

@testable import oracle_check

@Suite struct CaseTests {
    private func verdict(_ id: String, _ inputs: String, _ expected: String) throws -> CaseVerdict {
        let text = #"{"cases": [{"id": "\#(id)", "group": "g", "inputs": \#(inputs), "expected": \#(expected), "tol": 1e-9}]}"#
        return CaseRegistry.verdict(try #require(try CaseFile.read(Array(text.utf8)).first))
    }

    @Test func `a wrong expectation fails with its path`() throws {
        let expected = #"{"class": ["A", "C"]}"#
        #expect(try verdict("abc_cross_in_10", #"{"values": [9, 1], "a": 0.8, "b": 0.95}"#, expected) == .failed([
            Difference(path: "class[1]", expected: "\"C\"", found: "\"B\""),
        ]))
    }

    @Test func `a case of another id is skipped, and one without its inputs fails`() throws {
        #expect(try verdict("no_such_case", "{}", #"{"a": 1}"#) == .skipped)
        #expect(try verdict("sbc_smooth", #"{"quantity": [1]}"#, #"{"p": 1}"#) == .failed([
            Difference(path: "-", expected: "an answer", found: "there is no input `demand`"),
        ]))
    }

    @Test func `what is no file of cases is refused with a reason`() {
        func reason(_ text: String) -> String {
            do {
                _ = try CaseFile.read(Array(text.utf8))
                return "read"
            } catch {
                return "\(error)"
            }
        }
        #expect(reason("[").hasPrefix("not JSON: byte 1"))
        #expect(reason("{}") == "there is no list `cases`")
        #expect(reason(#"{"cases": [{"id": "a"}]}"#) == "case 0 has no id and group")
        #expect(reason(#"{"cases": [{"id": "a", "group": "b", "inputs": {}, "expected": {}, "tol": 0}]}"#) == "case a has no inputs, or expects nothing")
        #expect(reason(#"{"cases": [{"id": "a", "group": "b", "inputs": {}, "expected": {"c": 1}}]}"#) == "case a has no tol")
    }

    @Test func `every shared case of a known id passes, and the groups that are built have no other`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../shared/oracles/cases.json").standardizedFileURL.path
        guard let data = FileManager.default.contents(atPath: path) else { return print("skipped: ../shared is absent") }
        var tally = CaseTally(), lines: [String] = []
        for testCase in try CaseFile.read([UInt8](data)) {
            let verdict = CaseRegistry.verdict(testCase)
            lines += tally.add(testCase, verdict, isVerbose: false)
            if Self.builtGroups.contains(testCase.group) { #expect(verdict == .passed, "\(testCase.id)") }
        }
        #expect(tally.failed == 0, "\(lines.filter { !$0.hasPrefix("skipped") })")
        #expect(tally.passed >= 66)
    }

    /// Of these each case is computed.
    private static let builtGroups: Set<String> = ["util", "classify", "scale", "drift", "stability", "lane", "cluster"]
}
