import Statistics
import Values

/// The group `classify`: ABC and XYZ, kinds of demand, forecasts of seldom demand, recency, frequency and value.
enum ClassifyCases {
    static let runners: [String: CaseRegistry.Runner] = [
        "abc_cross_in_10": { (given) throws(CaseFailure) in try shareClasses(given, .in) },
        "abc_cross_out_10": { (given) throws(CaseFailure) in try shareClasses(given, .out) },
        "abc_inventorize_10": { (given) throws(CaseFailure) in try shareClasses(given, .out) },
        "abc_ties_same_class": { (given) throws(CaseFailure) in try shareClasses(given, .in) },
        "abc_dominant_item": bothCrossings,
        "xyz_cv": variationClasses,
        "sbc_smooth": demandClass, "sbc_erratic": demandClass, "sbc_intermittent": demandClass, "sbc_lumpy": demandClass,
        "sbc_pkg_lumpy": demandClass,
        "croston_cro": { (given) throws(CaseFailure) in try forecast(given, .croston) },
        "croston_sba": { (given) throws(CaseFailure) in try forecast(given, .sba) },
        "croston_sbj": { (given) throws(CaseFailure) in try forecast(given, .sbj) },
        "croston_tsb": { (given) throws(CaseFailure) in try forecast(given, .tsb) },
        "rfm_lifetimes": purchaseHistories,
        "rfm_quintiles": rankScores,
    ]

    /// Cuts are called `a`, `b` or `A`, `B`, in this order.
    private static func division(_ given: OracleCase, _ crossing: ShareClasses.Crossing) throws(CaseFailure) -> ShareClasses.Division {
        var cuts: [Double] = []
        for name in given.inputs.names where name != "values" { cuts.append(try given.inputs.number(name)) }
        guard let classes = ShareClasses(cuts: cuts.sorted(), crossing: crossing), let division = classes.divide(try given.inputs.numbers("values")) else {
            throw CaseFailure("there are no classes with these cuts and values")
        }
        return division
    }

    private static func letters(_ division: ShareClasses.Division) -> Answer { .texts(division.classes.map(ShareClasses.letter)) }

    private static func shareClasses(_ given: OracleCase, _ crossing: ShareClasses.Crossing) throws(CaseFailure) -> Answer {
        let division = try division(given, crossing)
        // Shares are listed beside the values or, as the curve of Pareto, by rank.
        let shares = Answer.either([.numbers(division.shares), .numbers(division.ranked.map { division.shares[$0] })])
        return .object(["class": letters(division), "cum_share": shares])
    }

    private static func bothCrossings(_ given: OracleCase) throws(CaseFailure) -> Answer {
        .object(["cross_in": letters(try division(given, .in)), "cross_out": letters(try division(given, .out))])
    }

    /// Each input is a series. The class is that of the sample's variation.
    private static func variationClasses(_ given: OracleCase) throws(CaseFailure) -> Answer {
        var sample: [Answer] = [], population: [Answer] = [], classes: [Answer] = []
        for name in given.inputs.names {
            let series = try given.inputs.numbers(name)
            sample.append(.optional(Moments(series)?.variation(.sample)))
            population.append(.optional(Moments(series)?.variation(.population)))
            classes.append(VariationClass(of: series, .sample).map { .text($0.rawValue) } ?? .none)
        }
        return .object(["cv_sample": .list(sample), "cv_population": .list(population), "class": .list(classes)])
    }

    private static func demandClass(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let profile = DemandProfile(try given.inputs.numbers("demand")) else {
            return .object(given.expected.names.reduce(into: [:]) { $0[$1] = Answer.none })
        }
        return .object([
            "adi_ratio": .number(profile.ratio), "adi_interval": .number(profile.interval), "p": .number(profile.interval),
            "cv2_sample": .number(profile.sizeVariation(.sample)), "cv2_population": .number(profile.sizeVariation(.population)),
            "cv2": .number(profile.sizeVariation(.sample)), "cls": .text(DemandClass(profile).rawValue),
        ])
    }

    /// `forecast_t0_t10` are the forecasts of the periods 0 to 9. Past the end of the series the last goes on.
    private static func forecast(_ given: OracleCase, _ method: IntermittentForecast) throws(CaseFailure) -> Answer {
        let found = method.forecasts(
            try given.inputs.numbers("ts"), alpha: try given.inputs.number("alpha"), beta: try given.inputs.number("beta"))
        guard let found else { throw CaseFailure("nothing can be forecast of this series") }
        var answers: [String: Answer] = [:]
        for name in given.expected.names {
            let ends = name.split(separator: "_").compactMap { $0.first == "t" ? Int($0.dropFirst()) : nil }
            guard ends.count == 2, ends[0] >= 0, ends[0] <= ends[1], ends[1] < 100_000 else { continue }
            answers[name] = .list((ends[0]..<ends[1]).map { .optional($0 < found.count ? found[$0] : found[found.count - 1]) })
        }
        return .object(answers)
    }

    private static func day(_ text: String) throws(CaseFailure) -> Int {
        guard let date = CalendarDate(text) else { throw CaseFailure("\(text) is no date") }
        return date.dayNumber
    }

    private static func purchaseHistories(_ given: OracleCase) throws(CaseFailure) -> Answer {
        var purchases: [String: [(day: Int, value: Double)]] = [:]
        for row in try given.inputs.list("tx") {
            guard case .list(let cells) = row, cells.count == 3, case .string(let date) = cells[1], let value = CaseInputs.double(cells[2]) else {
                throw CaseFailure("a purchase is not customer, date and value")
            }
            purchases[cells[0].text, default: []].append((try day(date), value))
        }
        let end = try day(try given.inputs.text("end"))
        var answers: [String: Answer] = [:]
        for (customer, rows) in purchases {
            guard let history = PurchaseHistory(rows, end: end) else { continue }
            answers[customer] = .object([
                "frequency": .integer(history.frequency), "recency": .integer(history.recency), "T": .integer(history.age),
                "monetary": .number(history.monetary),
            ])
        }
        return .object(answers)
    }

    private static func rankScores(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let recency = RankScores.scores(try given.inputs.numbers("recency_days"), .smallIsGood),
            let frequency = RankScores.scores(try given.inputs.numbers("frequency")),
            let monetary = RankScores.scores(try given.inputs.numbers("monetary"))
        else { throw CaseFailure("there are no scores of these values") }
        return .object(["R": .integers(recency), "F": .integers(frequency), "M": .integers(monetary)])
    }
}
