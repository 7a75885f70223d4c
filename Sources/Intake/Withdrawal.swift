import CLinux
import Glibc

/// Takes a file out of the reach of whoever drops files, so that what is looked at is what is moved.
///
/// Between a look at a name and a move by that name somebody can have put another file there. So the file is first renamed into
/// a folder of its own in the drop folder, `.filing`, which no scan looks into; its identity is checked there; and another file is put back.
enum Withdrawal {
    private static let folderName = ".filing"
    private static let nameLimit = 1000

    /// Renames a file into the private folder of a drop folder, into a folder below that where it lay in one, and gives its new path; nil where there is
    /// no such file.
    static func take(_ source: String, in dropFolder: String) throws(IntakeFailure) -> String? {
        let folder = "\(dropFolder)/\(folderName)" + Folder.rest(of: Folder.parent(of: source), behind: dropFolder)
        try Folder.make(folder)
        let name = Folder.name(of: source)
        for attempt in 0..<nameLimit {
            let target = folder + "/" + (attempt == 0 ? name : "\(name)~\(attempt)")
            guard try FileIdentity.of(target) == nil else { continue }
            guard try FileIdentity.of(source) != nil else { return nil }
            if try Naming.move(source, to: target) == .done { return target }
        }
        throw IntakeFailure("rename", source, .noFreeName)
    }

    /// Puts a file back under the name that it had. Where that is taken by now, it gets one beside it: no bytes are lost, and
    /// the next scan sees both.
    static func putBack(_ path: String, as source: String) throws(IntakeFailure) {
        for attempt in 0..<nameLimit {
            let target = attempt == 0 ? source : beside(source, attempt)
            if try Naming.move(path, to: target) == .done { return try Folder.sync(Folder.parent(of: source)) }
        }
        throw IntakeFailure("rename", path, .noFreeName)
    }

    /// Puts back what a crash left in the private folder of a drop folder.
    static func restore(_ folder: String, depth: Int) throws(IntakeFailure) {
        let hidden = folder + "/" + folderName
        guard access(hidden, F_OK) == 0 else { return }
        for sighting in try Folder.scan(hidden, depth: depth) {
            let source = "\(folder)/\(sighting.name)"
            try Folder.make(Folder.parent(of: source))
            try putBack("\(hidden)/\(sighting.name)", as: source)
        }
    }

    private static func beside(_ path: String, _ attempt: Int) -> String {
        let folder = Folder.parent(of: path), name = Folder.name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "\(path)~\(attempt)" }
        return "\(folder)/\(name[..<dot])~\(attempt)\(name[dot...])"
    }
}

extension Archive {
    /// Puts back what a crash left half-filed in a drop folder, and in those below it down to a depth; the ledger tells what becomes of it.
    package static func restore(dropFolder: String, depth: Int = 0) throws(IntakeFailure) { try Withdrawal.restore(dropFolder, depth: depth) }
}
