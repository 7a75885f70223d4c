/// Whether a customer still buys.
package enum Retention {
    /// Parameters of the BG/NBD model: `r` and `alpha` of how often customers buy, `a` and `b` of how likely they stop after a purchase.
    package struct Parameters: Hashable, Sendable {
        package let r: Double
        package let alpha: Double
        package let a: Double
        package let b: Double

        /// Nil unless all are finite and above 0.
        package init?(r: Double, alpha: Double, a: Double, b: Double) {
            guard [r, alpha, a, b].allSatisfy({ $0 > 0 && $0 < .infinity }) else { return nil }
            self.r = r
            self.alpha = alpha
            self.a = a
            self.b = b
        }
    }

    /// Probability that a customer with this history still buys: `1 / (1 + a/(b + x - 1) ((alpha + T)/(alpha + t))^(r + x))` (Fader, Hardie and
    /// Lee, Computing P(alive) Using the BG/NBD Model, 2008). Without a repeat purchase it is 1, as the model lets nobody stop before one.
    package static func alive(_ history: PurchaseHistory, _ parameters: Parameters) -> Double {
        guard history.frequency > 0 else { return 1 }
        let x = Double(history.frequency)
        let growth = Elementary.lnOnePlus(Double(history.age - history.recency) / (parameters.alpha + Double(history.recency)))
        let stopped = Elementary.ln(parameters.a / (parameters.b + x - 1)) + (parameters.r + x) * growth
        return 1 / (1 + Elementary.exp(stopped))
    }

    /// Whether the time since the last purchase is above the quantile (type 7) of the customer's own gaps. Nil with fewer gaps than `gapsMin`, with one
    /// that is not finite, or with a share outside of 0 and 1.
    package static func isOverdue(sinceLast: Double, gaps: [Double], share: Double = 0.95, gapsMin: Int = 3) -> Bool? {
        guard gaps.count >= max(gapsMin, 1), sinceLast.isFinite, let limit = OrderedSample(gaps)?.quantile(share) else { return nil }
        return sinceLast > limit
    }
}
