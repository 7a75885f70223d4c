package import Diagnostics

/// What a finding is called in an acknowledgement, and at which level it stands there.
///
/// Code lists: X12 data elements I18 (TA105), 716 (AK905), 718 (AK502), 720 (AK304) and 723 (AK403) of 004010 and 005010;
/// UNECE service code list 0085 (syntax error, coded). docs/acknowledgements.md has the same table in words.
package enum X12Fault: Hashable, Sendable {
    /// TA105.
    case interchange(String)
    /// AK905.
    case group(String)
    /// AK502.
    case transactionSet(String)
    /// AK304.
    case segment(String)
    /// AK403; the segment gets 8.
    case element(String)

    package var code: String {
        switch self {
        case .interchange(let code), .group(let code), .transactionSet(let code), .segment(let code), .element(let code): code
        }
    }
}

/// The same of EDIFACT: the level (UCI, UCF, UCM, UCS, UCD) and the code of 0085, with the service segment (0013) that is meant.
package struct EDIFACTFault: Hashable, Sendable {
    package enum Level: Hashable, Sendable { case interchange, group, message, segment, element }

    package var level: Level
    package var code: Int
    package var serviceSegment: String?

    init(_ level: Level, _ code: Int, _ serviceSegment: String? = nil) {
        self.level = level
        self.code = code
        self.serviceSegment = serviceSegment
    }
}

extension X12Fault {
    /// The fault that a finding about X12 is; nil where an acknowledgement has no word for it, and needs none.
    package static func of(_ code: DiagnosticCode, element: Int?, tag: String?) -> X12Fault? {
        switch code {
        case .x12HeaderWidth, .x12HeaderValue: return .interchange(headerElement[element ?? 0] ?? "022")
        // A set without a group is content that an interchange cannot have; any other stray segment is a broken structure.
        case .x12OutsideEnvelope: return .interchange(tag == "ST" ? "024" : "022")
        case .x12TransactionSetHeader: return .transactionSet(element == 2 ? "7" : "6")
        default: return table[code]
        }
    }

    /// I18 by the element of ISA that is wrong: 010 to 020, 027.
    private static let headerElement: [Int: String] = [
        1: "010", 2: "011", 3: "012", 4: "013", 5: "005", 6: "006", 7: "007", 8: "008", 9: "014", 10: "015", 11: "016", 12: "017",
        13: "018", 14: "019", 15: "020", 16: "027",
    ]

    private static let table: [DiagnosticCode: X12Fault] = [
        // I18: 001 numbers differ, 004 terminator, 021 number of groups, 022 control structure, 023 end of file, 024 content, 027 delimiter.
        .x12InterchangeControl: .interchange("001"),
        .x12Terminator: .interchange("004"),
        .x12GroupCount: .interchange("021"),
        .x12HeaderElements: .interchange("022"),
        .x12Wrapped: .interchange("022"),
        .x12MissingIEA: .interchange("023"),
        .x12DocumentSize: .interchange("023"),
        .x12CutSegment: .interchange("023"),
        .x12NoTransactionSets: .interchange("024"),
        .x12Delimiters: .interchange("027"),
        // 716: 1 kind of group, 2 version, 3 trailer missing, 4 numbers differ, 5 number of sets, 6 number is none.
        .x12GroupIdentifier: .group("1"),
        .x12NearStructure: .group("2"),
        .x12MissingGE: .group("3"),
        .x12GroupControl: .group("4"),
        .x12TransactionSetCount: .group("5"),
        .x12GroupNumber: .group("6"),
        // 718: 1 not supported, 2 trailer missing, 3 numbers differ, 4 number of segments, 6 identifier.
        .x12NoStructure: .transactionSet("1"),
        .x12MissingSE: .transactionSet("2"),
        .x12TransactionSetControl: .transactionSet("3"),
        .x12SegmentCount: .transactionSet("4"),
        .x12FunctionalIdentifier: .transactionSet("6"),
        // 720: 1 no tag, 2 unexpected, 3 missing, 4 loop too often, 5 segment too often, 6 not in the set, 7 order, 8 see its elements.
        .x12SegmentTag: .segment("1"),
        .x12Depth: .segment("2"),
        // 620 of 005010, as IK304 has it; AK304 says 2.
        .x12UnusedSegment: .segment("I4"),
        .x12MissingSegment: .segment("3"),
        .x12MissingLoop: .segment("3"),
        .x12LoopUse: .segment("4"),
        .x12SegmentUse: .segment("5"),
        .x12UndefinedSegment: .segment("6"),
        .x12SegmentOrder: .segment("7"),
        .x12SegmentSize: .segment("8"),
        .x12FieldCount: .segment("8"),
        .x12BinaryLength: .segment("8"),
        // 723: 1 missing, 2 condition, 3 too many, 4 short, 5 long, 6 character, 7 value, 8 date, 9 time, 10 exclusion.
        .x12ElementMissing: .element("1"),
        .x12ElementCondition: .element("2"),
        .x12ElementMany: .element("3"),
        .x12ElementShort: .element("4"),
        .x12ElementLong: .element("5"),
        .x12ElementCharacter: .element("6"),
        .x12ControlCharacter: .element("6"),
        .x12Charset: .element("6"),
        .x12Hierarchy: .element("7"),
        .x12ElementValue: .element("7"),
        // I10 of 723 in 005010, as IK403 has it; AK403 says 10.
        .x12ElementUnused: .element("I10"),
        .x12ElementDate: .element("8"),
        .x12ElementTime: .element("9"),
        .x12ElementExclusion: .element("10"),
    ]
}

extension EDIFACTFault {
    /// The fault that a finding about EDIFACT is; nil where CONTRL has no word for it, and needs none.
    package static func of(_ code: DiagnosticCode) -> EDIFACTFault? { table[code] }

    private static let table: [DiagnosticCode: EDIFACTFault] = [
        // 2 syntax not supported, 13 missing, 20 and 22 service characters, 28 references, 29 counts, 32 empty, 33 outside.
        .edifactSyntax: EDIFACTFault(.interchange, 2, "UNB"),
        .edifactHeader: EDIFACTFault(.interchange, 13, "UNB"),
        .edifactMissingUNZ: EDIFACTFault(.interchange, 13, "UNZ"),
        .edifactDocumentSize: EDIFACTFault(.interchange, 13, "UNZ"),
        .edifactCutSegment: EDIFACTFault(.interchange, 13, "UNZ"),
        .edifactDelimiters: EDIFACTFault(.interchange, 20, "UNA"),
        .edifactSeparators: EDIFACTFault(.interchange, 22, "UNA"),
        .edifactInterchangeReference: EDIFACTFault(.interchange, 28, "UNZ"),
        .edifactInterchangeCount: EDIFACTFault(.interchange, 29, "UNZ"),
        .edifactNoMessages: EDIFACTFault(.interchange, 32),
        .edifactOutsideEnvelope: EDIFACTFault(.interchange, 33),
        .edifactMissingUNE: EDIFACTFault(.group, 13, "UNE"),
        .edifactGroupReference: EDIFACTFault(.group, 28, "UNE"),
        .edifactMessageCount: EDIFACTFault(.group, 29, "UNE"),
        .edifactNoStructure: EDIFACTFault(.message, 14, "UNH"),
        .edifactNearStructure: EDIFACTFault(.message, 14, "UNH"),
        .edifactMessageHeader: EDIFACTFault(.message, 13, "UNH"),
        .edifactMissingUNT: EDIFACTFault(.message, 13, "UNT"),
        .edifactMessageReference: EDIFACTFault(.message, 28, "UNT"),
        .edifactSegmentCount: EDIFACTFault(.message, 29, "UNT"),
        // 12 invalid value, 13 missing, 15 not supported in this position, 16 too many constituents, 35 and 36 too many repetitions,
        // 39 too long, 21 invalid character.
        .edifactSegmentTag: EDIFACTFault(.segment, 12),
        .edifactMissingSegment: EDIFACTFault(.segment, 13),
        .edifactMissingLoop: EDIFACTFault(.segment, 13),
        .edifactUndefinedSegment: EDIFACTFault(.segment, 15),
        .edifactUnusedSegment: EDIFACTFault(.segment, 15),
        .edifactSegmentOrder: EDIFACTFault(.segment, 15),
        .edifactFieldCount: EDIFACTFault(.segment, 16),
        .edifactSegmentUse: EDIFACTFault(.segment, 35),
        .edifactLoopUse: EDIFACTFault(.segment, 36),
        .edifactSegmentSize: EDIFACTFault(.segment, 39),
        .edifactControlCharacter: EDIFACTFault(.element, 21),
        .edifactCharset: EDIFACTFault(.element, 21),
        // 19 decimal notation, 35 repetitions, 37 type of characters, 38 digit before the decimal mark, 39 and 40 length.
        // 12 invalid value, 15 not supported in this position.
        .edifactElementValue: EDIFACTFault(.element, 12),
        .edifactElementUnused: EDIFACTFault(.element, 15),
        .edifactElementMissing: EDIFACTFault(.element, 13),
        .edifactElementMany: EDIFACTFault(.element, 16),
        .edifactElementDecimal: EDIFACTFault(.element, 19),
        .edifactElementRepetition: EDIFACTFault(.element, 35),
        .edifactElementCharacter: EDIFACTFault(.element, 37),
        .edifactElementDigit: EDIFACTFault(.element, 38),
        .edifactElementLong: EDIFACTFault(.element, 39),
        .edifactElementShort: EDIFACTFault(.element, 40),
    ]
}
