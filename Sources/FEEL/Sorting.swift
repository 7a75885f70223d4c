import Diagnostics
import Values

/// Stable sorting by an order that may fail.
enum Sorting {
    typealias Precedes = (Value, Value, inout Frame) throws(Fault) -> Bool

    /// Merge sort: stable, and total work bounded whatever the order says.
    static func merge(_ items: [Value], _ frame: inout Frame, _ precedes: Precedes) throws(Fault) -> [Value] {
        var source = items
        var width = 1
        while width < source.count {
            var merged: [Value] = []
            merged.reserveCapacity(source.count)
            var start = 0
            while start < source.count {
                let middle = min(start + width, source.count), end = min(start + 2 * width, source.count)
                var left = start, right = middle
                while left < middle, right < end {
                    if try precedes(source[right], source[left], &frame) {
                        merged.append(source[right])
                        right += 1
                    } else {
                        merged.append(source[left])
                        left += 1
                    }
                }
                merged.append(contentsOf: source[left..<middle])
                merged.append(contentsOf: source[right..<end])
                start = end
            }
            source = merged
            width *= 2
        }
        return source
    }

    /// In the order of a function that says of two items whether the first goes before the second.
    static func sorted(_ items: [Value], by precedes: FunctionValue, _ frame: inout Frame, _ range: Range<Int>) throws(Fault) -> Value {
        var misfit: Value?
        let sorted = try merge(items, &frame) { a, b, frame throws(Fault) in
            let answer = try FunctionCall.run(precedes, [a, b], &frame, range)
            if case .boolean(let flag) = answer { return flag }
            misfit = misfit ?? answer
            return false
        }
        guard let misfit else { return .list(sorted) }
        return try frame.reject(.type("sort: precedes gives a \(misfit.typeName); expected boolean"), range)
    }

    /// In the order of `<`; nulls last.
    static func ascending(_ items: [Value], _ frame: inout Frame, _ range: Range<Int>) throws(Fault) -> Value {
        let nulls = items.count { $0 == .null }
        do throws(Fault) {
            let sorted = try merge(items.filter { $0 != .null }, &frame) { a, b, frame throws(Fault) in
                try frame.spend(1, range)
                do throws(Refusal) { return try Comparison.order(a, b, frame.context) < 0 } catch { throw Fault(error.code, "sort: \(error.fact)", range) }
            }
            return .list(sorted + Array(repeating: .null, count: nulls))
        } catch {
            return try frame.reject(Refusal(error.code, error.fact), range)
        }
    }
}
