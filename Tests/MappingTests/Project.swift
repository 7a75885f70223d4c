import Diagnostics
import FEEL
import Foundation
import Mapping
import Values

/// The project's own folder, with its bundle and samples.
enum Project {
    static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder
    }()

    static let shared: URL = ProcessInfo.processInfo.environment["CROSSDOCK_SHARED"].map { URL(fileURLWithPath: $0) }
        ?? root.deletingLastPathComponent().appendingPathComponent("shared")

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appendingPathComponent(path)))
    }

    /// Every file under `Mappings/`.
    static func bundle() throws -> [BundleFile] {
        let folder = root.appendingPathComponent("Mappings")
        let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return try paths.sorted().compactMap { path in
            var isFolder: ObjCBool = false
            let file = folder.appendingPathComponent(path)
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else { return nil }
            return BundleFile(path: "Mappings/\(path)", bytes: Array(try Data(contentsOf: file)))
        }
    }

    static let library: MappingLibrary = {
        let compiled = MappingLibrary.compile((try? bundle()) ?? [])
        guard let library = compiled.library else {
            preconditionFailure("the bundle does not compile:\n" + compiled.diagnostics.map(\.text).joined(separator: "\n"))
        }
        return library
    }()

    /// An hour ahead of UTC all year, so that expected instants can be worked out by hand.
    static let context = EvaluationContext(
        now: Instant(seconds: 1_800_000_000), zone: ZoneRules(name: "+01:00", fixedOffset: 3600))
}
