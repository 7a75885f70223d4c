import ArgumentParser
import ChangeControl
import Pipeline
import Values

extension ChangeCommand {
    struct Upgrade: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell what this program does to what is live: who moves, and what goes out. Nothing is kept.",
            discussion: """
                Where the live state names another version of the program, or other rules of time zones, than there are here. The daemon goes on \
                with what is live when it starts, and logs the same report.
                """)

        @OptionGroup var options: SiteOptions

        func run() async throws {
            guard let upgrade = try ChangeDesk(site: options.site()).upgradeReport(at: SystemClock.now()) else {
                return Console.answer(options.format, text: "what is live is of this program, and of these rules of zones", json: .null)
            }
            let title = "From \(upgrade.from.text(beside: upgrade.to)) to \(upgrade.to.text(beside: upgrade.from))"
            Console.answer(options.format, text: upgrade.report.page(title: title).markdown, json: upgrade.report.value)
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the files of a state that is or was live into a folder, to look at or to copy from.",
            discussion: "Nothing of the site is changed. An activation and a rollback leave the folders of the site as they are; this is how their files come back.")

        @OptionGroup var options: SiteOptions
        @Argument(help: "The state: its id, or the first 8 or more digits of it; the live one where it is left out.") var state: String?
        @Option(help: "Folder that is made for them.") var to: String

        func run() async throws {
            let desk = ChangeDesk(site: try options.site()), folder = CommandFiles.absolute(to)
            let exported = try desk.export(state, to: folder)
            Console.answer(
                options.format, text: "\(exported.files) files of state \(exported.state) in \(folder)",
                json: .context(ContextValue([("state", .string(exported.state.description)), ("files", .integer(exported.files)), ("folder", .string(folder))])))
        }
    }
}
