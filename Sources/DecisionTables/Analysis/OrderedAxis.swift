import Values

/// The values of one ordered kind, parted by cuts. Position 2i lies between the cuts i-1 and i, position 2i+1 is cut i.
struct OrderedAxis: Sendable {
    let kind: AxisKind
    /// Ascending, each once.
    let cuts: [AxisKey]
    /// Digits after the point of the keys; nil where they lie as close as one likes.
    let scale: Int?

    var positionCount: Int { 2 * cuts.count + 1 }

    init(kind: AxisKind, cuts: Set<AxisKey>, scale: Int?) {
        self.kind = kind
        self.cuts = cuts.sorted()
        self.scale = kind == .number ? scale : kind.scale
    }

    /// Where a key lies.
    func position(of key: AxisKey) -> Int {
        var low = 0, high = cuts.count
        while low < high {
            let middle = (low + high) / 2
            if cuts[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < cuts.count && cuts[low] == key ? 2 * low + 1 : 2 * low
    }

    /// A plain value at a position, or nil where the kind has none there, as between two neighbouring days.
    func witness(at position: Int) -> Value? {
        if position % 2 == 1 {
            let cut = cuts[position / 2]
            if let scale, case .number(let number) = cut, number.rounded(scale: scale, .floor) != number { return nil }
            return kind.value(cut)
        }
        let low = position > 0 ? cuts[position / 2 - 1] : nil
        let high = position / 2 < cuts.count ? cuts[position / 2] : nil
        for key in plainKeys(low, high) {
            if let value = value(key, between: low, high) { return value }
        }
        guard case .number(let number)? = low else { return nil }
        // A neighbour of a number of 34 digits can need 34 digits more.
        for digits in 1...max(1, scale ?? min(max(number.scale, 0) + 34, 6000)) {
            if let value = value(.number(Self.above(number, scale: digits)), between: low, high) { return value }
        }
        return nil
    }

    private func value(_ key: AxisKey, between low: AxisKey?, _ high: AxisKey?) -> Value? {
        if let low, key <= low { return nil }
        if let high, key >= high { return nil }
        if let scale, case .number(let number) = key, number.rounded(scale: scale, .floor) != number { return nil }
        guard let value = kind.value(key), kind.key(value) == key else { return nil }
        return value
    }

    /// Keys that most often lie between two others, the plainest first.
    private func plainKeys(_ low: AxisKey?, _ high: AxisKey?) -> [AxisKey] {
        switch (low, high) {
        case (nil, nil): return kind == .text ? [.text("any")] : [.number(.zero)]
        case (.text(let low)?, _): return ["z", "a", "0", " ", "!", "\0"].map { .text(low + $0) }
        case (nil, .text?): return [.text("A"), .text("0"), .text("")]
        case (nil, .number(let high)?):
            return [Self.below(high, scale: 0), .zero, Self.below(high, scale: scale ?? 1), Self.sum(high, high)].map { .number($0) }
        case (.number(let low)?, _):
            return [Self.above(low, scale: 0), .zero, Self.sum(low, low)].map { .number($0) }
        }
    }

    private static func above(_ number: ExactDecimal, scale: Int) -> ExactDecimal {
        sum(number.rounded(scale: scale, .floor), ExactDecimal(coefficient: 1, scale: scale)).normalized
    }

    private static func below(_ number: ExactDecimal, scale: Int) -> ExactDecimal {
        sum(number.rounded(scale: scale, .ceiling), ExactDecimal(coefficient: -1, scale: scale)).normalized
    }

    private static func sum(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal {
        do throws(ArithmeticFailure) {
            return try left.adding(right)
        } catch {
            return left
        }
    }
}
