package import FEEL
import Records
package import Values

extension PopulationMeasure {
    /// The value of each row, for a whole population at once; the order of the rows does not matter.
    package func values(_ rows: [AttributeRow]) throws(EvaluationFailure) -> [Value] {
        if let values = classes(of: rows) { return values }
        var groups: [PopulationGroup: [Int]] = [:]
        var result: [Value] = []
        result.reserveCapacity(rows.count)
        for (at, row) in rows.enumerated() {
            result.append(try value(nil, at: nil))
            if ranked(row) != nil { groups[group(of: row), default: []].append(at) }
        }
        for members in groups.values { try place(members, of: rows, into: &result) }
        return result
    }

    private func place(_ members: [Int], of rows: [AttributeRow], into result: inout [Value]) throws(EvaluationFailure) {
        let numbers = members.map { ranked(rows[$0]) ?? .zero }
        var total = ExactSum()
        for number in numbers where number > .zero {
            guard total.add(number) else { throw Self.pastTotal }
        }
        let order = numbers.indices.sorted { left, right in
            if numbers[left] != numbers[right] { return isAscending ? numbers[left] < numbers[right] : numbers[right] < numbers[left] }
            return rows[members[left]].entity < rows[members[right]].entity
        }
        var before = ExactSum(), at = 0
        while at < order.count {
            let number = numbers[order[at]]
            let end = order[at...].firstIndex { numbers[$0] != number } ?? order.count
            var beside = ExactSum()
            if number > .zero { for _ in at..<end { _ = beside.add(number) } }
            for ordinal in at..<end {
                let place = PopulationPlace(
                    before: at, beside: end - at, ordinal: ordinal, count: order.count, positiveBefore: before, positiveBeside: beside,
                    positiveTotal: total)
                result[members[order[ordinal]]] = try value(number, at: place)
            }
            before = before + beside
            at = end
        }
    }
}
