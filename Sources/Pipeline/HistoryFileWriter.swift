import Archives
import ChangeControl
import Glibc
import Intake
import Store
import Values

/// Writes rows of the history to a new archive, and works out its manifest on the way. What is not kept leaves nothing.
final class HistoryFileWriter {
    private(set) var manifest: HistoryManifest
    private var file: NewFile
    private let packer = GzipPacker()
    private var content = ContentHasher()
    private var packed = ContentHasher()
    private var buffer: [UInt8] = []
    private let folder: String

    /// Bytes that are packed at once.
    private static let blockBytes = 1 << 16

    init(scheme: String, before: Instant, folder: String) throws {
        manifest = HistoryManifest(scheme: scheme, before: before)
        self.folder = folder
        file = try NewFile(in: folder)
    }

    func add(_ row: HistoryRow) throws {
        manifest.add(row)
        HistoryText.append(row, to: &buffer)
        if buffer.count >= Self.blockBytes { try pack() }
    }

    /// Makes archive and manifest durable under their names, and gives the manifest. Where an earlier try left an archive of the same lines, that one stands.
    func keep() throws -> HistoryManifest {
        try pack()
        try packer.finish { (bytes) throws(IntakeFailure) in try put(bytes) }
        (manifest.content, manifest.contentBytes) = (content.digest, content.count)
        (manifest.packed, manifest.packedBytes) = (packed.digest, packed.count)
        manifest.giveName()
        if try !file.keep(as: manifest.name) { try adopt() }
        try keepManifest()
        return manifest
    }

    private func pack() throws(IntakeFailure) {
        try buffer.withUnsafeBufferPointer { (bytes) throws(IntakeFailure) in
            content.add(UnsafeRawBufferPointer(bytes))
            try packer.write(bytes) { (packed) throws(IntakeFailure) in try put(packed) }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws(IntakeFailure) {
        packed.add(bytes)
        try file.write(bytes)
    }

    /// Takes the archive that is there, if it holds the same lines: another zlib may have packed them to other bytes.
    private func adopt() throws {
        let found = HistoryArchiveCursor(path: "\(folder)/\(manifest.name)")
        try found.readToEnd()
        guard found.content.digest == manifest.content, found.content.count == manifest.contentBytes else { throw taken(manifest.name) }
        (manifest.packed, manifest.packedBytes) = (found.packed.digest, found.packed.count)
    }

    private func keepManifest() throws {
        let text = manifest.text
        var beside = try NewFile(in: folder)
        var copy = text
        let failure = copy.withUTF8 { bytes -> IntakeFailure? in
            do throws(IntakeFailure) {
                try beside.write(UnsafeRawBufferPointer(bytes))
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        guard try !beside.keep(as: manifest.manifestName) else { return }
        let there = try FileBytes.read("\(folder)/\(manifest.manifestName)", limit: HistoryArchives.manifestBytesMax)
        guard there == Array(text.utf8) else { throw taken(manifest.manifestName) }
    }

    private func taken(_ name: String) -> PipelineFailure {
        PipelineFailure(
            subject: "\(folder)/\(name)", cause: "it is there with other contents", hint: "`crossdock history archives` says whether the log knows it; move it away if not")
    }
}
