import Crypto
import FoundationEssentials

/// The fingerprint of a server's public key: SHA-256 in base64 without padding behind `SHA256:`, as `ssh-keygen -lf` prints it.
package struct HostKey: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Reads `SHA256:` and 43 characters of base64; nil if it is something else.
    package init?(_ text: String) {
        let digits = text.dropFirst(Self.prefix.count)
        guard text.hasPrefix(Self.prefix), let digest = Data(base64Encoded: digits.filter { $0 != "=" } + "="), digest.count == 32 else { return nil }
        self.init(digest)
    }

    /// The fingerprint of a key as it goes over the wire (RFC 4253, 6.6).
    init(ofKey key: some Sequence<UInt8>) { self.init(SHA256.hash(data: Data(key))) }

    private init(_ digest: some Sequence<UInt8>) {
        description = Self.prefix + Data(digest).base64EncodedString().filter { $0 != "=" }
    }

    private static let prefix = "SHA256:"

    /// The keys that a `known_hosts` file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT") has for a host: lines that name it, plainly, by a pattern or hashed. Keys
    /// that are revoked there are left out; certificates of authorities are not followed.
    package static func known(_ text: String, host: String, port: Int) -> Set<HostKey> {
        let name = port == 22 ? host.lowercased() : "[\(host.lowercased())]:\(port)"
        var known: Set<HostKey> = [], revoked: Set<HostKey> = []
        for line in text.split(whereSeparator: \.isNewline) {
            var parts = line.split(whereSeparator: { $0 == " " || $0 == "\t" })[...]
            guard let first = parts.first, !first.hasPrefix("#") else { continue }
            let marker = first.hasPrefix("@") ? parts.popFirst() : nil
            guard parts.count >= 3, marker == nil || marker == "@revoked" else { continue }
            let hosts = parts[parts.startIndex], blob = parts[parts.startIndex + 2]
            guard names(hosts, name), let key = Data(base64Encoded: String(blob)), !key.isEmpty else { continue }
            if marker == nil { known.insert(HostKey(ofKey: key)) } else { revoked.insert(HostKey(ofKey: key)) }
        }
        return known.subtracting(revoked)
    }

    private static func names(_ hosts: Substring, _ name: String) -> Bool {
        if hosts.hasPrefix("|1|") {
            let parts = hosts.split(separator: "|")
            guard parts.count == 3, let salt = Data(base64Encoded: String(parts[1])), let hash = Data(base64Encoded: String(parts[2])) else { return false }
            return Data(HMAC<Insecure.SHA1>.authenticationCode(for: Data(name.utf8), using: SymmetricKey(data: salt))) == hash
        }
        var isNamed = false
        for pattern in hosts.split(separator: ",") {
            let isNegated = pattern.hasPrefix("!")
            guard NamePattern(String(isNegated ? pattern.dropFirst() : pattern).lowercased()).matches(name) else { continue }
            if isNegated { return false }
            isNamed = true
        }
        return isNamed
    }
}
