import FEEL
import Values

/// The rules of a table, or of two versions of one, as boxes: a product of one set of classes an input.
struct RuleSpace: Sendable {
    let dimensions: [InputDimension]
    let ruleCount: Int
    /// Whether a cell of the rule is not over constants. Such a rule is taken to hold wherever its other cells do.
    let isOpaque: [Bool]
    /// Whether no value at all passes the rule's cells.
    let isNever: [Bool]
    /// Ends of each rule's cell, dimension by dimension, and whether it is one run: flat, as searches ask for them all the time.
    private let lows: [Int32]
    private let highs: [Int32]
    private let isRun: [Bool]

    init(dimensions: [InputDimension], ruleCount: Int) {
        self.dimensions = dimensions
        self.ruleCount = ruleCount
        isOpaque = (0..<ruleCount).map { rule in dimensions.contains { $0.opaqueRules[rule] } }
        isNever = (0..<ruleCount).map { rule in dimensions.contains { $0.cell(of: rule).isEmpty } }
        let cells = dimensions.flatMap { dimension in (0..<ruleCount).map { dimension.cell(of: $0) } }
        lows = cells.map { Int32($0.low) }
        highs = cells.map { Int32($0.high) }
        isRun = cells.map(\.isRun)
    }

    /// Counts of some rules where their cells begin and end within a run of classes.
    func countEnds(_ dimension: Int, _ rules: [Int], from low: Int, to high: Int, _ starts: inout [Int], _ ends: inout [Int]) {
        let lows = lows.span.extracting(dimension * ruleCount..<(dimension + 1) * ruleCount)
        let highs = highs.span.extracting(dimension * ruleCount..<(dimension + 1) * ruleCount)
        var first = starts.mutableSpan, last = ends.mutableSpan
        for rule in rules {
            first[max(low, Int(lows[rule]))] += 1
            last[min(high, Int(highs[rule]))] += 1
        }
    }

    /// For how many classes of a run a rule holds.
    @inline(__always)
    func held(_ dimension: Int, _ rule: Int, from low: Int, to high: Int) -> Int {
        let at = dimension * ruleCount + rule
        if isRun[at] { return max(0, min(Int(highs[at]), high) - max(Int(lows[at]), low)) }
        return dimensions[dimension].cell(of: rule).count(from: low, to: high)
    }

    /// Nil where one input alone has more regions and rules than sets are made for; its header is given then.
    static func make(_ tables: [CompiledTable], _ scope: AnalysisScope) -> (space: RuleSpace?, tooLarge: String?) {
        var headers: [String] = []
        for table in tables {
            for input in table.table.inputs where !headers.contains(Self.name(input)) { headers.append(Self.name(input)) }
        }
        let ruleCount = tables.reduce(0) { $0 + $1.rules.count }
        var dimensions: [InputDimension] = []
        for header in headers {
            var columns: [AnalysedColumn] = [], listed: [CompiledTest?] = [], start = 0
            for table in tables {
                for (index, input) in table.table.inputs.enumerated() where Self.name(input) == header {
                    columns.append(table.analysedColumn(index, firstRule: start))
                    listed.append(table.inputValues[index])
                }
                start += table.rules.count
            }
            var domain = scope.domains[header] ?? InputDomain()
            // What two versions list differently is no limit of both.
            if domain.allowed == nil, Set(listed.map { $0?.source }).count == 1 { domain.allowed = listed[0] }
            var builder = DimensionBuilder(
                header: header, columns: columns, ruleCount: ruleCount, domain: domain)
            guard let dimension = builder.dimension() else { return (nil, header) }
            dimensions.append(dimension)
        }
        return (RuleSpace(dimensions: dimensions, ruleCount: ruleCount), nil)
    }

    /// The header with single spaces: columns of the same name are one input.
    static func name(_ input: TableColumn) -> String {
        input.header.text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" }).joined(separator: " ")
    }

    var everything: SpaceBox { SpaceBox(dimensions.map { .all($0.classCount) }) }

    func box(of rule: Int) -> SpaceBox { SpaceBox(dimensions.map { $0.cell(of: rule) }) }

    /// Whether gaps at null are told, by dimension.
    func asksNull(_ nulls: NullTreatment) -> [Bool] {
        dimensions.map { dimension in
            switch nulls {
            case .named: dimension.namesNull
            case .always: true
            case .never: false
            }
        }
    }

    /// The space without the nulls that are not asked about.
    func box(_ nulls: NullTreatment) -> SpaceBox {
        SpaceBox(zip(dimensions, asksNull(nulls)).map { dimension, isAsked in
            guard !isAsked, dimension.endsWithNull else { return .all(dimension.classCount) }
            return ClassSet(run: 0..<(dimension.classCount - 1), of: dimension.classCount)
        })
    }

    /// Whether a rule holds for some point of a box, by what is known of it.
    func touches(_ rule: Int, _ box: SpaceBox) -> Bool {
        dimensions.indices.allSatisfy { dimensions[$0].cell(of: rule).meets(box.sets[$0]) }
    }
}

extension CompiledTable {
    func analysedColumn(_ index: Int, firstRule: Int) -> AnalysedColumn {
        var cells: [(rule: Int, test: CompiledTest)] = []
        for (rule, compiled) in rules.enumerated() {
            for cell in compiled.tests where cell.input == index { cells.append((firstRule + rule, cell.test)) }
        }
        return AnalysedColumn(type: inputTypes[index], cells: cells)
    }
}
