import ChangeControl
import Diagnostics
import Testing

@Suite struct ManifestTests {
    private func codes(_ paths: String...) -> [DiagnosticCode] {
        Manifest.of(paths.map { (path: $0, bytes: []) }).diagnostics.filter { $0.severity == .error }.map(\.code)
    }

    @Test func `lines are sorted by the bytes of the path and the id is the digest of the text`() throws {
        let manifest = try #require(Manifest.of([
            (path: "Schemes/b.yaml", bytes: Array("b\n".utf8)), (path: "Mappings/x/a.yaml", bytes: Array("a\n".utf8)),
            (path: "Mappings/x-1.yaml", bytes: []),
        ]).manifest)
        #expect(manifest.text == """
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  Mappings/x-1.yaml
            87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7  Mappings/x/a.yaml
            0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f  Schemes/b.yaml

            """)
        #expect(manifest.id == ContentDigest(ofText: manifest.text))
        #expect(manifest.digest(of: "Schemes/b.yaml") == ContentDigest(ofText: "b\n"))
        #expect(manifest.digest(of: "Schemes/c.yaml") == nil)
    }

    @Test func `the order in which files are offered does not matter`() {
        let files = (0..<50).map { (path: "Schemes/\($0 * 37 % 50).yaml", bytes: [UInt8($0)]) }
        #expect(Manifest.of(files).manifest == Manifest.of(files.reversed()).manifest)
    }

    @Test(arguments: [
        "", "/etc/passwd", "../x", "Schemes/../x", "./x", "Schemes//x", "Schemes/", "Schemes\\x", "Schemes/a\nb", "Schemes/a\u{7F}",
        "Schemes/\u{202E}lmay.x", "Schemes/e\u{301}.yaml", "Schemes/ x", "Schemes/x ", "Schemes/" + String(repeating: "x", count: 256),
    ]) func `a path that is not one relative spelling is refused`(path: String) {
        #expect(codes(path) == [.manifestPath])
    }

    @Test func `an ordinary path is taken and one outside ASCII is noted`() {
        #expect(codes("Mappings/x12/850-orders.yaml", "Schemes/.keep", "Schemes/a b.yaml").isEmpty)
        let noted = Manifest.of([(path: "Schemes/\u{E9}t\u{E9}.yaml", bytes: [])])
        #expect(noted.manifest != nil)
        #expect(noted.diagnostics.map(\.severity) == [.note])
    }

    @Test func `paths apart only in case or Unicode form are refused, in folders too`() {
        #expect(codes("Schemes/a.yaml", "Schemes/A.yaml") == [.manifestTwin])
        #expect(codes("Schemes/x/a.yaml", "Schemes/X/b.yaml") == [.manifestTwin])
        #expect(codes("Schemes/\u{C5}.yaml", "Schemes/\u{212B}.yaml") == [.manifestTwin])
        #expect(codes("Schemes/a", "Schemes/a/b") == [.manifestTwin])
        #expect(codes("Schemes/a", "Schemes/a") == [.manifestTwin])
    }

    @Test func `a link is refused`() {
        let read = Manifest.of([OfferedFile(path: "Schemes/a.yaml", bytes: [], isLink: true)])
        #expect(read.manifest == nil)
        #expect(read.diagnostics.map(\.code) == [.manifestLink])
    }

    @Test func `an unlisted file, a missing one and a change of line ends only are each reported`() throws {
        let manifest = try #require(Manifest.of([
            (path: "Schemes/a.yaml", bytes: Array("scheme: a\n".utf8)), (path: "Schemes/b.yaml", bytes: []),
        ]).manifest)
        func codes(_ files: [(String, String)]) -> [DiagnosticCode] {
            manifest.defects(in: files.map { OfferedFile(path: $0.0, bytes: Array($0.1.utf8)) }).map(\.code)
        }
        #expect(codes([("Schemes/a.yaml", "scheme: a\n"), ("Schemes/b.yaml", "")]).isEmpty)
        #expect(codes([("Schemes/a.yaml", "scheme: a\n"), ("Schemes/b.yaml", ""), ("Schemes/c.yaml", "")]) == [.manifestUnlisted])
        #expect(codes([("Schemes/a.yaml", "scheme: a\n")]) == [.manifestMissing])
        #expect(codes([("Schemes/a.yaml", "scheme: a\r\n"), ("Schemes/b.yaml", "")]) == [.manifestChanged])
    }

    @Test func `a manifest reads back and a text that is not canonical is refused`() throws {
        let manifest = try #require(Manifest.of([(path: "Schemes/a", bytes: [1]), (path: "Schemes/b", bytes: [2])]).manifest)
        #expect(Manifest.parse(manifest.text).manifest == manifest)
        #expect(Manifest.parse("").manifest?.entries.isEmpty == true)
        let lines = manifest.text.split(separator: "\n").map(String.init)
        for bad in [
            lines.reversed().joined(separator: "\n") + "\n", lines.joined(separator: "\n"), lines.joined(separator: "\r\n") + "\r\n",
            lines[0] + "\n" + lines[0] + "\n", manifest.text.uppercased(), manifest.text.replacing("  ", with: " *"),
            manifest.text + "\n", manifest.text.replacing("Schemes/b", with: "Schemes/../b"),
        ] {
            let read = Manifest.parse(bad)
            #expect(read.manifest == nil, "\(bad)")
            #expect(!read.diagnostics.isEmpty)
        }
    }

    @Test func `a difference names what was added, removed and changed`() throws {
        let old = try #require(Manifest.of([(path: "a", bytes: [1]), (path: "b", bytes: [1]), (path: "c", bytes: [1])]).manifest)
        let new = try #require(Manifest.of([(path: "b", bytes: [2]), (path: "c", bytes: [1]), (path: "d", bytes: [1])]).manifest)
        let difference = ManifestDiff(from: old, to: new)
        #expect(difference.added.map(\.path) == ["d"])
        #expect(difference.removed.map(\.path) == ["a"])
        #expect(difference.changed.map(\.path) == ["b"])
        #expect(ManifestDiff(from: old, to: old).isEmpty)
    }
}
