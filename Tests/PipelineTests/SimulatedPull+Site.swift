import ChangeControl
import Foundation
import Glibc
import Pipeline
import Store

/// The drop folder, which is a real one, what is left of it and of the store when the daemon is killed and the power goes, and the intake that empties it.
extension SimulatedPull {
    var folder: String { "\(root)/in" }
    private var hidden: String { "\(folder)/.pulling" }
    private var kept: String { "\(root)/kept" }

    func prepareFolders() throws {
        for path in [folder, kept] {
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
    }

    private func names(_ path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private func bytes(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? [] }
    private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
    /// What is said of bytes.
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes.prefix(12), as: UTF8.self) + " (\(bytes.count) bytes)" }

    /// Whether some bytes lie here under a name that the disk knows.
    func isHere(_ wanted: [UInt8]) -> Bool {
        names(folder).contains { name in !unsynced.contains { $0.place == name } && bytes("\(folder)/\(name)") == wanted }
    }

    /// Takes files out of the drop folder, as the house does: what it took is in the ledger first.
    func intake(all: Bool) {
        for name in names(folder) where all || chance(1, in: 2) {
            let path = "\(folder)/\(name)", found = bytes(path)
            tell("intake \(name)")
            guard let number = whole[found] else { return fault("\(name) is not what a writer left: \(text(found))") }
            versions[number].taken += 1
            counts.taken += 1
            let version = versions[number]
            if version.taken > 1 { fault("\(text(found)) is taken \(version.taken) times") }
            if name != version.name, !name.hasPrefix(version.name.dropLast(".edi".count) + "~") { fault("\(version.name) is taken as \(name)") }
            do { try driver.enter(name, digest: ContentDigest(of: found).hex, size: found.count, at: now) } catch { fault("the ledger: \(error)") }
            unlink(path)
            // The ledger's commit and the folder's sync are for all that was before.
            (unsettled, unsynced) = ([], [])
        }
    }

    // MARK: - The end of a process

    /// Notes how everything lies, as what the process does while it unwinds is not to count.
    func keepAsItLies() {
        asItLay = (names(folder) + names(hidden).map { ".pulling/\($0)" }).enumerated().map { ($0.element, "\(kept)/\($0.offset)") }
        for file in asItLay where link("\(folder)/\(file.name)", file.copy) != 0 { fault("\(file.name) cannot be kept: \(errno)") }
    }

    /// Puts everything back to where it lay when the daemon was killed; with the power goes what the disk did not know.
    func bury() throws {
        let were = Set(asItLay.map(\.name))
        for name in names(folder) + names(hidden).map({ ".pulling/\($0)" }) where !were.contains(name) { unlink("\(folder)/\(name)") }
        for file in asItLay {
            if exists("\(folder)/\(file.name)") { unlink(file.copy) } else if Glibc.rename(file.copy, "\(folder)/\(file.name)") != 0 { fault("\(file.name) cannot be put back: \(errno)") }
        }
        asItLay = []
        (isDead, state) = (false, nil)
        if troubles.losesPower, chance(1, in: 2) { try losePower() }
    }

    private func losePower() throws {
        tell("power")
        counts.powerLosses += 1
        // All commits up to one of them are there.
        let left = pick(0...unsettled.count)
        if left < unsettled.count { try driver.restore(unsettled[left]) }
        unsettled = []
        let rows = try driver.open(way.from)
        for file in unsynced where chance(1, in: 2) {
            guard let row = rows.first(where: { $0.name == file.name && $0.status == .staged }), !exists("\(hidden)/\(row.staged)") else { continue }
            if Glibc.rename("\(folder)/\(file.place)", "\(hidden)/\(row.staged)") != 0 { fault("\(file.place) cannot be lost: \(errno)") }
        }
        unsynced = []
    }

    // MARK: - The end of a life

    /// Whether writers have written all of it, and nothing of that is left to be pulled.
    func isAllDone() throws -> Bool {
        let isUnderWay = events.contains { event in
            switch event.event {
            case .write, .mark: true
            default: false
            }
        }
        let lies = files.keys.contains { path in [way.from, way.claims].contains { $0.map { path.hasPrefix($0 + "/") } ?? false } }
        return try !isUnderWay && !lies && names(folder).isEmpty && driver.open(way.from).isEmpty
    }

    func checkEnd() throws {
        guard faults.isEmpty else { return }
        if try !isAllDone() {
            fault("not done after a long calm: \(files.keys.sorted().joined(separator: ", ")) lie there, open are \(try driver.open(way.from).map { "\($0.place) \($0.status) \($0.reason ?? "")" })")
        }
        if !names(hidden).isEmpty { fault("\(names(hidden)) are left in \(hidden)") }
        for version in versions where version.isLeft && version.taken != 1 { fault("\(version.name), \(text(version.bytes)), is taken \(version.taken) times") }
        for file in older where files[file.path]?.bytes != file.bytes { fault("\(file.path) lay there and is another") }
        guard let moved = way.moved else { return }
        for (path, node) in files where path.hasPrefix(moved + "/") && !older.contains(where: { $0.path == path }) {
            guard let version = whole[node.bytes], versions[version].taken == 1 else { fault("\(path) was moved, and \(text(node.bytes)) is not here"); continue }
        }
    }
}
