/// Scores of 1 to `k` by rank, as of recency, frequency and monetary value. Ranks are told apart among equal values by who comes first ("rank
/// first"), so that the scores are filled alike. The value of rank `r` among `n` has the score `ceil(k (r - 1) / (n - 1))`, at least 1: the
/// classes end at type-7 quantiles of the ranks.
package enum RankScores {
    /// Whether great values are good.
    package enum Direction: Sendable {
        case greatIsGood
        /// The scores are turned about (`k + 1 - score`), as for days since the last order.
        case smallIsGood
    }

    /// Nil where `k` is below 1 or a value is not finite. With fewer values than `k` some scores stay empty; one value has the score of the
    /// least.
    package static func scores(_ values: [Double], k: Int = 5, _ direction: Direction = .greatIsGood) -> [Int]? {
        guard k >= 1, values.allSatisfy(\.isFinite) else { return nil }
        let ranked = values.indices.sorted { values[$0] != values[$1] ? values[$0] < values[$1] : $0 < $1 }
        var scores = [Int](repeating: 1, count: values.count)
        let gaps = max(values.count - 1, 1)
        for (rank, index) in ranked.enumerated() {
            let score = max(1, (k * rank + gaps - 1) / gaps)
            scores[index] = direction == .greatIsGood ? score : k + 1 - score
        }
        return scores
    }
}
