import Foundation

/// The folder beside the project that holds corpora and standards, where it is there.
enum SharedFiles {
    static var folder: URL? {
        var candidates: [URL] = []
        if let path = ProcessInfo.processInfo.environment["CROSSDOCK_SHARED"] {
            candidates.append(URL(filePath: path))
        }
        candidates.append(packageRoot.deletingLastPathComponent().appending(path: "shared"))
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
    }

    /// The package's folder, links resolved: Tests/EDITests/SharedFiles.swift is three below it.
    static var packageRoot: URL {
        URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    static func files(under path: String) -> [URL]? {
        guard let root = folder?.appending(path: path),
            let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: [.isRegularFileKey])
        else {
            print("skipped: ../shared is absent")
            return nil
        }
        var files: [URL] = []
        for case let file as URL in walk where !file.hasDirectoryPath { files.append(file) }
        return files.sorted { $0.path < $1.path }
    }
}
