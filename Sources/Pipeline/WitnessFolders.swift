import ActionFiles
package import ChangeControl
import Glibc
import Outbox
import Store
package import Values

/// The folders of a site's witnesses, with checkpoints as files named by their size: `NAME-000000001234.checkpoint`. A file that is there is
/// never replaced.
package struct WitnessFolders: Sendable {
    private let site: Site
    /// As configured, and absolute.
    private let folders: [(name: String, path: String)]

    private static let ending = ".checkpoint"
    /// The greatest checkpoints of a folder that are checked against the log.
    package static let checkedMax = 1_000

    package init(_ site: Site) {
        self.site = site
        folders = site.configuration.witnesses.compactMap { witness in
            if case .folder(let name) = witness { (name, site.path(name)) } else { nil }
        }
    }

    /// Hands the last checkpoint to each folder that does not have it. What does not succeed is kept for `status`, and tried again with
    /// the next call.
    ///
    /// - Returns: folders with what went wrong with them, of those where it was not so before.
    package func hand(now: Instant) throws -> [(folder: String, failure: String)] {
        guard !folders.isEmpty, let stored = try site.store.latestCheckpoint() else { return [] }
        let signed: SignedCheckpoint
        do throws(SignedNote.Unreadable) { signed = try SignedCheckpoint(Array(stored.note.utf8)) } catch {
            throw PipelineFailure(subject: "the store's last checkpoint", cause: error.fact, hint: "`crossdock audit verify` says more")
        }
        let known = Dictionary(uniqueKeysWithValues: try site.store.witnesses().map { ($0.name, $0) })
        var told: [(folder: String, failure: String)] = []
        for (name, path) in folders {
            let before = known[name]
            if before?.size == stored.size, before?.failure == nil { continue }
            let failure = put(signed, into: path, now: now)
            try site.store.driver.write {
                try Store.write(WitnessStanding(name: name, size: failure == nil ? stored.size : before?.size ?? 0, at: now, failure: failure), in: $0)
            }
            if let failure, before?.failure != failure { told.append((name, failure)) }
        }
        return told
    }

    /// Puts one checkpoint into a folder; gives why it is not there.
    private func put(_ signed: SignedCheckpoint, into path: String, now: Instant) -> String? {
        let stem = Self.stem(signed.checkpoint.origin), size = signed.checkpoint.size
        do {
            if let greatest = try Self.sizes(in: path, stem).last, greatest > size {
                return "it has a checkpoint of \(greatest) entries, and the log here has one of \(size): this may be an old copy of the store"
            }
        } catch {
            return error.cause
        }
        let effect = Effect(
            id: "checkpoint-\(size)", kind: .actionFile, target: path, fileName: Self.name(stem, size), payload: Array(signed.text.utf8), createdAt: now,
            deadline: now.adding(Effect.standardLifetime))
        do throws(ActionFileFailure) {
            _ = try ActionFileWriter(mode: 0o644).write(effect, into: path)
            return nil
        } catch {
            return error.kind == .taken ? "it has another checkpoint of \(size) entries: there are two logs of this name" : error.fact
        }
    }

    /// The checkpoints in all folders, the greatest of each, and what could not be read.
    package func checkpoints() -> (checkpoints: [WitnessedCheckpoint], defects: [String]) {
        var found: [WitnessedCheckpoint] = [], defects: [String] = []
        for (name, path) in folders {
            do {
                let stem = Self.stem(try site.logOrigin() ?? ""), sizes = try Self.sizes(in: path, stem)
                for size in sizes.suffix(Self.checkedMax) {
                    found.append(try Self.read("\(path)/\(Self.name(stem, size))", source: "\(name), \(Self.name(stem, size))"))
                }
                // Whoever gives the log another name must not escape those who knew it by the former one.
                if sizes.isEmpty, try !Self.names(in: path).isEmpty { defects.append("the witness \(name) has checkpoints, and none of this log") }
            } catch let failure as PipelineFailure {
                defects.append("the witness \(name) cannot be read: \(failure.cause)")
            } catch {
                defects.append("the witness \(name) cannot be read: \(error)")
            }
        }
        return (found, defects)
    }

    /// Reads a checkpoint from a file.
    package static func read(_ path: String, source: String) throws(PipelineFailure) -> WitnessedCheckpoint {
        let bytes = try FileBytes.read(path, limit: SignedNote.bytesMax)
        do throws(SignedNote.Unreadable) {
            return WitnessedCheckpoint(source: source, signed: try SignedCheckpoint(bytes))
        } catch {
            throw PipelineFailure(subject: path, cause: "it is no checkpoint: \(error.fact)", hint: "give the file as it was written")
        }
    }

    // MARK: Names

    static func name(_ stem: String, _ size: Int) -> String {
        let digits = String(size)
        return "\(stem)-\(String(repeating: "0", count: max(0, 12 - digits.count)))\(digits)\(ending)"
    }

    /// The origin as the beginning of a file's name.
    static func stem(_ origin: String) -> String {
        func isPlain(_ character: Character) -> Bool { character.isASCII && (character.isLetter || character.isNumber || character == "." || character == "-") }
        let stem = String(origin.map { isPlain($0) ? $0 : "_" }.prefix(80))
        return stem.hasPrefix(".") ? "_" + stem : stem
    }

    /// The sizes of a log's checkpoints in a folder, in order.
    private static func sizes(in folder: String, _ stem: String) throws(PipelineFailure) -> [Int] {
        try names(in: folder).compactMap { file in
            guard file.hasPrefix(stem + "-"), let size = Int(file.dropFirst(stem.utf8.count + 1).dropLast(ending.utf8.count)), name(stem, size) == file else { return nil }
            return size
        }.sorted()
    }

    /// The names of all checkpoints in a folder.
    private static func names(in folder: String) throws(PipelineFailure) -> [String] {
        guard let stream = opendir(folder) else { throw PipelineFailure(errno: errno, subject: folder, hint: "is the share mounted?") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let file = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if file.hasSuffix(ending), !file.hasPrefix(".") { names.append(file) }
        }
        return names
    }
}
