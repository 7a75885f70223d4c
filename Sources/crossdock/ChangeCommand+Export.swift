import ArgumentParser
import ChangeControl
import Pipeline
import Values

extension ChangeCommand {
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
