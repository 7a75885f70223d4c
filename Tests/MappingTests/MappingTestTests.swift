import Diagnostics
import Mapping
import Testing

/// The tests that lie beside mappings: those of the project, and what is said of wrong ones.
@Suite struct MappingTestTests {
    @Test(arguments: Project.library.tests.map(\.mapping))
    func `what a shipped mapping makes is what its cases expect, however the bytes are cut`(mapping: String) throws {
        let library = Project.library
        let suite = try #require(library.tests.first { $0.mapping == mapping })
        for test in suite.cases {
            let whole = library.run(test, of: suite, context: Project.context)
            #expect(whole.differences.isEmpty, "\(mapping), \(test.name)")
            for piece in [1, 7] {
                let cut = library.run(test, of: suite, context: Project.context, piece: piece)
                #expect(cut.records == whole.records, "\(mapping), \(test.name), pieces of \(piece)")
                #expect(cut.findings == whole.findings, "\(mapping), \(test.name), pieces of \(piece)")
            }
        }
    }

    @Test func `every shipped mapping has two cases, and one of them has a defect`() {
        #expect(Project.library.untested.isEmpty)
        for suite in Project.library.tests {
            #expect(suite.cases.count >= 2, "\(suite.mapping)")
            #expect(suite.cases.contains { $0.diagnostics != nil }, "\(suite.mapping) has no case with a defect")
        }
    }

    @Test func `the documentation lists every mapping that ships`() throws {
        let page = String(decoding: try Project.bytes("docs/mapping.md"), as: UTF8.self)
        #expect(Project.library.mappings.map(\.name).filter { !page.contains("| `\($0)` |") } == [])
        #expect(Project.library.mappings.count >= 45)
    }

    @Test(arguments: Project.library.tests.map(\.mapping))
    func `records of a shipped mapping come back from its inverses as they were`(mapping: String) throws {
        let library = Project.library
        let suite = try #require(library.tests.first { $0.mapping == mapping })
        for outbound in library.inverses(of: mapping) {
            let trips = suite.cases.compactMap { library.roundTrip($0, through: outbound, of: suite, context: Project.context) }
            #expect(!trips.isEmpty, "no case of \(mapping) makes a record that \(outbound) writes")
            #expect(trips.flatMap { $0 } == [], "\(outbound)")
        }
    }

    @Test func `a round trip that loses something says what`() throws {
        let outbound = """
            outbound: back
            records: [returnLine]
            inverse: csv/test
            writes: { format: csv }
            file: "back.csv"
            columns:
              - { name: key, from: invoice }
              - { name: a, from: quantity, decimals: 0 }

            """
        let compiled = MappingLibrary.compile([
            BundleFile(path: "Mappings/csv/test.yaml", bytes: Array(Self.mapping.utf8)), BundleFile(path: "Mappings/outbound/back.yaml", bytes: Array(outbound.utf8)),
            BundleFile(path: "Mappings/csv/test.tests/one.csv", bytes: Array("key,a\nK,5\nL,1.5\n".utf8)),
        ])
        let library = try #require(compiled.library, "\(compiled.diagnostics.map(\.text))")
        let suite = try #require(library.tests.first)
        #expect(library.inverses(of: "csv/test") == ["back"])
        #expect(library.roundTrip(suite.cases[0], through: "back", of: suite, context: Project.context) == ["returnLine L/2, quantity: 1.5 comes back as 2"])
    }

    private static let mapping = """
        mapping: csv/test
        reads: { format: csv, header: [key, a] }
        records:
          - record: returnLine
            each: row
            fields: { invoice: key, lineNumber: { rowNumber: true }, quantity: { at: a, as: decimal } }

        """

    private func compile(_ files: [String: String]) -> (library: MappingLibrary?, findings: [String]) {
        let compiled = MappingLibrary.compile(
            [BundleFile(path: "Mappings/csv/test.yaml", bytes: Array(Self.mapping.utf8))]
                + files.map { BundleFile(path: "Mappings/csv/" + $0.key, bytes: Array($0.value.utf8)) })
        return (compiled.library, compiled.diagnostics.map(\.fact))
    }

    private func differences(_ files: [String: String]) throws -> [String] {
        let compiled = compile(files)
        let library = try #require(compiled.library, "\(compiled.findings)")
        let suite = try #require(library.tests.first)
        return library.run(try #require(suite.cases.first), of: suite, context: Project.context).differences
    }

    private let line = #"{"record":"returnLine","fields":{"client":"TEST","invoice":"K","lineNumber":"1","quantity":5}}"#

    @Test func `a difference is told by record and field`() throws {
        let input = ["test.tests/one.csv": "key,a\nK,5\n"]
        #expect(try differences(input.merging(["test.tests/one.records.jsonl": line]) { $1 }) == [])
        #expect(try differences(input) == ["nothing says yet which records are expected; run it with --update"])
        let other = line.replacing("5}", with: "6}").replacing("\"K\"", with: "\"K\",\"customer\":\"9\"")
        #expect(Set(try differences(input.merging(["test.tests/one.records.jsonl": other]) { $1 })) == [
            "record 1, returnLine.quantity: 6 is expected, 5 was made", "record 1, returnLine.customer: \"9\" is expected, nothing was made",
        ])
        #expect(try differences(input.merging(["test.tests/one.records.jsonl": line + "\n" + line]) { $1 }) == ["record 2, returnLine, is expected and was not made"])
        #expect(try differences(input.merging(["test.tests/one.records.jsonl": ""]) { $1 }) == ["record 1, returnLine, was made and is not expected"])
    }

    @Test func `a finding is expected by its whole line`() throws {
        let input = ["test.tests/one.csv": "key,a\nK,five\n", "test.tests/one.records.jsonl": ""]
        let found = try differences(input)
        #expect(found.count == 1 && found[0].hasPrefix("finding made and not expected: error[MAP-V01]"))
        let expected = String(found[0].dropFirst("finding made and not expected: ".count))
        #expect(try differences(input.merging(["test.tests/one.diagnostics.txt": expected + "\n"]) { $1 }) == [])
        #expect(try differences(input.merging(["test.tests/one.diagnostics.txt": expected + "\nmore\n"]) { $1 }) == ["finding expected and not made: more"])
    }

    @Test(arguments: [
        (["test.tests/one.records.jsonl": ""], "case one has no input"),
        (["test.tests/one.csv": "key,a\n", "test.tests/one.txt": "key,a\n"], "case one has two inputs, this one and Mappings/csv/test.tests/one.csv"),
        (["other.tests/one.csv": "key,a\n"], "no mapping lies beside the folder of tests"),
        (["test.tests/in/one.csv": "key,a\n"], "a folder of tests has no folders in it"),
        (["test.tests/tests.yaml": "tests: csv/test\nfeed: nowhere\n"], "there is no feed `nowhere`"),
        (["test.tests/tests.yaml": "tests: csv/other\n"], "the tests are those of mapping `csv/test`"),
        (["test.tests/references.jsonl": "{\"record\":\"crossReference\",\"fields\":{\"kind\":\"item\"}}\n"], "crossReference.client is required and empty"),
        (["test.tests/references.jsonl": "{\"record\":\"exchangeRate\",\"fields\":{\"rate\":\"one\"}}\n"], "rate: \"one\" is no number"),
        (["test.tests/references.jsonl": "rate"], "the line is no object with `record` and `fields`"),
    ])
    func `files that make no case are told`(files: [String: String], fact: String) {
        #expect(compile(files).findings == [fact])
    }

    @Test func `check asks for a test of every mapping`() throws {
        let untested = try #require(compile([:]).library).untested
        #expect(untested.map(\.fact) == ["mapping csv/test has no test"])
        #expect(try #require(compile(["test.tests/one.csv": "key,a\n"]).library).untested.isEmpty)
    }
}
