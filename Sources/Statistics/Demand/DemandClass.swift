/// The four kinds of demand of Syntetos, Boylan and Croston (2005). No demand at all is no kind: it is undefined.
package enum DemandClass: String, Hashable, Sendable, CaseIterable {
    /// Often and even.
    case smooth
    /// Often, of changing size.
    case erratic
    /// Seldom, of even size.
    case intermittent
    /// Seldom, and of changing size.
    case lumpy

    /// Where the kinds part. A value at a cut is beyond it.
    package struct Cuts: Hashable, Sendable {
        package let interval: Double
        package let sizeVariation: Double

        package init(interval: Double = 1.32, sizeVariation: Double = 0.49) {
            self.interval = interval
            self.sizeVariation = sizeVariation
        }
    }

    package init(interval: Double, sizeVariation: Double, cuts: Cuts = Cuts()) {
        let seldom = interval >= cuts.interval, uneven = sizeVariation >= cuts.sizeVariation
        self = seldom ? (uneven ? .lumpy : .intermittent) : (uneven ? .erratic : .smooth)
    }

    package init(_ profile: DemandProfile, _ rule: DemandInterval = .ratio, _ spread: Spread = .sample, cuts: Cuts = Cuts()) {
        self.init(interval: profile.interval(rule), sizeVariation: profile.sizeVariation(spread), cuts: cuts)
    }
}

/// Which of two forecasts errs less.
package enum DemandMethod: String, Hashable, Sendable, CaseIterable {
    case croston
    case sba

    /// By the kinds: Croston's for smooth demand, the approximation of Syntetos and Boylan for the rest.
    package init(_ kind: DemandClass) { self = kind == .smooth ? .croston : .sba }

    /// By the exact boundary of Kostenko and Hyndman (A note on the categorization of demand patterns, JORS 57, 2006), for small smoothing
    /// factors: SBA where the variation of sizes is above `2 - 1.5 * interval`.
    package init(interval: Double, sizeVariation: Double) { self = sizeVariation > 2 - 1.5 * interval ? .sba : .croston }
}
