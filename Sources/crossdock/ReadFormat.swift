import ArgumentParser
import EDI
import FlatFiles
import Formats

/// What `--format` takes: how the file is read, or, as with every command, how the answer is printed. The answer of `read` is JSON in
/// any case.
enum ReadFormat: String, ExpressibleByArgument, CaseIterable {
    case x12, edifact, tradacoms, csv, xml, idoc, jsonl, flat, text, json

    /// What the first bytes of a document look like, and if they tell nothing, its name.
    static func told(_ head: [UInt8], name: String, layouts: [FlatLayout]) -> ReadFormat {
        switch EDIReader.recognised(head: head) {
        case .x12: return .x12
        case .edifact: return .edifact
        case .tradacoms: return .tradacoms
        case nil: break
        }
        if head.first(where: { $0 > 0x20 && $0 < 0x80 }) == UInt8(ascii: "<") { return .xml }
        if IDocReader.recognises(head: head) { return .idoc }
        if looksLikeX12(head) { return .x12 }
        if looksLikeEDIFACT(head) { return .edifact }
        let name = name.lowercased()
        if looksLikeJSON(head) || [".json", ".jsonl", ".ndjson"].contains(where: name.hasSuffix) { return .jsonl }
        if layouts.contains(where: { $0.recognises(head: head) }) { return .flat }
        return name.hasSuffix(".edi") || name.hasSuffix(".x12") ? .x12 : .csv
    }

    /// An object with a member or none, or an array with a value or none.
    private static func looksLikeJSON(_ head: [UInt8]) -> Bool {
        let plain = head.filter { $0 > 0x20 && $0 < 0x80 }
        guard plain.count > 1 else { return false }
        switch plain[0] {
        case UInt8(ascii: "{"): return plain[1] == UInt8(ascii: "\"") || plain[1] == UInt8(ascii: "}")
        case UInt8(ascii: "["): return "{[]\"".utf8.contains(plain[1])
        default: return false
        }
    }

    /// An interchange that lost its UNB: it begins with a service segment.
    private static func looksLikeEDIFACT(_ head: [UInt8]) -> Bool {
        let start = head.drop { $0 <= 0x20 || $0 >= 0x80 }
        return ["UNH+", "UNG+", "UNA"].contains { start.starts(with: $0.utf8) }
    }

    /// An interchange that lost its ISA, or has a damaged one: it begins with an envelope or set segment and its separator.
    private static func looksLikeX12(_ head: [UInt8]) -> Bool {
        let start = head.drop { $0 <= 0x20 || $0 >= 0x80 }
        return ["ISA", "GS", "ST", "TA1", "BHT", "BEG", "HL"].contains { tag in
            guard start.starts(with: tag.utf8), let next = start.dropFirst(tag.utf8.count).first else { return false }
            return next == UInt8(ascii: "*") || next == UInt8(ascii: "|") || next == UInt8(ascii: "^")
        }
    }
}
