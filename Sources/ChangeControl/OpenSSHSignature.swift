/// What an armoured OpenSSH signature says of itself (openssh-portable PROTOCOL.sshsig): read, not verified.
package struct OpenSSHSignature: Hashable, Sendable {
    /// Such as `approve@crossdock`; as found, known or not.
    package let namespace: String
    package let fingerprint: KeyFingerprint
    package let keyType: String
    /// `sha256` or `sha512`.
    package let hashAlgorithm: String

    /// The most bytes of armour that are read.
    package static let sizeLimit = 64 * 1024

    /// Why a text is not one SSH signature.
    package struct Unreadable: Error, Hashable, Sendable {
        package let fact: String
    }

    /// Reads the armour, which must be one signature and nothing else.
    package static func parse(_ armour: [UInt8]) throws(Unreadable) -> OpenSSHSignature {
        guard armour.count <= sizeLimit else { throw Unreadable(fact: "the signature has more than \(sizeLimit) bytes") }
        var lines = armour.split(separator: 10, omittingEmptySubsequences: false).map { $0.last == 13 ? $0.dropLast() : $0 }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count > 2, lines[0].elementsEqual("-----BEGIN SSH SIGNATURE-----".utf8),
              lines[lines.count - 1].elementsEqual("-----END SSH SIGNATURE-----".utf8) else {
            throw Unreadable(fact: "the text is not between the BEGIN and END lines of one SSH signature")
        }
        guard let blob = Base64Text.decode(lines[1..<lines.count - 1].joined()) else { throw Unreadable(fact: "the signature is not base64") }
        var fields = BlobFields(blob)
        guard fields.take("SSHSIG".utf8.count)?.elementsEqual("SSHSIG".utf8) == true, fields.number() == 1,
              let key = fields.string(), let namespace = fields.string(), fields.string() != nil, let hash = fields.string(),
              fields.string() != nil, fields.isAtEnd, let keyType = BlobFields.first(of: key) else {
            throw Unreadable(fact: "the contents are not those of a version 1 SSH signature")
        }
        return OpenSSHSignature(
            namespace: String(decoding: namespace, as: UTF8.self), fingerprint: KeyFingerprint(ofKeyBlob: Array(key)),
            keyType: String(decoding: keyType, as: UTF8.self), hashAlgorithm: String(decoding: hash, as: UTF8.self))
    }
}

/// A reader of the wire form of RFC 4251 section 5: big-endian numbers and length-prefixed strings.
struct BlobFields {
    private let bytes: [UInt8]
    private var cursor = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { cursor == bytes.count }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= bytes.count - cursor else { return nil }
        defer { cursor += count }
        return bytes[cursor..<cursor + count]
    }

    mutating func number() -> Int? {
        take(4)?.reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func string() -> ArraySlice<UInt8>? {
        guard let length = number() else { return nil }
        return take(length)
    }

    /// The first string of a blob: a key's type (RFC 4253 section 6.6).
    static func first(of blob: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var fields = BlobFields(Array(blob))
        guard let first = fields.string(), !first.isEmpty, !fields.isAtEnd else { return nil }
        return first
    }
}
