import Statistics
import Testing

@Suite struct DistributionTests {
    private func rows(_ text: String) -> [[Double]] {
        text.split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
    }

    /// The greatest relative distance from the last number of a row, and the row.
    private func worst(_ cases: String, _ function: ([Double]) -> Double) -> (distance: Double, row: [Double]) {
        var worst = 0.0, place: [Double] = []
        for row in rows(cases) {
            guard let right = row.last else { continue }
            let found = function(row)
            let off = found == right ? 0 : (found - right).magnitude / right.magnitude
            if !(off <= worst) { (worst, place) = (off, row + [found]) }
        }
        return (worst, place)
    }

    @Test func `the logarithm of the gamma function keeps its digits, near 1 and 2 too`() {
        let found = worst(logGammaCases) { GammaFunction.ln($0[0]) }
        #expect(found.distance < 1e-13, "\(found)")
        #expect(GammaFunction.ln(1) == 0 && GammaFunction.ln(2) == 0)
        #expect(GammaFunction.ln(0) == .infinity && GammaFunction.ln(.infinity) == .infinity)
        #expect(GammaFunction.ln(-1).isNaN && GammaFunction.ln(.nan).isNaN)
    }

    @Test func `the incomplete gamma integrals keep their digits in both tails`() {
        let upper = worst(incompleteGammaCases) { GammaFunction.upper(shape: $0[0], $0[1]) }
        #expect(upper.distance < 1e-12, "\(upper)")
        for row in rows(incompleteGammaCases) {
            let lower = GammaFunction.lower(shape: row[0], row[1])
            #expect((lower - row[2]).magnitude < 1e-12 * row[2], "\(row)")
        }
        #expect(GammaFunction.lower(shape: 2, 0) == 0 && GammaFunction.upper(shape: 2, .infinity) == 0)
        #expect(GammaFunction.lower(shape: 0, 1).isNaN && GammaFunction.upper(shape: 1, -1).isNaN && GammaFunction.upper(shape: 1, .nan).isNaN)
    }

    @Test func `the normal distribution keeps its digits in both tails`() {
        let share = worst(normalCumulativeCases) { NormalDistribution.cumulative($0[0]) }
        let place = worst(normalQuantileCases) { NormalDistribution.quantile($0[0]) }
        #expect(share.distance < 1e-12, "\(share)")
        #expect(place.distance < 1e-14, "\(place)")
        #expect(NormalDistribution.quantile(0) == -.infinity && NormalDistribution.quantile(1) == .infinity)
        #expect(NormalDistribution.quantile(-0.1).isNaN && NormalDistribution.quantile(.nan).isNaN && NormalDistribution.cumulative(.nan).isNaN)
        #expect(NormalDistribution.cumulative(.infinity) == 1 && NormalDistribution.cumulative(-.infinity) == 0)
        #expect((NormalDistribution.twoSided(1.959963984540054) - 0.05).magnitude < 1e-15)
    }

    @Test func `the beta distribution keeps its digits, and its quantile comes back`() {
        let share = worst(incompleteBetaCases) { BetaDistribution($0[0], $0[1])?.cumulative($0[2]) ?? .nan }
        let place = worst(betaQuantileCases) { BetaDistribution($0[0], $0[1])?.quantile($0[2]) ?? .nan }
        #expect(share.distance < 1e-12, "\(share)")
        #expect(place.distance < 1e-12, "\(place)")
    }

    @Test func `the beta distribution at its ends and without sense`() throws {
        #expect(BetaDistribution(0, 1) == nil && BetaDistribution(1, -1) == nil && BetaDistribution(.nan, 1) == nil)
        #expect(BetaDistribution(1, .infinity) == nil)
        let uniform = try #require(BetaDistribution(1, 1))
        #expect(uniform.cumulative(-1) == 0 && uniform.cumulative(2) == 1 && uniform.cumulative(.nan).isNaN)
        #expect(uniform.quantile(0) == 0 && uniform.quantile(1) == 1 && uniform.quantile(1.5).isNaN && uniform.quantile(.nan).isNaN)
        #expect((uniform.quantile(0.3) - 0.3).magnitude < 1e-15)
        let narrow = try #require(BetaDistribution(1e-3, 1e-3))
        #expect(narrow.quantile(0.001) < 1e-290 && narrow.quantile(0.999) == 1)
        let huge = try #require(BetaDistribution(1e9, 3e9))
        #expect((huge.cumulative(0.25) - 0.5).magnitude < 1e-4 && (huge.quantile(0.5) - 0.25).magnitude < 1e-9)
    }

    @Test func `Student's and the other distributions of tests`() {
        let student = worst(studentCases) { StudentDistribution.twoSided($0[0], degrees: $0[1]) }
        #expect(student.distance < 1e-12, "\(student)")
        #expect(StudentDistribution.twoSided(0, degrees: 3) == 1 && StudentDistribution.twoSided(.infinity, degrees: 3) == 0)
        #expect(StudentDistribution.twoSided(1, degrees: 0).isNaN)
        // Tables: t(0.975; 10) and chi-square(0.95; 3), F(0.95; 2, 12).
        #expect((StudentDistribution.critical(0.05, degrees: 10) - 2.228138851986274).magnitude < 1e-12)
        #expect((ChiSquareDistribution.upper(7.814727903251179, degrees: 3) - 0.05).magnitude < 1e-14)
        #expect((VarianceRatioDistribution.upper(3.8852938346523933, above: 2, below: 12) - 0.05).magnitude < 1e-13)
        #expect(VarianceRatioDistribution.upper(.infinity, above: 2, below: 2) == 0 && VarianceRatioDistribution.upper(1, above: 0, below: 2).isNaN)
    }
}
