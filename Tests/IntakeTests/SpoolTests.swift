import Glibc
import Intake
import Synchronization
import Testing

@Suite struct SpoolTests {
    private let folder = TemporaryFolder()

    @Test func `a file is kept under the digest of its bytes`() throws {
        let spool = try Spool(root: folder.sub("spool"))
        let source = folder.write("a.csv", "abc")
        let deposit = try spool.deposit(source)
        #expect(deposit.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(deposit.path == folder.sub("spool/ba/") + deposit.digest)
        #expect(deposit.size == 3)
        #expect(deposit.isNew)
        #expect(text(of: deposit.path) == "abc")
        #expect(try spool.contains(deposit.digest))
        #expect(try spool.isSound(deposit.digest))
        #expect(names(in: folder.sub("spool/tmp")) == [])
        #expect(text(of: source) == "abc")
    }

    @Test func `the same bytes are kept once`() throws {
        let spool = try Spool(root: folder.sub("spool"))
        let first = try spool.deposit(folder.write("a", "same"))
        let second = try spool.deposit(folder.write("b", "same"))
        #expect(second.digest == first.digest)
        #expect(!second.isNew)
        #expect(names(in: folder.sub("spool/tmp")) == [])
    }

    @Test func `a large file is copied whole`() throws {
        let spool = try Spool(root: folder.sub("spool"))
        let long = String(repeating: "0123456789\n", count: 100_000)
        let deposit = try spool.deposit(folder.write("a", long))
        #expect(deposit.size == 1_100_000)
        #expect(text(of: deposit.path) == long)
    }

    @Test func `a file that is not the one that was judged whole is refused as changed`() throws {
        let spool = try Spool(root: folder.sub("spool"))
        let source = folder.write("a", "one")
        let judged = try FileIdentity.of(source)
        folder.write("a", "more", append: true)
        #expect(throws: IntakeFailure("copy", source, .changed)) { try spool.deposit(source, expecting: judged) }
        #expect(names(in: folder.sub("spool/tmp")) == [])
        #expect(IntakeFailure("copy", source, .changed).isRetriable)
    }

    @Test func `a file that shrinks is refused as changed`() throws {
        let spool = try Spool(root: folder.sub("spool"))
        let source = folder.write("a", String(repeating: "x", count: 1 << 20))
        let judged = try FileIdentity.of(source)
        #expect(truncate(source, 1000) == 0)
        #expect(throws: IntakeFailure("copy", source, .changed)) { try spool.deposit(source, expecting: judged) }
        #expect(names(in: folder.sub("spool/tmp")) == [])
    }

    @Test func `a file that is written to while it is copied is a torn read`() throws {
        // A writer in another thread keeps the file growing until the copy has been refused.
        let spool = try Spool(root: folder.sub("spool"))
        let source = folder.write("a", String(repeating: "x", count: 8 << 20))
        let writer = try Writer(source)
        defer { writer.stop() }
        var failure: IntakeFailure?
        // The writer writes without a pause: one of a few copies meets a write for sure.
        for _ in 0..<50 where failure == nil {
            do throws(IntakeFailure) { _ = try spool.deposit(source) } catch { failure = error }
        }
        #expect(failure == IntakeFailure("copy", source, .changed))
        #expect(names(in: folder.sub("spool/tmp")) == [])
    }

    @Test func `links, folders and large files are not taken`() throws {
        let spool = try Spool(root: folder.sub("spool"))
        let source = folder.write("a", "12345")
        symlink(source, folder.sub("link"))
        #expect(throws: IntakeFailure("open", folder.sub("link"), .system(ELOOP))) { try spool.deposit(folder.sub("link")) }
        #expect(throws: IntakeFailure("look at", folder.path, .notRegular)) { try spool.deposit(folder.path) }
        #expect(throws: IntakeFailure("copy", source, .tooLarge(limit: 4))) { try spool.deposit(source, limitBytes: 4) }
        #expect(throws: IntakeFailure("open", folder.sub("none"), .system(ENOENT))) { try spool.deposit(folder.sub("none")) }
    }

    @Test func `what is damaged is found`() throws {
        let spool = try Spool(root: folder.sub("spool"))
        let deposit = try spool.deposit(folder.write("a", "abc"))
        guard let stream = fopen(deposit.path, "w") else { Issue.record("cannot damage"); return }
        fputs("abd", stream)
        fclose(stream)
        #expect(try !spool.isSound(deposit.digest))
    }

    @Test func `leftovers of an interrupted run are removed`() throws {
        let spool = try Spool(root: folder.sub("spool"))
        // Of a process that cannot be, of this one before it began to copy, and of one that lives.
        for name in ["999999999-1-1", "\(getpid())-1-1", "1-1-1"] { folder.write("spool/tmp/\(name)", "half") }
        try spool.removeLeftovers()
        #expect(names(in: folder.sub("spool/tmp")) == ["1-1-1"])
    }

    @Test func `a full disk is an error that says so and leaves nothing behind`() throws {
        let mount = folder.sub("tiny")
        mkdir(mount, 0o700)
        guard Glibc.mount("tmpfs", mount, "tmpfs", 0, "size=256k") == 0 else {
            print("skipped: no right to mount a small file system")
            return
        }
        defer { umount(mount) }
        let spool = try Spool(root: mount + "/spool")
        let source = folder.write("big", String(repeating: "x", count: 1 << 20))
        do {
            _ = try spool.deposit(source)
            Issue.record("a file of 1 MiB fitted into 256 KiB")
        } catch {
            #expect(error.cause == .system(ENOSPC))
            #expect(error.isRetriable)
            #expect(error.description.contains("No space left on device (free some space"))
        }
        #expect(names(in: mount + "/spool/tmp") == [])
        #expect(try spool.deposit(folder.write("small", "abc")).isNew)
    }
}

/// Appends to a file from a thread of its own until it is stopped.
final class Writer: @unchecked Sendable {
    // Only the thread writes to `stream` until `stop` has waited for it; the flag is atomic.
    private let stream: UnsafeMutablePointer<FILE>
    private var thread = pthread_t()
    private let isStopped = Atomic<Bool>(false)

    init(_ path: String) throws {
        guard let stream = fopen(path, "a") else { throw IntakeFailure("open", path, .system(errno)) }
        setvbuf(stream, nil, _IONBF, 0)
        self.stream = stream
        pthread_create(&thread, nil, { raw in
            guard let raw else { return nil }
            let writer = Unmanaged<Writer>.fromOpaque(raw).takeUnretainedValue()
            while !writer.isStopped.load(ordering: .relaxed) { fputs("y", writer.stream) }
            return nil
        }, Unmanaged.passUnretained(self).toOpaque())
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        pthread_join(thread, nil)
        fclose(stream)
    }
}
