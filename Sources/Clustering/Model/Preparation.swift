import Statistics

/// How raw attributes become the numbers that are clustered: limits, logarithm, centre, scale, weight, each of its column. Fitted once, then frozen: a
/// new point goes through the same numbers, and a centroid comes back to its own units.
///
/// A value is clamped to its limits, taken to `ln(1 + value)` where asked for, centred, divided by the scale, and multiplied by `sqrt(weight)`,
/// which makes squared distances weigh as they should. A missing value (nil, or NaN) counts as the centre, and is counted. Infinity is refused.
package struct Preparation: Hashable, Sendable {
    /// How centre and scale of a column are found.
    package enum Scaling: String, Hashable, Sendable, CaseIterable {
        /// Median, and 1.482602218505602 times the median distance from it: as wide as a standard deviation for normal data.
        case robust
        /// Median, and the distance of the quartiles (type 7).
        case quartiles
        /// Mean and standard deviation with ddof 0.
        case standard
        /// 0 and 1.
        case none
    }

    /// What is asked for of a column.
    package struct Request: Hashable, Sendable {
        package var name: String
        package var scaling: Scaling
        /// Quantiles (type 7) that values are clamped to; nil for no limits.
        package var limits: (low: Double, high: Double)? {
            get { share.map { ($0[0], $0[1]) } }
            set { share = newValue.map { [$0.low, $0.high] } }
        }
        package var logarithm: Bool
        package var weight: Double
        private var share: [Double]?

        package init(
            _ name: String, scaling: Scaling = .robust, limits: (low: Double, high: Double)? = (0.01, 0.99), logarithm: Bool = false,
            weight: Double = 1
        ) {
            self.name = name
            self.scaling = scaling
            self.logarithm = logarithm
            self.weight = weight
            share = limits.map { [$0.low, $0.high] }
        }
    }

    /// What was fitted to a column.
    package struct Column: Hashable, Sendable {
        package let name: String
        /// Raw values are clamped to these; infinite where there are no limits.
        package let low: Double
        package let high: Double
        package let logarithm: Bool
        /// After the logarithm, where there is one.
        package let centre: Double
        /// Above 0. 1 for a constant column, which so says nothing.
        package let scale: Double
        package let weight: Double
        /// Whether all values were the same after clamping.
        package let constant: Bool
        /// How many values were missing when it was fitted.
        package let missing: Int

        package init(
            name: String, low: Double = -.infinity, high: Double = .infinity, logarithm: Bool = false, centre: Double = 0, scale: Double = 1,
            weight: Double = 1, constant: Bool = false, missing: Int = 0
        ) {
            precondition(scale > 0 && weight >= 0 && low <= high, "a scale above 0, a weight of 0 or more, limits in order")
            self.name = name
            self.low = low
            self.high = high
            self.logarithm = logarithm
            self.centre = centre
            self.scale = scale
            self.weight = weight
            self.constant = constant
            self.missing = missing
        }
    }

    package let columns: [Column]

    /// Of columns that were fitted before.
    package init(columns: [Column]) { self.columns = columns }

    /// Fits to raw values, a row each, in any order of rows. The median distance may be 0 in a column that is not constant (more than half the
    /// values alike), and so may the distance of the quartiles: the scale is then the standard deviation. A column is constant where its values
    /// differ by their rounding alone; its scale is 1.
    package init(fitting raw: [[Double?]], _ requests: [Request]) throws(ClusteringFailure) {
        guard !raw.isEmpty else { throw .noRows }
        guard !requests.isEmpty else { throw .noColumns }
        for row in raw where row.count != requests.count { throw .count(of: "values in a row", expected: requests.count, found: row.count) }
        var names: Set<String> = []
        for request in requests where !names.insert(request.name).inserted { throw .doubledKey(request.name) }
        columns = try requests.indices.gathering { column throws(ClusteringFailure) in try Self.fit(raw, column, requests[column]) }
    }

    private static func fit(_ raw: [[Double?]], _ column: Int, _ request: Request) throws(ClusteringFailure) -> Column {
        guard request.weight >= 0, request.weight.isFinite else {
            throw .setting(name: "the weight of \(request.name)", found: "\(request.weight)", allowed: "0 or more")
        }
        var values: [Double] = []
        for (row, numbers) in raw.enumerated() {
            guard let value = numbers[column], !value.isNaN else { continue }
            try Check.number(value, row: row, column: column)
            if request.logarithm, value <= -1 { throw .noLogarithm(column: request.name, row: row) }
            values.append(value)
        }
        guard let sample = OrderedSample(values) else { throw .noValues(column: request.name) }
        var low = -Double.infinity, high = Double.infinity
        if let limits = request.limits {
            guard limits.low <= limits.high, let least = sample.quantile(limits.low), let greatest = sample.quantile(limits.high) else {
                throw .setting(name: "the limits of \(request.name)", found: "\(limits.low) to \(limits.high)", allowed: "shares from 0 to 1")
            }
            (low, high) = (least, greatest)
        }
        let moved = sample.values.map { value in
            let clamped = min(max(value, low), high)
            return request.logarithm ? Elementary.lnOnePlus(clamped) : clamped
        }
        guard let found = Spread(moved) else { throw .noValues(column: request.name) }
        let (centre, scale) = found.measure(request.scaling)
        return Column(
            name: request.name, low: low, high: high, logarithm: request.logarithm, centre: centre, scale: scale, weight: request.weight,
            constant: found.isConstant, missing: raw.count - values.count)
    }

    /// Centre and scale of a column by each rule.
    private struct Spread {
        private let sample: OrderedSample
        private let moments: Moments
        let isConstant: Bool

        init?(_ values: [Double]) {
            guard let sample = OrderedSample(values), let moments = Moments(sample.values) else { return nil }
            self.sample = sample
            self.moments = moments
            // Numbers that differ by no more than the rounding of a sum are the same number.
            isConstant = sample.greatest - sample.least <= 1e-14 * max(sample.least.magnitude, sample.greatest.magnitude)
        }

        func measure(_ scaling: Scaling) -> (centre: Double, scale: Double) {
            if scaling == .none { return (0, 1) }
            if isConstant { return (sample.median, 1) }
            switch scaling {
            case .robust: return (sample.median, believed(RobustScores(sample)?.scaledDeviation))
            case .quartiles: return (sample.median, believed(OutlierFences(sample).map { $0.upperQuartile - $0.lowerQuartile }))
            case .standard, .none: return (moments.mean, deviation)
            }
        }

        private var deviation: Double {
            let found = moments.deviation(.population) ?? 0
            return found > 0 ? found : 1
        }

        /// A spread that is nothing beside the deviation is that of values which are alike but for rounding.
        private func believed(_ spread: Double?) -> Double {
            guard let spread, spread > 1e-9 * deviation else { return deviation }
            return spread
        }
    }

    /// Rows that are ready to be clustered, and how many values were missing.
    package func apply(_ raw: [[Double?]]) throws(ClusteringFailure) -> (data: Matrix, missing: Int) {
        var values: [Double] = [], missing = 0
        values.reserveCapacity(raw.count * columns.count)
        for (number, row) in raw.enumerated() {
            guard row.count == columns.count else { throw .count(of: "values in a row", expected: columns.count, found: row.count) }
            for (place, value) in row.enumerated() {
                guard let value, !value.isNaN else {
                    missing += 1
                    values.append(0)
                    continue
                }
                try Check.number(value, row: number, column: place)
                guard let ready = columns[place].ready(value) else { throw .noLogarithm(column: columns[place].name, row: number) }
                values.append(ready)
            }
        }
        return (Matrix(rows: raw.count, columns: columns.count, values: values), missing)
    }

    /// Raw values as they are, and the centre in its own units where one is missing: what a ``SurrogateTree`` and a ``ClusterContrast`` are made of.
    package func filled(_ raw: [[Double?]]) throws(ClusteringFailure) -> Matrix {
        let centres = columns.map { $0.original(0) }
        var values: [Double] = []
        values.reserveCapacity(raw.count * columns.count)
        for (number, row) in raw.enumerated() {
            guard row.count == columns.count else { throw .count(of: "values in a row", expected: columns.count, found: row.count) }
            for (place, value) in row.enumerated() {
                let known = value.flatMap { $0.isNaN ? nil : $0 } ?? centres[place]
                try Check.number(known, row: number, column: place)
                values.append(known)
            }
        }
        return Matrix(rows: raw.count, columns: columns.count, values: values)
    }

    /// A prepared point in the units of the attributes. A column of weight 0 gives its centre.
    package func original(_ point: [Double]) -> [Double] {
        precondition(point.count == columns.count, "a number a column")
        return zip(columns, point).map { $0.original($1) }
    }
}

extension Preparation.Column {
    /// Nil where there is no logarithm.
    func ready(_ value: Double) -> Double? {
        let clamped = min(max(value, low), high)
        guard logarithm else { return (clamped - centre) / scale * weight.squareRoot() }
        return clamped > -1 ? (Elementary.lnOnePlus(clamped) - centre) / scale * weight.squareRoot() : nil
    }

    func original(_ ready: Double) -> Double {
        let plain = weight > 0 ? ready / weight.squareRoot() * scale + centre : centre
        return logarithm ? Elementary.expMinusOne(plain) : plain
    }
}
