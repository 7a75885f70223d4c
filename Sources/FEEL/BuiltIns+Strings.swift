import Values

extension BuiltIns {
    static var strings: [BuiltIn] {
        [
            function("substring", [.string("string"), .number("start position"), .number("length").optional], .string) { given, _ throws(Refusal) in
                try substring(given)
            },
            function("string length", [.string("string")], .number) { given, _ throws(Refusal) in .integer(given.string(0).unicodeScalars.count) },
            function("upper case", [.string("string")], .string) { given, _ throws(Refusal) in .string(given.string(0).uppercased()) },
            function("lower case", [.string("string")], .string) { given, _ throws(Refusal) in .string(given.string(0).lowercased()) },
            function("trim", [.string("string")], .string) { given, _ throws(Refusal) in .string(trimmed(given.string(0))) },
            function("contains", [.string("string"), .string("match")], .boolean) { given, _ throws(Refusal) in
                .boolean(ByteSearch(given.string(1)).first(in: Array(given.string(0).utf8), from: 0) != nil)
            },
            function("starts with", [.string("string"), .string("match")], .boolean) { given, _ throws(Refusal) in
                .boolean(given.string(0).utf8.starts(with: given.string(1).utf8))
            },
            function("ends with", [.string("string"), .string("match")], .boolean) { given, _ throws(Refusal) in
                .boolean(given.string(0).utf8.reversed().starts(with: given.string(1).utf8.reversed()))
            },
            function("substring before", [.string("string"), .string("match")], .string) { given, _ throws(Refusal) in
                let bytes = Array(given.string(0).utf8)
                guard let place = ByteSearch(given.string(1)).first(in: bytes, from: 0) else { return .string("") }
                return .string(String(decoding: bytes[..<place], as: UTF8.self))
            },
            function("substring after", [.string("string"), .string("match")], .string) { given, _ throws(Refusal) in
                let bytes = Array(given.string(0).utf8)
                guard let place = ByteSearch(given.string(1)).first(in: bytes, from: 0) else { return .string("") }
                return .string(String(decoding: bytes[(place + given.string(1).utf8.count)...], as: UTF8.self))
            },
            function("string join", [.list("list"), Parameter(name: "delimiter", type: .string, isOptional: true, takesNull: true)], .string) { given, _ throws(Refusal) in
                var parts: [String] = []
                for item in given.list(0) where item != .null {
                    guard case .string(let string) = item else { throw .type("list has a \(item.typeName); expected strings") }
                    parts.append(string)
                }
                return .string(parts.joined(separator: given.isGiven(1) ? given.string(1) : ""))
            },
        ]
    }

    /// 1-based; a negative start counts from the end. Counts Unicode code points, as DMN does.
    private static func substring(_ given: Arguments) throws(Refusal) -> Value {
        let scalars = Array(given.string(0).unicodeScalars)
        let start = try given.cut(1, "start position")
        // The kit has `substring("foobar", 3, 3.8)` be "oba".
        if start == 0 { throw .value("start position is 0; the first is 1 and the last is -1") }
        let first = start > 0 ? start - 1 : scalars.count + start
        guard first >= 0, first <= scalars.count else { return .string("") }
        var end = scalars.count
        if given.isGiven(2) {
            let length = try given.cut(2, "length")
            if length < 0 { throw .value("length is negative") }
            end = min(scalars.count, first + min(length, scalars.count))
        }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars[first..<end])
        return .string(String(result))
    }

    private static func trimmed(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var start = 0
        while CharacterClass.spaceLength(bytes, start) > 0 { start += CharacterClass.spaceLength(bytes, start) }
        var end = start
        var position = start
        while position < bytes.count {
            let space = CharacterClass.spaceLength(bytes, position)
            position += max(1, space)
            if space == 0 { end = position }
        }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}

/// Finds one run of bytes in another in linear time (Knuth, Morris and Pratt 1977), so that no text is slow to search.
struct ByteSearch {
    private let pattern: [UInt8]
    /// For each prefix of the pattern the length of its longest proper border.
    private let borders: [Int]

    init(_ text: String) {
        pattern = Array(text.utf8)
        var borders = Array(repeating: 0, count: pattern.count)
        var length = 0
        for index in pattern.indices.dropFirst() {
            while length > 0, pattern[index] != pattern[length] { length = borders[length - 1] }
            if pattern[index] == pattern[length] { length += 1 }
            borders[index] = length
        }
        self.borders = borders
    }

    func first(in bytes: [UInt8], from start: Int) -> Int? {
        if pattern.isEmpty { return start }
        var matched = 0
        for index in start..<max(start, bytes.count) {
            while matched > 0, bytes[index] != pattern[matched] { matched = borders[matched - 1] }
            if bytes[index] == pattern[matched] { matched += 1 }
            if matched == pattern.count { return index - matched + 1 }
        }
        return nil
    }
}
