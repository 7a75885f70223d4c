import CLinux
import Glibc
import Synchronization

/// One server of files, over SFTP or FTPS: lists, looks, downloads, uploads, renames and removes, one thing after the other, each until it is done. For a thread
/// that may wait, and for one at a time.
///
/// Paths are absolute, or begin with `~` for the folder after the login. What fails says nothing of what the server did: whoever must know looks.
package final class RemoteClient {
    package let settings: RemoteSettings
    private let handle: RemoteHandle
    private let resolver: NameResolver
    private var home: String?

    private static let lookupsMax = 4
    private static let sharedResolver = NameResolver(threadsMax: 8, lookup: NameResolver.system)

    /// - Parameters:
    ///   - stop: ends what is under way, and lets nothing begin any more.
    ///   - lookup: how host names are looked up; nil is the system's way.
    package init(_ settings: RemoteSettings, stop: RemoteStop, lookup: NameLookup? = nil) throws(TransferFailure) {
        guard settings.address.scheme != .sftp || !settings.hostKeys.isEmpty else {
            throw TransferFailure(.hostKey, "no key of \(settings.address.authority) is known", hint: "give the server's key as hostKey")
        }
        self.settings = settings
        handle = try RemoteHandle(settings, stop: stop)
        resolver = lookup.map { NameResolver(threadsMax: Self.lookupsMax, lookup: $0) } ?? Self.sharedResolver
    }

    /// What a look at a file found.
    package struct Status: Hashable, Sendable {
        /// Bytes.
        package var size: Int
        /// Seconds since 1970 of the last write; nil where the server does not tell.
        package var modified: Int64?

        package init(size: Int, modified: Int64?) {
            self.size = size
            self.modified = modified
        }
    }

    /// The regular files of a folder.
    package func list(_ folder: String) throws(TransferFailure) -> RemoteListing {
        let path = try absolute(folder) + "/", form: RemoteListing.Form = settings.address.scheme == .sftp || handle.listsFacts == false ? .unix : .facts
        var bytes: [UInt8] = []
        let most = settings.limits.listingBytesMax
        var operation = RemoteHandle.Operation(path: path.hasPrefix("//") ? "/" : path)
        operation.command = form == .facts ? "MLSD" : nil
        do throws(TransferFailure) {
            operation.sink = { block in
                guard bytes.count + block.count <= most else { return false }
                bytes.append(contentsOf: block)
                return true
            }
            try perform(operation)
        } catch {
            // 500, 502 and 504: no such command, or not with an argument as it is; 501 of servers that know it and want more.
            guard form == .facts, handle.listsFacts == nil, [500, 501, 502, 504].contains(handle.answerCode) else {
                if case .oversizedResponse = error.kind {
                    throw TransferFailure(.oversizedResponse(status: 0), "the listing of \(folder) is larger than \(most) bytes", hint: "let the partner clear the folder")
                }
                throw error
            }
            handle.listsFacts = false
            return try list(folder)
        }
        if form == .facts { handle.listsFacts = true }
        return RemoteListing.read(bytes, form, entriesMax: settings.limits.listingEntriesMax)
    }

    /// Size and time of a file; nil where nothing has that name.
    ///
    /// - Parameter known: what a listing has just told of it, which counts where it may not be looked at by itself. Its folder is listed for it otherwise.
    package func status(of path: String, known: RemoteListing.File? = nil) throws(TransferFailure) -> Status? {
        var operation = RemoteHandle.Operation(path: try absolute(path))
        operation.isLook = true
        do throws(TransferFailure) {
            try perform(operation)
        } catch where error.kind == .notFound {
            return nil
        } catch where error.kind == .denied {
            if let known { return Status(size: known.size, modified: nil) }
            return try listed(path, modified: nil, or: error)
        }
        let modified = handle.modified, size = handle.size
        // libcurl tells no size of an empty file over SFTP.
        if size < 0, settings.address.scheme == .sftp, modified != nil { return Status(size: 0, modified: modified) }
        guard size >= 0 else {
            if let known { return Status(size: known.size, modified: modified) }
            return try listed(path, modified: modified, or: TransferFailure(.denied, "the server does not tell the size of \(path)", hint: "it has to know SIZE (RFC 3659)"))
        }
        return Status(size: size, modified: modified)
    }

    /// A file that may not be looked at (libcurl opens what it looks at over SFTP), as the listing of its folder has it.
    private func listed(_ path: String, modified: Int64?, or failure: TransferFailure) throws(TransferFailure) -> Status? {
        guard let slash = path.lastIndex(of: "/") else { throw failure }
        let folder = path[..<slash], name = path[path.index(after: slash)...]
        guard let listing = try? list(folder.isEmpty ? "/" : String(folder)), !listing.isCut else { throw failure }
        return listing.files.first { $0.name == name }.map { Status(size: $0.size, modified: modified) }
    }

    /// Gives the bytes of a file to `sink`, block by block, and how many there were; false from the sink ends it as ``TransferFailure/Kind/oversizedResponse(status:)``.
    package func download(_ path: String, _ sink: (UnsafeRawBufferPointer) -> Bool) throws(TransferFailure) -> Int {
        let path = try absolute(path)
        var count = 0
        let result = withoutActuallyEscaping(sink) { sink -> Result<Void, TransferFailure> in
            let operation = RemoteHandle.Operation(path: path, sink: { block in
                count += block.count
                return sink(block)
            })
            do throws(TransferFailure) { return .success(try perform(operation)) } catch { return .failure(error) }
        }
        try result.get()
        return count
    }

    /// Writes a whole file; one that is there is overwritten.
    package func upload(_ bytes: [UInt8], to path: String) throws(TransferFailure) {
        try perform(RemoteHandle.Operation(path: try absolute(path), upload: bytes))
    }

    /// Asks the server to rename a file. Servers of FTP mostly replace what has the new name: look first.
    package func rename(_ path: String, to other: String) throws(TransferFailure) {
        let from = try absolute(path), to = try absolute(other)
        try perform(RemoteHandle.Operation(
            commands: settings.address.scheme == .sftp ? ["rename \(RemotePath.quoted(from)) \(RemotePath.quoted(to))"] : ["RNFR \(from)", "RNTO \(to)"]))
    }

    package func remove(_ path: String) throws(TransferFailure) {
        let path = try absolute(path)
        try perform(RemoteHandle.Operation(commands: [settings.address.scheme == .sftp ? "rm \(RemotePath.quoted(path))" : "DELE \(path)"]))
    }

    // MARK: paths and names

    private func absolute(_ path: String) throws(TransferFailure) -> String {
        guard path.hasPrefix("~") else { return path }
        if home == nil {
            try perform(RemoteHandle.Operation())
            home = handle.entryFolder.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        }
        guard let home else {
            throw TransferFailure(.denied, "the server does not tell which folder one is in after the login", hint: "give folders from the root")
        }
        return home + path.dropFirst()
    }

    private func perform(_ operation: RemoteHandle.Operation) throws(TransferFailure) {
        try handle.perform(operation, pinned: try pin())
    }

    private var found: (answer: NameAnswer, at: ContinuousClock.Instant)?

    /// The addresses of the host that may be reached, looked up at most once a minute.
    private func pin() throws(TransferFailure) -> String? {
        let address = settings.address
        guard NetworkAddress(address.host) == nil else { return nil }
        if let found, found.at.duration(to: .now) < .seconds(60) {
            return try settings.addresses.pin(address.host, port: "\(address.port)", to: found.answer)
        }
        found = nil
        let milliseconds = min(5_000, settings.limits.answerMilliseconds)
        guard let answer = resolver.resolve(address.host, within: milliseconds) else {
            throw TransferFailure(
                .dns, "the name \(address.host) was not looked up within \(milliseconds) ms", hint: "check the name servers of this machine")
        }
        if case .addresses = answer { found = (answer, .now) }
        return try settings.addresses.pin(address.host, port: "\(address.port)", to: answer)
    }
}

extension NameResolver {
    /// Looks a name up and waits for that, on a thread that may wait; nil after the time.
    func resolve(_ name: String, within milliseconds: Int) -> NameAnswer? {
        let waiting = WaitingLookup()
        resolve(name) { waiting.give($0) }
        return waiting.take(within: milliseconds)
    }
}

/// Who waits for one name. The eventfd lives until both sides have let go.
private final class WaitingLookup: Sendable {
    private let bell = crossdock_eventfd()
    private let answer = Mutex<NameAnswer?>(nil)

    deinit { if bell >= 0 { close(bell) } }

    func give(_ answer: NameAnswer) {
        self.answer.withLock { $0 = answer }
        crossdock_eventfd_signal(bell)
    }

    func take(within milliseconds: Int) -> NameAnswer? {
        guard bell >= 0 else { return .failure("no eventfd") }
        var watched = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while ContinuousClock.now < end {
            let left = ContinuousClock.now.duration(to: end)
            let wait = left.components.seconds * 1_000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
            if poll(&watched, 1, Int32(clamping: wait)) > 0 { break }
        }
        return answer.withLock { $0 }
    }
}
