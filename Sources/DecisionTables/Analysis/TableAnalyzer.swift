import Diagnostics
import FEEL
import Values

/// Works out a ``TableAnalysis``.
struct TableAnalyzer {
    let table: CompiledTable
    let space: RuleSpace
    let scope: AnalysisScope
    let answers: RuleAnswers
    var findings: [TableFinding] = []
    /// The cells of boxes, null told.
    var texts: BoxTexts
    /// Rules that a finding asks to remove: what is said of the others holds without them.
    var removed: Set<Int> = []
    /// Rules that hold for null alone by mistake: what they do there is no finding of its own.
    var mistaken: Set<Int> = []
    /// What was not looked at to its end.
    var cutShort: [String] = []

    init(_ table: CompiledTable, _ space: RuleSpace, _ scope: AnalysisScope) {
        self.table = table
        self.space = space
        self.scope = scope
        answers = RuleAnswers(table)
        texts = BoxTexts(space)
    }

    mutating func analyse() -> TableAnalysis {
        checkCells()
        let (overlaps, overlapCount) = findOverlaps()
        tellOverlaps(overlaps, overlapCount)
        findMasked()
        findRedundant()
        findAnyCells()
        findMergeable()
        let (gaps, hasAllGaps) = findGaps()
        advise(overlaps, overlapCount)
        tellLimits()
        findings = findings.enumerated().sorted { left, right in
            if left.element.severity != right.element.severity { return left.element.severity > right.element.severity }
            let a = left.element.rules.first ?? .max, b = right.element.rules.first ?? .max
            return a == b ? left.offset < right.offset : a < b
        }.map(\.element)
        return TableAnalysis(
            table: table, inputs: space.dimensions.map(\.header), gaps: gaps, hasAllGaps: hasAllGaps, overlaps: overlaps,
            overlapCount: overlapCount, findings: findings, inputsWithoutNull: inputsWithoutNull, space: space)
    }

    // MARK: gaps

    private var inputsWithoutNull: [String] {
        zip(space.dimensions, space.asksNull(scope.nulls)).filter { !$1 && $0.regions.contains(.null) }.map { $0.0.header }
    }

    private mutating func findGaps() -> ([TableGap], Bool) {
        let limit = space.box(scope.nulls)
        var search = Subdivision(space, within: limit, looks: scope.limits.looks)
        var visitor = GapVisitor(space, within: limit, countMax: scope.limits.gaps)
        let end = search.run(0..<space.ruleCount, &visitor)
        var texts = BoxTexts(space, withNull: space.asksNull(scope.nulls))
        let boxes = visitor.gaps.enumerated().sorted { left, right in
            let a = left.element.sets.count { !$0.isAll }, b = right.element.sets.count { !$0.isAll }
            return a == b ? left.offset < right.offset : a < b
        }.map(\.element)
        let gaps = boxes.map { box in
            TableGap(cells: texts.cells(of: box, in: table), witness: space.namedWitness(of: box), box: box)
        }
        if answers.defaults == nil {
            for gap in gaps.prefix(scope.limits.findings) { tell(gap) }
            if gaps.count > scope.limits.findings { cutShort.append("\(gaps.count) gaps were found, and the first \(scope.limits.findings) are told") }
        }
        if visitor.isAtLimit { cutShort.append("gaps: \(scope.limits.gaps) are kept") }
        if end == .limited { cutShort.append("gaps: the search ended at its limit") }
        return (gaps, end == .complete && !isWithoutOpaqueRulesOpen(limit))
    }

    /// Whether there would be more gaps without the rules that cannot be decided.
    private mutating func isWithoutOpaqueRulesOpen(_ limit: SpaceBox) -> Bool {
        guard space.isOpaque.contains(true) else { return false }
        var search = Subdivision(space, within: limit, looks: scope.limits.looks)
        var visitor = CoverVisitor()
        return search.run((0..<space.ruleCount).filter { !space.isOpaque[$0] }, &visitor) != .complete
    }

    private mutating func tell(_ gap: TableGap) {
        // A list without entries is an answer; one value that is missing is not.
        let severity: Severity = table.table.hitPolicy.isSingle ? .warning : .note
        findings.append(TableFinding(
            code: .tableGap, severity: severity, fact: "no rule holds for \(table.told(gap.cells))", rules: [], cells: gap.cells,
            witness: gap.witness, hint: "a rule for it would begin | \(gap.cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) ||",
            position: table.table.inputs.first?.header.position ?? SourcePosition()))
    }

    // MARK: what could not be looked at

    private mutating func tellLimits() {
        let position = table.table.inputs.first?.header.position ?? SourcePosition()
        for (index, dimension) in space.dimensions.enumerated() {
            let rules = dimension.opaqueRules.indices.filter { dimension.opaqueRules[$0] }.map { $0 + 1 }
            if !rules.isEmpty {
                findings.append(TableFinding(
                    code: .tableOpaque, severity: .note,
                    fact: "the cells of \(dimension.header) in \(Self.named(rules)) are not over constants: they are taken to hold where gaps are looked for, and not where rules are said to be covered",
                    rules: [], witness: [], position: position))
            }
            for other in space.dimensions.indices where other > index && slots(of: index).contains(where: slots(of: other).contains) {
                findings.append(TableFinding(
                    code: .tableDependent, severity: .note,
                    fact: "\(dimension.header) and \(space.dimensions[other].header) read the same field: a region may name values of both that never come together",
                    rules: [], witness: [], position: position))
            }
        }
        for what in cutShort {
            findings.append(TableFinding(
                code: .tableLimit, severity: .warning, fact: "not everything was looked at; \(what)", rules: [], witness: [],
                position: position))
        }
    }

    private func slots(of dimension: Int) -> [Int] {
        table.table.inputs.indices.first { RuleSpace.name(table.table.inputs[$0]) == space.dimensions[dimension].header }
            .map { table.inputs[$0].slots } ?? []
    }

    static func tooLarge(_ table: CompiledTable, _ header: String) -> TableFinding {
        TableFinding(
            code: .tableLimit, severity: .warning,
            fact: "the table was not analysed: \(header) has more distinct values and rules than fit into \(InputDimension.wordsMax * 8 / 1_048_576) MiB",
            rules: [], witness: [], position: table.table.inputs.first?.header.position ?? SourcePosition())
    }

    // MARK: telling

    /// `rule 3`, `rules 3 and 5`, `rules 3, 5 and 7`; of many the first ten.
    static func named(_ rules: [Int]) -> String {
        if rules.count == 1 { return "rule \(rules[0])" }
        if rules.count > 10 { return "rules \(rules.prefix(10).map(String.init).joined(separator: ", ")) and \(rules.count - 10) more" }
        return "rules \(rules.dropLast().map(String.init).joined(separator: ", ")) and \(rules.last.map(String.init) ?? "")"
    }

    /// A rule's number, with its id where it has one.
    func named(_ rule: Int) -> String {
        table.table.rules[rule].identity.id.map { "rule \(rule + 1) (\($0))" } ?? "rule \(rule + 1)"
    }

    func position(of rule: Int) -> SourcePosition {
        var position = (table.table.rules[rule].inputs.first ?? table.table.rules[rule].outputs.first)?.position ?? SourcePosition()
        position.place = .cell(row: rule + 1, column: nil, name: nil)
        return position
    }

    mutating func tell(
        _ code: DiagnosticCode, _ severity: Severity, _ fact: String, rules: [Int], cells: [String]? = nil,
        witness: [TableWitness] = [], at position: SourcePosition? = nil, hint: String? = nil
    ) {
        findings.append(TableFinding(
            code: code, severity: severity, fact: fact, rules: rules.map { $0 + 1 }, cells: cells, witness: witness, hint: hint,
            position: position ?? self.position(of: rules[0])))
    }
}
