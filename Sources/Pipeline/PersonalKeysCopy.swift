import FoundationEssentials
import Glibc
import Intake
import Store

/// The copy of the file of keys of personal fields: one, in a folder apart from the backups, and always the latest, so that keys that were destroyed since the copy
/// before are in none.
enum PersonalKeysCopy {
    private static let bytesMax = 1 << 30

    /// Puts a copy in place of the former one, which is written over with zeros; nil where the site has no keys.
    static func write(_ site: Site, to folder: String, apartFrom repository: String) throws -> String? {
        let source = site.store.driver.keyPath, name = "\(site.configuration.name).keys"
        guard FileManager.default.fileExists(atPath: source) else { return nil }
        guard !name.contains(where: { $0 == "/" || $0.isNewline }), !name.hasPrefix("."), name.utf8.count < 200 else {
            throw PipelineFailure(subject: "crossdock.yaml", cause: "the name of the site cannot be that of a file", hint: "give it a plain name")
        }
        let mine = SiteCopy.normal(folder), theirs = SiteCopy.normal(repository)
        guard mine != theirs, !mine.hasPrefix(theirs + "/") else {
            throw PipelineFailure(subject: folder, cause: "it is where the backups are", hint: "keep the keys apart from what they open")
        }
        try Site.makeFolder(folder)
        guard chmod(folder, 0o700) == 0 || errno == EPERM else { throw PipelineFailure(errno: errno, subject: folder, hint: "name a folder of your own") }
        let path = "\(folder)/\(name)", bytes = try FileBytes.read(source, limit: bytesMax)
        var file = try NewFile(in: folder, isSecret: true)
        let failure = bytes.withUnsafeBytes { bytes -> IntakeFailure? in
            do throws(IntakeFailure) {
                try file.write(bytes)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        let new = ".\(name).new"
        try? FileManager.default.removeItem(atPath: "\(folder)/\(new)")
        guard try file.keep(as: new) else { throw PipelineFailure(subject: path, cause: "another backup writes it", hint: "run it again", isRetriable: true) }
        try ShreddedOriginals.replace(path, with: "\(folder)/\(new)")
        return path
    }
}
