import Values

/// What the records of one entity in a window amount to, in units.
struct RecordTally {
    var count = 0
    var sum: Int64 = 0
    var least = Int64.max
    var greatest = Int64.min

    mutating func add(_ units: Int64) {
        count &+= 1
        sum &+= units
        least = min(least, units)
        greatest = max(greatest, units)
    }

    /// What a measure over records makes of it; sums have at most 62 bits.
    func answer(_ measure: Measure, scale: Int) -> ColumnAnswer {
        switch measure.aggregate {
        case .count: return .rounded(Int64(count), scale: 0, over: 1, to: 0)
        case .sum: return .rounded(sum, scale: scale, over: 1, to: measure.scale)
        case .mean: return count == 0 ? .null : .rounded(sum, scale: scale, over: count, to: measure.scale)
        case .min: return count == 0 ? .null : .rounded(least, scale: scale, over: 1, to: measure.scale)
        case .max: return count == 0 ? .null : .rounded(greatest, scale: scale, over: 1, to: measure.scale)
        case .rate:
            guard let window = measure.window else { return .null }
            let units = Int(window.seconds / measure.parameters.per.seconds)
            return measure.of == nil
                ? .rounded(Int64(count), scale: 0, over: units, to: measure.scale) : .rounded(sum, scale: scale, over: units, to: measure.scale)
        default: return .unknown
        }
    }
}

/// What the buckets of one entity amount to, in units: `buckets` of them, of which those that are zero need no looking at.
struct BucketTally {
    let buckets: Int
    var nonzero = 0
    var sum: Int64 = 0
    /// Sum of the squares.
    var squares: UInt128 = 0
    /// Least and greatest of those that are not zero.
    var least = Int64.max
    var greatest = Int64.min
    /// The last bucket that is not zero.
    var last = -1

    /// What all sums of a tally stay below so that neither `n Σx²` nor `(Σx)²` has more than 34 digits: then the long way is exact in
    /// them too. Buckets are at most 2^16 (a window of 40,000 days).
    static let sumLimit: UInt64 = 1 << 47

    init(buckets: Int) { self.buckets = buckets }

    /// Adds a bucket that is not zero.
    @inline(__always)
    mutating func add(_ bucket: Int64, _ place: Int) {
        nonzero &+= 1
        sum &+= bucket
        squares &+= UInt128(bucket.magnitude) &* UInt128(bucket.magnitude)
        least = min(least, bucket)
        greatest = max(greatest, bucket)
        last = max(last, place)
    }

    func answer(_ measure: Measure, scale: Int) -> ColumnAnswer {
        switch measure.aggregate {
        case .mean: return .rounded(sum, scale: scale, over: buckets, to: measure.scale)
        case .min: return .rounded(nonzero < buckets ? min(least, 0) : least, scale: scale, over: 1, to: measure.scale)
        case .max: return .rounded(nonzero < buckets ? max(greatest, 0) : greatest, scale: scale, over: 1, to: measure.scale)
        case .interval:
            guard nonzero > 0 else { return .null }
            return .rounded(
                Int64(measure.parameters.isIntervalForm ? last + 1 : buckets), scale: 0, over: nonzero, to: measure.scale)
        case .deviation: return deviation(measure, scale)
        case .variation: return variation(measure, over: buckets, isRoot: true)
        case .sizeVariation: return variation(measure, over: nonzero, isRoot: false)
        default: return .unknown
        }
    }

    /// `n Σx² - (Σx)²`, which is not negative.
    private func spread(_ n: Int) -> Double {
        let square = UInt128(sum.magnitude) * UInt128(sum.magnitude)
        return Self.double(UInt128(n) * squares - square)
    }

    private func deviation(_ measure: Measure, _ scale: Int) -> ColumnAnswer {
        let less = measure.parameters.isSampleForm ? buckets - 1 : buckets
        guard less > 0 else { return .null }
        let number = (spread(buckets) / Double(buckets * less)).squareRoot()
        let step = measure.scale - scale
        return .rounded(near: step >= 0 ? number * Double(PowersOfTen[step]) : number / Double(PowersOfTen[-step]))
    }

    /// `s² / m²` over `n` buckets, or its root.
    private func variation(_ measure: Measure, over n: Int, isRoot: Bool) -> ColumnAnswer {
        let isSample = measure.parameters.isSampleForm
        guard sum > 0, n > (isSample ? 1 : 0) else { return .null }
        let square = Double(sum) * Double(sum)
        // In the form of a population n cancels out.
        let number = isSample ? spread(n) * Double(n) / (Double(n - 1) * square) : spread(n) / square
        return .rounded(near: (isRoot ? number.squareRoot() : number) * Double(PowersOfTen[measure.scale]))
    }

    /// The nearest number to within two roundings.
    static func double(_ number: UInt128) -> Double {
        let high = UInt64(truncatingIfNeeded: number >> 64), low = UInt64(truncatingIfNeeded: number)
        return high == 0 ? Double(low) : Double(high) * 18_446_744_073_709_551_616 + Double(low)
    }
}
