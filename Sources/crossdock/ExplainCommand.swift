import ArgumentParser
import Pipeline
import Records
import Values

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why: from an effect or an entity back to rules, attributes, records and bytes.",
        discussion: "The subject is an effect's id or the beginning of one, or an entity such as order:NORDWIND/4500000042.")

    @OptionGroup var site: SiteOptions
    @Argument(help: "An effect or an entity.") var subject: String

    func run() async throws {
        let site = try site.site()
        var explanation = Explanation(site: site)
        let isFound: Bool =
            if let entity = EntityKey(subject) {
                try explanation.explainEntity(entity, state: site.liveState())
            } else {
                try explanation.explainEffect(subject)
            }
        guard isFound else {
            throw PipelineFailure(
                subject: subject, cause: "no effect begins with that, and no entity is called that",
                hint: "`crossdock outbox list` lists effects; an entity is written as kind:CLIENT/id")
        }
        Console.answer(
            self.site.format, text: explanation.text,
            json: .list(explanation.lines.map {
                .context(ContextValue([("depth", .integer($0.depth)), ("text", .string($0.text))]))
            }))
    }
}
