import Diagnostics
import EDI
import Formats
import Testing

/// Files that are broken in ways that a seed tells, so that a failing case can be made again.
@Suite struct MutationTests {
    /// Knuth's 64-bit congruential generator.
    private struct Generator {
        var state: UInt64
        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
    }

    private static let structures = Result { try TransactionStructureTests.structures() }

    @Test(arguments: 0..<300)
    func `broken X12 is read alike at any chunk size, and every set that began ends`(_ seed: Int) throws {
        try Self.check(
            seed, .x12, Fixture.clean + "\r\n" + Fixture.clean.replacing("*U*00401", with: "*^*00501"),
            ["~", "*", "\n", "ISA*", "IEA*1*1~", "ST*850*0001~", "SE*1*1~", "GS*PO~", "BIN*9*", "HL*1**S~", "\u{0}", "\u{E9}", ">^"])
    }

    @Test(arguments: 0..<200)
    func `so is EDIFACT`(_ seed: Int) throws {
        let other = EDIFACTFixture.clean.replacing("UNOC:3", with: "UNOC:4")
        try Self.check(
            seed, .edifact, EDIFACTFixture.clean + "\r\n" + other,
            ["'", "+", "?", "??", "\n", "UNB+UNOC:3+", "UNZ+1+1'", "UNH+1+ORDERS'", "UNT+1+1'", "UNG+'", "\u{0}", "\u{E9}", "*:", "UNA:+.? '"])
    }

    @Test(arguments: 0..<200)
    func `so is TRADACOMS`(_ seed: Int) throws {
        try Self.check(
            seed, .tradacoms, TRADACOMSFixture.clean + "\r\n" + TRADACOMSFixture.batched,
            ["'", "+", "?", "=", "\n", "STX=ANA:1+", "END=1'", "MHD=1+ORDERS'", "MTR=1'", "BAT=1'", "EOB=1'", "RSG='", "\u{0}", "\u{E9}", "?'"])
    }

    private static func check(_ seed: Int, _ standard: EDIStandard, _ text: String, _ tokens: [String]) throws {
        let structures = try Self.structures.get()
        var random = Generator(state: UInt64(seed) &* 7919 &+ 42)
        var bytes = Array(text.utf8)
        for _ in 0..<(1 + random.below(6)) {
            let at = random.below(bytes.count)
            switch random.below(4) {
            case 0: bytes[at] = UInt8(random.below(256))
            case 1: bytes.insert(contentsOf: tokens[random.below(tokens.count)].utf8, at: at)
            case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.below(40)))
            default: bytes.removeLast(random.below(min(bytes.count - 1, 60)))
            }
        }
        var limits = ReadLimits()
        limits.recordBytes = 200
        let whole = read(bytes, as: standard, limits: limits, structures: structures)
        for chunk in [1, 3, 64] {
            let piecewise = read(bytes, as: standard, chunk: chunk, limits: limits, structures: structures)
            #expect(piecewise.sink.lines == whole.sink.lines, "seed \(seed), chunk \(chunk)")
        }
        #expect(whole.sink.transactionSets.count == whole.summary.transactionSets)
        #expect(whole.sink.groups.count == whole.summary.groups)
        #expect(whole.sink.endedInterchanges.count == whole.summary.interchanges)
        #expect(whole.sink.lines.filter { $0.hasSuffix(" {") || $0 == "interchange {" }.count
            == whole.sink.lines.filter { $0.drop { $0 == " " }.hasPrefix("} ") }.count)
        #expect(whole.sink.diagnostics.allSatisfy { $0.position.bytes != nil })
    }
}
