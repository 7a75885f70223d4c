/// A regular expression of XPath and XQuery Functions 3.1 (section 5.6), compiled. It holds no state.
///
/// Texts are taken by Unicode code points. Without back-references the time of a search grows with text times pattern; with them
/// it may grow faster, and ends at the limit of steps.
package struct TextPattern: Sendable {
    /// Most characters of a pattern.
    package static let lengthMax = 16_384

    let program: PatternProgram
    /// Whether it matches the empty text: nothing can then be replaced or split by it.
    let matchesEmpty: Bool

    /// - Parameters:
    ///   - pattern: the expression, such as `[A-Z]{2}\d+`.
    ///   - flags: any of `s`, `m`, `i`, `x` and `q`.
    package init(_ pattern: String, flags: String = "") throws(PatternFailure) {
        let flags = try PatternFlags(flags)
        if pattern.utf8.count > Self.lengthMax, pattern.unicodeScalars.count > Self.lengthMax {
            throw PatternFailure(place: Self.lengthMax, fact: "the pattern is longer than \(Self.lengthMax) characters", isTooLarge: true)
        }
        if flags.isLiteral {
            var plain = flags
            plain.isMultiline = false
            let parser = PatternParser("", flags)
            let node = PatternNode.sequence(pattern.unicodeScalars.map { parser.character($0.value) })
            program = try PatternProgram(node, groupCount: 0, hasBackReferences: false, flags: plain)
            matchesEmpty = pattern.isEmpty
            return
        }
        var parser = PatternParser(pattern, flags)
        let node = try parser.parse()
        let program = try PatternProgram(node, groupCount: parser.groupCount, hasBackReferences: parser.hasBackReferences, flags: flags)
        self.program = program
        var steps = 20 * PatternProgram.sizeMax
        do throws(PatternLimit) {
            matchesEmpty = try Self.find(program, [], from: 0, keepsGroups: false, &steps) != nil
        } catch {
            throw PatternFailure(place: 1, fact: "the pattern cannot be tried on an empty text", isTooLarge: true)
        }
    }

    /// Whether some part of the text matches.
    /// - Parameter steps: how many may be taken; less those that were taken afterwards.
    package func matches(_ text: String, steps: inout Int) throws(PatternLimit) -> Bool {
        try Self.find(program, text.unicodeScalars.map(\.value), from: 0, keepsGroups: false, &steps) != nil
    }

    private static func find(
        _ program: PatternProgram, _ text: [UInt32], from start: Int, keepsGroups: Bool, _ steps: inout Int
    ) throws(PatternLimit) -> [Int]? {
        if program.hasBackReferences {
            var search = PatternBacktracking(program, text, steps: steps)
            defer { steps = search.stepsLeft }
            return try search.find(from: start)
        }
        var search = PatternSearch(program, text, keepsGroups: keepsGroups, steps: steps)
        defer { steps = search.stepsLeft }
        return try search.find(from: start)
    }

    /// The matches from left to right, none within another: for each the bounds of itself and of its groups.
    private func forEachMatch(in text: [UInt32], steps: inout Int, _ body: ([Int]) -> Bool) throws(PatternLimit) {
        var start = 0
        if program.hasBackReferences {
            var search = PatternBacktracking(program, text, steps: steps)
            defer { steps = search.stepsLeft }
            while start <= text.count, let bounds = try search.find(from: start) {
                guard body(bounds) else { return }
                start = max(bounds[1], start + 1)
            }
        } else {
            var search = PatternSearch(program, text, keepsGroups: true, steps: steps)
            defer { steps = search.stepsLeft }
            while start <= text.count, let bounds = try search.find(from: start) {
                guard body(bounds) else { return }
                start = max(bounds[1], start + 1)
            }
        }
    }

    /// The text with each match replaced; nil where the result would be longer than `bytesMax`.
    func replacing(
        in text: String, by replacement: PatternReplacement, bytesMax: Int, steps: inout Int
    ) throws(PatternLimit) -> String? {
        let codes = text.unicodeScalars.map(\.value)
        var result: [UInt32] = []
        var end = 0
        try forEachMatch(in: codes, steps: &steps) { bounds in
            result += codes[end..<bounds[0]]
            replacement.append(bounds, of: codes, to: &result)
            end = bounds[1]
            return result.count <= bytesMax
        }
        if result.count > bytesMax { return nil }
        result += codes[end...]
        return Self.string(result[...])
    }

    /// The parts between the matches; nil where there are more than `countMax`.
    func splitting(_ text: String, countMax: Int, steps: inout Int) throws(PatternLimit) -> [String]? {
        let codes = text.unicodeScalars.map(\.value)
        var parts: [String] = []
        var end = 0
        try forEachMatch(in: codes, steps: &steps) { bounds in
            parts.append(Self.string(codes[end..<bounds[0]]))
            end = bounds[1]
            return parts.count <= countMax
        }
        if parts.count >= countMax { return nil }
        parts.append(Self.string(codes[end...]))
        return parts
    }

    private static func string(_ codes: ArraySlice<UInt32>) -> String {
        var scalars = String.UnicodeScalarView()
        for code in codes { if let scalar = Unicode.Scalar(code) { scalars.append(scalar) } }
        return String(scalars)
    }
}
