import ArgumentParser
import Pipeline

struct FeedsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feeds", abstract: "Tell what feeds can carry, as measured, and whether schemes are asked as often as that is worth.",
        discussion: "How often files come, and how long they take from the first sight to the last commit: the latest 500 of each feed.")

    @OptionGroup var site: SiteOptions

    func run() async throws {
        let rhythm = try FeedRhythm(site.site())
        Console.answer(site.format, text: rhythm.text, json: rhythm.value)
    }
}
