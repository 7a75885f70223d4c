import CLinux
import Glibc

/// Gives files names without ever replacing one that is there.
enum Naming {
    enum Outcome { case done, taken }

    /// Gives a temporary file its final name and takes its temporary one away.
    ///
    /// By link and unlink, which every file system with links does without clobbering; by a rename that does not replace
    /// where there are no links. An error is not the answer: the names are looked at, because a network file system can
    /// have done what it reports as failed.
    static func link(_ temporary: String, to target: String) throws(IntakeFailure) -> Outcome {
        let inode = try FileIdentity.of(temporary)?.inode
        var result = crossdock_link(temporary, target)
        if [-EPERM, -ENOTSUP, -ENOSYS, -EMLINK].contains(result) {
            result = crossdock_rename_noreplace(temporary, target)
            if result == 0 { return .done }
        }
        if result != 0 {
            let there = try FileIdentity.of(target)
            guard there != nil else { throw IntakeFailure("link", temporary, to: target, .system(-result)) }
            guard there?.inode == inode else {
                _ = crossdock_unlink(temporary)
                return .taken
            }
        }
        let removed = crossdock_unlink(temporary)
        guard removed == 0 || removed == -ENOENT else { throw IntakeFailure("remove", temporary, .system(-removed)) }
        return .done
    }

    enum Move { case done, taken, acrossFileSystems }

    /// Renames a file to a name that is free. Whatever the call reports, the two names decide.
    static func move(_ source: String, to target: String) throws(IntakeFailure) -> Move {
        guard let before = try FileIdentity.of(source) else { throw IntakeFailure("rename", source, to: target, .system(ENOENT)) }
        var result = crossdock_rename_noreplace(source, target)
        if result == -EINVAL || result == -ENOSYS || result == -ENOTSUP {
            result = crossdock_link(source, target)
            if result == 0 { result = crossdock_unlink(source) }
        }
        if result == 0 { return .done }
        if result == -EXDEV { return .acrossFileSystems }
        let there = try FileIdentity.of(target)
        let isOurs = there.map { $0.inode == before.inode && $0.device == before.device } ?? false
        if isOurs {
            let removed = crossdock_unlink(source)
            guard removed == 0 || removed == -ENOENT else { throw IntakeFailure("remove", source, .system(-removed)) }
            return .done
        }
        if there != nil { return .taken }
        throw IntakeFailure("rename", source, to: target, .system(-result))
    }
}
