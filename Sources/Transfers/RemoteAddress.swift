/// Where a server of files is, and a folder on it: `sftp://host:port/folder`, `ftps://…` (TLS from the first byte) or `ftpes://…` (TLS after AUTH TLS,
/// RFC 4217). Plain FTP is none.
package struct RemoteAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Scheme: String, CaseIterable, Sendable {
        case sftp
        case ftps
        case ftpes

        /// The port that is used where none is named.
        package var port: Int {
            switch self {
            case .sftp: 22
            case .ftps: 990
            case .ftpes: 21
            }
        }
    }

    package let scheme: Scheme
    /// A name or an address; an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// Absolute, or beginning with `~` for the folder that one is in after the login.
    package let folder: String

    package init(scheme: Scheme, host: String, port: Int? = nil, folder: String = "/") {
        self.scheme = scheme
        self.host = host
        self.port = port ?? scheme.port
        self.folder = folder
    }

    /// Reads the text; where it is no such address, `refusal` says why.
    package static func read(_ text: String) -> (address: RemoteAddress?, refusal: String?) {
        guard let mark = text.firstRange(of: "://") else { return (nil, "\(text) is no address: it begins with no scheme") }
        guard let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased()) else {
            return (nil, "\(text[..<mark.lowerBound]) is none of sftp, ftps and ftpes")
        }
        let rest = text[mark.upperBound...], slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        guard !authority.contains("@") else { return (nil, "user and password stand in the address") }
        guard let (host, port) = Self.hostAndPort(authority) else { return (nil, "\(authority) is no host with an optional port") }
        guard !rest[slash...].contains(where: { $0 == "?" || $0 == "#" }), let path = PercentEncoding.decoded(rest[slash...]) else {
            return (nil, "\(rest[slash...]) is no path")
        }
        let folder = path.hasPrefix("/~/") || path == "/~" ? String(path.dropFirst()) : path
        guard let whole = RemotePath.joined("/", folder.isEmpty ? "/" : folder) else { return (nil, "\(path) is no folder") }
        return (RemoteAddress(scheme: scheme, host: host, port: port, folder: whole), nil)
    }

    private static func hostAndPort(_ authority: Substring) -> (host: String, port: Int?)? {
        var host = authority, port: Int?
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else { return nil }
            (host, port) = (authority[..<colon], number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            let inner = String(host.dropFirst().dropLast())
            return inner.contains(":") && NetworkAddress(inner) != nil ? (inner, port) : nil
        }
        let isName = !host.isEmpty && host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte >= 0x80 || "-._".utf8.contains(byte)
            }
        }
        return isName ? (String(host), port) : nil
    }

    /// Host and port as a URL has them.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// What libcurl is asked for: the whole path of a file, or of a folder with a slash at its end.
    func url(_ path: String) -> String {
        switch scheme {
        case .sftp: "sftp://\(authority)\(PercentEncoding.path(path))"
        // The second slash makes the path an absolute one (RFC 1738, 3.2.2, as libcurl reads it).
        case .ftps: "ftps://\(authority)/\(PercentEncoding.path(path))"
        case .ftpes: "ftp://\(authority)/\(PercentEncoding.path(path))"
        }
    }

    package var description: String { "\(scheme.rawValue)://\(authority)\(folder.hasPrefix("~") ? "/" : "")\(folder)" }
}

/// Paths on a server.
package enum RemotePath {
    /// A path below a folder, or the path itself where that is absolute or begins with `~`. nil where it holds `..`, a control character or more bytes than
    /// a path may have.
    package static func joined(_ folder: String, _ path: String) -> String? {
        let isWhole = path.hasPrefix("/") || path == "~" || path.hasPrefix("~/")
        let whole = isWhole ? path : "\(folder)/\(path)"
        guard whole.utf8.count <= 4_096, whole.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        let parts = whole.split(separator: "/").filter { $0 != "." }
        guard !parts.contains("..") else { return nil }
        let text = parts.joined(separator: "/")
        return whole.hasPrefix("~") ? text : "/" + text
    }

    package static func of(_ name: String, in folder: String) -> String { folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }

    /// Whether a name of a listing can be asked for: no slash, no control character, at most 255 bytes.
    package static func isPlain(_ name: String) -> Bool {
        (1...255).contains(name.utf8.count) && name != "." && name != ".." && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
    }

    /// A path as an argument of libcurl's commands for SFTP: in quotation marks, with a backslash before these and before backslashes.
    static func quoted(_ path: String) -> String {
        "\"" + path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
