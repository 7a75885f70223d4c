import Statistics
import Testing

@Suite struct GeneratorTests {
    @Test func `the states are those of MMIX, from the seed on`() {
        var generator = LCG64(seed: 42)
        let states = (0..<5).map { _ in generator.next() }
        #expect(states == [0x9177_8aed_87ee_5eb1, 0x39b7_f8a5_c64c_f56c, 0x69af_c5a5_e88b_394b, 0xa161_c43f_85f3_c87e, 0xae1e_2aac_8d0e_4175])
        #expect(generator.state == states.last)
    }

    @Test func `a unit draw is the upper 53 bits`() {
        var generator = LCG64(seed: 42), other = generator
        for _ in 0..<1_000 {
            let unit = generator.unit()
            #expect(unit == Double(other.next() >> 11) / 9_007_199_254_740_992)
            #expect(unit >= 0 && unit < 1)
        }
    }

    @Test(arguments: [1, 2, 7, 1_000, Int.max]) func `a whole number is drawn below the count, from one state`(_ count: Int) {
        var generator = LCG64(seed: 7), other = generator
        for _ in 0..<200 {
            let drawn = generator.index(below: count)
            _ = other.next()
            #expect(drawn >= 0 && drawn < count)
            #expect(generator == other)
        }
    }

    @Test func `each of six faces comes about as often`() {
        var generator = LCG64(seed: 1), counts = [Int](repeating: 0, count: 6)
        for _ in 0..<60_000 { counts[generator.index(below: 6)] += 1 }
        #expect(counts.allSatisfy { (9_600...10_400).contains($0) }, "\(counts)")
    }

    @Test func `a shuffle keeps the elements, and is the same for the same seed`() {
        var first = LCG64(seed: 3), second = LCG64(seed: 3)
        var left = Array(0..<50), right = left
        first.shuffle(&left)
        second.shuffle(&right)
        #expect(left == right && left.sorted() == Array(0..<50) && left != left.sorted())
        // Written out: places 3, 2, 1 change with what is drawn below 4, 3, 2.
        var generator = LCG64(seed: 9), short = ["a", "b", "c", "d"], other = generator
        var expected = short
        for place in [3, 2, 1] { expected.swapAt(place, Int(other.unit() * Double(place + 1))) }
        generator.shuffle(&short)
        #expect(short == expected)
        var none: [Int] = []
        generator.shuffle(&none)
        #expect(none.isEmpty)
    }
}
