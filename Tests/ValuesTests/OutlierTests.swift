import Testing
import Values

@Suite struct OutlierTests {
    private func outliers(_ test: OutlierTest, _ texts: [String]) throws -> [Int] {
        test.outliers(try texts.map { try #require(ExactDecimal($0)) })
    }

    @Test func `the modified z of Iglewicz and Hoaglin tells values over 3.5`() throws {
        // Median 10, MAD 0.1: the limit is 3.5 * 0.1 / 0.6745 = 0.51890.
        let values = ["9.9", "10", "10.1", "10", "10.2", "10.5", "10.52", "9.48", "9.9"]
        #expect(try outliers(.modifiedZ, values) == [6, 7])
        // More than half of the values are equal: the mean absolute deviation, 1.0 here, times 3.5 * 1.253314 is 4.386599.
        #expect(try outliers(.modifiedZ, ["5", "5", "5", "5", "5", "5", "5", "5", "5", "15"]) == [9])
        #expect(try outliers(.modifiedZ, ["5", "5", "5", "5", "5"]).isEmpty)
        #expect(try outliers(.modifiedZ, ["1", "1", "1", "99"]).isEmpty, "four values are too few")
    }

    @Test func `Tukey's fences stand 1.5 quartile distances away`() throws {
        // 1 to 9: quartiles 3 and 7, fences -3 and 13.
        let values = (1...9).map(String.init)
        #expect(try outliers(.tukey, values).isEmpty)
        #expect(try outliers(.tukey, ["1", "2", "3", "4", "5", "6", "7", "8", "30"]) == [8])
        // 1, 2, 3, 4: quartiles by interpolation; with 10 values 3.25 and 7.75, fences -3.5 and 14.5.
        #expect(try outliers(.tukey, (1...9).map(String.init) + ["14.5"]).isEmpty)
        #expect(try outliers(.tukey, (1...9).map(String.init) + ["14.6"]) == [9])
        #expect(try outliers(.tukey, ["-50"] + (1...9).map(String.init)) == [0])
    }
}
