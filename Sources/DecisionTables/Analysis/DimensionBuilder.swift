import FEEL
import Values

/// One input column of a table as analysis sees it.
struct AnalysedColumn {
    let type: ValueType
    /// The tests other than `-`, with the number of their rule.
    let cells: [(rule: Int, test: CompiledTest)]
}

/// Cuts one input into regions, and asks each distinct cell once a region of its own.
struct DimensionBuilder {
    private let header: String
    private let columns: [AnalysedColumn]
    private let ruleCount: Int
    private let domain: InputDomain
    private var axis: OrderedAxis?
    private var regions: [InputRegion] = []
    private var witnesses: [Value] = []

    static let anywhere = EvaluationContext(now: Instant(seconds: 0))

    /// - Parameter columns: those that have this header; a rule holds where all of its cells do.
    init(header: String, columns: [AnalysedColumn], ruleCount: Int, domain: InputDomain) {
        self.header = header
        self.columns = columns
        self.ruleCount = ruleCount
        self.domain = domain
    }

    /// Nil where the sets would be too large.
    mutating func dimension() -> InputDimension? {
        let tests = columns.flatMap { $0.cells.map(\.test) }
        let constants = (tests + [domain.allowed].compactMap(\.self)).filter { Self.isConstant($0) }
        makeRegions(constants.flatMap { $0.constraint?.terms ?? [] })
        let words = (ruleCount + 63) / 64
        guard regions.count * words <= InputDimension.wordsMax else { return nil }
        restrictToDomain()
        var distinct: [String: Int] = ["-": 0]
        var flags: [[Bool]?] = [Array(repeating: true, count: regions.count)]
        var byRule: [[Int]] = Array(repeating: [], count: ruleCount)
        for column in columns {
            for cell in column.cells {
                let place = distinct[cell.test.source] ?? flags.count
                if place == flags.count {
                    distinct[cell.test.source] = place
                    flags.append(holding(cell.test))
                    guard flags.count * regions.count <= InputDimension.flagsMax else { return nil }
                }
                byRule[cell.rule].append(place)
            }
        }
        var holding: [[Bool]] = [], known: [[Int]: Int] = [:], holdingOfRule: [Int] = []
        for places in byRule {
            let decided = places.filter { flags[$0] != nil }
            let place = known[decided] ?? holding.count
            if place == holding.count {
                known[decided] = place
                holding.append(regions.indices.map { region in decided.allSatisfy { flags[$0]?[region] ?? true } })
            }
            holdingOfRule.append(place)
        }
        return InputDimension(
            header: header, axis: axis, regions: regions, witnesses: witnesses, namesNull: namesNull(constants),
            isOpaque: regions == [.anything] && !tests.isEmpty, opaqueRules: byRule.map { $0.contains { flags[$0] == nil } },
            holding: holding, holdingOfRule: holdingOfRule)
    }

    /// Whether the answer depends on nothing but the input.
    static func isConstant(_ test: CompiledTest) -> Bool {
        test.constraint != nil && test.slots.isEmpty && !test.readsClock
    }

    private func namesNull(_ constants: [CompiledTest]) -> Bool {
        domain.canBeNull ?? constants.contains { $0.constraint?.terms.contains(.value(.null)) ?? false }
    }

    // MARK: regions

    private mutating func makeRegions(_ terms: [TestTerm]) {
        let declared = Set(columns.map(\.type)).subtracting([.any, .null])
        // Two versions of a table that declare different types have no values in common to compare.
        if declared.count > 1 { return makeOpaque() }
        let type = declared.first ?? Self.type(shownBy: terms)
        switch type {
        case .boolean:
            regions = [.flag(true), .flag(false)]
            witnesses = [.boolean(true), .boolean(false)]
        case .string where !Self.ends(terms).contains { AxisKind($0) == .text }: makeNames(terms)
        case .string, .number, .date, .time, .dateTime, .dayTimeDuration, .yearMonthDuration:
            guard let axis = axis(type, terms) else { return makeOpaque() }
            self.axis = axis
            for position in 0..<axis.positionCount {
                guard let witness = axis.witness(at: position) else { continue }
                regions.append(.position(position))
                witnesses.append(witness)
            }
        default: return makeOpaque()
        }
        regions.append(.null)
        witnesses.append(.null)
    }

    /// An input whose values are not told apart, as a list or a context: only what does not depend on it is certain.
    private mutating func makeOpaque() {
        regions = [.anything]
        witnesses = [.null]
    }

    /// The type of an input that none is declared for, where its cells show one and only one.
    private static func type(shownBy terms: [TestTerm]) -> ValueType {
        let types = Set((ends(terms) + terms.compactMap { if case .value(let value) = $0 { value } else { nil } }).map(\.type))
            .subtracting([.null])
        return types.count == 1 ? types.first ?? .any : .any
    }

    private static func ends(_ terms: [TestTerm]) -> [Value] {
        terms.flatMap { term -> [Value] in
            if case .interval(let range) = term { return [range.lower, range.upper].compactMap(\.self) }
            return []
        }
    }

    private func axis(_ type: ValueType, _ terms: [TestTerm]) -> OrderedAxis? {
        let values = (Self.ends(terms) + terms.compactMap { if case .value(let value) = $0 { value } else { nil } })
            .filter { $0.type == type }
        let kinds = Set(values.map { AxisKind($0) })
        guard let kind = kinds.isEmpty ? Self.kind(type) : kinds.count == 1 ? kinds.first ?? nil : nil else { return nil }
        return OrderedAxis(kind: kind, cuts: Set(values.compactMap { kind.key($0) }), scale: domain.scale)
    }

    /// The kind of values that no cell shows.
    private static func kind(_ type: ValueType) -> AxisKind? {
        switch type {
        case .number: .number
        case .string: .text
        case .date: .date
        case .time: .time(hasOffset: false)
        case .dateTime: .dateTime(hasOffset: false)
        case .dayTimeDuration: .dayTimeDuration
        case .yearMonthDuration: .yearMonthDuration
        default: nil
        }
    }

    private mutating func makeNames(_ terms: [TestTerm]) {
        let names = Set(terms.compactMap { if case .value(.string(let name)) = $0 { name } else { nil } })
        regions = names.sorted().map { .name($0) } + [.otherNames]
        var other = "any other"
        while names.contains(other) { other += "~" }
        witnesses = names.sorted().map { .string($0) } + [.string(other)]
    }

    /// Takes the regions away that the domain does not allow. Null stays where it can come, whatever the allowed values are.
    private mutating func restrictToDomain() {
        var keep = Array(repeating: true, count: regions.count)
        if let allowed = domain.allowed, let flags = holding(allowed) {
            for index in regions.indices where regions[index] != .null { keep[index] = flags[index] }
        }
        if domain.canBeNull == false, regions.count > 1 { keep[regions.count - 1] = false }
        guard keep.contains(true) else { return }
        regions = regions.indices.filter { keep[$0] }.map { regions[$0] }
        witnesses = witnesses.indices.filter { keep[$0] }.map { witnesses[$0] }
    }

    // MARK: cells

    /// The regions that a cell holds for; nil where it is not over constants or fails for some value.
    private func holding(_ test: CompiledTest) -> [Bool]? {
        guard Self.isConstant(test), regions != [.anything] else { return nil }
        do throws(EvaluationFailure) {
            guard let axis else { return try regions.indices.map { region throws(EvaluationFailure) in try holds(test, region) } }
            return try holding(test, along: axis)
        } catch {
            return nil
        }
    }

    private func holds(_ test: CompiledTest, _ region: Int) throws(EvaluationFailure) -> Bool {
        try test.matches(witnesses[region], [], Self.anywhere)
    }

    /// A cell answers the same between two neighbours of its own cuts, so it is asked once for all regions between them.
    private func holding(_ test: CompiledTest, along axis: OrderedAxis) throws(EvaluationFailure) -> [Bool] {
        var own: Set<Int> = []
        for term in test.constraint?.terms ?? [] {
            let values: [Value?] = switch term {
            case .value(let value): [value]
            case .interval(let range): [range.lower, range.upper]
            }
            for case let value? in values { if let key = axis.kind.key(value) { own.insert(axis.position(of: key)) } }
        }
        var flags: [Bool] = []
        flags.reserveCapacity(regions.count)
        var run: (answer: Bool, from: Int)?
        for region in regions.indices {
            guard case .position(let position) = regions[region] else {
                flags.append(try holds(test, region))
                continue
            }
            if own.contains(position) {
                flags.append(try holds(test, region))
                run = nil
                continue
            }
            // A cut of its own that has no value of the kind still ends the run.
            if let open = run, !own.contains(where: { $0 > open.from && $0 < position }) {
                flags.append(open.answer)
            } else {
                let answer = try holds(test, region)
                run = (answer, position)
                flags.append(answer)
            }
        }
        return flags
    }
}
