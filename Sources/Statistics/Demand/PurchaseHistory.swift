/// What one customer's purchases come to for models of repeat buying (Fader, Hardie and Lee, 2005). Purchases of one day are one. This recency
/// is from the first purchase to the last; that of marketing, from the last until today, is ``sinceLast``.
package struct PurchaseHistory: Hashable, Sendable {
    /// Days with a purchase after the first.
    package let frequency: Int
    /// Days from the first purchase to the last.
    package let recency: Int
    /// Days from the first purchase to the end.
    package let age: Int
    /// Mean value of the days after the first; 0 without them.
    package let monetary: Double
    /// Days from the last purchase to the end.
    package var sinceLast: Int { age - recency }

    /// Purchases as day numbers and values, in any order; those after `end` do not count. Nil where none is left, or a value is not finite.
    package init?(_ purchases: [(day: Int, value: Double)], end: Int) {
        let counted = purchases.filter { $0.day <= end }.sorted { $0.day < $1.day }
        guard let first = counted.first?.day, let last = counted.last?.day, counted.allSatisfy({ $0.value.isFinite }) else { return nil }
        var days = 1, sum = CompensatedSum(), before = first
        for purchase in counted {
            if purchase.day != before { days += 1 }
            before = purchase.day
            if purchase.day != first { sum.add(purchase.value) }
        }
        frequency = days - 1
        recency = last - first
        age = end - first
        monetary = days > 1 ? sum.value / Double(days - 1) : 0
    }
}
