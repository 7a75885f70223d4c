import ArgumentParser

struct MapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map", abstract: "Map files to records as the mappings lie on disk: draft one from a sample, try one, test all, see what is not mapped, compare with what is live.",
        discussion: "`crossdock map FILE --feed FEED` is `crossdock map run FILE --feed FEED`.",
        subcommands: [MapRunCommand.self, MapTestCommand.self, MapCoverageCommand.self, MapReplayCommand.self, MapDraftCommand.self],
        defaultSubcommand: MapRunCommand.self)
}
