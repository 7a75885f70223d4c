import Foundation

/// One folder of the kit: models and the test cases over them.
struct KitFolder {
    /// `compliance-level-2` is level 2; a folder elsewhere has the name of the folder above it.
    let level: String
    let name: String
    /// Paths, sorted.
    let models: [String]
    let tests: [String]

    /// Every folder that holds test cases, sorted by level and name.
    static func find(under root: String) throws -> [KitFolder] {
        var found: [KitFolder] = []
        var waiting = [root]
        while let folder = waiting.popLast() {
            let entries = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            var models: [String] = [], tests: [String] = []
            for entry in entries {
                let path = folder + "/" + entry
                var isFolder: ObjCBool = false
                guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
                if isFolder.boolValue {
                    waiting.append(path)
                } else if entry.hasSuffix(".dmn") {
                    models.append(path)
                } else if entry.hasSuffix(".xml") {
                    tests.append(path)
                }
            }
            guard !models.isEmpty, !tests.isEmpty else { continue }
            let parts = URL(fileURLWithPath: folder).standardizedFileURL.pathComponents
            found.append(KitFolder(level: level(parts.dropLast().last ?? ""), name: parts.last ?? folder, models: models, tests: tests))
        }
        return found.sorted { ($0.level, $0.name) < ($1.level, $1.name) }
    }

    private static func level(_ name: String) -> String {
        name.hasPrefix("compliance-level-") ? String(name.dropFirst("compliance-level-".count)) : name
    }
}
