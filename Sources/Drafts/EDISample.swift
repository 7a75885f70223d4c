import Diagnostics
import EDI
import Formats

/// What stands in an X12 or EDIFACT sample, without loops: its transaction sets and messages, and each element with an example.
struct EDISample: SourceSink {
    /// A transaction set or message as the sample has it.
    struct Kind: Hashable {
        let identifier: String
        let version: String
    }
    /// One element in one sort of place.
    struct Seen {
        var count = 0
        var example: String
        /// Bytes of the places where it stands.
        var places: Set<Range<Int>> = []
    }

    private let standard: EDIStandard
    private(set) var kinds: [(kind: Kind, count: Int)] = []
    /// Bytes of the sets, envelopes within the interchange not included.
    private(set) var sets: [(kind: Kind, bytes: Range<Int>)] = []
    private(set) var interchanges: [InterchangeHeader] = []
    private(set) var groups: [FunctionalGroupHeader] = []
    private(set) var findings: [Diagnostic] = []
    /// Elements by address and qualifier, of the kind that is most often there, in the order of the sample.
    private(set) var seen: [(address: String, element: Seen)] = []
    private var places: [String: Int] = [:]
    private var current: Kind?
    private var start = 0
    private var end = 0

    static let seenMax = 2_000

    private init(_ standard: EDIStandard) { self.standard = standard }

    static func read(_ bytes: [UInt8], _ standard: EDIStandard) -> EDISample {
        var sample = EDISample(standard)
        var reader = EDIReader(standard)
        bytes.withUnsafeBufferPointer { reader.read($0, into: &sample) }
        _ = reader.finish(into: &sample)
        return sample
    }

    /// The kind that comes most often, the first of several.
    func mostFrequent(where isKnown: (Kind) -> Bool) -> Kind? {
        kinds.filter { isKnown($0.kind) }.max { $0.count < $1.count }?.kind
    }

    mutating func read(_ interchange: InterchangeHeader) { interchanges.append(interchange) }
    mutating func began(_ group: FunctionalGroupHeader) { groups.append(group) }
    mutating func began(_ transactionSet: TransactionSetHeader) {
        let kind = Kind(identifier: transactionSet.identifier, version: transactionSet.version)
        if let index = kinds.firstIndex(where: { $0.kind == kind }) { kinds[index].count += 1 } else { kinds.append((kind, 1)) }
        current = kind
        start = transactionSet.bytes.lowerBound
    }
    mutating func ended(_ transactionSet: TransactionSetSummary) {
        guard let kind = current else { return }
        sets.append((kind, start..<max(end, transactionSet.trailer?.bytes.upperBound ?? end)))
        current = nil
    }

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
    mutating func found(_ diagnostic: Diagnostic) {
        if findings.count < 20 { findings.append(diagnostic) }
    }

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        let found = arena.nodes[Int(node)]
        if found.kind == .record, let kind = current {
            end = found.bytes.upperBound
            note(node, kind, arena)
        }
        arena.discard(from: node)
    }

    // MARK: - Elements

    /// Envelopes, and totals that a reader checks.
    private static let passedOver: Set<String> = ["ISA", "GS", "ST", "SE", "GE", "IEA", "UNB", "UNG", "UNH", "UNT", "UNE", "UNZ", "UNS", "CTT", "HL", "LX", "UNA"]
    /// Segments whose first element says what the others are; `L11` says it in its second.
    private static let qualifiers: [String: String] = {
        let tags = "N1 REF DTM PER G62 N9 MAN MEA SAC PID QTY AMT MSG TD5 TD1 CUR FOB N7 S5 CTP FST NAD RFF PRI MOA LOC CTA COM FTX GIN CUX TAX CNT IMD PIA ALC TDT TOD PAC PCI STS"
        var table: [String: String] = [:]
        for tag in tags.split(separator: " ") { table[String(tag)] = "01" }
        table["L11"] = "02"
        return table
    }()
    /// Where the pairs of qualifier and value begin.
    private static let pairs: [String: Int] = ["PO1": 6, "LIN": 2, "IT1": 6, "POC": 8, "W01": 4, "W04": 4, "W07": 4, "W12": 7, "W19": 5, "ACK": 7]

    private mutating func note(_ node: Int32, _ kind: Kind, _ arena: borrowing SourceArena) {
        let tag = arena.name(of: node)
        guard !Self.passedOver.contains(tag) else { return }
        let fields = arena.nodes[Int(node)].fields.map { arena.fields[Int($0)] }
        let qualifierElement = Self.qualifiers[tag]
        let qualifier = fields.first { padded($0.element) == qualifierElement }.map { arena.string($0) }
        var pairQualifier: String?
        for field in fields {
            let text = arena.string(field).trimmed
            let isOfPairs = standard == .x12 && Self.pairs[tag].map { Int(field.element) >= $0 } ?? false
            if isOfPairs, let first = Self.pairs[tag], (Int(field.element) - first) % 2 == 0 {
                pairQualifier = text
                continue
            }
            guard !text.isEmpty else { continue }
            var address = "\(tag)\(padded(field.element))" + (field.component > 0 ? "-\(field.component)" : "")
            if isOfPairs, let pairQualifier, !pairQualifier.isEmpty { address = "\(tag){\(pairQualifier)}" }
            if padded(field.element) == qualifierElement, field.component <= 1 {
                continue
            } else if let qualifier, !qualifier.isEmpty, let qualifierElement {
                address = "\(address) of \(tag)\(qualifierElement)=\(qualifier)"
            }
            add(address, text, field.bytes)
        }
    }

    private func padded(_ element: Int32) -> String { element < 10 ? "0\(element)" : String(element) }

    private mutating func add(_ address: String, _ text: String, _ bytes: Range<Int>) {
        if let index = places[address] {
            seen[index].element.count += 1
            seen[index].element.places.insert(bytes)
        } else if seen.count < Self.seenMax {
            places[address] = seen.count
            seen.append((address, Seen(count: 1, example: text, places: [bytes])))
        }
    }
}
