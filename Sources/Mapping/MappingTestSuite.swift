import Records

/// The tests of one mapping: what lies in the folder `NAME.tests` beside `NAME.yaml`.
package struct MappingTestSuite: Sendable {
    package let mapping: String
    /// The mapping's file without `.yaml`, and the folder of the cases without `.tests`.
    let stem: String
    /// The feed through which the cases are read; nil for a plain feed of the mapping's format.
    package let feed: String?
    /// The business zone of the cases; nil for UTC. It is not the site's: a site that lies elsewhere expects the same of a mapping.
    let zone: String?
    /// What rules look up: cross-references and rates.
    let references: [Record]
    /// In the order of their names.
    package let cases: [MappingTestCase]

    /// The folder of the cases, relative to the site's root.
    package var folder: String { stem + Self.suffix }

    /// How the name of a folder of tests ends.
    static let suffix = ".tests"
    /// The file in it that says how the cases are read.
    static let settingsFile = "tests.yaml"
    /// The file in it that has the records that rules look up, one a line.
    static let referencesFile = "references.jsonl"

    /// The part of a path that is the mapping's, where the file belongs to tests.
    static func stem(of path: String) -> String? {
        path.firstRange(of: suffix + "/").map { String(path[..<$0.lowerBound]) }
    }
}

/// One case: an input, and what a mapping makes of it.
package struct MappingTestCase: Sendable {
    /// Of its files: `plain` of `plain.edi`, `plain.records.jsonl` and `plain.diagnostics.txt`.
    package let name: String
    package let input: BundleFile
    /// One record a line, in the order in which they are made; nil where nobody has said yet what is expected.
    package let records: BundleFile?
    /// One finding a line, errors and warnings; nil for none.
    package let diagnostics: BundleFile?

    static let recordsSuffix = ".records.jsonl"
    static let diagnosticsSuffix = ".diagnostics.txt"
}

extension MappingTestSuite {
    /// Where the expected records of a case are kept, relative to the site's root.
    package func recordsPath(of test: MappingTestCase) -> String { "\(folder)/\(test.name)\(MappingTestCase.recordsSuffix)" }

    /// Where the expected findings of a case are kept, relative to the site's root.
    package func diagnosticsPath(of test: MappingTestCase) -> String { "\(folder)/\(test.name)\(MappingTestCase.diagnosticsSuffix)" }
}
