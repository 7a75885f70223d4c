/// What a match is replaced by (XPath and XQuery Functions 3.1, fn:replace): `$0` is the match, `$1` its first group, `\$` and
/// `\\` the characters.
struct PatternReplacement: Sendable {
    private enum Part: Sendable {
        case text([UInt32])
        case group(Int)
    }

    private var parts: [Part] = []

    /// - Parameter isLiteral: whether the text stands for itself, as under the flag `q`.
    init(_ text: String, groupCount: Int, isLiteral: Bool) throws(PatternFailure) {
        let codes = text.unicodeScalars.map(\.value)
        if isLiteral {
            parts = [.text(codes)]
            return
        }
        var literal: [UInt32] = []
        var at = 0
        while at < codes.count {
            let code = codes[at]
            at += 1
            if code == UInt32(UInt8(ascii: "\\")) {
                guard at < codes.count, codes[at] == UInt32(UInt8(ascii: "$")) || codes[at] == UInt32(UInt8(ascii: "\\")) else {
                    throw PatternFailure(place: at, fact: "in the replacement \\ stands before \\ or $ only")
                }
                literal.append(codes[at])
                at += 1
            } else if code == UInt32(UInt8(ascii: "$")) {
                guard at < codes.count, let first = Self.digit(codes[at]) else {
                    throw PatternFailure(place: at, fact: "in the replacement $ stands before a digit, or is written \\$")
                }
                at += 1
                var number = first
                // Digits that would name a group that is not there are text.
                while at < codes.count, let next = Self.digit(codes[at]), number * 10 + next <= groupCount {
                    number = number * 10 + next
                    at += 1
                }
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = []
                if number <= groupCount { parts.append(.group(number)) }
            } else {
                literal.append(code)
            }
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
    }

    private static func digit(_ code: UInt32) -> Int? { code >= 48 && code <= 57 ? Int(code - 48) : nil }

    func append(_ bounds: [Int], of text: [UInt32], to result: inout [UInt32]) {
        for part in parts {
            switch part {
            case .text(let codes): result += codes
            case .group(let number):
                let from = bounds[2 * number], to = bounds[2 * number + 1]
                if from >= 0, to >= from { result += text[from..<to] }
            }
        }
    }
}
