@testable import Markup
import Testing

/// What the reader counts on its way, beside the plainest way to count it.
@Suite struct BookkeepingTests {
    /// Knuth's 64-bit congruential generator.
    private struct Generator {
        var state: UInt64
        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
    }

    @Test(arguments: 0..<40)
    func `lines and columns are those of the text, in blocks of any size`(_ seed: Int) {
        var random = Generator(state: UInt64(seed))
        // Texts with many line ends, with few and with none; the longest has more blocks of 16 bytes than a byte counts.
        let text = (0..<(200 + random.below(seed < 20 ? 3000 : 20_000))).map { _ in UInt8(random.below(1 << (seed % 12)) == 0 ? 0x0A : 0x78) }
        var lines = LineStarts(), at = 0, kept = 0
        while at < text.count {
            let end = min(text.count, at + 1 + random.below(seed < 20 ? 60 : 9000))
            text[at..<end].withUnsafeBufferPointer { block in
                lines.begin(block, at: at)
                for _ in 0..<8 {
                    let made = kept + random.below(end - kept + 1), before = text[..<made]
                    let (line, column) = lines.place(made)
                    #expect(line == before.count { $0 == 0x0A } + 1, "seed \(seed), \(made) of \(at)..<\(end)")
                    #expect(column == made - (before.lastIndex(of: 0x0A) ?? -1), "seed \(seed), \(made) of \(at)..<\(end)")
                }
                // The parser may hold on to what it had before.
                if random.below(3) > 0 { kept += random.below(end - kept + 1) }
                lines.end(keepingFrom: kept)
            }
            at = end
        }
    }

    @Test(arguments: 0..<40)
    func `each element is counted among the siblings of its name`(_ seed: Int) {
        var random = Generator(state: UInt64(seed)), counts = SiblingCounts()
        defer { counts.free() }
        var open: [(ordinal: Int32, mark: Int32, children: [Int32: Int32])] = [], ordinal: Int32 = 0
        for _ in 0..<3000 {
            if open.count > 1, random.below(5) < (open.count > 12 ? 4 : 2) {
                counts.close(open.removeLast().mark)
                continue
            }
            let name = Int32(random.below(seed < 20 ? 3 : 40)), stack = open
            let place = counts.next(name, under: open.last?.ordinal ?? 0, open.count) { element, depth in
                depth >= 0 && stack[Int(depth)].ordinal == element
            }
            if !open.isEmpty {
                open[open.count - 1].children[name, default: 0] += 1
                #expect(place == open[open.count - 1].children[name], "seed \(seed)")
            }
            ordinal += 1
            open.append((ordinal, counts.mark, [:]))
        }
    }
}
