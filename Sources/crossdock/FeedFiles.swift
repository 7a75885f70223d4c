import ChangeControl
import Diagnostics
import FEEL
import FoundationEssentials
import Mapping
import Pipeline
import Store

/// The files of feeds that a command looks at again: those that were taken, as they are kept.
struct FeedFiles {
    /// Largest file whose records are held in memory at once, in bytes.
    static let bytesMax: Int64 = 64 << 20

    let site: Site

    /// The latest files of a feed that were archived or quarantined.
    func latest(_ count: Int, of feed: String) throws -> [LedgerFile] { try site.store.files(ofFeed: feed, last: count) }

    func path(of file: LedgerFile) -> String {
        site.path(file.archivedAs ?? "\(site.configuration.spool)/\(file.digest.prefix(2))/\(file.digest)")
    }

    /// The bytes of a file as they were taken.
    func bytes(of file: LedgerFile) throws -> [UInt8] {
        if let position = try site.store.originalShredded(file: file.id) {
            throw PipelineFailure(subject: path(of: file), cause: "the original was shredded at log position \(position)", hint: "nothing can be mapped from it any more")
        }
        let bytes = try FileBytes.read(path(of: file), limit: Int(Self.bytesMax))
        guard ContentDigest(of: bytes).hex == file.digest else {
            throw PipelineFailure(subject: path(of: file), cause: "it is not what was taken: its SHA-256 is another one", hint: "restore the archive from a backup")
        }
        return bytes
    }

    /// The records of a file's bytes and what was found in them.
    func map(_ bytes: [UInt8], named name: String, _ plan: FeedPlan, _ context: EvaluationContext) throws -> RecordCollector {
        let references = StoredReferences(site.store)
        var session = FeedSession(plan: plan, file: name, context: context, references: references, receiver: RecordCollector())
        session.read(bytes)
        let collected = session.finish().receiver
        try references.checkFailure()
        return collected
    }

    /// The bundle as it lies on disk; its findings are told where it does not compile.
    static func bundleOnDisk(root: String) throws -> Bundle {
        let (bundle, findings) = try StateFiles.onDisk(root: root).compile()
        if let bundle { return bundle }
        Console.report(findings)
        throw PipelineFailure(subject: "the configuration on disk", cause: "it does not compile", hint: "run `crossdock check`")
    }

    /// What rules look up, where the site has a store yet.
    static func references(root: String) throws -> StoredReferences? {
        let configuration = try Site.readConfiguration(root: root)
        let path = configuration.store.hasPrefix("/") ? configuration.store : "\(root)/\(configuration.store)"
        return FileManager.default.fileExists(atPath: path) ? StoredReferences(try Site.open(root: root).store) : nil
    }
}
