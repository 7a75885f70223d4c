import Statistics
import Values

/// The group `util`: the generator.
enum GeneratorCases {
    static let runners: [String: CaseRegistry.Runner] = ["rng_lcg64": generator]

    private static func generator(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let seed = UInt64(try given.inputs.decimal("seed").description) else { throw CaseFailure("the seed is not within 0 and 2^64 - 1") }
        let count = try given.inputs.integer("n")
        guard (0...1_000_000).contains(count) else { throw CaseFailure("n is not within 0 and a million") }
        var states = LCG64(seed: seed), units = states
        let digits = (0..<count).map { _ in
            let digits = String(states.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return .object(["state_hex": .texts(digits), "u": .numbers((0..<count).map { _ in units.unit() })])
    }
}
