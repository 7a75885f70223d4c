import Crypto
import FoundationEssentials

/// A text in the place of a personal value: U+001F, the number of its key, a colon, and the value under AES-GCM with nonce and tag, as base64.
///
/// Nothing behind the colon is a value that was not kept, as its subject had been shredded when it came. A plain text that begins with
/// U+001F has U+001F and `=` before it, so that the two are never taken for one another.
package enum SealedText {
    package static let mark: UInt8 = 0x1F

    /// Whether a text as it is stored is anything but itself.
    package static func isMarked(_ text: String) -> Bool { text.utf8.first == mark }

    /// Whether a marked text is a plain one behind its mark.
    package static func isPlain(_ marked: String) -> Bool { marked.utf8.dropFirst().first == UInt8(ascii: "=") }

    /// A plain text as it is stored.
    package static func plain(_ text: String) -> String { isMarked(text) ? "\u{1F}=\(text)" : text }

    /// What a stored text is.
    package enum Form: Hashable, Sendable {
        case plain(String)
        case sealed(key: Int64)
        /// Not kept, as the subject of the key was shredded.
        case withheld(key: Int64)
        /// Marked, and in no form that was ever written.
        case damaged
    }

    package static func form(_ text: String) -> Form {
        guard isMarked(text) else { return .plain(text) }
        let rest = text.dropFirst()
        if rest.first == "=" { return .plain(String(rest.dropFirst())) }
        guard let colon = rest.firstIndex(of: ":"), let key = Int64(rest[..<colon]), key > 0 else { return .damaged }
        return rest.index(after: colon) == rest.endIndex ? .withheld(key: key) : .sealed(key: key)
    }

    package static func withheld(_ key: Int64) -> String { "\u{1F}\(key):" }

    /// - Parameter place: kind, key and field of the record: the sealed text opens nowhere else.
    package static func seal(_ text: String, under key: SealingKey, at place: String) -> String {
        let box: AES.GCM.SealedBox
        do { box = try AES.GCM.seal(Array(text.utf8), using: key.secret, authenticating: Array(place.utf8)) } catch {
            preconditionFailure("AES-GCM with a key of 256 bits: \(error)")
        }
        guard let combined = box.combined else { preconditionFailure("a nonce of 96 bits is combined with its text") }
        return "\u{1F}\(key.id):\(combined.base64EncodedString())"
    }

    /// The value; nil where it was sealed under another key or for another place, or was changed.
    package static func open(_ text: String, with key: SealingKey, at place: String) -> String? {
        guard case .sealed(key.id) = form(text), let colon = text.firstIndex(of: ":"),
            let combined = Data(base64Encoded: String(text[text.index(after: colon)...]))
        else { return nil }
        do {
            let value = try AES.GCM.open(AES.GCM.SealedBox(combined: combined), using: key.secret, authenticating: Array(place.utf8))
            return String(decoding: value, as: UTF8.self)
        } catch { return nil }
    }
}
