import CLinux
import Glibc
import Synchronization

/// Says which folders to look at: because something happened in them (inotify), or because it is time again.
///
/// It gives hints only, and loses none for good: an overflow of events and each end of the period name every folder.
/// inotify sees nothing that other machines do to a network file system (inotify(7)), so there the period is what counts.
package final class FolderWatch: Sendable {
    /// How one folder is watched.
    package struct Status: Hashable, Sendable {
        package var folder: String
        /// inotify watches it; else it is not there, or could not be watched, and only the period looks at it.
        package var isWatched: Bool
        package var mode: Mode
    }

    /// What was found of a folder's events, anew at each start and every hour.
    package enum Mode: Hashable, Sendable {
        /// A file that was made there was told of after so many microseconds.
        case events(microseconds: Int)
        /// Only the period looks at it, and why.
        case polling(String)
        /// Events may come, and why that is not known.
        case unproved(String)
    }

    private let loop: WatchLoop

    /// - Parameters:
    ///   - folders: feed folders; one that is not there yet is watched as soon as it is.
    ///   - depths: how deep the folders below some of them are watched too; what happens there names the feed folder.
    ///   - rescanMilliseconds: every folder is named at least this often.
    ///   - proofMilliseconds: how often it is found out anew whether events come.
    package init(
        folders: [String], depths: [String: Int] = [:], rescanMilliseconds: Int, proofMilliseconds: Int = 3_600_000
    ) throws(IntakeFailure) {
        loop = try WatchLoop(folders: folders, depths: depths, rescanMilliseconds: rescanMilliseconds, proofMilliseconds: proofMilliseconds)
        try loop.start()
    }

    deinit { loop.stop() }

    /// Watches these folders from now on, and no others.
    package func watch(_ folders: [String], depths: [String: Int] = [:]) { loop.watch(folders, depths: depths) }

    /// Waits until there are folders to look at and gives them by name, each once however much happened in it; nil
    /// after ``stop()`` or when the task is cancelled. For one consumer.
    package func next() async -> [String]? { await loop.next() }

    package var status: [Status] { loop.status }

    /// How often so much happened that events were dropped, and every folder was looked at.
    package var overflows: Int { loop.overflows }

    package func stop() { loop.stop() }
}

/// The thread behind a ``FolderWatch`` and what it shares with the rest.
final class WatchLoop: Sendable {
    /// A folder that inotify watches: a feed folder, one above it, or one below it.
    private struct Watch: Equatable {
        var path: String
        /// The feed folder that it lies in or is, where folders below that are watched.
        var owner: String?
    }

    private struct State {
        var folders: Set<String>
        var depths: [String: Int]
        var watches: [Int32: Watch] = [:]
        var descriptors: [String: Int32] = [:]
        var pending: Set<String> = []
        var waiter: CheckedContinuation<Void, Never>?
        var isStopped = false
        var proofs = WatchProofs()
        var overflows = 0
    }

    private let state: Mutex<State>
    private let refreshing = Mutex(())
    private let inotify: Int32
    private let wake: Int32
    private let rescanMilliseconds: Int
    private let proofMilliseconds: Int

    private static let mask = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_MODIFY | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF)

    init(folders: [String], depths: [String: Int], rescanMilliseconds: Int, proofMilliseconds: Int) throws(IntakeFailure) {
        let inotify = crossdock_inotify_init()
        guard inotify >= 0 else { throw IntakeFailure("watch", folders.first ?? "", .system(-inotify)) }
        let wake = crossdock_eventfd()
        guard wake >= 0 else {
            close(inotify)
            throw IntakeFailure("watch", folders.first ?? "", .system(-wake))
        }
        self.inotify = inotify
        self.wake = wake
        self.rescanMilliseconds = max(1, rescanMilliseconds)
        self.proofMilliseconds = max(1, proofMilliseconds)
        state = Mutex(State(folders: Set(folders), depths: depths, pending: Set(folders)))
    }

    deinit {
        close(inotify)
        close(wake)
    }

    /// Starts the thread. It holds this object until it ends.
    func start() throws(IntakeFailure) {
        refresh()
        var thread = pthread_t()
        let held = Unmanaged.passRetained(self)
        let result = pthread_create(&thread, nil, { raw in
            guard let raw else { return nil }
            Unmanaged<WatchLoop>.fromOpaque(raw).takeRetainedValue().run()
            return nil
        }, held.toOpaque())
        guard result == 0 else {
            held.release()
            throw IntakeFailure("start thread for", "folder watch", .system(result))
        }
        pthread_detach(thread)
    }

    func stop() {
        let waiter = state.withLock { state in
            state.isStopped = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
        _ = crossdock_eventfd_signal(wake)
    }

    func watch(_ folders: [String], depths: [String: Int]) {
        let fresh = state.withLock { state in
            let fresh = Set(folders).subtracting(state.folders)
            (state.folders, state.depths) = (Set(folders), depths)
            state.pending.formIntersection(folders)
            return fresh
        }
        // Watched first and named then, so that nothing falls between the look at a folder and its first event.
        refresh()
        fresh.forEach(prove)
        announce(fresh)
    }

    var status: [FolderWatch.Status] {
        state.withLock { state in
            state.folders.sorted().map {
                FolderWatch.Status(folder: $0, isWatched: state.descriptors[$0] != nil, mode: state.proofs.mode(of: $0))
            }
        }
    }

    var overflows: Int { state.withLock { $0.overflows } }

    func next() async -> [String]? {
        while true {
            let ready: [String]?? = state.withLock { state in
                if state.isStopped || Task.isCancelled { return .some(nil) }
                guard !state.pending.isEmpty else { return .none }
                defer { state.pending = [] }
                return .some(state.pending.sorted())
            }
            if let ready { return ready }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state in
                        if state.isStopped || Task.isCancelled || !state.pending.isEmpty { return true }
                        precondition(state.waiter == nil, "one consumer waits for folders at a time")
                        state.waiter = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                wakeWaiter()
            }
        }
    }

    private func wakeWaiter() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    private func announce(_ folders: some Sequence<String>) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.pending.formUnion(state.folders.intersection(folders))
            guard !state.pending.isEmpty else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    private func announceAll() { announce(state.withLock { $0.folders }) }

    // MARK: The thread

    private func run() {
        var due = Spool.monotonicNanoseconds() + rescanMilliseconds * 1_000_000
        var proofDue = Spool.monotonicNanoseconds()
        while !state.withLock({ $0.isStopped }) {
            var polled = [
                pollfd(fd: inotify, events: Int16(POLLIN), revents: 0), pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
            ]
            let next = min(due, proofDue, state.withLock { $0.proofs.nextExpiry } ?? .max)
            let left = max(0, next - Spool.monotonicNanoseconds() + 999_999) / 1_000_000
            _ = poll(&polled, 2, Int32(clamping: left))
            if polled[1].revents != 0 { _ = crossdock_counter_drain(wake) }
            if polled[0].revents != 0 { readEvents() }
            if Spool.monotonicNanoseconds() >= due {
                due = Spool.monotonicNanoseconds() + rescanMilliseconds * 1_000_000
                refresh()
                announceAll()
            }
            state.withLock { $0.proofs.expire(at: Spool.monotonicNanoseconds()) }
            if Spool.monotonicNanoseconds() >= proofDue {
                proofDue = Spool.monotonicNanoseconds() + proofMilliseconds * 1_000_000
                for folder in state.withLock({ $0.folders }) { prove(folder) }
            }
        }
    }

    /// Finds out whether events of a folder come.
    private func prove(_ folder: String) {
        let system = crossdock_file_system(folder)
        if system > 0, let remote = crossdock_remote_file_system(system) {
            let kind = String(cString: remote)
            return state.withLock { $0.proofs.settle(folder, .polling("\(kind): what other machines do there gives no event here")) }
        }
        guard state.withLock({ $0.descriptors[folder] != nil }) else {
            return state.withLock { $0.proofs.settle(folder, .polling("it cannot be watched; is it there?")) }
        }
        state.withLock { $0.proofs.begin(folder, at: Spool.monotonicNanoseconds()) }
        let path = "\(folder)/\(WatchProofs.cookie)"
        let made = crossdock_open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard made >= 0 else {
            let cause = String(cString: strerror(-made))
            return state.withLock { $0.proofs.settle(folder, .unproved("no file can be made there: \(cause)")) }
        }
        close(made)
        _ = crossdock_unlink(path)
    }

    /// Watches what is there and is not watched yet: the folders, those above them, so that a new one is noticed, and those below them.
    private func refresh() { refreshing.withLock { _ in lookAround() } }

    private func lookAround() {
        let (folders, depths, known) = state.withLock { ($0.folders, $0.depths, $0.descriptors) }
        state.withLock { $0.proofs.keep(folders) }
        // A folder that is watched gives the same number again; one that was replaced gives a new one, and one that was renamed keeps its own.
        var watches: [Int32: Watch] = [:]
        for folder in folders {
            watch(Watch(path: Folder.parent(of: folder), owner: nil), depth: 0, &watches)
        }
        for folder in folders {
            let depth = depths[folder] ?? 0
            watch(Watch(path: folder, owner: depth > 0 ? folder : nil), depth: depth, &watches)
        }
        state.withLock { state in
            state.watches = watches
            state.descriptors = Dictionary(watches.map { ($0.value.path, $0.key) }, uniquingKeysWith: max)
        }
        for descriptor in Set(known.values).subtracting(watches.keys) { _ = crossdock_inotify_remove(inotify, descriptor) }
    }

    /// Watches a folder, and then, so that nothing falls between, looks for those below it.
    private func watch(_ watch: Watch, depth: Int, _ watches: inout [Int32: Watch]) {
        let descriptor = crossdock_inotify_add(inotify, watch.path, Self.mask)
        guard descriptor >= 0, watches.count <= FolderListing.foldersMax else { return }
        // One that lies above another one's folders may be a feed folder itself.
        watches[descriptor] = watch
        guard depth > 0 else { return }
        for name in Folder.folders(in: watch.path) { self.watch(Watch(path: "\(watch.path)/\(name)", owner: watch.owner), depth: depth - 1, &watches) }
    }

    private func forget(_ descriptor: Int32) {
        state.withLock { state in
            guard let watch = state.watches.removeValue(forKey: descriptor) else { return }
            if state.descriptors[watch.path] == descriptor { state.descriptors[watch.path] = nil }
        }
    }

    /// Reads events (inotify(7): wd, mask, cookie, length, name) and announces the folders that they are about.
    private func readEvents() {
        var touched: Set<String> = []
        var needsRefresh = false
        withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 8) { buffer in
            while true {
                let count = read(inotify, buffer.baseAddress, buffer.count)
                guard count > 0 else { return }
                var at = 0
                while at + 16 <= count {
                    let descriptor = buffer.loadUnaligned(fromByteOffset: at, as: Int32.self)
                    let mask = buffer.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)
                    let length = Int(buffer.loadUnaligned(fromByteOffset: at + 12, as: UInt32.self))
                    let name = String(decoding: buffer[(at + 16)..<(at + 16 + length)].prefix { $0 != 0 }, as: UTF8.self)
                    at += 16 + length
                    if mask & UInt32(IN_Q_OVERFLOW) != 0 {
                        touched.formUnion(state.withLock { state in
                            state.overflows += 1
                            return state.folders
                        })
                    } else if mask & UInt32(IN_IGNORED) != 0 {
                        forget(descriptor)
                    } else if let watch = state.withLock({ $0.watches[descriptor] }) {
                        let child = watch.path + "/" + name
                        if state.withLock({ $0.folders.contains(child) }) {
                            // A folder of ours came or went.
                            needsRefresh = true
                            touched.insert(child)
                        } else if name == WatchProofs.cookie {
                            state.withLock { $0.proofs.saw(watch.path, at: Spool.monotonicNanoseconds()) }
                        } else if name.isEmpty || Sighting.isCandidate(name) {
                            touched.insert(watch.owner ?? watch.path)
                            // A folder below came, went or was renamed.
                            if watch.owner != nil, mask & UInt32(IN_ISDIR) != 0 { needsRefresh = true }
                        }
                    }
                }
            }
        }
        if needsRefresh { refresh() }
        if !touched.isEmpty { announce(touched) }
    }
}
