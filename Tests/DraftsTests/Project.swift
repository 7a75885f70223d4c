import Diagnostics
import Drafts
import Foundation
import Mapping

/// The project's own folder, with its bundle and samples, and what lies beside it.
enum Project {
    static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder
    }()

    static let shared: URL = ProcessInfo.processInfo.environment["CROSSDOCK_SHARED"].map { URL(fileURLWithPath: $0) }
        ?? root.deletingLastPathComponent().appendingPathComponent("shared")

    static let structures: [BundleFile] = files(under: "Mappings/structures")

    /// What the check says of a draft, with the structures that it may need.
    static func compile(_ draft: Draft) -> (library: MappingLibrary?, diagnostics: [Diagnostic]) {
        let folder = draft.mapping.split(separator: "/")[0]
        let wanted = structures.filter { $0.path.hasPrefix("Mappings/structures/\(folder == "xml" ? "idoc" : folder)/") && !$0.path.contains("/elements") }
        return MappingLibrary.compile(wanted + draft.files)
    }

    private static func files(under folder: String) -> [BundleFile] {
        let url = root.appendingPathComponent(folder)
        let paths = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
        return paths.sorted().compactMap { path in
            let file = url.appendingPathComponent(path)
            guard !file.hasDirectoryPath, let data = try? Data(contentsOf: file) else { return nil }
            return BundleFile(path: "\(folder)/\(path)", bytes: Array(data))
        }
    }

    /// A sample of the project or of what lies beside it, as much of it as is asked for; nil where it is not there.
    static func sample(_ url: URL, bytesMax: Int = 2 << 20) -> SampleFile? {
        guard let data = try? Data(contentsOf: url) else { return nil }
        return SampleFile(path: url.lastPathComponent, bytes: Array(data.prefix(bytesMax)), isCut: data.count > bytesMax)
    }

    static func sample(_ text: String, name: String) -> SampleFile {
        SampleFile(path: name, bytes: Array(text.utf8), isCut: false)
    }
}

extension Draft {
    /// The rule of a field in the mapping as it is written, without its comment.
    func rule(_ field: String, record: Int = 0) -> String? {
        var seen = -1
        for line in mappingText.split(separator: "\n") {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("- record:") { seen += 1 }
            guard seen == record, text.hasPrefix("\(field):"), line.hasPrefix("      \(field):") else { continue }
            let rule = text.dropFirst(field.count + 1).split(separator: "  # ", maxSplits: 1)[0]
            return String(rule.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        return nil
    }

    /// How sure the line of a field is.
    func confidence(_ field: String) -> Double? {
        for line in mappingText.split(separator: "\n") where line.drop(while: { $0 == " " }).hasPrefix("\(field):") {
            return line.split(separator: "# ").last.flatMap { Double($0.prefix(4)) }
        }
        return nil
    }
}
