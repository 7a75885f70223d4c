import Glibc
import Intake
import Testing

@Suite(.timeLimit(.minutes(1))) struct FolderWatchTests {
    private let folder = TemporaryFolder()
    private func make(_ name: String) -> String {
        mkdir(folder.sub(name), 0o700)
        return folder.sub(name)
    }

    /// Long enough that only an event can be the reason.
    private let never = 3_600_000

    @Test func `every folder is named at the start, and then the one in which a file was written`() async throws {
        let (first, second) = (make("a"), make("b"))
        let watch = try FolderWatch(folders: [first, second], rescanMilliseconds: never)
        defer { watch.stop() }
        #expect(await watch.next() == [first, second])
        folder.write("b/x.csv", "1")
        #expect(await watch.next() == [second])
    }

    @Test func `hidden and temporary names are not worth a look, until they are renamed`() async throws {
        let (feed, other) = (make("a"), make("b"))
        let watch = try FolderWatch(folders: [feed, other], rescanMilliseconds: never)
        defer { watch.stop() }
        _ = await watch.next()
        folder.write("a/.x.csv", "1")
        folder.write("a/x.csv.tmp", "1")
        mkdir(folder.sub("b/y"), 0o700)
        // Events come in order: had those of `a` counted, `a` would be named here.
        #expect(await watch.next() == [other])
        rename(folder.sub("a/x.csv.tmp"), folder.sub("a/x.csv"))
        #expect(await watch.next() == [feed])
        #expect(try Folder.scan(feed).map(\.name) == ["x.csv"])
    }

    @Test func `a folder that comes later is watched`() async throws {
        let feed = folder.sub("later")
        let watch = try FolderWatch(folders: [feed], rescanMilliseconds: never)
        defer { watch.stop() }
        _ = await watch.next()
        #expect(watch.status.map(\.isWatched) == [false])
        _ = make("later")
        #expect(await watch.next() == [feed])
        folder.write("later/x.csv", "1")
        #expect(await watch.next() == [feed])
        #expect(watch.status.map(\.isWatched) == [true])
        #expect(watch.status.map(\.isWatched) == [true])
    }

    @Test func `a folder that is removed and made again is watched again`() async throws {
        let feed = make("a")
        let watch = try FolderWatch(folders: [feed], rescanMilliseconds: never)
        defer { watch.stop() }
        _ = await watch.next()
        rmdir(feed)
        while watch.status[0].isWatched { #expect(await watch.next() == [feed]) }
        _ = make("a")
        while !watch.status[0].isWatched { #expect(await watch.next() == [feed]) }
        folder.write("a/x.csv", "1")
        #expect(await watch.next() == [feed])
    }

    @Test func `the period names every folder though nothing happened`() async throws {
        let feed = make("a")
        let watch = try FolderWatch(folders: [feed], rescanMilliseconds: 20)
        defer { watch.stop() }
        for _ in 0..<3 { #expect(await watch.next() == [feed]) }
    }

    @Test func `what happens in folders below names the folder, also in new ones, and in those that were renamed`() async throws {
        let (feed, other) = (make("a"), make("b"))
        let north = make("a/north")
        let watch = try FolderWatch(folders: [feed, other], depths: [feed: 3], rescanMilliseconds: never)
        defer { watch.stop() }
        _ = await watch.next()
        folder.write("a/north/1.csv", "1")
        #expect(await watch.next() == [feed])
        // A tree that is put there at once, files and all.
        for name in ["c", "c/x", "c/x/y"] { _ = make(name) }
        folder.write("c/x/y/2.csv", "1")
        rename(folder.sub("c"), folder.sub("a/south"))
        #expect(await watch.next() == [feed])
        #expect(try Folder.scan(feed, depth: 3).map(\.name) == ["north/1.csv", "south/x/y/2.csv"])
        folder.write("a/south/x/y/3.csv", "1")
        #expect(await watch.next() == [feed])
        // Under another name it is watched as before, and away from here no more.
        rename(north, folder.sub("a/east"))
        #expect(await watch.next() == [feed])
        folder.write("a/east/4.csv", "1")
        #expect(await watch.next() == [feed])
        rename(folder.sub("a/east"), folder.sub("b/east"))
        #expect(Set(await watch.next() ?? []).isSubset(of: [feed, other]))
        #expect(try Folder.scan(feed, depth: 3).map(\.name) == ["south/x/y/2.csv", "south/x/y/3.csv"])
    }

    @Test func `a folder is looked into as deep as is said, and what cannot be used is told`() throws {
        let feed = make("a")
        for name in ["a/one", "a/one/two", "a/.hidden", "a/closed"] { _ = make(name) }
        for name in ["a/1.csv", "a/one/2.csv", "a/one/two/3.csv", "a/.hidden/4.csv"] { folder.write(name, "1") }
        symlink(folder.sub("a/one"), folder.sub("a/link"))
        let alone = try Folder.list(feed)
        #expect(alone.files.map(\.name) == ["1.csv"])
        // What lies deeper than is looked is told; a folder without anything is not.
        #expect(alone.passedOver.map(\.name) == ["one"] && alone.passedOver.first?.reason.contains("the feed does not look so deep") == true)
        #expect(try Folder.list(feed, depth: 1).passedOver.map(\.name) == ["one/two"])
        #expect(try Folder.list(feed, depth: 1).files.map(\.name) == ["1.csv", "one/2.csv"])
        let whole = try Folder.list(feed, depth: 2)
        #expect(whole.files.map(\.name) == ["1.csv", "one/2.csv", "one/two/3.csv"])
        #expect(Set(whole.folders) == ["one", "one/two", "closed"])
        #expect(whole.passedOver.isEmpty)
        // Latin-1, as old shares have it.
        var name = Array("\(feed)/".utf8CString.dropLast()) + [CChar(bitPattern: 0xE9), 0x2E, 0x65, 0]
        close(open(&name, O_CREAT | O_WRONLY, 0o600))
        let listing = try Folder.list(feed, depth: 2)
        #expect(listing.files == whole.files)
        #expect(listing.passedOver.map(\.reason) == ["its name is no UTF-8"])
        unlink(&name)
    }

    @Test(arguments: [-9_000_000_000, 9_000_000_000, 10_413_792_000]) func `a file of any time is listed`(seconds: Int) throws {
        let feed = make("a"), path = folder.write("a/1.csv", "1")
        var times = [timespec(tv_sec: 0, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 5)]
        guard utimensat(AT_FDCWD, path, &times, 0) == 0 else { return print("skipped: no such times here") }
        #expect(try Folder.list(feed).files.map(\.name) == ["1.csv"])
    }

    @Test func `other folders can be watched from some time on`() async throws {
        let (first, second) = (make("a"), make("b"))
        let watch = try FolderWatch(folders: [first], rescanMilliseconds: never)
        defer { watch.stop() }
        _ = await watch.next()
        watch.watch([second])
        #expect(await watch.next() == [second])
        folder.write("a/x.csv", "1")
        folder.write("b/x.csv", "1")
        #expect(await watch.next() == [second])
    }

    @Test func `that events come is proved by a file that is made in the folder, and proved again after a time`() async throws {
        let (feed, gone) = (make("a"), folder.sub("b"))
        // As a crash left it.
        folder.write("a/.crossdock-watch", "")
        let watch = try FolderWatch(folders: [feed, gone], rescanMilliseconds: 20, proofMilliseconds: 50)
        defer { watch.stop() }
        func modes() -> [FolderWatch.Mode] { watch.status.map(\.mode) }
        while true {
            _ = await watch.next()
            if case .events(let microseconds) = modes()[0], case .polling(let reason) = modes()[1] {
                #expect(microseconds < 10_000_000)
                #expect(reason.contains("is it there?"))
                break
            }
        }
        _ = make("b")
        while true {
            _ = await watch.next()
            if case .events = modes()[1] { break }
        }
        // The cookie is gone or about to go, and was no input.
        #expect(names(in: feed).allSatisfy { $0 == ".crossdock-watch" })
        #expect(try Folder.scan(feed).isEmpty)
    }

    @Test func `where events are dropped every folder is looked at`() async throws {
        let limit = "/proc/sys/fs/inotify/max_queued_events"
        guard let former = text(of: limit), set(limit, "16") else {
            print("skipped: no right to set \(limit)")
            return
        }
        defer { _ = set(limit, former) }
        let (first, second) = (make("a"), make("b"))
        let watch = try FolderWatch(folders: [first, second], rescanMilliseconds: never)
        defer { watch.stop() }
        _ = await watch.next()
        // Events are dropped where more come than the thread reads meanwhile; so many come until that has happened.
        var files = 0
        while watch.overflows == 0 {
            for _ in 0..<2_000 {
                files += 1
                folder.write("a/\(files).csv", "1")
            }
        }
        var named: Set<String> = []
        while !named.contains(second) { named.formUnion(await watch.next() ?? []) }
        #expect(try Folder.scan(first).count == files)
    }

    private func set(_ path: String, _ value: String) -> Bool {
        guard let stream = fopen(path, "w") else { return false }
        fputs(value, stream)
        return fclose(stream) == 0
    }

    @Test func `a stopped watch ends its consumer, and so does cancellation`() async throws {
        let feed = make("a")
        let watch = try FolderWatch(folders: [feed], rescanMilliseconds: never)
        _ = await watch.next()
        let waiting = Task { await watch.next() }
        watch.stop()
        #expect(await waiting.value == nil)
        let other = try FolderWatch(folders: [feed], rescanMilliseconds: never)
        defer { other.stop() }
        _ = await other.next()
        let cancelled = Task { await other.next() }
        cancelled.cancel()
        #expect(await cancelled.value == nil)
    }

    @Test func `both ends of a file are read for a probe`() throws {
        let small = folder.write("small", "abc")
        let ends = try Folder.ends(of: small, window: 4)
        #expect(ends.head == ends.tail)
        let large = folder.write("large", "0123456789")
        let far = try Folder.ends(of: large, window: 4)
        #expect(String(decoding: far.head, as: UTF8.self) == "0123")
        #expect(String(decoding: far.tail, as: UTF8.self) == "6789")
        // A file of this user on a disk of this machine is known to be open, and to be closed; elsewhere nothing is said.
        guard far.isOpen != nil else { return print("skipped: leases are not given here") }
        #expect(far.isOpen == false)
        let writer = open(large, O_WRONLY | O_APPEND)
        #expect(try Folder.ends(of: large, window: 4).isOpen == true)
        close(writer)
        #expect(try Folder.ends(of: large, window: 4).isOpen == false)
        #expect(throws: IntakeFailure("list", folder.sub("none"), .system(ENOENT))) { try Folder.scan(folder.sub("none")) }
    }
}
