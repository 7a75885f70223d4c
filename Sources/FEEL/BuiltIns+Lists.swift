import Values

extension BuiltIns {
    static var lists: [BuiltIn] { questions + selections + changes }

    private static var questions: [BuiltIn] {
        [
            function("list contains", [.list("list"), .nullable("element")], .boolean) { given, context throws(Refusal) in
                .boolean(given.list(0).contains { Comparison.same($0, given[1], context) })
            },
            function("index of", [.list("list"), .nullable("match")], .list(.number)) { given, context throws(Refusal) in
                .list(given.list(0).enumerated().filter { Comparison.same($0.element, given[1], context) }.map { .integer($0.offset + 1) })
            },
            function("count", [.list("list")], .number) { given, _ throws(Refusal) in .integer(given.list(0).count) },
            quantifier("all", deciding: false),
            quantifier("any", deciding: true),
        ]
    }

    /// Kleene's and (or) over a list.
    private static func quantifier(_ name: String, deciding: Bool) -> BuiltIn {
        let body: @Sendable ([Value]) throws(Refusal) -> Value = { items throws(Refusal) in
            var unknown = false
            for item in items {
                switch item {
                case .boolean(deciding): return .boolean(deciding)
                case .boolean: break
                case .null: unknown = true
                default: throw .type("list has a \(item.typeName); expected booleans")
                }
            }
            return unknown ? .null : .boolean(!deciding)
        }
        return BuiltIn(
            name: name,
            forms: [
                BuiltInForm([.list("list")], .boolean) { given, _ throws(Refusal) in try body(given.list(0)) },
                BuiltInForm([.any("list")], .boolean, isVariadic: true, takesNull: true) { given, _ throws(Refusal) in try body(given.values) },
            ])
    }

    private static var selections: [BuiltIn] {
        [
            BuiltIn(
                name: "sublist",
                forms: [
                    BuiltInForm([.list("list"), .number("start position"), .number("length").optional], result: sameList) { given, _ throws(Refusal) in
                        let items = given.list(0)
                        let first = try place(given, 1, items.count, "start position")
                        var end = items.count
                        if given.isGiven(2) {
                            let length = try given.integer(2, "length")
                            if length < 0 { throw .value("length is negative") }
                            if !given.isStrict, length > items.count - first { throw .value("length \(length) goes past the list's end") }
                            end = min(items.count, first + min(length, items.count))
                        }
                        return .list(Array(items[first..<end]))
                    }
                ]),
            BuiltIn(
                name: "reverse", forms: [BuiltInForm([.list("list")], result: sameList) { given, _ throws(Refusal) in .list(given.list(0).reversed()) }]),
            BuiltIn(
                name: "distinct values",
                forms: [BuiltInForm([.list("list")], result: sameList) { given, _ throws(Refusal) in .list(distinct(given.list(0))) }]),
            function("flatten", [.list("list")], .list(.any)) { given, _ throws(Refusal) in
                var flat: [Value] = []
                flatten(given.list(0), into: &flat)
                return .list(flat)
            },
            BuiltIn(
                name: "sort",
                forms: [
                    BuiltInForm([.list("list")], result: sameList, calling: { given, frame, range throws(Fault) in
                        try Sorting.ascending(given.list(0), &frame, range)
                    }),
                    BuiltInForm([.list("list"), .function("precedes", 2)], result: sameList, calling: { given, frame, range throws(Fault) in
                        try Sorting.sorted(given.list(0), by: given.function(1), &frame, range)
                    }),
                ]),
        ]
    }

    private static var changes: [BuiltIn] {
        [
            BuiltIn(
                name: "append",
                forms: [
                    BuiltInForm([.list("list"), .nullable("item")], isVariadic: true, result: { .list($0.dropFirst().reduce(element($0[0])) { Compiler.joined($0, $1) }) }) {
                        given, _ throws(Refusal) in .list(given.list(0) + given.values.dropFirst())
                    }
                ]),
            BuiltIn(
                name: "concatenate",
                forms: [
                    BuiltInForm([.list("list")], isVariadic: true, result: joinedList) { given, _ throws(Refusal) in
                        .list(given.values.indices.flatMap { given.list($0) })
                    }
                ]),
            BuiltIn(
                name: "union",
                forms: [
                    BuiltInForm([.list("list")], isVariadic: true, result: joinedList) { given, _ throws(Refusal) in
                        .list(distinct(given.values.indices.flatMap { given.list($0) }))
                    }
                ]),
            BuiltIn(
                name: "insert before",
                forms: [
                    BuiltInForm([.list("list"), .number("position"), .nullable("newItem")], result: { .list(Compiler.joined(element($0[0]), $0[2])) }) {
                        given, _ throws(Refusal) in
                        var items = given.list(0)
                        items.insert(given[2], at: try place(given, 1, items.count, "position"))
                        return .list(items)
                    }
                ]),
            BuiltIn(
                name: "remove",
                forms: [
                    BuiltInForm([.list("list"), .number("position")], result: sameList) { given, _ throws(Refusal) in
                        var items = given.list(0)
                        items.remove(at: try place(given, 1, items.count, "position"))
                        return .list(items)
                    }
                ]),
            BuiltIn(
                name: "list replace",
                forms: [
                    BuiltInForm([.list("list"), .number("position"), .nullable("newItem")], result: { .list(Compiler.joined(element($0[0]), $0[2])) }) {
                        given, _ throws(Refusal) in
                        var items = given.list(0)
                        items[try place(given, 1, items.count, "position")] = given[2]
                        return .list(items)
                    },
                    BuiltInForm(
                        [.list("list"), .function("match", 2), .nullable("newItem")], result: { .list(Compiler.joined(element($0[0]), $0[2])) },
                        calling: { given, frame, range throws(Fault) in
                            try replaced(given.list(0), by: given[2], where: given.function(1), &frame, range)
                        }),
                ]),
        ]
    }

    /// The list with the new item in each place where `match(item, newItem)` holds.
    private static func replaced(
        _ items: [Value], by newItem: Value, where match: FunctionValue, _ frame: inout Frame, _ range: Range<Int>
    ) throws(Fault) -> Value {
        var result = items
        for (place, item) in items.enumerated() {
            switch try FunctionCall.run(match, [item, newItem], &frame, range) {
            case .boolean(true): result[place] = newItem
            case .boolean(false): break
            case let other: return try frame.reject(.type("list replace: match gives a \(other.typeName); expected boolean"), range)
            }
        }
        return .list(result)
    }

    private static func joinedList(_ types: [ValueType]) -> ValueType {
        .list(types.dropFirst().reduce(element(types[0])) { Compiler.joined($0, element($1)) })
    }

    /// A 1-based position, or a negative one from the end, as an index of the list.
    private static func place(_ given: Arguments, _ argument: Int, _ count: Int, _ name: String) throws(Refusal) -> Int {
        let position = try given.integer(argument, name)
        let index = position > 0 ? position - 1 : count + position
        guard position != 0, (0..<count).contains(index) else { throw .value("\(name) \(position) is outside a list of \(count)") }
        return index
    }

    private static func distinct(_ items: [Value]) -> [Value] {
        var seen: Set<Value> = []
        return items.filter { seen.insert($0).inserted }
    }

    private static func flatten(_ items: [Value], into flat: inout [Value]) {
        for item in items {
            if case .list(let inner) = item { flatten(inner, into: &flat) } else { flat.append(item) }
        }
    }
}
