package import Diagnostics
package import Values

/// What can be said of a decision table before any row is seen: the regions that no rule covers, the rules that overlap, and
/// whatever else is surely or most likely not meant. All of it is exact, for all inputs at once, within the limits that are told.
package struct TableAnalysis: Sendable {
    package let table: CompiledTable
    /// The distinct inputs, by header.
    package let inputs: [String]
    /// Boxes that together are all rows without a rule; each as large as can be, so that they may overlap.
    package let gaps: [TableGap]
    /// Whether the gaps are all that there are, also where cells cannot be decided.
    package let hasAllGaps: Bool
    /// Pairs of rules that hold for the same rows, by the upper and then the lower rule, as far as they are kept.
    package let overlaps: [RuleOverlap]
    package let overlapCount: Int
    /// Everything that is worth telling, errors first, then by rule.
    package let findings: [TableFinding]
    /// Inputs whose null was not asked about when gaps were looked for.
    package let inputsWithoutNull: [String]

    let space: RuleSpace?

    /// Analyses a compiled table.
    package static func make(_ table: CompiledTable, _ scope: AnalysisScope = AnalysisScope()) -> TableAnalysis {
        let (space, tooLarge) = RuleSpace.make([table], scope)
        guard let space else {
            return TableAnalysis(
                table: table, inputs: table.table.inputs.map(RuleSpace.name), gaps: [], hasAllGaps: false, overlaps: [],
                overlapCount: 0, findings: [TableAnalyzer.tooLarge(table, tooLarge ?? "")], inputsWithoutNull: [], space: nil)
        }
        var analyzer = TableAnalyzer(table, space, scope)
        return analyzer.analyse()
    }

    package func count(_ severity: Severity) -> Int { findings.count { $0.severity == severity } }

    /// The rows that both rules of a pair hold for, as cells of the table's inputs.
    package func cells(of overlap: RuleOverlap) -> [String] {
        guard let space else { return [] }
        var texts = BoxTexts(space)
        return texts.cells(of: overlap.box(in: space), in: table)
    }

    /// A row that both rules of a pair hold for.
    package func witness(of overlap: RuleOverlap) -> [TableWitness] {
        space.map { $0.namedWitness(of: overlap.box(in: $0)) } ?? []
    }

    /// Values of the inputs, in the order of ``inputs``, that both rules of a pair hold for: as ``witness(of:)``, without names.
    package func witnessValues(of overlap: RuleOverlap) -> [Value] {
        space?.witness(ofRules: overlap.first - 1, overlap.second - 1) ?? []
    }
}

extension RuleOverlap {
    func box(in space: RuleSpace) -> SpaceBox { space.box(of: first - 1).intersection(space.box(of: second - 1)) }
}

extension RuleSpace {
    func namedWitness(of box: SpaceBox) -> [TableWitness] {
        zip(dimensions, witness(of: box)).map { TableWitness(input: $0.header, value: $1) }
    }
}

extension CompiledTable {
    /// `hours to promise < 24, fragile true`: the cells of a box that say something.
    func told(_ cells: [String]) -> String {
        let said = zip(table.inputs, cells).filter { $0.1 != "-" }.map { "\(RuleSpace.name($0.0)) \($0.1)" }
        return said.isEmpty ? "anything" : said.joined(separator: " and ")
    }
}
