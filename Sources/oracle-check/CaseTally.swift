/// Counts verdicts, and tells them.
struct CaseTally {
    private(set) var passed = 0
    private(set) var failed = 0
    private(set) var skipped = 0

    /// The lines to print of one case.
    mutating func add(_ testCase: OracleCase, _ verdict: CaseVerdict, isVerbose: Bool) -> [String] {
        switch verdict {
        case .passed:
            passed += 1
            return isVerbose ? ["passed  \(testCase.id)"] : []
        case .skipped:
            skipped += 1
            return ["skipped \(testCase.id)"]
        case .failed(let differences):
            failed += 1
            return differences.map { "failed  \(testCase.id) \($0.path): expected \($0.expected), found \($0.found)" }
        }
    }

    var text: String { "\(passed) passed, \(failed) failed, \(skipped) skipped" }
}
