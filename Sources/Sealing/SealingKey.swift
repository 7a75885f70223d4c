import Crypto
import FoundationEssentials

/// The key that everything personal of one subject is sealed under. It never leaves the key file and the memory of a process.
package struct SealingKey: Sendable {
    /// Its number, which is its place in the key file.
    package let id: Int64
    let secret: SymmetricKey

    static let byteCount = 32

    /// A name for whom the key is of: nobody can tell of whom without the key, and it is the same as long as the key is there.
    package func pseudonym(of subject: String) -> String {
        SealingKey.hexadecimal(HMAC<SHA256>.authenticationCode(for: Array("crossdock subject 1\n\(subject)".utf8), using: secret))
    }

    /// A pseudonym of somebody who never had a key.
    package static func pseudonym() -> String { hexadecimal(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }) }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value }
        var text: [UInt8] = []
        text.reserveCapacity(2 * byteCount)
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
