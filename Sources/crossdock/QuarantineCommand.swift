import ArgumentParser
import Diagnostics
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
            let store = try site.site().store, files = try store.files(.quarantined).map { (file: $0, corrections: try Correction.of($0, in: store)) }
            let lines = files.map { file, corrections in
                "\(file.id) \(file.told) \(file.claimedAt) \(LineText.name(file.archivedAs ?? "")): \((file.reason ?? "").prefix { !$0.isNewline })"
                    + ((corrections.last { $0.status == .archived } ?? corrections.last).map { "; given in again as file \($0.id), \($0.status.rawValue)" } ?? "")
            }
            Console.answer(
                site.format, text: lines.joined(separator: "\n"),
                json: .list(files.map { file, corrections in
                    .context(ContextValue([
                        ("id", .integer(Int(file.id))), ("feed", .string(file.feed)), ("name", .string(file.name)),
                        ("now", file.archivedAs.map(Value.string) ?? .null), ("reason", file.reason.map(Value.string) ?? .null),
                        ("corrections", .list(corrections.map { .context(ContextValue([("id", .integer(Int($0.id))), ("name", .string($0.name)), ("status", .string($0.status.rawValue))])) })),
                    ]))
                }))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the report of a file in quarantine.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The file's number.") var id: Int64

        func run() async throws {
            let site = try site.site(), file = try QuarantineCommand.file(id, site)
            let again = try Correction.of(file, in: site.store).map { "given in again as \($0.told) (file \($0.id)): \($0.status.rawValue)" }
            let text = ([file.reason ?? ""] + again).joined(separator: "\n")
            Console.answer(self.site.format, text: text, json: .string(text))
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
            let dropped = "\(feed.folder)/\(try Correction.drop(source, for: file, of: feed, site))"
            Console.answer(self.site.format, text: "dropped as \(LineText.name(dropped))", json: .string(dropped))
        }
    }

    fileprivate static func file(_ id: Int64, _ site: Site) throws -> LedgerFile {
        guard let file = try site.store.file(id), file.status == .quarantined else {
            throw PipelineFailure(subject: "file \(id)", cause: "it is not in quarantine", hint: "`crossdock quarantine list` lists those that are")
        }
        return file
    }
}
