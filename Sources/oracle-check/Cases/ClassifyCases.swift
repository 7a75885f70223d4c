import Attributes
import Statistics
import Values

/// The group `classify`: ABC and XYZ, kinds of demand, forecasts of seldom demand, recency, frequency and value. What attributes say is asked
/// of attributes, so that the cases try what a site runs.
enum ClassifyCases {
    static let runners: [String: CaseRegistry.Runner] = [
        "abc_cross_in_10": { (given) throws(CaseFailure) in try shareClasses(given, .up) },
        "abc_cross_out_10": { (given) throws(CaseFailure) in try shareClasses(given, .down) },
        "abc_inventorize_10": { (given) throws(CaseFailure) in try shareClasses(given, .down) },
        "abc_ties_same_class": { (given) throws(CaseFailure) in try shareClasses(given, .up) },
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

    /// Cuts are called `a`, `b` or `A`, `B`, in this order, and are shares.
    private static func shareClasses(_ given: OracleCase, _ crossing: PopulationMeasure.Crossing) throws(CaseFailure) -> Answer {
        let values = try given.inputs.decimals("values")
        let shares = try RankedValues.shares(values)
        // Shares are listed beside the values or, as the curve of Pareto, by rank.
        return .object(["class": try classes(given, crossing), "cum_share": .either([.numbers(shares.beside), .numbers(shares.byRank)])])
    }

    private static func bothCrossings(_ given: OracleCase) throws(CaseFailure) -> Answer {
        .object(["cross_in": try classes(given, .up), "cross_out": try classes(given, .down)])
    }

    private static func classes(_ given: OracleCase, _ crossing: PopulationMeasure.Crossing) throws(CaseFailure) -> Answer {
        var cuts: [ExactDecimal] = []
        for name in given.inputs.names where name != "values" { cuts.append(try given.inputs.decimal(name)) }
        return .texts(try RankedValues.classes(try given.inputs.decimals("values"), cuts: cuts.sorted(), crossing))
    }

    /// Each input is a series. The class is that of the sample's variation.
    private static func variationClasses(_ given: OracleCase) throws(CaseFailure) -> Answer {
        var sample: [Answer] = [], population: [Answer] = [], classes: [Answer] = []
        for name in given.inputs.names {
            let found = try MeasuredSeries.attributes(of: try given.inputs.decimals(name), """
                sample: { variation: SERIES, divisor: sample, scale: 9 }
                population: { variation: SERIES, scale: 9 }
                class: { feel: 'if sample = null then null else if sample <= 0.5 then "X" else if sample <= 1 then "Y" else "Z"' }
                """)
            sample.append(found[0])
            population.append(found[1])
            classes.append(found[2])
        }
        return .object(["cv_sample": .list(sample), "cv_population": .list(population), "class": .list(classes)])
    }

    private static func demandClass(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let found = try MeasuredSeries.attributes(of: try given.inputs.decimals("demand"), """
            ratio: { interval: SERIES, scale: 9 }
            mean: { interval: SERIES, form: interval, scale: 9 }
            sample: { sizeVariation: SERIES, divisor: sample, scale: 9 }
            population: { sizeVariation: SERIES, scale: 9 }
            class: { feel: 'if ratio = null or population = null then null else if ratio < 1.32 then (if sample < 0.49 then "smooth" else "erratic") else if sample = null or sample < 0.49 then "intermittent" else "lumpy"' }
            """)
        return .object([
            "adi_ratio": found[0], "adi_interval": found[1], "p": found[1], "cv2_sample": found[2], "cv2_population": found[3], "cv2": found[2],
            "cls": found[4],
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

    /// Of days since the last order few are good, of the others many.
    private static func rankScores(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let tiles = 5
        return .object([
            "R": .integers(try RankedValues.tiles(try given.inputs.decimals("recency_days"), tiles).map { tiles + 1 - $0 }),
            "F": .integers(try RankedValues.tiles(try given.inputs.decimals("frequency"), tiles)),
            "M": .integers(try RankedValues.tiles(try given.inputs.decimals("monetary"), tiles)),
        ])
    }
}
