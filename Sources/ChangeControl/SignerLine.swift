import Diagnostics

/// The parser of one line of `allowed_signers`: `principal namespaces="a,b" keytype key [comment]`.
struct SignerLine {
    struct Refusal: Error { let diagnostic: Diagnostic }

    private static let keyTypes: Set<String> = [
        "ssh-ed25519", "sk-ssh-ed25519@openssh.com", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-rsa",
    ]

    private let bytes: [UInt8]
    private let file: String
    private let line: Int
    private var cursor = 0

    init(_ bytes: [UInt8], file: String, line: Int) {
        self.bytes = bytes
        self.file = file
        self.line = line
    }

    mutating func read() -> Result<AllowedSigner, Refusal> {
        do throws(Refusal) { return .success(try signer()) } catch { return .failure(error) }
    }

    private mutating func signer() throws(Refusal) -> AllowedSigner {
        if let control = bytes.firstIndex(where: { $0 < 32 && $0 != 9 || $0 == 127 }) {
            throw refusal(.signersLine, "a control character in the line", control, "save the file with LF line ends")
        }
        let principal = try principal()
        skipBlanks()
        let namespaces = try namespaces()
        skipBlanks()
        let start = cursor
        let type = word()
        guard SignerLine.keyTypes.contains(type) else {
            let isOption = type.contains("=") || type.lowercased() == "cert-authority"
            throw isOption
                ? refusal(.signersOption, "option '\(type)' is not used here", start, "leave only namespaces=\"...\" before the key type")
                : refusal(.signersKey, "'\(type)' is not a key type that is accepted", start, "ssh-keygen -t ed25519 makes a key that is")
        }
        skipBlanks()
        let keyStart = cursor
        let key = word()
        guard let blob = Base64Text.decode(key.utf8), SignerLine.innerType(blob) == type else {
            throw refusal(.signersKey, "the key is damaged, or is not of type \(type)", keyStart, "paste the line of the .pub file again")
        }
        return AllowedSigner(
            principal: principal, namespaces: namespaces, keyType: type, key: key, fingerprint: KeyFingerprint(ofKeyBlob: blob),
            position: SourcePosition(file: file, line: line, column: 1))
    }

    private mutating func principal() throws(Refusal) -> Principal {
        let text = word()
        guard let principal = Principal(text) else {
            let fact = text.isEmpty ? "the line begins with a space" : "'\(text)' is not one exact principal"
            throw refusal(.signersPrincipal, fact, 0, "write one name a line, of letters, digits and . _ + - @, with no wildcard")
        }
        return principal
    }

    private mutating func namespaces() throws(Refusal) -> Set<SignatureNamespace> {
        let start = cursor, prefix = Array("namespaces=\"".utf8)
        guard bytes[cursor...].starts(with: prefix) else {
            let found = word()
            let isOption = found.contains("=") || found.lowercased() == "cert-authority"
            throw refusal(
                isOption ? .signersOption : .signersNamespace,
                isOption ? "option '\(found)' is not used here" : "namespaces=\"...\" is missing after the principal", start,
                "write namespaces=\"approve@crossdock\"; an entry without it would be good for any purpose")
        }
        cursor += prefix.count
        guard let end = bytes[cursor...].firstIndex(of: 34) else {
            throw refusal(.signersNamespace, "the quoted list of namespaces does not end", start, "close it with a quotation mark")
        }
        var namespaces: Set<SignatureNamespace> = []
        for name in bytes[cursor..<end].split(separator: 44, omittingEmptySubsequences: false) {
            let text = String(decoding: name, as: UTF8.self)
            guard let namespace = SignatureNamespace(rawValue: text) else {
                throw refusal(
                    .signersNamespace, "'\(text)' is not a namespace that is used", name.startIndex,
                    "use \(SignatureNamespace.allCases.map(\.rawValue).joined(separator: " or "))")
            }
            guard namespaces.insert(namespace).inserted else {
                throw refusal(.signersNamespace, "'\(text)' is listed twice", name.startIndex, "list it once")
            }
        }
        cursor = end + 1
        if cursor < bytes.count, bytes[cursor] != 32, bytes[cursor] != 9 {
            throw refusal(.signersOption, "another option follows the namespaces", cursor, "leave only namespaces=\"...\" before the key type")
        }
        return namespaces
    }

    private mutating func word() -> String {
        let start = cursor
        while cursor < bytes.count, bytes[cursor] != 32, bytes[cursor] != 9 { cursor += 1 }
        return String(decoding: bytes[start..<cursor], as: UTF8.self)
    }

    private mutating func skipBlanks() {
        while cursor < bytes.count, bytes[cursor] == 32 || bytes[cursor] == 9 { cursor += 1 }
    }


    private func refusal(_ code: DiagnosticCode, _ fact: String, _ start: Int, _ hint: String) -> Refusal {
        var end = start
        while end < bytes.count, bytes[end] != 32, bytes[end] != 9 { end += 1 }
        let before = String(decoding: bytes[..<start], as: UTF8.self).count
        let excerpt = Excerpt(
            text: String(decoding: bytes.map { $0 < 32 ? 32 : $0 }, as: UTF8.self), start: before, length: max(1, end - start))
        return Refusal(diagnostic: Diagnostic(
            code, .error, fact, at: SourcePosition(file: file, line: line, column: start + 1), excerpt: excerpt, hint: hint))
    }

    /// Whether a key's blob is of a type that is accepted, and of the type that is said.
    static func isOfType(_ type: String, _ blob: [UInt8]) -> Bool { keyTypes.contains(type) && innerType(blob) == type }

    /// RFC 4253 section 6.6: a key blob begins with its type as a length-prefixed string, so the type in the line cannot lie.
    private static func innerType(_ blob: [UInt8]) -> String? {
        BlobFields.first(of: blob[...]).map { String(decoding: $0, as: UTF8.self) }
    }
}
