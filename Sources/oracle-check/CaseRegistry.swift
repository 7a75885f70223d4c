import Values

/// What came of one case.
enum CaseVerdict: Equatable {
    case passed
    case failed([Difference])
    /// Its id is not known.
    case skipped
}

/// Which function computes which case. A group has a file of its own under `Cases`.
enum CaseRegistry {
    /// Reads the inputs of a case, and answers all that is expected of it.
    typealias Runner = @Sendable (OracleCase) throws(CaseFailure) -> Answer

    /// By id. An id belongs to one group.
    static let runners: [String: Runner] = [
        GeneratorCases.runners, ClassifyCases.runners, ScaleCases.runners, WeightCases.runners, DriftCases.runners, StabilityCases.runners, LaneCases.runners,
        MeasureCases.runners, ClusterCases.runners,
    ].reduce(into: [:]) { all, group in all.merge(group) { first, _ in first } }

    static func verdict(_ testCase: OracleCase) -> CaseVerdict {
        guard let runner = runners[testCase.id] else { return .skipped }
        let answer: Answer
        do {
            answer = try runner(testCase)
        } catch {
            return .failed([Difference(path: "-", expected: "an answer", found: error.description)])
        }
        var comparison = Comparison(tolerance: testCase.tolerance)
        comparison.compare(.context(testCase.expected), answer)
        return comparison.differences.isEmpty ? .passed : .failed(comparison.differences)
    }
}
