import Formats
import Intake
import Testing

@Suite struct SettlingTests {
    private func seen(_ name: String, size: Int = 10, modified: Int64 = 1, inode: UInt64 = 1) -> Sighting {
        Sighting(name: name, identity: FileIdentity(device: 1, inode: inode, size: size, modified: modified))
    }

    @Test func `a file that its format says is whole is ready at once`() {
        var settling = Settling()
        settling.saw([seen("a.edi")], at: 0)
        #expect(settling.toProbe == ["a.edi"])
        settling.probed("a.edi", .complete, isOpen: false)
        #expect(settling.verdict(on: "a.edi", at: 0) == .ready("its format says that it is whole"))
        #expect(settling.toProbe == [])
    }

    @Test func `a file that is whole and open for writing waits until it is closed, and a moment where nobody can tell`() {
        var settling = Settling(), open = "is whole by its format, and somebody has it open for writing"
        settling.saw([seen("a.edi")], at: 0)
        settling.probed("a.edi", .complete, isOpen: true)
        #expect(settling.verdict(on: "a.edi", at: 10) == .waiting(open, until: 510))
        #expect(settling.toProbe == ["a.edi"])
        // Its writer goes on: all begins anew.
        settling.saw([seen("a.edi", size: 20)], at: 3_000)
        settling.probed("a.edi", .complete, isOpen: true)
        #expect(settling.verdict(on: "a.edi", at: 3_100) == .waiting(open, until: 3_600))
        settling.probed("a.edi", .complete, isOpen: false)
        #expect(settling.verdict(on: "a.edi", at: 3_100) == .ready("its format says that it is whole"))
        // Whoever never closes it does not keep it for good.
        settling.probed("a.edi", .complete, isOpen: true)
        #expect(settling.verdict(on: "a.edi", at: 903_000) == .ready("its format says that it is whole"))
        settling.probed("a.edi", .complete, isOpen: nil)
        open = "is whole by its format, and is to be unchanged for a second, as nobody can tell whether somebody has it open for writing"
        #expect(settling.verdict(on: "a.edi", at: 3_999) == .waiting(open, until: 4_000))
        #expect(settling.verdict(on: "a.edi", at: 4_000) == .ready("its format says that it is whole"))
        settling.saw([seen("a.csv")], at: 10_000)
        settling.probed("a.csv", .unknown, isOpen: true)
        #expect(settling.verdict(on: "a.csv", at: 15_000) == .waiting("somebody has it open for writing", until: 15_500))
    }

    @Test func `a file that cannot be read waits without being looked at all the time, and is tried at each look`() {
        var settling = Settling()
        settling.saw([seen("a.edi")], at: 0)
        settling.refused("a.edi", "cannot be read: no right")
        #expect(settling.verdict(on: "a.edi", at: 1) == .waiting("cannot be read: no right", until: nil))
        #expect(settling.nextLook(after: 1) == nil && settling.toProbe == ["a.edi"])
        settling.probed("a.edi", .complete, isOpen: false)
        #expect(settling.verdict(on: "a.edi", at: 2) == .ready("its format says that it is whole"))
    }

    @Test func `a file without its end waits, says for what, and is given up after a time without change`() {
        var settling = Settling()
        settling.saw([seen("a.edi")], at: 1_000)
        settling.probed("a.edi", .incomplete("no IEA yet"), isOpen: false)
        #expect(settling.verdict(on: "a.edi", at: 2_000) == .waiting("no IEA yet", until: 901_000))
        #expect(settling.nextLook(after: 2_000) == 901_000)
        // It grows: it is looked at again, and the time starts anew.
        settling.saw([seen("a.edi", size: 20)], at: 500_000)
        #expect(settling.toProbe == ["a.edi"])
        settling.probed("a.edi", .incomplete("no IEA yet"), isOpen: false)
        #expect(settling.verdict(on: "a.edi", at: 1_399_999) == .waiting("no IEA yet", until: 1_400_000))
        #expect(settling.verdict(on: "a.edi", at: 1_400_000) == .gaveUp("no IEA yet, unchanged for 15 min"))
    }

    @Test func `quiet time counts from first sight, not from an old time stamp`() {
        var settling = Settling()
        settling.saw([seen("a.csv", modified: -1_000_000_000_000)], at: 100)
        settling.probed("a.csv", .unknown, isOpen: false)
        #expect(settling.verdict(on: "a.csv", at: 5_099) == .waiting("is to be unchanged for 5 s", until: 5_100))
        #expect(settling.verdict(on: "a.csv", at: 5_100) == .ready("unchanged for 5 s"))
    }

    @Test(arguments: [
        (11, Int64(1), UInt64(1)), (10, Int64(2), UInt64(1)), (10, Int64(1), UInt64(2)),
    ]) func `a change of size, time stamp or inode starts the quiet time anew`(_ size: Int, _ modified: Int64, _ inode: UInt64) {
        var settling = Settling(policy: Settling.Policy(rule: .quiet(milliseconds: 1_000)))
        settling.saw([seen("a.csv")], at: 0)
        settling.saw([seen("a.csv", size: size, modified: modified, inode: inode)], at: 900)
        #expect(settling.verdict(on: "a.csv", at: 1_800) == .waiting("is to be unchanged for 1 s", until: 1_900))
        settling.saw([seen("a.csv", size: size, modified: modified, inode: inode)], at: 1_850)
        #expect(settling.verdict(on: "a.csv", at: 1_900) == .ready("unchanged for 1 s"))
    }

    @Test func `a done marker is waited for without end and is no input itself`() {
        var settling = Settling(policy: Settling.Policy(rule: .doneFile("{name}.done"), giveUpMilliseconds: 60_000))
        settling.saw([seen("a.csv"), seen("b.csv"), seen("b.csv.done", size: 0)], at: 0)
        #expect(settling.toProbe == [])
        #expect(settling.verdicts(at: 10).map(\.name) == ["a.csv", "b.csv"])
        #expect(settling.verdict(on: "b.csv", at: 10) == .ready("its done marker b.csv.done is there"))
        #expect(settling.verdict(on: "a.csv", at: 10) == .waiting("waits for its done marker a.csv.done", until: 60_000))
        #expect(settling.verdict(on: "a.csv", at: 61_000)
            == .waiting("waits for its done marker a.csv.done, overdue for 1 s", until: nil))
    }

    @Test func `one marker can stand for all files of a folder`() {
        var settling = Settling(policy: Settling.Policy(rule: .doneFile("READY")))
        settling.saw([seen("a.csv")], at: 0)
        #expect(settling.verdict(on: "a.csv", at: 0) == .waiting("waits for its done marker READY", until: 900_000))
        settling.saw([seen("a.csv"), seen("READY", size: 0)], at: 1)
        #expect(settling.verdicts(at: 1).map(\.verdict) == [.ready("its done marker READY is there")])
    }

    @Test func `an empty file is waited for before it is taken as empty`() {
        var settling = Settling()
        settling.saw([seen("a.csv", size: 0)], at: 0)
        #expect(settling.toProbe == [])
        #expect(settling.verdict(on: "a.csv", at: 5_000) == .waiting("is empty so far", until: 900_000))
        #expect(settling.verdict(on: "a.csv", at: 900_000) == .gaveUp("still empty after 15 min"))
    }

    @Test func `names that look alike and are of other bytes are two files`() {
        var settling = Settling()
        let (one, two) = ("e\u{301}.edi", "\u{e9}.edi")
        func sighting(_ name: String, _ inode: UInt64) -> Sighting { Sighting(name: name, identity: FileIdentity(device: 1, inode: inode, size: 5, modified: 1)) }
        for now in [0, 1, 2] {
            settling.saw([sighting(one, 1), sighting(two, 2)], at: now)
            for name in settling.toProbe { settling.probed(name, .complete, isOpen: false) }
        }
        #expect(settling.verdicts(at: 3).map { Array($0.name.utf8) } == [Array(one.utf8), Array(two.utf8)])
        #expect(settling.seen(one)?.identity.inode == 1 && settling.seen(two)?.identity.inode == 2)
        settling.took(one)
        #expect(settling.verdicts(at: 3).map { Array($0.name.utf8) } == [Array(two.utf8)])
    }

    @Test func `a file that is gone is forgotten, and one that comes back is new`() {
        var settling = Settling(policy: Settling.Policy(rule: .quiet(milliseconds: 1_000)))
        settling.saw([seen("a.csv")], at: 0)
        settling.saw([], at: 500)
        #expect(settling.verdict(on: "a.csv", at: 500) == nil)
        settling.saw([seen("a.csv")], at: 900)
        #expect(settling.verdict(on: "a.csv", at: 1_500) == .waiting("is to be unchanged for 1 s", until: 1_900))
        settling.took("a.csv")
        #expect(settling.verdicts(at: 1_500).isEmpty)
    }

    @Test(arguments: [".hidden", "a.tmp", "a.PART", "a.filepart", "a.csv~"]) func `temporary names are no input`(_ name: String) {
        #expect(!Sighting.isCandidate(name))
        #expect(Sighting.isCandidate("a.csv"))
    }

    @Test func `a write that puts size and time back is a change all the same`() {
        var settling = Settling(policy: Settling.Policy(rule: .quiet(milliseconds: 100)))
        settling.saw([Sighting(name: "a", identity: seen("a").identity, changed: 1)], at: 0)
        settling.saw([Sighting(name: "a", identity: seen("a").identity, changed: 2)], at: 90)
        #expect(settling.verdict(on: "a", at: 100) == .waiting("is to be unchanged for 100 ms", until: 190))
    }

    private func order(_ policy: Settling.Policy, _ files: [Sighting]) -> [String] {
        var settling = Settling(policy: policy)
        settling.saw(files, at: 0)
        return settling.verdicts(at: 0).map(\.name)
    }

    @Test func `files are taken by name, by the numbers in their names, by when they were written, or by when they were seen`() {
        let names = ["out-10.edi", "out-9.edi", "out-010.edi", "Out-1.edi", "out-9", "north/out-2.edi", "out-99999999999999999999999.edi"]
        let files = names.enumerated().map { seen($1, modified: Int64(100 - $0)) }
        #expect(order(Settling.Policy(order: .name), files) == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(order(Settling.Policy(order: .number), files) == [
            "Out-1.edi", "north/out-2.edi", "out-9", "out-9.edi", "out-010.edi", "out-10.edi", "out-99999999999999999999999.edi",
        ])
        #expect(order(Settling.Policy(order: .oldest), files) == names.reversed())
        #expect(order(Settling.Policy(order: .oldest), [seen("b"), seen("a")]) == ["a", "b"])
        var settling = Settling(policy: Settling.Policy(order: .seen))
        settling.saw([seen("c")], at: 0)
        settling.saw([seen("c"), seen("b"), seen("a")], at: 5)
        #expect(settling.verdicts(at: 5).map(\.name) == ["c", "a", "b"])
    }

    @Test func `in a sequence no file is taken before those that come before it`() {
        var settling = Settling(policy: Settling.Policy(order: .number, isInSequence: true))
        settling.saw([seen("10.edi"), seen("9.edi"), seen("8.edi")], at: 0)
        for name in settling.toProbe { settling.probed(name, name == "9.edi" ? .incomplete("no IEA yet") : .complete, isOpen: false) }
        let whole = Settling.Verdict.ready("its format says that it is whole")
        #expect(settling.verdict(on: "8.edi", at: 1) == whole)
        #expect(settling.verdict(on: "10.edi", at: 1) == .waiting("waits for 9.edi, which comes before it", until: nil))
        #expect(settling.nextLook(after: 1) == 900_000)
        settling.probed("9.edi", .complete, isOpen: false)
        #expect(settling.verdict(on: "10.edi", at: 1) == whole)
        // One that is given up is taken, and holds up nobody.
        settling.saw([seen("10.edi"), seen("9.edi", size: 0), seen("8.edi")], at: 2)
        #expect(settling.verdict(on: "10.edi", at: 2) == .waiting("waits for 9.edi, which comes before it", until: nil))
        #expect(settling.verdict(on: "10.edi", at: 900_002) == whole)
    }

    @Test func `a done marker lies in the folder of its file`() {
        var settling = Settling(policy: Settling.Policy(rule: .doneFile("ok-{name}.done")))
        settling.saw([seen("a.csv"), seen("north/a.csv"), seen("north/ok-a.csv.done")], at: 0)
        #expect(settling.verdicts(at: 0).map(\.name) == ["a.csv", "north/a.csv"])
        #expect(settling.verdict(on: "a.csv", at: 0) == .waiting("waits for its done marker ok-a.csv.done", until: 900_000))
        #expect(settling.verdict(on: "north/a.csv", at: 0) == .ready("its done marker north/ok-a.csv.done is there"))
        #expect(Settling.marker("{name}.done", of: "a/b/c.csv") == "a/b/c.csv.done")
    }
}
