import Values

/// How ranges and points lie to each other (DMN 1.5, table 79). A point is a range from itself to itself, both ends in.
extension BuiltIns {
    static var ranges: [BuiltIn] {
        [
            function("range", [.string("from")], .range(.any)) { given, _ throws(Refusal) in
                guard given.string(0).utf8.count <= textBytesMax,
                    case .range(let range)? = FEEL.expression(given.string(0), layout: .empty).product?.constant
                else { throw .value("the text is no range of constants, such as [1..5)") }
                return .range(range)
            },
            relation("before") { a, b, context throws(Refusal) in try precedes(a, b, context) },
            relation("after") { a, b, context throws(Refusal) in try precedes(b, a, context) },
            relation("meets") { a, b, context throws(Refusal) in try meets(a, b, context) },
            relation("met by") { a, b, context throws(Refusal) in try meets(b, a, context) },
            relation("overlaps") { a, b, context throws(Refusal) in
                let isBefore = try precedes(a, b, context), isAfter = try precedes(b, a, context)
                return !isBefore && !isAfter
            },
            relation("overlaps before") { a, b, context throws(Refusal) in try overlapsBefore(a, b, context) },
            relation("overlaps after") { a, b, context throws(Refusal) in
                let starts = try order(b.lower, a.lower, context), ends = try order(b.upper, a.upper, context)
                let startsFirst = starts < 0 || (starts == 0 && b.includesLower && !a.includesLower)
                let endsFirst = ends < 0 || (ends == 0 && (!b.includesUpper || a.includesUpper))
                let isApart = try precedes(b, a, context)
                return startsFirst && endsFirst && !isApart
            },
            relation("finishes") { a, b, context throws(Refusal) in try finishes(a, b, context) },
            relation("finished by") { a, b, context throws(Refusal) in try finishes(b, a, context) },
            relation("includes") { a, b, context throws(Refusal) in try encloses(a, b, context) },
            relation("during") { a, b, context throws(Refusal) in try encloses(b, a, context) },
            relation("starts") { a, b, context throws(Refusal) in try starts(a, b, context) },
            relation("started by") { a, b, context throws(Refusal) in try starts(b, a, context) },
            relation("coincides") { a, b, context throws(Refusal) in
                let low = try order(a.lower, b.lower, context), high = try order(a.upper, b.upper, context)
                return low == 0 && high == 0 && a.includesLower == b.includesLower && a.includesUpper == b.includesUpper
            },
        ]
    }

    /// The longest text that `range` reads.
    private static let textBytesMax = 1000

    private typealias Relation = @Sendable (Span, Span, EvaluationContext) throws(Refusal) -> Bool

    /// A range with both ends.
    private struct Span {
        let lower: Value
        let upper: Value
        let includesLower: Bool
        let includesUpper: Bool

        init(_ value: Value) throws(Refusal) {
            guard case .range(let range) = value else {
                lower = value
                upper = value
                includesLower = true
                includesUpper = true
                return
            }
            guard let low = range.lower, let high = range.upper, low != .null, high != .null else {
                throw .value("a range without an end cannot be compared")
            }
            lower = low
            upper = high
            includesLower = range.includesLower
            includesUpper = range.includesUpper
        }
    }

    private static func relation(_ name: String, _ holds: @escaping Relation) -> BuiltIn {
        function(name, [.any("range1"), .any("range2")], .boolean) { given, context throws(Refusal) in
            .boolean(try holds(try Span(given[0]), try Span(given[1]), context))
        }
    }

    private static func order(_ a: Value, _ b: Value, _ context: EvaluationContext) throws(Refusal) -> Int {
        try Comparison.order(a, b, context)
    }

    private static func precedes(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let side = try order(a.upper, b.lower, context)
        return side < 0 || (side == 0 && !(a.includesUpper && b.includesLower))
    }

    private static func meets(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let side = try order(a.upper, b.lower, context)
        return side == 0 && a.includesUpper && b.includesLower
    }

    private static func overlapsBefore(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let starts = try order(a.lower, b.lower, context), ends = try order(a.upper, b.upper, context)
        let startsFirst = starts < 0 || (starts == 0 && a.includesLower && !b.includesLower)
        let endsFirst = ends < 0 || (ends == 0 && (!a.includesUpper || b.includesUpper))
        let isApart = try precedes(a, b, context)
        return startsFirst && endsFirst && !isApart
    }

    private static func finishes(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let ends = try order(a.upper, b.upper, context), starts = try order(b.lower, a.lower, context)
        return ends == 0 && a.includesUpper == b.includesUpper && (starts < 0 || (starts == 0 && (b.includesLower || !a.includesLower)))
    }

    private static func starts(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let starts = try order(a.lower, b.lower, context), ends = try order(a.upper, b.upper, context)
        return starts == 0 && a.includesLower == b.includesLower && (ends < 0 || (ends == 0 && (b.includesUpper || !a.includesUpper)))
    }

    private static func encloses(_ a: Span, _ b: Span, _ context: EvaluationContext) throws(Refusal) -> Bool {
        let low = try order(a.lower, b.lower, context), high = try order(b.upper, a.upper, context)
        return (low < 0 || (low == 0 && (a.includesLower || !b.includesLower))) && (high < 0 || (high == 0 && (a.includesUpper || !b.includesUpper)))
    }
}
