import Diagnostics
import Mapping
import Records
import Testing
import Values

/// The native verbs of a rule: what is done to a text before it becomes a value, units, cross-references and currencies.
@Suite struct VerbTests {
    /// A mapping of rows of `key,a,b` to freight charges, with some rules from line 10 on.
    private static func mapping(_ rules: [String], needsAmount: Bool) -> String {
        """
        mapping: csv/test
        reads: { format: csv, header: [key, a, b] }
        records:
          - record: freightCharge
            each: row
            fields:
              carrier: { constant: CARR }
              invoice: key
              lineNumber: { constant: "1" }
        \((rules + (needsAmount ? ["amount: { constant: \"1\" }"] : [])).map { "      " + $0 + "\n" }.joined())
        """
    }

    /// The value that a rule gives a field of `shipment`, from one row of `key,a,b`; the code of the finding where it rejects the record.
    private func value(_ field: String, _ rule: String, _ row: String, references: [String] = []) throws -> String {
        let dated = "issuedAt: { constant: \"2026-11-21 08:00\" }"
        let text = Self.mapping([dated, "\(field): \(rule)"], needsAmount: field != "amount")
        let suite = "tests: csv/test\n"
        let compiled = MappingLibrary.compile([
            BundleFile(path: "Mappings/csv/test.yaml", bytes: Array(text.utf8)),
            BundleFile(path: "Mappings/csv/test.tests/tests.yaml", bytes: Array(suite.utf8)),
            BundleFile(path: "Mappings/csv/test.tests/one.csv", bytes: Array("key,a,b\nK,\(row)\n".utf8)),
            BundleFile(path: "Mappings/csv/test.tests/references.jsonl", bytes: Array(references.joined(separator: "\n").utf8)),
        ])
        let library = try #require(compiled.library, "\(compiled.diagnostics.map(\.text))")
        let tests = try #require(library.tests.first)
        let result = library.run(try #require(tests.cases.first), of: tests, context: Project.context)
        if let finding = result.findings.first { return String(finding.prefix { $0 != "]" }.drop { $0 != "[" }.dropFirst()) }
        guard case .context(let entry) = try JSONText.parse(try #require(result.records.first)), case .context(let fields)? = entry["fields"] else { return "no record" }
        return fields[field].map { JSONText.write($0) } ?? "nothing"
    }

    @Test(arguments: [
        ("{ at: a, split: \"-\", part: 2 }", "x-y-z,", "\"y\""),
        ("{ at: a, split: \"-\", part: -1 }", "x-y-z,", "\"z\""),
        ("{ at: a, split: \"-\", part: 4 }", "x-y-z,", "nothing"),
        ("{ at: a, split: \", \", part: 2 }", "\"Linz, Austria\",", "\"Austria\""),
        ("{ at: a, take: 2-4 }", "abcdef,", "\"bcd\""),
        ("{ at: a, take: 3 }", "abcdef,", "\"c\""),
        ("{ at: a, take: 3- }", "ab,", "nothing"),
        ("{ at: a, take: 3- }", "äöüß,", "\"üß\""),
        ("{ at: a, strip: \"0\" }", "000000004711,", "\"4711\""),
        ("{ at: a, strip: \"0\" }", "0000,", "\"0\""),
        ("{ at: a, pad: \"0\", width: 6 }", "4711,", "\"004711\""),
        ("{ at: a, pad: \"0\", width: 3 }", "4711,", "\"4711\""),
        ("{ at: a, case: upper }", "plfl,", "\"PLFL\""),
        ("{ at: a, split: \"/\", part: 1, strip: \"0\", pad: \"0\", width: 4 }", "00012/7,", "\"0012\""),
        ("{ at: a, take: 1-2, codes: { AB: found } }", "ABC,", "\"found\""),
    ])
    func `texts are cut, stripped and filled`(rule: String, row: String, expected: String) throws {
        #expect(try value("shipment", rule, row) == expected)
    }

    @Test(arguments: [
        ("0000123}", "-1230"), ("0000123{", "1230"), ("12A", "121"), ("12J", "-121"), ("12p", "-120"), ("125", "125"), ("12Z", "MAP-V01"), ("{", "0"),
    ])
    func `the last digit may carry the sign`(text: String, expected: String) throws {
        #expect(try value("weight", "{ at: a, sign: overpunch }", text + ",") == expected)
    }

    @Test func `implied decimals and an overpunched sign go together`() throws {
        #expect(try value("amount", "{ at: a, sign: overpunch, decimals: 2 }", "000123N,") == "-12.35")
    }

    @Test(arguments: [
        ("{ at: a, unit: b }", "100,LB", "45.359237"),
        ("{ at: a, unit: b }", "2.5,KG", "2.5"),
        ("{ at: a, unit: b }", "1500,grm", "1.500"),
        ("{ at: a, unit: { constant: TNE } }", "1.2,", "1200.0"),
        ("{ at: a, unit: { at: b, default: LBR } }", "1,", "0.45359237"),
        ("{ at: a, unit: b }", "1,EA", "MAP-V04"),
        ("{ at: a, unit: b }", "1,", "MAP-V04"),
        ("{ at: a, unit: b, onMiss: keep }", "1,EA", "1"),
        ("{ at: a, unit: b, onMiss: default }", "1,EA", "nothing"),
    ])
    func `a number is kept in the unit of its field`(rule: String, row: String, expected: String) throws {
        // 1 lb = 0.45359237 kg exactly: NIST SP 811, B.8. Whether zeros stand behind a number is no difference.
        let found = try value("weight", rule, row)
        #expect(found == expected || ExactDecimal(found) != nil && ExactDecimal(found) == ExactDecimal(expected))
    }

    @Test func `lengths, distances and volumes have their own units`() throws {
        func kept(_ number: String, _ code: String, _ unit: String) throws -> ExactDecimal? {
            try #require(MeasureUnit.coded(code)).converted(try #require(ExactDecimal(number)), to: try #require(MeasureUnit.named(unit)))
        }
        #expect(try kept("10", "IN", "centimetre") == ExactDecimal("25.4"))
        #expect(try kept("1", "FTQ", "cubic metre") == ExactDecimal("0.028316847"))
        #expect(try kept("100", "SMI", "kilometre") == ExactDecimal("160.9344"))
        #expect(try kept("2500", "MTR", "kilometre") == ExactDecimal("2.5"))
        #expect(try kept("3", "DAY", "hour") == ExactDecimal("72"))
        #expect(try kept("1", "KGM", "centimetre") == nil)
    }

    private let references = [
        #"{"record":"crossReference","fields":{"client":"TEST","partner":"","kind":"item","theirs":"A-1","ours":"4711"}}"#,
        #"{"record":"crossReference","fields":{"client":"*","partner":"","kind":"item","theirs":"A-2","ours":"4712"}}"#,
        #"{"record":"crossReference","fields":{"client":"OTHER","partner":"","kind":"item","theirs":"A-3","ours":"4713"}}"#,
        #"{"record":"exchangeRate","fields":{"client":"*","baseCurrency":"USD","quoteCurrency":"EUR","validFrom":"2026-11-01","rate":0.5}}"#,
        #"{"record":"exchangeRate","fields":{"client":"*","baseCurrency":"USD","quoteCurrency":"EUR","validFrom":"2026-11-22","rate":0.9}}"#,
        #"{"record":"exchangeRate","fields":{"client":"TEST","baseCurrency":"EUR","quoteCurrency":"CHF","validFrom":"2026-01-01","rate":0.8}}"#,
    ]

    @Test(arguments: [
        ("A-1,", "\"4711\""), ("A-2,", "\"4712\""), ("A-3,", "MAP-V04"), ("a-1,", "MAP-V04"),
    ])
    func `a partner's identifier becomes the own one`(row: String, expected: String) throws {
        #expect(try value("shipment", "{ at: a, reference: item }", row, references: references) == expected)
    }

    @Test(arguments: [
        // The rate of the first of November holds on the 21st, not that of the 22nd.
        ("10,USD", "5.0"), ("10,EUR", "10"), ("10,CHF", "12.5000"), ("10,GBP", "MAP-V04"), ("10,", "MAP-V04"),
    ])
    func `an amount is converted by the rate of its day`(row: String, expected: String) throws {
        let found = try value("amount", "{ at: a, currency: { from: b, to: EUR, on: issuedAt } }", row, references: references)
        #expect(found == expected || ExactDecimal(found) != nil && ExactDecimal(found) == ExactDecimal(expected))
    }

    @Test(arguments: [
        ("shipment: { at: a, split: \"-\" }", "`split` goes together with `part`"),
        ("shipment: { at: a, split: \"\", part: 1 }", "nothing separates no parts"),
        ("shipment: { constant: A-B, split: \"-\", part: 1 }", "`split` works on text that is read, and this rule reads none"),
        ("weight: { feel: \"5\", unit: { constant: LB } }", "`unit` works on text that is read, and this rule reads none"),
        ("shipment: { at: a, take: 4-2 }", "`take: 4-2` is no range of characters"),
        ("shipment: { at: a, unit: b }", "shipment is kept in no unit of measure"),
        ("weight: { at: a, unit: { constant: EA } }", "`EA` is no code of a unit that becomes kilogram"),
        ("amount: { at: a, currency: { from: b, to: EUR, on: invoice } }", "`on` names no date of freightCharge"),
        ("amount: { at: a, currency: { from: b, to: EUR, on: issuedAt } }", "issuedAt has no value yet: no rule before this one gives it"),
        ("amount: { at: a, currency: { from: b, to: Euro, on: issuedAt } }", "`Euro` is no code of three capital letters"),
    ])
    func `a verb that cannot work is told with its place`(rule: String, fact: String) throws {
        let text = Self.mapping([rule], needsAmount: !rule.hasPrefix("amount"))
        let findings = MappingLibrary.compile([BundleFile(path: "Mappings/csv/test.yaml", bytes: Array(text.utf8))]).diagnostics
        let finding = try #require(findings.first { $0.severity == .error }, "\(findings)")
        #expect(finding.fact == fact)
        #expect(finding.position.line == 10)
    }
}
