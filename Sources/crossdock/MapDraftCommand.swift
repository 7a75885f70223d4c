import ArgumentParser
import Configurations
import Diagnostics
import Drafts
import FEEL
import FoundationEssentials
import Mapping
import Pipeline
import Records
import Values

struct MapDraftCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draft", abstract: "Write a first mapping and its feed from a sample file.",
        discussion: """
            Format, separator, types and pictures of dates are found out from the sample; names of columns and elements are known in English, German, \
            French and Spanish; EDI and IDocs by what their elements usually mean. Each line ends with how sure it is, 0 to 1. The draft passes \
            `crossdock check`. It is printed; --write puts it into the site, and replaces nothing.
            """)

    @OptionGroup var site: SiteOptions
    @Argument(help: "The sample; gzip and zip are unpacked.") var file: String
    @Option(name: .long, help: "Name of the mapping and its feed; the file's own unless said.") var name: String?
    @Option(name: .long, help: "The kind of record, such as orderLine; the likeliest unless said.") var record: String?
    @Option(name: .long, help: "Depositor whose goods the records are about.") var client: String?
    @Option(name: .long, help: "What the sample is, where its bytes do not tell: x12, edifact, csv, xml, idoc or json.") var reads: SourceFormat?
    @Option(name: .long, help: "As many rows of a flat file are looked at.") var rows = 20_000
    @Flag(name: .long, help: "Write the files into the site, with a mapping test made of the sample's beginning.") var write = false

    func validate() throws {
        guard rows >= 1 else { throw ValidationError("--rows is 1 or more") }
    }

    func run() async throws {
        // A draft that is only printed needs no site.
        if write { _ = try Site.readConfiguration(root: site.root) }
        var request = DraftRequest()
        request.name = try name.map(checkedName)
        request.record = try record.map(kind)
        request.client = client
        request.rowsMax = rows
        let sample = try readSample()
        let contents = try FolderContents(root: site.root, folder: "Mappings/structures")
        let structures = contents.files.map { BundleFile(path: $0.path, bytes: $0.bytes) }
        let draft: Draft
        do throws(DraftFailure) {
            draft = try Drafter.draft(sample, format: reads ?? told(sample), request: request, structures: structures)
        } catch {
            Console.report(error.diagnostics)
            Console.note("error: \(error.text)")
            throw ExitCode(1)
        }
        let written = write ? try put(draft) : []
        if write, draft.testInput == nil { Console.note("warning: no whole part of the sample is small enough for a test: put one into Mappings/\(draft.mapping).tests") }
        let counts = "\(draft.lines) lines: \(draft.sure) at 0.80 or more, \(draft.unfounded) that nothing speaks for; \(draft.reported) of the sample reported"
        Console.answer(
            site.format, text: write ? written.map { "wrote \($0)" }.joined(separator: "\n") : draft.text,
            json: .context(ContextValue([
                ("mapping", .string(draft.mapping)), ("feed", .string(draft.feed)), ("lines", .integer(draft.lines)), ("sure", .integer(draft.sure)),
                ("unfounded", .integer(draft.unfounded)), ("reported", .integer(draft.reported)),
                ("written", .list(written.map { .string($0) })), ("mappingText", .string(draft.mappingText)), ("feedText", .string(draft.feedText)),
            ])))
        Console.note(counts)
    }

    /// As much of the file as a draft looks at.
    private func readSample() throws -> SampleFile {
        struct Enough: Error {}
        var bytes: [UInt8] = []
        var isCut = false
        do {
            try Loader.forEachBlock(of: CommandFiles.absolute(file)) { block in
                bytes.append(contentsOf: block.prefix(SampleFile.bytesMax - bytes.count))
                if bytes.count == SampleFile.bytesMax {
                    isCut = true
                    throw Enough()
                }
            }
        } catch is Enough {}
        return SampleFile(path: file, bytes: bytes, isCut: isCut)
    }

    private func told(_ sample: SampleFile) -> SourceFormat {
        let head = Array(sample.bytes.prefix(4096))
        return switch ReadFormat.told(head, name: sample.title + sample.ending, layouts: StructureFiles.inSite(site.root).layouts) {
        case .x12: .x12
        case .edifact: .edifact
        case .tradacoms: .tradacoms
        case .xml: .xml
        case .idoc: .idoc
        case .jsonl, .json: .json
        case .flat: .flat
        case .csv, .text: .csv
        }
    }

    /// Puts the draft into the site's folders; none of its files may be there.
    private func put(_ draft: Draft) throws -> [String] {
        let root = CommandFiles.absolute(site.root)
        for file in draft.files where FileManager.default.fileExists(atPath: "\(root)/\(file.path)") {
            throw PipelineFailure(subject: file.path, cause: "it is there already", hint: "give the draft another --name")
        }
        // A link would be written through: a site that has one is not sound, and says so here.
        _ = try StateFiles.onDisk(root: site.root)
        var written: [String] = []
        do {
            for file in draft.files {
                try put(file.bytes, at: file.path)
                written.append(file.path)
            }
            return written + (try putExpectations(draft))
        } catch {
            for path in written { try? FileManager.default.removeItem(atPath: "\(root)/\(path)") }
            throw error
        }
    }

    /// What the mapping makes of the test's input is what the test expects, once an analyst has read it.
    private func putExpectations(_ draft: Draft) throws -> [String] {
        let (compiled, findings) = try StateFiles.onDisk(root: site.root).compile()
        guard let bundle = compiled else {
            Console.report(findings)
            Console.note("warning: the site is not sound, so that the test of the draft expects nothing yet: run crossdock map test \(draft.mapping) --update once it is")
            return []
        }
        guard let suite = bundle.library.tests.first(where: { $0.mapping == draft.mapping }) else { return [] }
        let context = EvaluationContext(now: SystemClock.now(), zone: bundle.zone, zones: bundle.zones)
        var written: [String] = []
        for test in suite.cases {
            let result = bundle.library.run(test, of: suite, context: context)
            var files = [(suite.recordsPath(of: test), result.records)]
            if !result.findings.isEmpty { files.append((suite.diagnosticsPath(of: test), result.findings)) }
            for (path, lines) in files {
                try put(Array(MappingTestResult.text(lines).utf8), at: path)
                written.append(path)
            }
        }
        return written
    }

    private func put(_ bytes: [UInt8], at place: String) throws {
        let path = "\(CommandFiles.absolute(site.root))/\(place)"
        do {
            try FileManager.default.createDirectory(
                atPath: String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]), withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw PipelineFailure(subject: place, cause: "\(error)", hint: "check the folder's owner and the disk", isRetriable: true)
        }
    }

    private func kind(_ name: String) throws -> RecordKind {
        if let kind = RecordKind(rawValue: name) { return kind }
        let known = RecordKind.allCases.map(\.rawValue)
        throw ValidationError("there is no kind of record \(name); \(NearestName.of(name, in: known).map { "did you mean \($0)?" } ?? "crossdock records prints them")")
    }

    private func checkedName(_ name: String) throws -> String {
        let isPlain = !name.isEmpty && name.count <= 60 && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
        guard isPlain else { throw ValidationError("`\(name)` is no name of a mapping: letters, digits, - and _ are") }
        return name
    }
}

extension SourceFormat: ExpressibleByArgument {}
