import Configurations
import Diagnostics
import EDI
import Formats
import Foundation
import Testing

/// Faults planted into sets that pyx12 has maps of, judged by both from the same facts: its maps are given to this reader as structures and
/// elements (`Peers/maps.py`). AK2 to AK9, codes and positions, are then the same, but for what ``PeerDifference`` names.
@Suite struct PeerJudgementTests {
    struct Sample: Sendable {
        var set: String
        var map: String
        var version: String
        /// Its interchange, without line breaks.
        var text: String
    }

    /// A file with one fault.
    private struct Fault {
        var base: Int
        var what: String
        /// Tag of the EDI segment that it is in; nil for the set and the group.
        var segment: String?
        var text: String
    }

    // MARK: Sets that nothing is wrong with

    private static func interchange(_ identifier: String, _ group: String, _ version: String, _ segments: [String]) -> String {
        let set = (["ST*\(identifier)*0001"] + segments + ["SE*\(segments.count + 2)*0001"]).joined(separator: "~")
        return Fixture.isa + "GS*\(group)*ACME*DEPOT*20261121*0938*1*X*\(version)~" + set + "~GE*1*1~IEA*1*000000905~"
    }

    private static let forecast = [
        "BFR*05**R1*DL*A*20261121*20261231*20261121", "N1*SU**92*S1", "LIN**BP*A-1", "UIT*EA", "PID*F****Lamp", "FST*10*C*W*20261130",
        "SHP*01*5*050*20261120", "REF*SI*4711", "CTT*1",
    ]
    private static let specification = ["SPI*00***Title*Purpose", "RDT***171*20261121", "N1*0F*Maker", "HL*1**I", "SPI*00*ZZ*REF1*Title", "MSG*Text"]

    private static let earlier = [
        ("*^*00501*", "*U*00401*"), ("005010X221A1", "004010X091A1"), ("~PER*BL*JOHN WAYNE*TE*9995551212", ""), ("~SE*31*", "~SE*30*"),
    ]

    /// 830 and 841 are made for this; those of health care are files of the corpus that pyx12 has nothing against.
    private static func bases() throws -> [Sample]? {
        let files = [
            ("834", "834.5010.X220.A1.xml", "005010", "x12/834/azoner__834_deident_family.txt"),
            ("835", "835.4010.X091.A1.xml", "004010", "x12/835/azoner__835_mult_loops.txt"),
            ("837", "837.4010.X098.A1.xml", "004010", "x12/837/azoner__x12testdata.py_simple_837p"),
            ("837", "837.4010.X096.A1.xml", "004010", "x12/837/azoner__x12testdata.py_simple_837i"),
            ("270", "270.4010.X092.A1.xml", "004010", "x12/invalid_or_variant/azoner__x12testdata.py_repeat_init_segment"),
        ]
        var bases = [
            Sample(set: "830", map: "830.4010.PS.xml", version: "004010", text: interchange("830", "PS", "004010", forecast)),
            Sample(set: "841", map: "841.4010.XXXC.xml", version: "004010", text: interchange("841", "SP", "004010XXXC", specification)),
        ]
        for (set, map, version, path) in files {
            guard let folder = SharedFiles.folder else {
                print("skipped: ../shared is absent; pyx12 judges 830 and 841 alone")
                break
            }
            let text = try String(contentsOf: folder.appending(path: "corpus/" + path), encoding: .utf8)
            var plain = text.filter { !$0.isNewline }
            // It gives no 999 of an 835 with a fault, as it wants an ST03 there that its map does not have: the same as one of 004010, without the PER of 005010.
            for (from, to) in set == "835" ? Self.earlier : [] { plain = plain.replacing(from, with: to) }
            bases.append(Sample(set: set, map: map, version: version, text: plain))
        }
        return bases
    }

    // MARK: Faults

    /// Each kind of fault at up to `places` EDI segments of the first transaction set, evenly.
    private static func faults(_ base: Sample, _ number: Int, places: Int = 24) -> [Fault] {
        let segments = base.text.split(separator: "~").map(String.init)
        guard let first = segments.firstIndex(where: { $0.hasPrefix("ST*") }), let last = segments.firstIndex(where: { $0.hasPrefix("SE*") }) else { return [] }
        var faults: [Fault] = []
        func plant(_ what: String, _ at: Int, _ replacement: [String]) {
            guard replacement != [segments[at]] else { return }
            var edited = segments
            edited.replaceSubrange(at...at, with: replacement)
            let trailer = segments[last].split(separator: "*")
            edited[last + replacement.count - 1] = "SE*\(last - first + replacement.count)*\(trailer[2])"
            faults.append(Fault(base: number, what: "\(what) at \(at - first + 1) \(segments[at])",
                segment: String(segments[at].prefix { $0 != "*" }), text: edited.joined(separator: "~") + "~"))
        }
        let body = Array((first + 1)..<last), step = max(1, body.count / places)
        for at in stride(from: body.startIndex, to: body.endIndex, by: step).map({ body[$0] }) {
            let segment = segments[at], elements = segment.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
            plant("left out", at, [])
            plant("twice", at, [segment, segment])
            plant("an undefined one after it", at, [segment, "ZZZ*1"])
            plant("61 elements", at, [segment + String(repeating: "*", count: 61 - elements.count) + "*X"])
            for place in elements.indices.dropFirst() where !elements[place].isEmpty {
                func edit(_ what: String, _ value: String) {
                    var edited = elements
                    edited[place] = value
                    while edited.last == "" { edited.removeLast() }
                    plant("element \(place) \(what)", at, [edited.joined(separator: "*")])
                }
                let value = elements[place]
                if value.contains(":") { continue }
                edit("empty", "")
                edit("long", value + String(repeating: "9", count: max(0, 99 - value.utf8.count)))
                if value.utf8.count == 8, value.hasPrefix("20") { edit("no date", value.prefix(4) + "1399") }
                if place > 1 { edit("other", "QQ") }
                edit("short", String(value.prefix(1)))
            }
        }
        // Of the set and the group.
        func rewrite(_ what: String, _ from: String, _ to: String) {
            faults.append(Fault(base: number, what: what, segment: nil, text: base.text.replacing(from, with: to)))
        }
        rewrite("nothing", "~GE*", "~GE*")
        rewrite("SE02", segments[last], segments[last].split(separator: "*").dropLast().joined(separator: "*") + "*9999")
        rewrite("SE01", segments[last], segments[last].replacing("SE*", with: "SE*9"))
        rewrite("no SE", segments[last] + "~", "")
        if let group = segments.first(where: { $0.hasPrefix("GE*") }) {
            rewrite("GE02", group, group.split(separator: "*").dropLast().joined(separator: "*") + "*9999")
            rewrite("GE01", group, group.replacing("GE*", with: "GE*9"))
        }
        return faults
    }

    // MARK: The same facts

    private static func structures(_ bases: [Sample]) throws -> [TransactionStructures]? {
        guard let lines = try PeerProgram.lines("maps.py", "pyx12", bases.map { URL(filePath: "/" + $0.map) }) else { return nil }
        var texts = [[Substring: String]](repeating: [:], count: bases.count)
        for line in lines {
            let cells = line.split(separator: "\t", maxSplits: 2)
            if let number = Int(cells[0]) { texts[number][cells[1], default: ""] += "  \(cells[2])\n" }
        }
        return try zip(bases, texts).map { base, text in
            func root(_ head: String, _ kind: Substring) throws -> ConfigurationNode {
                try #require(ConfigurationText.parse(head + "segments: |\n" + (text[kind] ?? ""), file: base.map).root)
            }
            let structure = TransactionStructure.decode(
                try root("structure: x12/\(base.set)\ntransactionSet: \"\(base.set)\"\nversions: [\"\(base.version)\"]\n", "structure"))
            let elements = SegmentElements.decode(try root("elements: x12/elements\nversions: [\"\(base.version)\"]\n", "elements"))
            let found = try #require(structure.structure, "\(base.map): \(structure.diagnostics.map(\.text))")
            return TransactionStructures([found], elements: [try #require(elements.elements, "\(base.map): \(elements.diagnostics.map(\.text))")])
        }
    }

    /// pyx12 rejects for each fault; so does this policy.
    private static let strict = DefectPolicy.standard.codes.reduce(DefectPolicy.standard) { policy, code in
        policy.rule(for: code).severity == .warning ? policy.overriding([code: .reject]) : policy
    }

    // MARK: Comparison

    /// AK2 to AK9 in the words of 997, in their order.
    private static func told(_ lines: [String]) -> [String] {
        lines.map { $0.replacing(/^IK/, with: "AK") }.filter { $0.hasPrefix("AK") && !$0.hasPrefix("AK1") }
    }

    @Test func `planted faults are judged as pyx12 judges them`() throws {
        guard let bases = try Self.bases(), let structures = try Self.structures(bases) else { return }
        let faults = bases.enumerated().flatMap { Self.faults($1, $0) }
        guard let theirs = try Self.answers(faults.map(\.text)) else { return }
        var counts: [PeerDifference: Int] = [:], equal = 0
        for (fault, answer) in zip(faults, theirs) {
            let ours = Self.told(AcknowledgementDesk.answer(Array(fault.text.utf8), policy: Self.strict, structures: structures[fault.base]))
            #expect(!answer.contains { $0.hasPrefix("refused") }, "\(fault.what)")
            let theirs = Self.told(answer)
            if ours.sorted() == theirs.sorted() { equal += 1; continue }
            let difference = PeerDifference.between(ours, theirs, planted: fault.segment)
            #expect(difference != nil, "\(bases[fault.base].set) \(fault.what)\n ours   \(ours)\n theirs \(theirs)")
            if let difference { counts[difference, default: 0] += 1 }
        }
        print("pyx12: \(faults.count) planted faults judged, \(equal) answers the same to the letter")
        for (difference, count) in counts.sorted(by: { $0.value > $1.value }) { print("  \(count): \(difference.rawValue)") }
        #expect(equal > faults.count / 2 && faults.count > 200)
    }

    private static func answers(_ texts: [String]) throws -> [[String]]? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "crossdock-judgement-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try texts.enumerated().map { number, text in
            let url = folder.appending(path: "\(number).edi")
            try Data(text.utf8).write(to: url)
            return url
        }
        guard let lines = try PeerProgram.lines("acks.py", "pyx12", files) else { return nil }
        var answers = [[String]](repeating: [], count: texts.count)
        for line in lines {
            let cells = line.split(separator: "\t", maxSplits: 1)
            if let number = Int(cells[0]) { answers[number].append(String(cells[1])) }
        }
        return answers
    }
}
