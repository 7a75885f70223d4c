import ArgumentParser
import Pipeline
import Records
import Values

struct AttributesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attributes", abstract: "List the attributes of the live state, or compute those of one entity.", subcommands: [List.self, Show.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print each attribute with where it comes from, its unit, window and owner, and the schemes that read it.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "Only those of this kind of entity, such as item.") var entity: String?

        func run() async throws {
            let kind = try entity.map { text in
                guard let kind = EntityKind(rawValue: text) else {
                    throw ValidationError("\(text) is no kind of entity; there are \(EntityKind.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return kind
            }
            let catalogue = AttributeCatalogue(try site.site().liveState().bundle, kind: kind)
            Console.answer(site.format, text: catalogue.entries.isEmpty ? "none" : catalogue.text, json: catalogue.value)
            if catalogue.entries.isEmpty { throw ExitCode(1) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compute the attributes of one entity, each with the records that it rests on; nothing is kept.",
            discussion: "--as-of ends the windows at another instant; the records are those of now. Attributes of the whole population take a pass over it.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The entity, such as item:NORDWIND/NW-1001.") var entity: String
        @Option(name: .long, help: "The instant to compute as of; now unless said.") var asOf: String?
        @Option(name: .long, help: "Most records that are printed of an attribute.") var records = 3

        func validate() throws {
            guard EntityKey(entity) != nil else { throw ValidationError("\(entity) is no entity; write it as kind:CLIENT/id") }
            guard records >= 0 else { throw ValidationError("--records is at least 0.") }
        }

        func run() async throws {
            guard let key = EntityKey(entity) else { return }
            let site = try site.site()
            let report = try AttributeReport(key, site: site, state: site.liveState(), asOf: CommandTime.instant(asOf), sourcesMax: records)
            guard let report else {
                Console.answer(self.site.format, text: "no record speaks of \(key.told)", json: .null)
                throw ExitCode(1)
            }
            Console.answer(self.site.format, text: report.text, json: report.value)
        }
    }
}
