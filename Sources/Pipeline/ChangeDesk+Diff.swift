package import ChangeControl
import Store

extension ChangeDesk {
    /// What a request changes, for people: the digests, the files, and the lines of each.
    package func diff(_ id: ChangeRequestID) throws -> String {
        let request = try request(id)
        var text = """
            \(request.id) revision \(request.revision), \(request.status.rawValue): \(request.title)
            by \(request.author): \(request.reason)
            base   \(request.base.id)
            target \(request.target.id)

            """
        for (name, from, to) in [("engine", request.base.engine, request.target.engine), ("zones", request.base.zones, request.target.zones)]
        where from != to {
            text += "\(name): \(from) -> \(to)\n"
        }
        var lines = ""
        for component in request.changedComponents {
            let old = try manifest(request.base.digest(of: component)), new = try manifest(request.target.digest(of: component))
            let difference = ManifestDiff(from: old, to: new)
            text += "\(component.rawValue): \(old.id.hex.prefix(12)) -> \(new.id.hex.prefix(12))\n"
            for entry in difference.added { text += "  added   \(entry.path)\n" }
            for entry in difference.removed { text += "  removed \(entry.path)\n" }
            for change in difference.changed { text += "  changed \(change.path)\n" }
            lines += try difference.added.map { try fileDiff($0.path, from: nil, to: $0.digest) }.joined()
            lines += try difference.removed.map { try fileDiff($0.path, from: $0.digest, to: nil) }.joined()
            lines += try difference.changed.map { try fileDiff($0.path, from: $0.from, to: $0.to) }.joined()
        }
        return text + lines
    }

    private func fileDiff(_ path: String, from: ContentDigest?, to: ContentDigest?) throws -> String {
        let old = try from.map { try bytes($0, of: path) }, new = try to.map { try bytes($0, of: path) }
        let head = "\n--- \(old == nil ? "/dev/null" : "base/" + path)\n+++ \(new == nil ? "/dev/null" : "target/" + path)\n"
        return head + LineDiff(from: old ?? [], to: new ?? []).unified()
    }

    private func manifest(_ digest: ContentDigest) throws -> Manifest {
        let text = String(decoding: try bytes(digest, of: "a manifest"), as: UTF8.self)
        let (manifest, findings) = Manifest.parse(text)
        guard let manifest else {
            throw PipelineFailure(
                subject: "manifest \(digest.hex)", cause: "it is damaged", hint: "restore the store from a backup", diagnostics: findings)
        }
        return manifest
    }

    /// The bytes under a digest, checked against it.
    private func bytes(_ digest: ContentDigest, of path: String) throws -> [UInt8] {
        guard let bytes = try site.store.content(digest.hex), ContentDigest(of: bytes) == digest else {
            throw PipelineFailure(
                subject: path, cause: "the store's copy \(digest.hex) is missing or damaged", hint: "restore the store from a backup")
        }
        return bytes
    }
}
