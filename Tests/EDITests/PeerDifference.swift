/// Why an answer differs from the one that pyx12 gives by the same facts: each kind with who is right, and by what. Codes and positions that none
/// of these covers are a difference that nobody has explained.
enum PeerDifference: String, CaseIterable {
    case spelling = """
        the same faults in other words: an EDI segment that has no place is 1 to pyx12, whatever it is, and here 6 where the set does not have it, 7 where it \
        comes too late, 2 (I4) where its qualifier is not used (data element 720); a missing one stands behind the last before it here, and where it is \
        noticed there; a loop of one EDI segment is 4 or 5; a date that is none is said with its length too; AK404 has 99 characters at most (724)
        """
    case conditions = """
        too many elements (3) and syntax notes (2, 10) have an AK4 here; pyx12 says AK304 8 and leaves out which element: AK4 is what reports errors in \
        elements and gives their location (004010, 997)
        """
    case unplaced = "pyx12 does not look into an EDI segment whose qualifier it cannot place; here its elements are said too"
    case astray = """
        pyx12 loses its place: where a mandatory EDI segment at the head of a set or loop is missing or has another qualifier, it calls those that follow \
        unrecognised, though nothing is wrong with them
        """
    case repeated = """
        pyx12 counts anew when a loop begins again, or a HEADER that the map lets repeat, and misses what the turn before lacks; 3 is a mandatory EDI \
        segment that is missing, in each turn
        """
    case formats = "1251 is text of 1 to 35 characters; pyx12 reads the format of the date in it from 1250 before it, and here nothing does"
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

        var isElement: Bool { if case .element = self { true } else { false } }
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
            case "AK4": words.insert(.element(tag: tag, segment: position, place: cells[1], code: cells[3]))
            default: words.insert(.verdict(cells.joined(separator: "*")))
            }
        }
        // The length of a date or a time that is none.
        return words.filter { word in
            guard case .element(let tag, let segment, let place, let code) = word, ["4", "5"].contains(code) else { return true }
            return !["8", "9"].contains { words.contains(.element(tag: tag, segment: segment, place: place, code: $0)) }
        }
    }

    /// - Parameter planted: tag of the EDI segment that was changed.
    static func between(_ ours: [String], _ theirs: [String], planted: String?) -> PeerDifference? {
        let our = words(ours), their = words(theirs)
        if our == their { return .spelling }
        let more = our.subtracting(their), less = their.subtracting(our)
        if more.allSatisfy(isCondition), less.isEmpty { return .conditions }
        if planted == nil { return ofEnvelopes(ours, theirs, less) }
        if isOfUnplaced(more, in: their), less.isEmpty { return .unplaced }
        if their.contains(where: { isStray($0, planted ?? "") }) { return .astray }
        if less == [.missing("CTT")] || less.contains(.missing("CTT")) && planted == "CTT" { return .footer }
        let isVerdict = { (word: Word) in if case .verdict = word { true } else { false } }
        if less.allSatisfy(isVerdict), more.contains(where: { isMissingOrOften($0) }), more.allSatisfy({ isMissingOrOften($0) || isVerdict($0) }) { return .repeated }
        if less.contains(where: isFormat), more.allSatisfy(isVerdict) { return .formats }
        return nil
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

    private static func isFormat(_ word: Word) -> Bool {
        if case .element(_, _, _, let code) = word { ["8", "9"].contains(code) } else { false }
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
