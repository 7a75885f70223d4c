import Values

/// Numbers of records as whole units of one scale. The scale grows with the numbers that come, as long as 64 bits hold them all.
struct NumberColumn: Sendable {
    private(set) var scale = 0
    private(set) var units: [Int64] = []
    /// The greatest magnitude of any units.
    private(set) var magnitudeMax: Int64 = 0
    /// By place the numbers that are no whole units of 64 bits; their units are 0.
    private(set) var wide: [Int: ExactDecimal] = [:]

    /// More digits than an exact sum takes are rounded there, number by number, so they stay as they are.
    private static let scaleMax = ExactSum.scaleMax

    mutating func append(_ number: ExactDecimal) {
        if number.scale == scale, let coefficient = number.coefficient64, coefficient != .min {
            push(coefficient)
            return
        }
        let plain = number.normalized
        if plain.scale > scale { refine(to: plain.scale) }
        let (floor, isExact) = number.units(scale: scale)
        if isExact, let fitting = Int64(exactly: floor), fitting != .min {
            push(fitting)
        } else {
            wide[units.count] = number
            push(0)
        }
    }

    /// A place without a number.
    mutating func appendNothing() { units.append(0) }

    /// Takes back a place without a number.
    mutating func removeLast() { units.removeLast() }

    func number(at place: Int) -> ExactDecimal {
        if !wide.isEmpty, let number = wide[place] { return number }
        return ExactDecimal(coefficient: units[place], scale: scale)
    }

    private mutating func push(_ fitting: Int64) {
        units.append(fitting)
        magnitudeMax = max(magnitudeMax, fitting < 0 ? -fitting : fitting)
    }

    /// Takes more digits after the point, where all units can.
    private mutating func refine(to finer: Int) {
        guard finer <= Self.scaleMax else { return }
        let factor = PowersOfTen[finer - scale]
        let (product, overflow) = magnitudeMax.multipliedReportingOverflow(by: factor)
        guard !overflow else { return }
        if magnitudeMax > 0 { for place in units.indices { units[place] *= factor } }
        magnitudeMax = product
        scale = finer
    }
}

/// 1 to 10^18.
enum PowersOfTen {
    private static let all: [Int64] = (0...18).map { exponent in (0..<exponent).reduce(1) { power, _ in power * 10 } }

    static subscript(_ exponent: Int) -> Int64 { all[exponent] }
}
