import ChangeControl
import Diagnostics
import Foundation
import Testing

@Suite struct ManifestToolTests {
    @Test func `sha256sum checks a manifest, passes over an unlisted file, and the manifest does not`() async throws {
        let council = try await Council()
        let site = council.key("site")
        var files: [OfferedFile] = []
        func add(_ path: String, _ text: String) throws {
            let file = "\(site)/\(path)"
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            files.append(OfferedFile(path: path, bytes: Array(text.utf8)))
        }
        try add("Mappings/feeds/acme-orders.yaml", "feed: acme-orders\n")
        try add("Schemes/order priority.yaml", "scheme: order-priority\n")
        try add("Schemes/\u{E9}t\u{E9}.yaml", "")
        let manifest = try #require(Manifest.of(files).manifest)
        try manifest.text.write(toFile: council.key("MANIFEST"), atomically: true, encoding: .utf8)
        func check() async throws -> (isSuccess: Bool, output: String) {
            try await Council.run("sh", ["-c", "cd '\(site)' && sha256sum --strict -c '\(council.key("MANIFEST"))'"])
        }
        #expect(try await check().isSuccess)
        #expect(try await Council.run("sha256sum", [council.key("MANIFEST")]).output.hasPrefix(manifest.id.hex))

        try add("Schemes/planted.yaml", "scheme: planted\n")
        #expect(try await check().isSuccess)
        #expect(manifest.defects(in: files).map(\.code) == [.manifestUnlisted])

        try "feed: acme-orders\r\n".write(toFile: "\(site)/Mappings/feeds/acme-orders.yaml", atomically: true, encoding: .utf8)
        #expect(try await !check().isSuccess)
    }
}
