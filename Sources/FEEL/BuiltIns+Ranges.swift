import Values

/// How ranges and points lie to each other (DMN 1.5, 10.3.4.10 and table 79).
extension BuiltIns {
    static var ranges: [BuiltIn] {
        [
            function("range", [.string("from")], .range(.any)) { given, context throws(Refusal) in
                .range(try RangeText.range(given.string(0), context))
            },
            relation("before", [.points, .pointRange, .rangePoint, .ranges]) { a, b, context throws(Refusal) in try precedes(a, b, context) },
            relation("after", [.points, .pointRange, .rangePoint, .ranges]) { a, b, context throws(Refusal) in try precedes(b, a, context) },
            relation("meets", [.ranges]) { a, b, context throws(Refusal) in try meets(a, b, context) },
            relation("met by", [.ranges]) { a, b, context throws(Refusal) in try meets(b, a, context) },
            relation("overlaps", [.ranges]) { a, b, context throws(Refusal) in
                let isBefore = try precedes(a, b, context), isAfter = try precedes(b, a, context)
                return !isBefore && !isAfter
            },
            relation("overlaps before", [.ranges]) { a, b, context throws(Refusal) in try overlapsBefore(a, b, context) },
            relation("overlaps after", [.ranges]) { a, b, context throws(Refusal) in try overlapsAfter(a, b, context) },
            relation("finishes", [.pointRange, .ranges]) { a, b, context throws(Refusal) in try finishes(a, b, context) },
            relation("finished by", [.rangePoint, .ranges]) { a, b, context throws(Refusal) in try finishes(b, a, context) },
            relation("includes", [.rangePoint, .ranges]) { a, b, context throws(Refusal) in try encloses(a, b, context) },
            relation("during", [.pointRange, .ranges]) { a, b, context throws(Refusal) in try encloses(b, a, context) },
            relation("starts", [.pointRange, .ranges]) { a, b, context throws(Refusal) in try starts(a, b, context) },
            relation("started by", [.rangePoint, .ranges]) { a, b, context throws(Refusal) in try starts(b, a, context) },
            relation("coincides", [.points, .ranges]) { a, b, context throws(Refusal) in
                let low = try a.lower(against: b.lower, context), high = try a.upper(against: b.upper, context)
                return low == 0 && high == 0 && a.includesLower == b.includesLower && a.includesUpper == b.includesUpper
            },
        ]
    }

    /// Which kinds of arguments a relation takes, with the names of its parameters.
    private enum Signature {
        case points, pointRange, rangePoint, ranges

        var names: (String, String) {
            switch self {
            case .points: ("point1", "point2")
            case .pointRange: ("point", "range")
            case .rangePoint: ("range", "point")
            case .ranges: ("range1", "range2")
            }
        }

        var takesRanges: (Bool, Bool) {
            switch self {
            case .points: (false, false)
            case .pointRange: (false, true)
            case .rangePoint: (true, false)
            case .ranges: (true, true)
            }
        }
    }

    private typealias Relation = @Sendable (Span, Span, EvaluationContext) throws(Refusal) -> Bool

    /// An end of a ``Span``: a value, or nothing, which is before (or after) all values.
    private typealias End = Value?

    /// A range, or a point as the range from itself to itself with both ends in.
    private struct Span {
        let lower: End
        let upper: End
        let includesLower: Bool
        let includesUpper: Bool

        init(_ value: Value) {
            guard case .range(let range) = value else {
                (lower, upper) = (value, value)
                (includesLower, includesUpper) = (true, true)
                return
            }
            lower = range.lower == .null ? nil : range.lower
            upper = range.upper == .null ? nil : range.upper
            includesLower = range.includesLower && lower != nil
            includesUpper = range.includesUpper && upper != nil
        }

        /// The order of two lower ends.
        func lower(against other: End, _ context: EvaluationContext) throws(Refusal) -> Int {
            switch (lower, other) {
            case (nil, nil): 0
            case (nil, _): -1
            case (_, nil): 1
            case (let a?, let b?): try Comparison.order(a, b, context)
            }
        }

        /// The order of two upper ends.
        func upper(against other: End, _ context: EvaluationContext) throws(Refusal) -> Int {
            switch (upper, other) {
            case (nil, nil): 0
            case (nil, _): 1
            case (_, nil): -1
            case (let a?, let b?): try Comparison.order(a, b, context)
            }
        }

        /// The order of the upper end and the lower end of another.
        func end(againstStartOf other: Span, _ context: EvaluationContext) throws(Refusal) -> Int {
            guard let upper, let start = other.lower else { return 1 }
            return try Comparison.order(upper, start, context)
        }
    }

    private static func relation(_ name: String, _ signatures: [Signature], _ holds: @escaping Relation) -> BuiltIn {
        // Ranges first: a point may be a value of any kind.
        let forms = signatures.reversed().map { signature in
            let (first, second) = signature.names, (isRange, isRangeToo) = signature.takesRanges
            return BuiltInForm([isRange ? .range(first) : .any(first), isRangeToo ? .range(second) : .any(second)], .boolean) {
                given, context throws(Refusal) in
                for (value, takesRange) in [(given[0], isRange), (given[1], isRangeToo)] {
                    if case .range = value, !takesRange { throw .type("\(name) does not take these places for a range and a point") }
                }
                return .boolean(try holds(Span(given[0]), Span(given[1]), context))
            }
        }
        return BuiltIn(name: name, forms: Array(forms))
    }

    private static func precedes(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let side = try a.end(againstStartOf: b, context)
        return side < 0 || (side == 0 && !(a.includesUpper && b.includesLower))
    }

    private static func meets(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let side = try a.end(againstStartOf: b, context)
        return side == 0 && a.includesUpper && b.includesLower
    }

    private static func overlapsBefore(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let starts = try a.lower(against: b.lower, context), ends = try a.upper(against: b.upper, context)
        let startsFirst = starts < 0 || (starts == 0 && a.includesLower && !b.includesLower)
        let endsFirst = ends < 0 || (ends == 0 && (!a.includesUpper || b.includesUpper))
        let isApart = try precedes(a, b, context)
        return startsFirst && endsFirst && !isApart
    }

    private static func overlapsAfter(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let starts = try b.lower(against: a.lower, context), ends = try b.upper(against: a.upper, context)
        let startsFirst = starts < 0 || (starts == 0 && b.includesLower && !a.includesLower)
        let endsFirst = ends < 0 || (ends == 0 && (!b.includesUpper || a.includesUpper))
        let isApart = try precedes(b, a, context)
        return startsFirst && endsFirst && !isApart
    }

    private static func finishes(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let ends = try a.upper(against: b.upper, context), starts = try b.lower(against: a.lower, context)
        return ends == 0 && a.includesUpper == b.includesUpper && (starts < 0 || (starts == 0 && (b.includesLower || !a.includesLower)))
    }

    private static func starts(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let starts = try a.lower(against: b.lower, context), ends = try a.upper(against: b.upper, context)
        return starts == 0 && a.includesLower == b.includesLower && (ends < 0 || (ends == 0 && (b.includesUpper || !a.includesUpper)))
    }

    private static func encloses(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let low = try a.lower(against: b.lower, context), high = try b.upper(against: a.upper, context)
        return (low < 0 || (low == 0 && (a.includesLower || !b.includesLower))) && (high < 0 || (high == 0 && (a.includesUpper || !b.includesUpper)))
    }
}

extension Parameter {
    fileprivate static func range(_ name: String) -> Parameter { Parameter(name: name, type: .range(.any)) }
}
