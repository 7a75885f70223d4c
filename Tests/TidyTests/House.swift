import FoundationEssentials
import Glibc

/// The files of the project as they lie on disk, for tests that read them as text.
enum House {
    /// Folder that holds Package.swift; symbolic links on the way to this file are followed.
    static let root: String = {
        guard let resolved = realpath(#filePath, nil) else { preconditionFailure("\(#filePath) is gone") }
        defer { free(resolved) }
        return String(cString: resolved).split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    }()

    /// Folders that hold what a build or a running site makes.
    private static let passedOver: Set<String> = ["Var", "Inbox", "Outbox", "Archive", "Quarantine"]

    /// Paths of the files below a folder with one of the endings, relative to the root, sorted. Hidden names are left out.
    static func paths(under folder: String, endings: [String]) -> [String] {
        contents(folder).filter { path in endings.contains { path.hasSuffix($0) } }.sorted()
    }

    private static func contents(_ folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
        return names.filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            var isFolder = false
            guard FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder), isFolder else { return [path] }
            return passedOver.contains(path) ? [] : contents(path)
        }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: URL(filePath: "\(root)/\(path)"), encoding: .utf8)
    }

    /// Every Swift file of the rooms.
    static func sources() throws -> [SourceFile] { try allSources.get() }

    /// Every Swift file of the tests, without these.
    static func tests() throws -> [SourceFile] { try allTests.get() }

    private static let allSources = files("Sources")
    private static let allTests = files("Tests").map { $0.filter { $0.room != "TidyTests" } }

    private static func files(_ folder: String) -> Result<[SourceFile], any Error> {
        Result { try paths(under: folder, endings: [".swift"]).map { SourceFile(path: $0, text: try text($0)) } }
    }
}

/// One Swift file, as it is and as code alone.
struct SourceFile: Sendable {
    let path: String
    let lines: [Substring]
    /// The lines without comments and without the text of literals.
    let code: [Substring]
    let text: String
    let codeText: String

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        self.text = text
        codeText = SwiftText.code(text)
        code = codeText.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The folder under Sources or Tests.
    var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// Name without folder and ending.
    var name: String { path.split(separator: "/").last.map { String($0.dropLast(".swift".count)) } ?? "" }

    /// The modules that it imports, with their line numbers.
    var imports: [(module: String, line: Int)] {
        code.enumerated().compactMap { number, line in
            guard line.utf8.count < 80, line.contains("import "), let found = line.firstMatch(of: /^\s*(?:@\w+\s+)?(?:(?:package|internal|private|fileprivate|public)\s+)?import\s+(?:(?:struct|class|enum|func|protocol|typealias|var|let)\s+)?(\w+)/)
            else { return nil }
            return (String(found.1), number + 1)
        }
    }

    /// Where a pattern occurs in the code, as `path:line: what`. Only files that hold `word` are looked at.
    func findings(_ word: String, _ pattern: Regex<Substring>, _ what: String) -> [String] {
        guard SwiftText.holds(codeText, word) else { return [] }
        return code.enumerated().filter { $0.element.contains(pattern) }.map { "\(path):\($0.offset + 1): \(what)" }
    }
}
