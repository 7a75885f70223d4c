import ArgumentParser
import Glibc
import Mapping
import Pipeline
import Store
import Values

struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "Look at files that were set aside, and drop one again.",
        subcommands: [List.self, Show.self, Resubmit.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the files in quarantine.")

        @OptionGroup var site: SiteOptions

        func run() async throws {
            let files = try site.site().store.files(.quarantined)
            let lines = files.map { "\($0.id) \($0.feed)/\($0.name) \($0.claimedAt) \($0.archivedAs ?? ""): \(($0.reason ?? "").prefix { $0 != "\n" })" }
            Console.answer(
                site.format, text: lines.joined(separator: "\n"),
                json: .list(files.map { file in
                    .context(ContextValue([
                        ("id", .integer(Int(file.id))), ("feed", .string(file.feed)), ("name", .string(file.name)),
                        ("now", file.archivedAs.map(Value.string) ?? .null), ("reason", file.reason.map(Value.string) ?? .null),
                    ]))
                }))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the report of a file in quarantine.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The file's number.") var id: Int64

        func run() async throws {
            let file = try QuarantineCommand.file(id, site.site())
            Console.answer(site.format, text: file.reason ?? "", json: .string(file.reason ?? ""))
        }
    }

    struct Resubmit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Drop a file from quarantine again, as it is or corrected.",
            discussion: "The file in quarantine stays where it is. What is dropped is named after it, so that the two can be told to belong together.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The file's number.") var id: Int64
        @Option(name: .long, help: "The corrected file; without it the bytes in quarantine are dropped again.") var corrected: String?

        func run() async throws {
            let site = try site.site()
            let file = try QuarantineCommand.file(id, site)
            guard let feed = try site.liveState().bundle.library.feed(file.feed) else {
                throw PipelineFailure(subject: file.feed, cause: "there is no such feed any more")
            }
            let source = corrected ?? site.path(file.archivedAs ?? "")
            let slash = file.name.lastIndex(of: "/").map { file.name.index(after: $0) } ?? file.name.startIndex
            let own = file.name[slash...], dot = own.lastIndex(of: ".") ?? own.endIndex
            let below = file.name[..<slash], name = "\(own[..<dot])~\(file.id)\(own[dot...])"
            let folder = "\(site.dropFolder(of: feed))/\(below)"
            try Site.makeFolder(folder.hasSuffix("/") ? String(folder.dropLast()) : folder)
            let bytes = try FileBytes.read(source, limit: 1 << 30)
            try FileBytes.write(bytes, to: "\(folder).\(name)", renamedTo: "\(folder)\(name)")
            let dropped = "\(feed.folder)/\(below)\(name)"
            Console.answer(self.site.format, text: "dropped as \(dropped)", json: .string(dropped))
        }
    }

    fileprivate static func file(_ id: Int64, _ site: Site) throws -> LedgerFile {
        guard let file = try site.store.file(id), file.status == .quarantined else {
            throw PipelineFailure(subject: "file \(id)", cause: "it is not in quarantine", hint: "`crossdock quarantine list` lists those that are")
        }
        return file
    }
}
