/// Numbers that people read.
package enum ShortDecimal {
    /// The decimal of fewest digits above `low` and at most `high`, the nearest to their middle among those of its last place: a limit that parts both.
    /// Plain digits without exponent, as FEEL reads it.
    package static func between(_ low: Double, _ high: Double) -> (text: String, value: Double) {
        precondition(low < high && low.isFinite && high.isFinite, "two finite numbers in order")
        let middle = low + (high - low) / 2
        var step = 1.0, places = 0
        // The greatest power of ten that can have a multiple between.
        while step * 10 <= max(low.magnitude, high.magnitude) || step * 10 <= high - low {
            step *= 10
            places -= 1
        }
        while places <= 30 {
            // Of two that are as near to the middle, the upper one.
            let below = (middle / step).rounded(.down), isUpperNearer = middle / step - below >= 0.5
            for count in isUpperNearer ? [below + 1, below] : [below, below + 1] where count.magnitude < 0x1p53 {
                let text = plain(Int64(count), places: places)
                if let value = Double(text), value > low, value <= high { return (text, value) }
            }
            places += 1
            step = places <= 0 ? (step / 10).rounded() : 1 / power(places)
        }
        return (plain(high), high)
    }

    private static func power(_ places: Int) -> Double { (0..<places).reduce(1.0) { value, _ in value * 10 } }

    /// `count` in units of `10^-places`.
    private static func plain(_ count: Int64, places: Int) -> String {
        let digits = "\(count.magnitude)", sign = count < 0 ? "-" : ""
        if count == 0 { return "0" }
        if places <= 0 { return sign + digits + String(repeating: "0", count: -places) }
        let padded = digits.count > places ? digits : String(repeating: "0", count: places + 1 - digits.count) + digits
        var fraction = padded.suffix(places)
        while fraction.last == "0" { fraction.removeLast() }
        return sign + padded.dropLast(places) + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// The shortest decimal that reads as the same number, without exponent.
    package static func plain(_ value: Double) -> String {
        let parts = "\(value.magnitude)".split(separator: "e")
        let halves = parts[0].split(separator: ".")
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        var whole = String(halves[0]), fraction = halves.count > 1 && halves[1] != "0" ? String(halves[1]) : ""
        for _ in 0..<max(exponent, 0) { whole.append(fraction.isEmpty ? "0" : fraction.removeFirst()) }
        for _ in 0..<max(-exponent, 0) { fraction = (whole.popLast().map(String.init) ?? "0") + fraction }
        let trimmed = whole.drop { $0 == "0" }
        return (value < 0 ? "-" : "") + (trimmed.isEmpty ? "0" : trimmed) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
