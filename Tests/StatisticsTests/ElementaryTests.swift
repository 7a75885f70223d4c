import Statistics
import Testing

@Suite struct ElementaryTests {
    /// Distance in units in the last place of the value that is right.
    private func distance(_ found: Double, _ right: Double) -> Double {
        found == right ? 0 : (found - right).magnitude / right.ulp
    }

    private func worst(_ cases: String, _ function: (Double) -> Double) -> (distance: Double, at: Substring, count: Int) {
        var worst = 0.0, place: Substring = "", count = 0
        for line in cases.split(separator: "\n") {
            let parts = line.split(separator: " ").compactMap { Double($0) }
            guard parts.count == 2 else { continue }
            count += 1
            let off = distance(function(parts[0]), parts[1])
            if !(off <= worst) { (worst, place) = (off, line) }
        }
        return (worst, place, count)
    }

    @Test func `the logarithm is right to one unit in the last place`() {
        let found = worst(logarithmCases, Elementary.ln)
        #expect(found.count > 100)
        #expect(found.distance <= 1, "\(found)")
        #expect(Elementary.ln(1) == 0)
        #expect(Elementary.ln(0) == -.infinity)
        #expect(Elementary.ln(.infinity) == .infinity)
        #expect(Elementary.ln(-1).isNaN && Elementary.ln(.nan).isNaN)
    }

    @Test func `the exponential is right to one unit in the last place`() {
        let found = worst(exponentialCases, Elementary.exp)
        #expect(found.count > 100)
        #expect(found.distance <= 1, "\(found)")
        #expect(Elementary.exp(0) == 1)
        #expect(Elementary.exp(710) == .infinity && Elementary.exp(.infinity) == .infinity)
        #expect(Elementary.exp(-746) == 0 && Elementary.exp(-.infinity) == 0)
        #expect(Elementary.exp(.nan).isNaN)
        // The least number that is not 0.
        #expect(Elementary.exp(-745) == .leastNonzeroMagnitude)
    }

    @Test func `near zero nothing is lost`() {
        let logarithm = worst(logarithmOnePlusCases, Elementary.lnOnePlus), exponential = worst(exponentialMinusOneCases, Elementary.expMinusOne)
        #expect(logarithm.count > 40 && exponential.count > 40)
        #expect(logarithm.distance <= 2, "\(logarithm)")
        #expect(exponential.distance <= 3, "\(exponential)")
        #expect(Elementary.lnOnePlus(-1) == -.infinity && Elementary.lnOnePlus(-2).isNaN && Elementary.lnOnePlus(.infinity) == .infinity)
    }

    @Test func `a power of nothing is told apart by its exponent`() {
        #expect(Elementary.power(0, 2) == 0 && Elementary.power(0, 0) == 1 && Elementary.power(0, -1) == .infinity)
        #expect(Elementary.power(4, 0.5) == 2)
        #expect(distance(Elementary.power(0.5, 0.25), 0.8408964152537145) <= 1)
        #expect(Elementary.power(-1, 2.5).isNaN)
    }
}
