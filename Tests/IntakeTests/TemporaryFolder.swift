import Glibc
import Intake

/// A folder of its own for one test, removed with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((parent + "/crossdock-intake-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template) else { preconditionFailure("no temporary folder") }
        path = String(cString: made)
    }

    deinit { Self.removeAll(path) }

    private static func removeAll(_ path: String) {
        for name in names(in: path) where unlink(path + "/" + name) != 0 { removeAll(path + "/" + name) }
        rmdir(path)
    }

    func sub(_ name: String) -> String { path + "/" + name }

    /// Writes a file whole and gives its path.
    @discardableResult
    func write(_ name: String, _ text: String, append: Bool = false) -> String {
        let file = path + "/" + name
        guard let stream = fopen(file, append ? "a" : "w") else { preconditionFailure("cannot write \(file)") }
        fputs(text, stream)
        fclose(stream)
        return file
    }
}

func text(of path: String) -> String? {
    guard let stream = fopen(path, "r") else { return nil }
    defer { fclose(stream) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = fread(&buffer, 1, buffer.count, stream)
        if count == 0 { return String(decoding: all, as: UTF8.self) }
        all.append(contentsOf: buffer[..<count])
    }
}

func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != ".", name != ".." { found.append(name) }
    }
    return found.sorted()
}
