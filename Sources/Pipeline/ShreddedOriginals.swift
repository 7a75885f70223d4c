import FoundationEssentials
import Glibc
import Intake
import Store

/// Removes the originals that a log entry says are shredded: overwritten, and then taken away, with their copies in the spool and the reports beside them.
package struct ShreddedOriginals {
    private let site: Site

    package init(site: Site) { self.site = site }

    /// Does what a shredding has left to do; nothing where all is done.
    package func remove() throws {
        let waiting = try site.store.driver.read { try Store.shreddedOriginals(in: $0) }.filter { !$0.isRemoved }
        for item in waiting {
            guard let file = try site.store.file(item.file) else { continue }
            for path in Self.paths(of: file, site) { try Self.erase(path) }
            try site.store.noteRemoved(file: file.id)
        }
    }

    /// Where bytes of an original may lie.
    static func paths(of file: LedgerFile, _ site: Site) -> [String] {
        let shelved = file.archivedAs.map { site.path($0) }
        let spooled = "\(site.path(site.configuration.spool))/\(file.digest.prefix(2))/\(file.digest)"
        return Set((shelved.map { [$0, "\($0).report.txt", "\($0).report.json"] } ?? []) + [spooled]).sorted()
    }

    /// Gives a file the name of another one, whose bytes are written over once they have none.
    static func replace(_ path: String, with new: String) throws {
        let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 || errno == ENOENT else { throw failed(path) }
        defer { if descriptor >= 0 { close(descriptor) } }
        guard rename(new, path) == 0 else { throw failed(path) }
        try Folder.sync(Site.parent(of: path))
        if descriptor >= 0 { try blank(descriptor, path) }
    }

    /// Writes zeros over a file, waits for the disk, and takes its name away. A file system that copies on write keeps the former blocks until it
    /// uses them again.
    static func erase(_ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw failed(path)
        }
        defer { close(descriptor) }
        try blank(descriptor, path)
        guard unlink(path) == 0 || errno == ENOENT else { throw failed(path) }
        try Folder.sync(Site.parent(of: path))
    }

    private static func blank(_ descriptor: Int32, _ path: String) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw failed(path) }
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        var at = 0
        while at < Int(status.st_size) {
            let count = pwrite(descriptor, zeros, min(zeros.count, Int(status.st_size) - at), off_t(at))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failed(path) }
            at += count
        }
        guard fsync(descriptor) == 0 else { throw failed(path) }
    }

    private static func failed(_ path: String) -> PipelineFailure {
        PipelineFailure(errno: errno, subject: path, hint: "the log says that it is shredded: mend what is told, and shred again")
    }
}
