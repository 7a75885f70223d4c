import ChangeControl
import Diagnostics
import Glibc

/// The files of one folder of the site, read whole: what manifests are made of.
package struct FolderContents: Sendable {
    /// Path relative to the site's root, with `/`, and the bytes.
    package let files: [(path: String, bytes: [UInt8])]
    /// Paths that are links or no regular files: refused, because they can change without the folder changing.
    package let irregular: [String]

    /// Largest file that may be under change control, in bytes.
    package static let fileBytesMax = 16 << 20

    /// Reads every file below `root/folder`, in the order of their paths. Hidden files and editors' leftovers
    /// (`.name`, `name~`, `name.swp`) are not part of it.
    package init(root: String, folder: String) throws(PipelineFailure) {
        var files: [(path: String, bytes: [UInt8])] = []
        var irregular: [String] = []
        try Self.walk(root: root, path: folder, &files, &irregular)
        self.files = files.sorted { Array($0.path.utf8).lexicographicallyPrecedes(Array($1.path.utf8)) }
        self.irregular = irregular.sorted()
    }

    private static func walk(
        root: String, path: String, _ files: inout [(path: String, bytes: [UInt8])], _ irregular: inout [String]
    ) throws(PipelineFailure) {
        guard let directory = opendir("\(root)/\(path)") else {
            if errno == ENOENT { return }
            throw PipelineFailure(errno: errno, subject: path, hint: "check that the daemon may read the folder")
        }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") || name.hasSuffix("~") || name.hasSuffix(".swp") { continue }
            let child = "\(path)/\(name)"
            var status = stat()
            guard lstat("\(root)/\(child)", &status) == 0 else {
                throw PipelineFailure(errno: errno, subject: child, hint: "check that the daemon may read the file")
            }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try walk(root: root, path: child, &files, &irregular)
            case S_IFREG: files.append((child, try FileBytes.read("\(root)/\(child)", limit: fileBytesMax)))
            default: irregular.append(child)
            }
        }
    }
}

/// Whole small files.
package enum FileBytes {
    /// Reads a file, refusing one that is larger than `limit`.
    package static func read(_ path: String, limit: Int) throws(PipelineFailure) -> [UInt8] {
        // A pipe of that name keeps nobody waiting.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw PipelineFailure(errno: errno, subject: path, hint: "check that it exists and may be read") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &block, block.count)
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EAGAIN {
                    // A pipe that somebody is still writing to.
                    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    _ = poll(&polled, 1, -1)
                    continue
                }
                throw PipelineFailure(errno: errno, subject: path, hint: "check the disk")
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: block[0..<count])
            guard bytes.count <= limit else {
                throw PipelineFailure(
                    subject: path, cause: "it has more than \(limit) bytes", hint: "split it, or bring it in through a feed",
                    isRetriable: false)
            }
        }
    }

    /// Writes a file under a name that nobody looks at, and gives it its real one once it is whole and durable.
    package static func write(_ bytes: [UInt8], to temporary: String, renamedTo path: String) throws(PipelineFailure) {
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw PipelineFailure(errno: errno, subject: temporary, hint: "check that the folder may be written") }
        defer { close(descriptor) }
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw PipelineFailure(errno: errno, subject: temporary, hint: "check the disk") }
            start += count
        }
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw PipelineFailure(errno: errno, subject: path, hint: "check the disk")
        }
    }
}
