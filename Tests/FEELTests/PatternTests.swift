import Diagnostics
import FEEL
import Testing
import Values

@Suite struct PatternTests {
    /// `true`, `false`, `limit`, or why the pattern is none.
    static func matches(_ text: String, _ pattern: String, _ flags: String = "") -> String {
        var steps = 1_000_000
        do throws(PatternFailure) {
            let compiled = try TextPattern(pattern, flags: flags)
            do throws(PatternLimit) {
                return try compiled.matches(text, steps: &steps) ? "true" : "false"
            } catch {
                return "limit"
            }
        } catch {
            return "\(error.place): \(error.fact)"
        }
    }

    @Test(arguments: [
        ("abracadabra", "bra", "", true), ("abracadabra", "^a.*a$", "", true), ("abracadabra", "^bra", "", false), ("", "^$", "", true),
        ("line\nbreak", "e.b", "", false), ("line\nbreak", "e.b", "s", true), ("Mary\rJones", "Mary.Jones", "", false),
        ("line\nbreak", "^break$", "", false), ("line\nbreak", "^break$", "m", true), ("abcd\ndefg\n", "^$", "m", false),
        ("\nabcd\ndefg\n", "^$", "m", true), ("abcd\n\ndefg\n ", "^$", "m", true), ("a\n", "a$", "", false), ("a\n", "a$", "m", true),
        ("hello world", "hello\\ sworld", "x", true), ("hello world", "hello[ ]world", "x", true), ("helloworld", "hello world", "x", true),
        ("hello world", "\\p{ I s B a s i c L a t i n }+", "x", true), ("a.b", "a.b", "q", true), ("axb", "a.b", "q", false),
        ("A.B", "a.b", "qi", true), ("a(", "(", "q", true), ("x", "[A-Z-[OI]]", "i", true), ("O", "[A-Z-[OI]]", "i", false),
        ("i", "[A-Z-[OI]]", "i", false), ("q", "[^Q]", "i", false), ("\u{212A}", "k", "i", true), ("k", "\u{212A}", "i", true),
        ("\u{17F}", "[A-Z]", "i", true), ("a", "\\p{Lu}", "i", false), ("\u{3C2}", "\u{3C3}", "i", true), ("ß", "\u{1E9E}", "i", true),
    ])
    func `flags and anchors`(_ text: String, _ pattern: String, _ flags: String, _ expected: Bool) {
        #expect(Self.matches(text, pattern, flags) == "\(expected)")
    }

    @Test(arguments: [
        ("7", "\\d", true), ("\u{663}", "^\\d$", true), ("x", "\\D", true), ("_", "\\w", false), ("$", "\\w", true), ("é", "^\\w$", true),
        (" ", "\\s", true), ("\u{A0}", "\\s", false), ("_a", "^\\i\\c*$", true), ("1a", "^\\i", false), ("-", "\\c", true), (":", "\\i", true),
        ("A", "\\p{Lu}", true), ("A", "\\P{Lu}", false), ("a", "\\p{L}", true), ("€", "\\p{Sc}", true), ("\u{1F40E}", "^.$", true),
        ("\u{1F40E}", "^\\p{So}$", true), ("Ж", "\\p{IsCyrillic}", true), ("Ж", "\\P{IsBasicLatin}", true), ("α", "\\p{IsGreek}", true),
        ("e", "[^aeiou]", false), ("z", "[a-z-[aeiou]]", true), ("e", "[a-z-[aeiou]]", false), ("-", "[a-]", true), ("-", "[-a]", true),
        ("5", "[\\d-[5]]", false), ("4", "[\\d-[5]]", true), ("]", "[\\]]", true), ("^", "[a^]", true), ("^", "\\^", true), ("\u{10FFFF}", "[\u{10000}-\u{10FFFF}]", true),
        ("m", "[^a-z-[m]]", false), ("5", "[^a-z-[5]]", false), ("6", "[^a-z-[5]]", true), ("b", "[a-z-[c-y-[d]]]", true), ("d", "[a-z-[c-y-[d]]]", true),
        ("c", "[a-z-[c-y-[d]]]", false), ("\u{0378}", "\\p{Cn}", true), ("\u{E000}", "\\p{Co}", true),
    ])
    func `classes, categories and blocks`(_ text: String, _ pattern: String, _ expected: Bool) {
        #expect(Self.matches(text, pattern) == "\(expected)")
    }

    @Test(arguments: [
        ("abcabc", "^(abc)\\1$", true), ("aA", "(a)\\1", false), ("abab", "^(a|b)+\\1$", false), ("abab", "(a|b)*\\1", true), ("aabb", "(a)?(b)\\2", true),
        ("b", "(a)?b\\1$", true), ("xyzzy", "(.)\\1", true), ("aa1", "(a)\\11", true), ("abcdefghijj", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\\10", true),
        ("", "(a*)*\\1", true), ("aaa", "^(?:(a)|b)*\\1$", true),
    ])
    func `back-references`(_ text: String, _ pattern: String, _ expected: Bool) {
        #expect(Self.matches(text, pattern) == "\(expected)")
    }

    @Test func `case is ignored in back-references too`() {
        #expect(Self.matches("aA", "(a)\\1", "i") == "true")
    }

    @Test(arguments: [
        ("(a", "1: the ( has no )"), ("a)", "2: a ) without its ("), ("[a", "1: the [ has no ]"), ("[]", "2: [ and ] are written \\[ and \\] within [...]"),
        ("*a", "1: * has nothing before it to repeat"), ("a**", "3: a quantifier follows a quantifier"), ("a{2", "2: the { has no }"),
        ("a{3,2}", "2: {3,2} asks for more than it allows"), ("a{,2}", "2: { is followed by a number, as in {2} or {2,5}"),
        ("\\q", "1: there is no escape \\q"), ("a\\", "2: \\ ends the pattern"), ("\\p{Xx}", "1: there is no category Xx; they are such as L, Lu, Nd and P, and blocks such as IsBasicLatin"),
        ("\\p{IsNowhere}", "1: there is no Unicode block IsNowhere"), ("\\pL", "1: \\p is followed by a category or block in braces, such as \\p{Lu}"),
        ("(.)\\2", "4: \\2 refers to a group that is not there, or not closed yet"), ("(a\\1)", "3: \\1 refers to a group that is not there, or not closed yet"),
        ("\\0", "1: \\0 refers to a group that is not there, or not closed yet"), ("(asd)[\\1]", "7: there is no escape \\1"),
        ("[z-a]", "2: the range runs backwards"), ("[a-\\d]", "2: a range ends with a character"), ("a]", "2: ] stands alone; write \\] for the character"),
        ("(?=a)", "1: (? is followed by : only"), ("[a-z-[b]c]", "9: a subtracted set is the last part of a [...]"), ("a|*", "3: * has nothing before it to repeat"),
        ("\\p{ IsBasicLatin}", "1: there is no category  IsBasicLatin; they are such as L, Lu, Nd and P, and blocks such as IsBasicLatin"),
    ])
    func `what is no pattern is told with its place`(_ pattern: String, _ expected: String) {
        #expect(Self.matches("a", pattern) == expected)
    }

    @Test(arguments: ["p", " ", "X", "ig"])
    func `what is no flag is told`(_ flags: String) {
        #expect(Self.matches("a", "a", flags).contains("there is no flag"))
    }

    @Test(arguments: [
        "a{10001}", "(((a{100}){100}){100}){100}", "(?:(?:){1000000}){1000000}", "(){1000000}", String(repeating: "a", count: 16_385),
        String(repeating: "(", count: 5000), String(repeating: "[a-[", count: 5000), String(repeating: "(", count: 101) + String(repeating: ")", count: 101),
    ])
    func `a pattern that is too large is refused or small`(_ pattern: String) {
        let clock = ContinuousClock()
        let start = clock.now
        _ = Self.matches("aaaa", pattern)
        #expect(clock.now - start < .seconds(2))
    }

    @Test(arguments: [
        ("(a+)+$", false), ("(a|a)*b", false), ("(a*)*b", false), ("(.*)(.*)(.*)(.*)(.*)[^a]", false), ("^(([a-z])+.)+[A-Z]([a-z])+$", false),
        ("(a?){100}a{100}", true),
    ])
    func `patterns that make others slow are linear`(_ pattern: String, _ expected: Bool) {
        let text = String(repeating: "a", count: 100) + (expected ? "" : "!").replacing("b", with: "")
        let found = Self.matches(text, pattern)
        #expect(found == (pattern.hasSuffix("[^a]") ? "true" : "\(expected)"))
    }

    @Test func `a catastrophic back-reference ends at its steps`() {
        #expect(Self.matches(String(repeating: "a", count: 60) + "!", "^(a+)+\\1$") == "limit")
        #expect(Fixture.answer("matches(\"\(String(repeating: "a", count: 60))!\", \"^(a+)+\\\\1$\")") == "FEEL-BUDGET")
        #expect(Fixture.answer("for i in 1..1000 return matches(\"\(String(repeating: "a", count: 60))!\", \"^(a+)+\\\\1$\")") == "FEEL-BUDGET")
    }

    @Test func `random patterns go the way of Python's re`() throws {
        var count = 0
        for line in patternCases.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            let groups = words[0].replacing("(?:", with: "").count { $0 == "(" }
            let replacement = "<" + (0...groups).map { "$\($0)|" }.joined() + ">"
            let found = Fixture.answer("replace(\(JSONText.quote(words[1])), \(JSONText.quote(words[0])), \(JSONText.quote(replacement)))")
            #expect(found == JSONText.quote(words[2]), "\(line)")
            count += 1
        }
        #expect(count == 300)
    }

    @Test(arguments: [
        ("replace(\"abracadabra\", \"bra\", \"*\")", "\"a*cada*\""), ("replace(\"abracadabra\", \"a.*?a\", \"*\")", "\"*c*bra\""),
        ("replace(\"abracadabra\", \"a(.)\", \"a$1$1\")", "\"abbraccaddabbra\""), ("replace(\"0123456789\", \"([0-9]{3})([0-9]{3})([0-9]{4})\", \"($1) $2-$3\")", "\"(012) 345-6789\""),
        ("replace(\"abcd\", \"(ab)|(a)\", \"[1=$1][2=$2]\")", "\"[1=ab][2=]cd\""), ("replace(\"abc\", \"b\", \"\\\\$1\\\\\\\\\")", "\"a$1\\\\c\""),
        ("replace(\"abc\", \"b\", \"$\")", "FEEL-PATTERN"), ("replace(\"abc\", \"b\", \"\\\\q\")", "FEEL-PATTERN"), ("replace(\"abc\", \"x*\", \"-\")", "FEEL-PATTERN"),
        ("replace(\"a.c\", \".\", \"$1\", \"q\")", "\"a$1c\""), ("replace(\"abc\", \"(b)\", \"$12\")", "\"ab2c\""), ("replace(\"abc\", \"(b)\", \"<$9>\")", "\"a<>c\""),
        ("replace(\"a😀c\", \"😀\", \"b\")", "\"abc\""), ("replace(text, \"o\", \"0\")", "\"w0rd\""), ("replace(text, \"(\", \"0\")", "FEEL-PATTERN"),
        ("split(\"John Doe\", \" \")", "[\"John\",\"Doe\"]"), ("split(\"a;b;c;;\", \";\")", "[\"a\",\"b\",\"c\",\"\",\"\"]"), ("split(\"\", \";\")", "[\"\"]"),
        ("split(\"a1b22c\", \"[0-9]+\")", "[\"a\",\"b\",\"c\"]"), ("split(\"abc\", \"\")", "FEEL-PATTERN"), ("split(\"a.b\", \"[.]\")", "[\"a\",\"b\"]"),
        ("matches(\"abc\", \"B\", \"i\")", "true"), ("matches(\"abc\", \"B\", null)", "false"), ("matches(text, \"^w\")", "true"),
        ("matches(text, \"w\", \"z\")", "FEEL-PATTERN"), ("matches(missing, \"w\")", "FEEL-TYPE"), ("matches(nothing, \"w\")", "null"),
        ("matches(string: text, pattern: \"w\")", "FEEL-ARGS"), ("matches(input: text, pattern: \"w\", flags: \"i\")", "true"),
        ("matches(string(text), \"a{20000}\")", "FEEL-SIZE"),
    ])
    func `functions over patterns`(_ text: String, _ expected: String) {
        #expect(Fixture.answer(text) == expected)
    }

    @Test func `a constant pattern is checked when the text is compiled`() throws {
        let finding = try #require(Fixture.findings("matches(text, \"a(b\")").first)
        #expect(finding.code.name == "FEEL-PATTERN")
        #expect(finding.fact == "matches: the ( has no ), at character 2 of the pattern")
        let warning = try #require(Fixture.findings("matches(text, \"a(b\")", profile: .standard).first)
        #expect(warning.severity == .warning)
        #expect(Fixture.answer("matches(text, \"a(b\")", profile: .standard) == "null")
    }
}
