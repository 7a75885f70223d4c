import CLinux
import Glibc

/// A path as its bytes: a name in it need not be UTF-8.
package struct RawPath: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case file, folder, link, other }

    private let bytes: [UInt8]
    /// The last name in it as it is shown: what is no UTF-8 is shown as U+FFFD.
    package let name: String
    /// Whether that name is UTF-8.
    package let isText: Bool

    package init(_ path: String) {
        bytes = Array(path.utf8)
        name = Folder.name(of: path)
        isText = true
    }

    private init(_ bytes: [UInt8], name: [UInt8]) {
        self.bytes = bytes
        let text = String(validating: name, as: UTF8.self)
        self.name = text ?? String(decoding: name, as: UTF8.self)
        isText = text != nil
    }

    package func appending(_ name: String) -> RawPath { appending(Array(name.utf8)) }

    func appending(_ name: [UInt8]) -> RawPath { RawPath(bytes + [UInt8(ascii: "/")] + name, name: name) }

    /// The path as it is shown.
    package var shown: String { String(decoding: bytes, as: UTF8.self) }

    /// As the system wants it.
    var terminated: [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }

    /// What lies there; nil where nothing does. A link is not followed.
    package func kind() throws(IntakeFailure) -> Kind? {
        var status = crossdock_status()
        let result = crossdock_status_at(terminated, &status)
        // A name that is too long is that of nothing.
        if result == -ENOENT || result == -ENOTDIR || result == -ENAMETOOLONG { return nil }
        guard result == 0 else { throw IntakeFailure("look at", shown, .system(-result)) }
        if crossdock_is_regular(&status) != 0 { return .file }
        if crossdock_is_folder(&status) != 0 { return .folder }
        return crossdock_is_link(&status) != 0 ? .link : .other
    }
}
