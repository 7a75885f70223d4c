import Foundation
import Glibc
import Intake
import Testing

@Suite struct FolderTreeTests {
    private let folder = TemporaryFolder()

    private func paths(_ root: String, hidden: Bool = false, follows: Bool = false) throws -> (files: [String], passedOver: [String]) {
        var files: [String] = [], passedOver: [String] = []
        try FolderTree(root, hidden: hidden, follows: follows).forEachFile({ files.append($0) }, passedOver: { path, _ in passedOver.append(path) })
        return (files, passedOver)
    }

    @Test func `files come in the order of the bytes of their paths, whatever folders they are in`() throws {
        let root = folder.sub("tree")
        for path in ["a/x", "a-b", "a.txt", "a/-", "ä/1", "Z", "a0/1", ".hidden", "b/.h/1"] {
            try FileManager.default.createDirectory(atPath: URL(fileURLWithPath: "\(root)/\(path)").deletingLastPathComponent().path, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: "\(root)/\(path)"))
        }
        let found = try paths(root, hidden: true).files
        #expect(found == found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } && found.count == 9)
        #expect(try paths(root).files == ["Z", "a-b", "a.txt", "a/-", "a/x", "a0/1", "ä/1"])
        #expect(try paths(folder.sub("nowhere")).files == [])
    }

    @Test func `links are passed over, or followed where they lead to folders`() throws {
        let root = folder.sub("tree")
        try FileManager.default.createDirectory(atPath: "\(root)/in", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder.sub("out"), withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: folder.sub("out") + "/f"))
        #expect(symlink(folder.sub("out"), "\(root)/link") == 0 && symlink("\(root)/nothing", "\(root)/dead") == 0 && mkfifo("\(root)/pipe", 0o600) == 0)
        #expect(try paths(root).passedOver.sorted() == ["dead", "link", "pipe"])
        let followed = try paths(root, follows: true)
        #expect(followed.files == ["link/f"] && followed.passedOver.sorted() == ["dead", "pipe"])
        // A link back is not followed in circles.
        #expect(symlink(root, folder.sub("out") + "/back") == 0)
        let circle = try paths(root, follows: true)
        #expect(circle.files == ["link/f"] && circle.passedOver.sorted() == ["dead", "link/back", "pipe"])
    }

    @Test func `a copy has the bytes, the permissions and the time of its file`() throws {
        let source = folder.write("a", "abc"), target = folder.sub("deep/er/copy")
        #expect(chmod(source, 0o640) == 0)
        let copied = try #require(try FileCopy.copy(source, to: target))
        #expect(copied.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" && copied.size == 3)
        #expect(try FileIdentity.of(source)?.modified == FileIdentity.of(target)?.modified)
        var status = stat()
        #expect(stat(target, &status) == 0 && status.st_mode & 0o777 == 0o640)
        #expect(try FileCopy.copy(folder.sub("none"), to: folder.sub("never")) == nil)
        #expect(try FileCopy.link(target, to: folder.sub("second/name")) && FileCopy.digest(of: folder.sub("second/name"))?.digest == copied.digest)
        #expect(try !FileCopy.link(folder.sub("none"), to: folder.sub("third/name")))
    }
}
