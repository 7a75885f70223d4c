import Glibc
import Intake
import Testing

@Suite struct ArchiveTests {
    private let folder = TemporaryFolder()
    private let day = Archive.Day(year: 2026, month: 11, day: 3)
    private var archive: Archive {
        Archive(archive: folder.sub("Archive"), quarantine: folder.sub("Quarantine"), duplicates: folder.sub("Duplicates"))
    }
    private var spool: Spool { get throws { try Spool(root: folder.sub("spool")) } }

    private func deposit(_ path: String) throws -> Spool.Deposit { try spool.deposit(path) }

    @Test func `an original moves to its day and feed`() throws {
        let source = folder.write("850.edi", "one")
        let kept = try deposit(source)
        let path = try archive.file(
            source, on: .archive, feed: "acme", day: day, digest: kept.digest, expecting: kept.source)
        #expect(path == folder.sub("Archive/2026/11/03/acme/850.edi"))
        #expect(text(of: path) == "one")
        #expect(access(source, F_OK) != 0)
    }

    @Test func `an original that has another name too is copied, so that nobody goes on writing to what is on the shelf`() throws {
        let source = folder.write("850.edi", "one"), other = folder.sub("other.edi")
        #expect(link(source, other) == 0)
        let kept = try deposit(source)
        let path = try archive.file(source, on: .archive, feed: "acme", day: day, digest: kept.digest, expecting: kept.source)
        folder.write("other.edi", "another")
        #expect(text(of: path) == "one" && access(source, F_OK) != 0)
    }

    @Test func `a move that is not done names where it was to go, and tells its hint apart`() throws {
        let failure = IntakeFailure("rename", "in/a.edi", to: "Archive/a.edi", .system(EACCES))
        #expect(failure.fact == "rename in/a.edi to Archive/a.edi: Permission denied")
        let hint = try #require(failure.hint)
        #expect(failure.description == "\(failure.fact) (\(hint))")
        // Root may write anywhere.
        guard getuid() != 0 else { return }
        let source = folder.write("850.edi", "one"), kept = try deposit(source), shelf = folder.sub("Archive/2026/11/03/acme")
        try Folder.make(shelf)
        #expect(chmod(shelf, 0o500) == 0)
        defer { chmod(shelf, 0o700) }
        let met = #expect(throws: IntakeFailure.self) {
            try archive.file(source, on: .archive, feed: "acme", day: day, digest: kept.digest, expecting: kept.source)
        }
        #expect(met?.destination == "\(shelf)/850.edi" && met?.description.contains(" to \(shelf)/850.edi: Permission denied (") == true)
    }

    @Test func `an original from a folder below its drop folder keeps that folder on its shelf`() throws {
        mkdir(folder.sub("in"), 0o700)
        mkdir(folder.sub("in/north"), 0o700)
        for (name, place) in [("in/850.edi", "850.edi"), ("in/north/850.edi", "north/850.edi")] {
            let source = folder.write(name, name)
            let kept = try deposit(source)
            let path = try archive.file(
                source, from: folder.sub("in"), on: .archive, feed: "acme", day: day, digest: kept.digest, expecting: kept.source)
            #expect(path == folder.sub("Archive/2026/11/03/acme/\(place)"))
            #expect(text(of: path) == name)
        }
        // Who made the folder can take it away.
        #expect(names(in: folder.sub("in/north")).isEmpty)
    }

    @Test func `what a crash left half-filed goes back to the folder that it lay in, also where that is gone`() throws {
        for made in ["in", "in/.filing", "in/.filing/north", "in/.filing/north/deep"] { mkdir(folder.sub(made), 0o700) }
        folder.write("in/.filing/a.edi", "a")
        folder.write("in/.filing/north/b.edi", "b")
        folder.write("in/.filing/north/deep/c.edi", "c")
        try Archive.restore(dropFolder: folder.sub("in"), depth: 2)
        #expect(try Folder.scan(folder.sub("in"), depth: 2).map(\.name) == ["a.edi", "north/b.edi", "north/deep/c.edi"])
    }

    @Test func `a name that is taken is never replaced`() throws {
        for (round, words) in ["one", "two", "three"].enumerated() {
            let source = folder.write("850.edi", words)
            let kept = try deposit(source)
            let path = try archive.file(
                source, on: .archive, feed: "acme", day: day, digest: kept.digest, expecting: kept.source)
            #expect(path == folder.sub("Archive/2026/11/03/acme/850"
                + (round == 0 ? "" : "~\(kept.digest.prefix(8))") + ".edi"))
            #expect(text(of: path) == words)
        }
        #expect(names(in: folder.sub("Archive/2026/11/03/acme")).count == 3)
        #expect(text(of: folder.sub("Archive/2026/11/03/acme/850.edi")) == "one")
    }

    @Test(arguments: [".edi", "", ".an-extension-that-is-longer-than-any-that-somebody-would-write"])
    func `a name as long as names can be gets a shorter one, and its report beside it`(_ ending: String) throws {
        let name = String(repeating: "ä", count: (255 - ending.utf8.count) / 2) + ending
        for words in ["one", "two", "three"] {
            let source = folder.write(name, words)
            let kept = try deposit(source)
            let path = try archive.file(
                source, on: .quarantine, feed: "acme", day: day, digest: kept.digest, expecting: kept.source, report: Archive.Report(text: words, json: "{}"))
            #expect(text(of: path) == words && text(of: path + ".report.txt") == words && text(of: path + ".report.json") == "{}")
            #expect(path.contains("~\(kept.digest.prefix(8))"))
            #expect(access(source, F_OK) != 0)
        }
        #expect(names(in: folder.sub("Quarantine/2026/11/03/acme")).count == 9)
    }

    @Test func `filing again after an interruption finds what was done`() throws {
        let source = folder.write("850.edi", "one")
        let kept = try deposit(source)
        let file = { try archive.file(source, on: .archive, feed: "acme", day: day, digest: kept.digest, expecting: kept.source) }
        let path = try file()
        // As if the daemon had died after the move: the original is gone and the file is there.
        #expect(try file() == path)
        // As if it had died between a link and the unlink: both are there.
        #expect(link(path, source) == 0)
        #expect(try archive.file(source, on: .archive, feed: "acme", day: day, digest: kept.digest, expecting: nil) == path)
        #expect(access(source, F_OK) != 0)
        #expect(names(in: folder.sub("Archive/2026/11/03/acme")) == ["850.edi"])
    }

    @Test func `an original that changed after it was spooled stays where it is`() throws {
        let source = folder.write("850.edi", "one")
        let kept = try deposit(source)
        folder.write("850.edi", "more", append: true)
        #expect(throws: IntakeFailure("file", source, .changed)) {
            try archive.file(source, on: .archive, feed: "acme", day: day, digest: kept.digest, expecting: kept.source)
        }
        #expect(text(of: source) == "onemore")
    }

    @Test func `an original that is nowhere is an error`() throws {
        #expect(throws: IntakeFailure("file", folder.sub("none"), .system(ENOENT))) {
            try archive.file(folder.sub("none"), on: .archive, feed: "acme", day: day, digest: "00", expecting: nil)
        }
    }

    @Test func `a quarantined file has its report beside it`() throws {
        let source = folder.write("bad.csv", "a,b\n1\n")
        let kept = try deposit(source)
        let report = Archive.Report(text: "row 1 has 1 cell\n", json: "{}\n")
        let path = try archive.file(
            source, on: .quarantine, feed: "acme", day: day, digest: kept.digest, expecting: kept.source, report: report)
        #expect(names(in: folder.sub("Quarantine/2026/11/03/acme")) == ["bad.csv", "bad.csv.report.json", "bad.csv.report.txt"])
        #expect(text(of: path + ".report.txt") == "row 1 has 1 cell\n")
    }

    @Test func `the same bytes twice on one shelf are one file`() throws {
        for _ in 0..<2 {
            let source = folder.write("850.edi", "one")
            let kept = try deposit(source)
            _ = try archive.file(source, on: .duplicates, feed: "acme", day: day, digest: kept.digest, expecting: kept.source)
            #expect(access(source, F_OK) != 0)
        }
        #expect(names(in: folder.sub("Duplicates/2026/11/03/acme")) == ["850.edi"])
    }

    @Test func `an original goes to another file system by a copy`() throws {
        let mount = folder.sub("other")
        mkdir(mount, 0o700)
        guard Glibc.mount("tmpfs", mount, "tmpfs", 0, "size=1m") == 0 else {
            print("skipped: no right to mount a small file system")
            return
        }
        defer { umount(mount) }
        let other = Archive(archive: mount, quarantine: mount, duplicates: mount)
        let source = folder.write("850.edi", "one")
        let kept = try deposit(source)
        let path = try other.file(source, on: .archive, feed: "acme", day: day, digest: kept.digest, expecting: kept.source)
        #expect(text(of: path) == "one")
        #expect(access(source, F_OK) != 0)
        #expect(names(in: mount + "/2026/11/03/acme") == ["850.edi"])
        // A full one keeps the original.
        let big = folder.write("big.edi", String(repeating: "x", count: 2 << 20))
        let bigKept = try deposit(big)
        do {
            _ = try other.file(big, on: .archive, feed: "acme", day: day, digest: bigKept.digest, expecting: bigKept.source)
            Issue.record("a file of 2 MiB fitted into 1 MiB")
        } catch {
            #expect(error.cause == .system(ENOSPC))
        }
        #expect(access(big, F_OK) == 0)
        #expect(names(in: mount + "/2026/11/03/acme") == ["850.edi"])
    }
}
