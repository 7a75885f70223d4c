import ArgumentParser
import Configurations
import FoundationEssentials
import Pipeline
import Values

struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of a kind of configuration file, for editors that complete and check.",
        discussion: """
            Without a kind, the kinds that there are. --write puts one schema a place into a folder, and says how an editor is told; \
            docs/editors.md has the rest.
            """)

    @Argument(help: "A kind, which is the first key of the file: feed, mapping, scheme, ...") var kind: String?
    @Option(name: .long, help: "A folder that all schemas are written to; it is made where it is not there.") var write: String?

    func run() async throws {
        if let write { return try writeAll(to: CommandFiles.absolute(write), as: write) }
        guard let kind else {
            return print(ConfigurationKinds.all.map { "\($0.name): \($0.files)" }.joined(separator: "\n"))
        }
        guard let found = ConfigurationKinds.all.first(where: { $0.name == kind }) else {
            let known = ConfigurationKinds.all.map(\.name)
            let hint = NearestName.of(kind, in: known).map { "did you mean \($0)?" } ?? "there are \(known.joined(separator: ", "))"
            throw ValidationError("there is no kind \(kind); \(hint)")
        }
        print(JSONText.write(found.shape.jsonSchema(title: found.name)))
    }

    /// One schema for each place: an editor knows a file's place, and not what it begins with.
    private func writeAll(to folder: String, as shown: String) throws {
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw PipelineFailure(subject: folder, cause: "\(error)", hint: "name a folder that can be written")
        }
        var settings: [String] = []
        var places: [String] = []
        for kind in ConfigurationKinds.all where !places.contains(kind.files) { places.append(kind.files) }
        for files in places {
            let kinds = ConfigurationKinds.all.filter { $0.files == files }
            let shape = kinds.count == 1 ? kinds[0].shape : ConfigurationShape.either(kinds.map(\.shape))
            let name = files.split(separator: "/")[0].split(separator: ".")[0].lowercased()
            try CommandFiles.write(JSONText.write(shape.jsonSchema(title: name)) + "\n", to: "\(folder)/\(name).json")
            settings.append("    \"\(shown)/\(name).json\": \"\(files)\"")
        }
        print("""
            \(settings.count) schemas in \(shown). For an editor with the YAML language server:
              "yaml.schemas": {
            \(settings.joined(separator: ",\n"))
              }
            """)
    }
}
