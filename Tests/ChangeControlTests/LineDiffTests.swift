@testable import ChangeControl
import Testing

@Suite struct LineDiffTests {
    private func diff(_ old: String, _ new: String) -> LineDiff { LineDiff(from: Array(old.utf8), to: Array(new.utf8)) }

    @Test func `a changed line shows with its context`() {
        let old = (1...12).map { "line \($0)\n" }.joined()
        #expect(diff(old, old.replacing("line 6", with: "line six")).unified() == """
            @@ -3,7 +3,7 @@
             line 3
             line 4
             line 5
            -line 6
            +line six
             line 7
             line 8
             line 9

            """)
        #expect(diff(old, old).unified().isEmpty)
    }

    @Test func `a file that appears and one that goes are all lines`() {
        #expect(diff("", "a\nb\n").unified() == "@@ -0,0 +1,2 @@\n+a\n+b\n")
        #expect(diff("a\nb\n", "").unified() == "@@ -1,2 +0,0 @@\n-a\n-b\n")
    }

    @Test func `a change of line ends only, and of the last line end, is seen`() {
        #expect(diff("a\n", "a\r\n").unified() == "@@ -1 +1 @@\n-a\n+a\\r\n")
        #expect(diff("a\n", "a").unified() == "@@ -1 +1 @@\n-a\n+a (no line end)\n")
    }

    @Test func `characters that would act on a terminal are shown and not sent`() {
        #expect(diff("", "\u{1B}[2Jx\u{202E}y\n").unified() == "@@ -0,0 +1 @@\n+\\u{1B}[2Jx\\u{202E}y\n")
    }

    @Test func `what is too large or not text is said to be so`() {
        #expect(LineDiff(from: [0xFF], to: [0x41]).edits == nil)
        let many = (0..<3000).map { "\($0)\n" }.joined()
        #expect(diff("", many).edits == nil)
        #expect(!diff("", many).unified().isEmpty)
    }

    @Test func `over random texts the edits give both texts back and are as few as can be`() {
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<500 {
            let old = (0..<random(12)).map { _ in "\(random(4))" }, new = (0..<random(12)).map { _ in "\(random(4))" }
            let edits = diff(old.map { $0 + "\n" }.joined(), new.map { $0 + "\n" }.joined()).edits ?? []
            var left: [String] = [], right: [String] = [], changes = 0
            for edit in edits {
                switch edit {
                case .same(let line): (left, right) = (left + [line], right + [line])
                case .removed(let line): (left, changes) = (left + [line], changes + 1)
                case .added(let line): (right, changes) = (right + [line], changes + 1)
                }
            }
            #expect(left == old && right == new)
            #expect(changes == old.count + new.count - 2 * longestCommon(old, new))
        }
    }

    /// The length of the longest common subsequence, by the textbook table: the oracle for the shortest edit.
    private func longestCommon(_ old: [String], _ new: [String]) -> Int {
        var row = [Int](repeating: 0, count: new.count + 1)
        for line in old {
            var corner = 0
            for (index, other) in new.enumerated() {
                let above = row[index + 1]
                row[index + 1] = line == other ? corner + 1 : max(above, row[index])
                corner = above
            }
        }
        return row[new.count]
    }
}
