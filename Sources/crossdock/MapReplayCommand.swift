import ArgumentParser
import Configurations
import Diagnostics
import FEEL
import Mapping
import Pipeline
import Records
import Store
import Values

struct MapReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Map the latest files of a mapping's feeds again, and say what would come out otherwise than with what is live.",
        discussion: """
            Nothing is stored. Each file is mapped twice, with the configuration as it lies on disk and with that of a state, and the records are \
            compared field by field. Quarantined files are looked at too. Exit status 1 says that something differs.
            """)

    @OptionGroup var site: SiteOptions
    @Argument(help: "The mapping, such as x12/850-orders, or `all`: a changed guide or lookup may change what any of them gives.") var mapping: String
    @Option(name: .long, help: "`live`, or the id of a state that was live.") var against = "live"
    @Option(name: .long, help: "How many of the latest files of each feed.") var last = 100
    @Option(name: .long, help: "How many differences are told of one file.") var differences = 10

    func validate() throws {
        guard last >= 1 else { throw ValidationError("--last is 1 or more") }
        guard differences >= 0 else { throw ValidationError("--differences is 0 or more") }
    }

    func run() async throws {
        let opened = try site.site()
        let after = try FeedFiles.bundleOnDisk(root: opened.root)
        let before = try against == "live" ? opened.liveState().bundle : opened.state(against).bundle
        let feeds = try feeds(after.library, before.library)
        let files = FeedFiles(site: opened)
        var answers: [Value] = [], same = 0, differing = 0, failing = 0, mended = 0, skipped = 0
        for feed in feeds {
            for file in try files.latest(last, of: feed) {
                guard file.size <= FeedFiles.bytesMax else {
                    Console.note("\(file.told) is larger than \(FeedFiles.bytesMax >> 20) MiB and is passed over")
                    skipped += 1
                    continue
                }
                let change: FileChange
                do { change = try FileChange(file, files, before, after) } catch let failure as PipelineFailure {
                    Console.note("\(file.told) is passed over: \(failure)")
                    skipped += 1
                    continue
                }
                if change.isNone { same += 1 } else { differing += 1 }
                if change.fails { failing += 1 } else if change.isMended { mended += 1 }
                if !change.isNone, site.format == .text { change.say(atMost: differences) }
                answers.append(change.value)
            }
        }
        Console.answer(
            site.format,
            text: "\(same + differing) files: \(same) the same, \(differing) different, \(failing) with errors that had none, \(mended) without that had some\(skipped > 0 ? ", \(skipped) passed over" : "")",
            json: .context(ContextValue([
                ("same", .integer(same)), ("different", .integer(differing)), ("failing", .integer(failing)), ("mended", .integer(mended)), ("passedOver", .integer(skipped)), ("files", .list(answers)),
            ])))
        if differing > 0 { throw ExitCode(1) }
    }

    /// The feeds that use the mapping now or before.
    private func feeds(_ libraries: MappingLibrary...) throws -> [String] {
        let named = libraries.flatMap(\.feeds).filter { mapping == "all" || $0.mappings.contains(mapping) }.map(\.feed)
        guard named.isEmpty else { return Set(named).sorted() }
        let known = Set(libraries.flatMap(\.feeds).flatMap(\.mappings)).sorted()
        throw ValidationError("no feed uses mapping \(mapping); \(NearestName.of(mapping, in: known).map { "did you mean \($0)?" } ?? "there are \(known.joined(separator: ", "))")")
    }
}

/// What becomes of one file before and after.
private struct FileChange {
    let file: LedgerFile
    let records: [RecordDifference]
    let newFindings: [String]
    let goneFindings: [String]
    /// It has errors now and had none before; or the other way round.
    let fails: Bool
    let isMended: Bool

    var isNone: Bool { records.isEmpty && newFindings.isEmpty && goneFindings.isEmpty }

    init(_ file: LedgerFile, _ files: FeedFiles, _ before: Bundle, _ after: Bundle) throws {
        self.file = file
        let bytes = try files.bytes(of: file)
        let old = try Self.map(bytes, file, files, before), new = try Self.map(bytes, file, files, after)
        records = RecordDifference.between(old.records, new.records)
        var gone = old.findings, more: [String] = []
        for finding in new.findings {
            if let index = gone.firstIndex(of: finding) { gone.remove(at: index) } else { more.append(finding) }
        }
        (newFindings, goneFindings) = (more, gone)
        let failed = old.diagnostics.contains { $0.severity == .error }, isFailing = new.diagnostics.contains { $0.severity == .error }
        (fails, isMended) = (isFailing && !failed, failed && !isFailing)
    }

    private static func map(_ bytes: [UInt8], _ file: LedgerFile, _ files: FeedFiles, _ bundle: Bundle) throws -> RecordCollector {
        // A feed that one of the two does not have maps nothing.
        guard let plan = bundle.library.plan(file.feed) else { return RecordCollector() }
        return try files.map(
            bytes, named: file.name, plan, EvaluationContext(now: file.claimedAt, zone: bundle.zone, zones: bundle.zones))
    }

    func say(atMost count: Int) {
        print("\(file.told), \(file.status.rawValue)\(fails ? ", would fail" : isMended ? ", would not fail" : ""):")
        let lines = newFindings.map { "now " + $0 } + goneFindings.map { "no more " + $0 } + records.map(Self.text)
        for line in lines.prefix(count) { print("  " + line) }
        if lines.count > count { print("  and \(lines.count - count) more") }
    }

    private static func text(_ difference: RecordDifference) -> String {
        let record = "\(difference.kind.rawValue) \(difference.key)"
        let place = difference.bytes.map { " (bytes \($0.lowerBound)..<\($0.upperBound))" } ?? ""
        return switch difference.change {
        case .added: "\(record) comes anew\(place)"
        case .removed: "\(record) comes no more\(place)"
        case .field(let name, let before, let after): "\(record), \(name): \(JSONText.write(before)) -> \(JSONText.write(after))\(place)"
        }
    }

    var value: Value {
        .context(ContextValue([
            ("feed", .string(file.feed)), ("file", .string(file.name)), ("status", .string(file.status.rawValue)),
            ("fails", .boolean(fails)), ("mended", .boolean(isMended)), ("newFindings", .list(newFindings.map { .string($0) })), ("goneFindings", .list(goneFindings.map { .string($0) })),
            ("records", .list(records.map { difference in
                var entries: [(String, Value)] = [("record", .string(difference.kind.rawValue)), ("key", .string(difference.key))]
                switch difference.change {
                case .added: entries.append(("change", .string("added")))
                case .removed: entries.append(("change", .string("removed")))
                case .field(let name, let before, let after):
                    entries += [("change", .string("field")), ("field", .string(name)), ("before", before), ("after", after)]
                }
                if let bytes = difference.bytes { entries.append(("bytes", .list([.integer(bytes.lowerBound), .integer(bytes.upperBound)]))) }
                return .context(ContextValue(entries))
            })),
        ]))
    }
}
