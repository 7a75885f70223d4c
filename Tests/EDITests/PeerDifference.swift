/// Why an answer differs from the one that pyx12 gives by the same facts: each kind with who is right, and by what. Codes and positions that none
/// of these covers are a difference that nobody has explained.
enum PeerDifference: String, CaseIterable {
    case spelling = """
        the same faults in other words: an EDI segment that has no place is 1 to pyx12, whatever it is, and here 6 where the set does not have it, 7 where it \
        comes too late, 2 (I4) where its qualifier is not used (data element 720); a missing one stands behind the last before it here, and where it is \
        noticed there; a loop of one EDI segment is 4 or 5; a date or a time that is none has a wrong length to it as well or instead
        """
    case conditions = """
        too many elements (3) and syntax notes (2, 10) have an AK4 here; pyx12 says AK304 8 and leaves out which element: AK4 is what reports errors in \
        elements and gives their location (004010, 997)
        """
    case unplaced = "pyx12 does not look into an EDI segment whose qualifier it cannot place, or says its elements of the next one; here they are said too"
    case astray = """
        pyx12 loses its place: where a mandatory EDI segment at the head of a set or loop is missing or has another qualifier, it calls those that follow \
        unrecognised, though nothing is wrong with them
        """
    case repeated = """
        pyx12 counts anew when a loop begins again, or a HEADER that the map lets repeat, and misses what the turn before lacks; 3 is a mandatory EDI \
        segment that is missing, in each turn
        """
    case components = "components of composites have no lengths and numbers in the tables of X12 here (AK402); what a structure asks of them is the same"
    case hierarchy = "pyx12 rejects a set for a HL02 that names no HL (AK502 5) without an AK3; these structures write the levels out, which asks for no HL02"
    case trailer = """
        no SE: 718 has code 2 for it, transaction set trailer missing; pyx12 says SE as a missing EDI segment, and 716 3, though GE is there
        """
    case group = "a wrong number of GE is a warning here, so that AK901 is E (715: accepted, but errors were noted); pyx12 rejects the group and counts its sets as accepted"
    case footer = "the map of 830 makes a FOOTER mandatory whose only EDI segment, CTT, is optional: pyx12 demands CTT, and the structure does not"

    /// What is said of one place.
    private enum Word: Hashable {
        case misplaced(String, String)
        case missing(String)
        case often(String, String)
        case elements(String, String)
        case element(tag: String, segment: String, place: String, code: String)
        case verdict(String)
    }

    private static func words(_ lines: [String]) -> Set<Word> {
        var words: Set<Word> = [], tag = "", position = ""
        for cells in lines.map({ $0.split(separator: "*", omittingEmptySubsequences: false).map(String.init) }) {
            switch cells[0] {
            case "AK3":
                (tag, position) = (cells[1], cells[2])
                switch cells[4] {
                case "1", "2", "6", "7", "I4": words.insert(.misplaced(tag, position))
                case "3": words.insert(.missing(tag))
                case "4", "5": words.insert(.often(tag, position))
                default: words.insert(.elements(tag, position))
                }
            // A date or a time (373, 337, 1251) that is none may have a wrong length too.
            case "AK4":
                let isDate = ["373", "337", "1251"].contains(cells[2]) && ["4", "5", "8", "9"].contains(cells[3])
                words.insert(.element(tag: tag, segment: position, place: cells[1], code: isDate ? "date" : cells[3]))
            default: words.insert(.verdict(cells.joined(separator: "*")))
            }
        }
        return words
    }

    /// - Parameter planted: tag of the EDI segment that was changed.
    static func between(_ ours: [String], _ theirs: [String], planted: String?) -> PeerDifference? {
        let our = words(ours), their = words(theirs)
        if our == their { return .spelling }
        let more = our.subtracting(their), less = their.subtracting(our)
        if more.allSatisfy(isCondition), less.isEmpty { return .conditions }
        if planted == nil { return ofEnvelopes(ours, theirs, less) }
        if planted == "HL", more.union(less).allSatisfy(isVerdict), !ours.contains(where: { $0.hasPrefix("AK3") }) { return .hierarchy }
        if more.union(less).allSatisfy(isOfComponent) { return .components }
        if isOfUnplaced(more, in: their), less.allSatisfy({ if case .elements(let tag, _) = $0 { tag != planted } else { false } }) { return .unplaced }
        if their.contains(where: { isStray($0, planted ?? "") }) { return .astray }
        if less == [.missing("CTT")] || less.contains(.missing("CTT")) && planted == "CTT" { return .footer }
        if less.allSatisfy(isVerdict), more.contains(where: { isMissingOrOften($0) }), more.allSatisfy({ isMissingOrOften($0) || isVerdict($0) }) { return .repeated }
        return nil
    }

    private static func isVerdict(_ word: Word) -> Bool { if case .verdict = word { true } else { false } }

    private static func isOfComponent(_ word: Word) -> Bool {
        if case .element(_, _, let place, _) = word { place.contains(":") } else { false }
    }

    private static func isCondition(_ word: Word) -> Bool {
        if case .element(_, _, _, let code) = word { ["2", "3", "10", "I10"].contains(code) } else { false }
    }

    private static func isMissingOrOften(_ word: Word) -> Bool {
        switch word {
        case .missing, .often: true
        default: false
        }
    }

    /// The elements of EDI segments that have no place for pyx12.
    private static func isOfUnplaced(_ more: Set<Word>, in their: Set<Word>) -> Bool {
        more.allSatisfy { word in
            switch word {
            case .elements(let tag, let segment), .element(let tag, let segment, _, _): their.contains(.misplaced(tag, segment))
            default: false
            }
        }
    }

    private static func isStray(_ word: Word, _ planted: String) -> Bool {
        if case .misplaced(let tag, _) = word { tag != planted && tag != "ZZZ" } else { false }
    }

    private static func ofEnvelopes(_ ours: [String], _ theirs: [String], _ less: Set<Word>) -> PeerDifference? {
        if less.contains(.missing("SE")), ours.contains("AK5*R*2") { return .trailer }
        // All but AK901 and AK904.
        func plain(_ lines: [String]) -> [String] {
            lines.map { line in
                let cells = line.split(separator: "*")
                return cells[0] == "AK9" ? (cells[2...3] + cells.dropFirst(5)).joined(separator: "*") : line
            }
        }
        return plain(ours) == plain(theirs) ? .group : nil
    }
}
