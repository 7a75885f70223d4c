import ArgumentParser
import Diagnostics
import Outbox
import Pipeline
import Store
import Values

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Say why a file is waiting, or where it went.",
        discussion: "The file is a name, or a path in a drop folder. Exit status 1 where nothing is known of it.")

    @OptionGroup var site: SiteOptions
    @Argument(help: "A file's name or path.") var file: String

    func run() async throws {
        let site = try site.site()
        let name = file.lastIndex(of: "/").map { String(file[file.index(after: $0)...]) } ?? file
        var lines = try WaitingFile.all(named: name, in: site).map { "\($0.told) is in its drop folder: \($0.reason)" }
        lines += try PullStanding.lines(named: name, in: site)
        for known in try Self.known(as: file, site) {
            lines += try Self.lines(known, site.store.load(file: known.id), place: known.place(at: site))
            if let trouble = try known.trouble(in: site.store) { lines.append("  \(trouble)") }
            if let original = try Correction.original(of: known, in: site.store) { lines.append("  given in again for \(original.told) (file \(original.id)), which is in quarantine") }
            if known.status == .quarantined { lines += try Correction.of(known, in: site.store).map { "  given in again as \($0.told) (file \($0.id)): \($0.status.rawValue)" } }
            for id in try site.store.effects(answering: known.id) {
                guard let answer = try site.store.effect(id) else { continue }
                lines.append("  answered by \(LineText.name(answer.effect.fileName ?? id)) to \(answer.effect.target): \(answer.delivery.phase.code), effect \(id)")
            }
        }
        var unreadable: [String] = []
        if lines.isEmpty { (lines, unreadable) = try WaitingFile.unwatched(named: name, in: site) }
        guard !lines.isEmpty else {
            let failing = try PullStanding.failing(in: site)
            var cause = "no drop folder holds it, and the ledger has never seen it"
            if !failing.isEmpty { cause += "; it may lie on a server that cannot be asked: " + failing.joined(separator: "; ") }
            if !unreadable.isEmpty { cause += "; it may lie where this user cannot look: " + unreadable.joined(separator: "; ") }
            throw PipelineFailure(
                subject: name, cause: cause,
                hint: "drop folders are Inbox/<feed>; links, names that are no UTF-8, and names that begin with a dot or end in ~, .tmp, .part, .filepart or .crdownload, are never taken")
        }
        lines += unreadable
        Console.answer(self.site.format, text: lines.joined(separator: "\n"), json: .list(lines.map(Value.string)))
    }

    /// Files of the ledger by a path of which a drop folder may be a part: those that its longest end names.
    private static func known(as path: String, _ site: Site) throws -> [LedgerFile] {
        var rest = Substring(path)
        while true {
            let files = try site.store.files(named: String(rest))
            guard files.isEmpty, let slash = rest.firstIndex(of: "/") else { return files }
            rest = rest[rest.index(after: slash)...]
        }
    }

    private static func lines(_ file: LedgerFile, _ load: Store.LoadSummary?, place: String?) -> [String] {
        var lines = ["\(file.told) (file \(file.id)): \(file.status.rawValue), taken \(file.claimedAt), \(file.size) bytes, sha256 \(file.digest)"]
        if let place { lines.append("  \(place)") }
        if let load { lines.append("  \(load.read) read, \(load.accepted) accepted, \(load.reported) reported, under state \(load.state.prefix(12))") }
        if let reason = file.reason { lines += reason.split(separator: "\n").map { "  \(LineText.line(String($0)))" } }
        return lines
    }
}
