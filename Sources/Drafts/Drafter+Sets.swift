import Diagnostics
import EDI
import FlatFiles
import Formats
import Mapping
import Records

// Transaction sets, messages and IDocs: what is known of them, as far as the sample has it.
extension Drafter {
    func transactionSet(_ standard: EDIStandard) throws(DraftFailure) -> Parts {
        let sample = EDISample.read(file.bytes, standard)
        let folder = standard == .x12 ? "x12" : "edifact"
        guard !sample.kinds.isEmpty else { throw .nothingRead(sample.findings) }
        guard let kind = sample.mostFrequent(where: { SetFacts("\(folder)/\($0.identifier)") != nil }), let facts = SetFacts("\(folder)/\(kind.identifier)")
        else { throw .unknownSet(sample.kinds.map { "\(folder)/\($0.kind.identifier)" }) }
        let set = "format: \(folder), transactionSet: \(YAMLScalar.quote(kind.identifier))"
        let path = "Mappings/structures/\(folder)/"
        let needed = structures.filter { $0.path.hasPrefix(path) && $0.path.lowercased().hasSuffix("/\(kind.identifier.lowercased()).yaml") }
        let feed = "format: \(folder)\n"
        let draft = FactDraft(facts, isEDI: true, asked: request.record, epoch: "19700101") { questions in
            FactProbe(questions, folder: folder, reads: set, feed: feed, structures: needed, bytes: file.bytes)
        }
        guard !draft.records.isEmpty else { throw .nothingRead(sample.findings) }
        let unused = sample.seen.filter { $0.element.places.isDisjoint(with: draft.read) }.prefix(Self.unusedMax).map {
            "\($0.address): \($0.element.example)" + ($0.element.count > 1 ? ", \($0.element.count) times" : "")
        }
        let version = standard == .x12 ? String(kind.version.prefix(6)) : kind.version.split(separator: "/").first.map(String.init) ?? kind.version
        var head = ["\(file.title): " + sample.kinds.map { "\($0.kind.identifier) of \($0.kind.version.isEmpty ? "no version" : $0.kind.version), \($0.count)" }.joined(separator: "; ")]
        let others = sample.kinds.map(\.kind).filter { $0.identifier != kind.identifier }.map(\.identifier)
        if !others.isEmpty { head.append("Only \(kind.identifier) is drafted. The sample also has \(Set(others).sorted().joined(separator: ", ")): draft them from samples of their own") }
        if needed.isEmpty { head.append("There is no structure for \(kind.identifier) under Mappings/structures: it is read flat, and loops do not hang together") }
        if let interchange = sample.interchanges.first {
            head.append("Sent by \(interchange.senderQualifier.isEmpty ? "" : interchange.senderQualifier + " ")\(interchange.sender): name it under Mappings/partners, and leave `client` out of the feed")
        }
        return Parts(
            folder: folder, reads: set.replacing(", ", with: "\n") + (version.isEmpty ? "" : "\nversions: [\(YAMLScalar.quote(version))]"),
            feed: feed + "complete: auto\nonError: { structure: quarantine, record: report }\n", records: draft.records, head: head, unused: Array(unused), structures: needed,
            testInput: SampleCut.sets(file, sample, standard), testEnding: file.ending.isEmpty ? ".edi" : file.ending)
    }

    static let unusedMax = 60

    /// Elements of IDocs that say what their neighbours are.
    private static func isQualifier(_ path: String) -> Bool {
        ["QUALF", "PARVW", "IDDAT", "PARTNER_Q", "SUMID"].contains { path.hasSuffix("/\($0)") }
    }

    /// IDocs as SAP writes them flat; their fields are those of the site's structures.
    func flatIDoc() throws(DraftFailure) -> Parts {
        let text = String(decoding: file.bytes.prefix(4096), as: UTF8.self)
        // EDI_DC40: IDOCTYP stands at 40 to 69 (SAP, control record of port version 3).
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("EDI_DC40") } ?? ""
        let root = String(line.dropFirst(39).prefix(30)).trimmed
        guard SetFacts("idoc/\(root)") != nil else { throw .unknownSet(["idoc/\(root)"]) }
        let isUTF8 = String(validating: file.bytes, as: UTF8.self) != nil
        return try idoc(root: root, feed: "format: idoc\ncomplete: { quiet: 5s }\n" + (isUTF8 ? "" : "encoding: windows-1252\n"))
    }

    func idoc(root: String, feed: String) throws(DraftFailure) -> Parts {
        guard let facts = SetFacts("idoc/\(root)") else { throw .unknownSet(["idoc/\(root)"]) }
        let reads = "format: xml, root: \(YAMLScalar.spell(root))"
        let needed = structures.filter { $0.path.hasPrefix("Mappings/structures/idoc/") }
        let draft = FactDraft(facts, isEDI: false, asked: request.record, epoch: "1970-01-01") { questions in
            FactProbe(questions, folder: "xml", reads: reads, feed: feed, structures: needed, bytes: file.bytes)
        }
        guard !draft.records.isEmpty else { throw .nothingRead([]) }
        let isXML = feed.hasPrefix("format: xml")
        let seen = isXML ? ElementSample.read(file.bytes).seen : []
        let unused = seen.filter { $0.element.places.isDisjoint(with: draft.read) && !$0.path.contains("EDI_DC40") && !Self.isQualifier($0.path) }.prefix(Self.unusedMax).map {
            "\($0.path): \($0.element.example)" + ($0.element.count > 1 ? ", \($0.element.count) times" : "")
        }
        return Parts(
            folder: "xml", reads: "format: xml\nroot: \(YAMLScalar.spell(root))", feed: feed + "onError: { structure: quarantine, record: report }\n",
            records: draft.records, head: ["\(file.title): IDocs of type \(root)"], unused: Array(unused),
            structures: needed, testInput: SampleCut.whole(file),
            testEnding: file.ending.isEmpty ? (isXML ? ".xml" : ".idoc") : file.ending)
    }
}
