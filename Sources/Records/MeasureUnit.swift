package import Values

/// A unit of measure as partners code it, and what one of it is in the unit that records keep.
///
/// Codes: X12 data element 355 and UN/ECE Recommendation 20, with the signs that flat files use. Factors: NIST Special Publication 811
/// (2008), appendix B.8; all of them are exact.
package struct MeasureUnit: Sendable, Hashable {
    package enum Dimension: String, Sendable { case mass, length, distance, volume, time }

    package let dimension: Dimension
    /// The catalogue's name, where records keep values in it.
    package let name: String?
    /// How many of the dimension's own unit one of it is.
    let factor: ExactDecimal
    let codes: [String]

    /// The unit that the catalogue names so.
    package static func named(_ name: String) -> MeasureUnit? { all.first { $0.name == name } }

    /// The unit with a code, in capitals or not.
    package static func coded(_ code: String) -> MeasureUnit? { byCode[code.uppercased()] }

    /// All codes of a dimension.
    package static func codes(of dimension: Dimension) -> [String] {
        all.filter { related($0.dimension, dimension) }.flatMap(\.codes)
    }

    /// A quantity of this unit in another one of the same dimension, to nine decimals; nil where the dimensions differ.
    package func converted(_ quantity: ExactDecimal, to target: MeasureUnit) -> ExactDecimal? {
        guard Self.related(dimension, target.dimension) else { return nil }
        if self == target { return quantity }
        // Lengths are counted in centimetres, distances in kilometres.
        let bridge: ExactDecimal? = switch (dimension, target.dimension) {
        case (.length, .distance): ExactDecimal(coefficient: 1, scale: 5)
        case (.distance, .length): ExactDecimal(100_000)
        default: nil
        }
        guard let own = try? quantity.multiplying(by: factor), let bridged = bridge.map({ try? own.multiplying(by: $0) }) ?? own,
            let result = try? bridged.divided(by: target.factor)
        else { return nil }
        return result.rounded(scale: min(9, max(0, result.scale))).normalized
    }

    package func converts(to target: MeasureUnit) -> Bool { Self.related(dimension, target.dimension) }

    private static func related(_ one: Dimension, _ other: Dimension) -> Bool {
        one == other || [one, other].allSatisfy { $0 == .length || $0 == .distance }
    }

    private init(_ dimension: Dimension, _ factor: (coefficient: Int64, scale: Int), _ codes: [String], name: String? = nil) {
        self.dimension = dimension
        self.name = name
        self.factor = ExactDecimal(coefficient: factor.coefficient, scale: factor.scale)
        self.codes = codes
    }

    private static let all: [MeasureUnit] = [
        MeasureUnit(.mass, (1, 0), ["KG", "KGM"], name: "kilogram"),
        MeasureUnit(.mass, (1, 3), ["G", "GR", "GRM"]),
        MeasureUnit(.mass, (1000, 0), ["T", "TNE", "MP"]),
        MeasureUnit(.mass, (45_359_237, 8), ["LB", "LBS", "LBR"]),
        MeasureUnit(.mass, (28_349_523_125, 12), ["OZ", "ONZ"]),
        MeasureUnit(.mass, (90_718_474, 5), ["TN", "STN"]),
        MeasureUnit(.mass, (10_160_469_088, 7), ["LTN"]),
        MeasureUnit(.mass, (45_359_237, 6), ["CW", "CWT", "CWA"]),
        MeasureUnit(.length, (1, 0), ["CM", "CMT"], name: "centimetre"),
        MeasureUnit(.length, (1, 1), ["MM", "MMT"]),
        MeasureUnit(.length, (100, 0), ["M", "MR", "MTR"]),
        MeasureUnit(.length, (254, 2), ["IN", "INH"]),
        MeasureUnit(.length, (3048, 2), ["FT", "LF", "FOT"]),
        MeasureUnit(.length, (9144, 2), ["YD", "YRD"]),
        MeasureUnit(.distance, (1, 0), ["KM", "DK", "KMT"], name: "kilometre"),
        MeasureUnit(.distance, (1_609_344, 6), ["MI", "DH", "SMI"]),
        MeasureUnit(.volume, (1, 0), ["CBM", "M3", "CR", "MTQ"], name: "cubic metre"),
        MeasureUnit(.volume, (1, 3), ["L", "LT", "LTR", "DMQ"]),
        MeasureUnit(.volume, (1, 6), ["CC", "CMQ"]),
        MeasureUnit(.volume, (28_316_846_592, 12), ["CF", "FT3", "FTQ"]),
        MeasureUnit(.volume, (16_387_064, 12), ["CI", "IN3", "INQ"]),
        MeasureUnit(.volume, (3_785_411_784, 12), ["GA", "GAL", "GLL"]),
        MeasureUnit(.time, (1, 0), ["HR", "HUR"], name: "hour"),
        MeasureUnit(.time, (24, 0), ["DA", "DAY"], name: "day"),
        MeasureUnit(.time, (168, 0), ["WK", "WEE"]),
    ]

    private static let byCode = Dictionary(
        all.flatMap { unit in unit.codes.map { ($0, unit) } }, uniquingKeysWith: { first, _ in first })
}
