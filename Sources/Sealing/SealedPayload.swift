import Crypto
import FoundationEssentials

/// The bytes of an effect that holds personal values of one or several subjects: readable while the keys of all of them are there.
///
/// Layout: `US SEAL 1 LF` (7 bytes), the count of keys as 4 bytes, their numbers in order as 8 bytes each, most significant byte first; then
/// nonce, text and tag of AES-GCM under a key that HKDF-SHA256 derives from all of them, one after the other.
package enum SealedPayload {
    private static let heading: [UInt8] = [0x1F] + Array("SEAL1\n".utf8)

    /// - Parameters:
    ///   - keys: at least one.
    ///   - place: the id of the effect: the payload opens for no other.
    package static func seal(_ payload: [UInt8], under keys: [SealingKey], at place: String) -> [UInt8] {
        precondition(!keys.isEmpty, "what is sealed is sealed under a key")
        let ordered = keys.sorted { $0.id < $1.id }
        let head = heading + big(UInt32(ordered.count)) + ordered.flatMap { big($0.id) }
        do {
            let box = try AES.GCM.seal(payload, using: joined(ordered), authenticating: head + Array(place.utf8))
            guard let combined = box.combined else { preconditionFailure("a nonce of 96 bits is combined with its text") }
            return head + combined
        } catch {
            preconditionFailure("AES-GCM with a key of 256 bits: \(error)")
        }
    }

    /// The numbers of the keys; nil where the bytes are no sealed payload.
    package static func keys(of bytes: [UInt8]) -> [Int64]? {
        guard bytes.starts(with: heading), bytes.count >= heading.count + 4 else { return nil }
        let count = Int(bytes[heading.count..<heading.count + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        let first = heading.count + 4
        guard count > 0, count <= (bytes.count - first) / 8 else { return nil }
        return (0..<count).map { place in bytes[(first + place * 8)..<(first + place * 8 + 8)].reduce(Int64(0)) { $0 << 8 | Int64($1) } }
    }

    /// The payload; nil where the keys are not those that it was sealed under, or it is another effect's, or was changed.
    package static func open(_ bytes: [UInt8], with keys: [SealingKey], at place: String) -> [UInt8]? {
        guard let ids = self.keys(of: bytes), keys.map(\.id).sorted() == ids else { return nil }
        let end = heading.count + 4 + ids.count * 8
        do {
            let box = try AES.GCM.SealedBox(combined: bytes[end...])
            return Array(try AES.GCM.open(box, using: joined(keys.sorted { $0.id < $1.id }), authenticating: bytes[..<end] + Array(place.utf8)))
        } catch { return nil }
    }

    private static func joined(_ keys: [SealingKey]) -> SymmetricKey {
        var material: [UInt8] = []
        for key in keys { key.secret.withUnsafeBytes { material += $0 } }
        return HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: material), info: Array("crossdock effect 1".utf8), outputByteCount: SealingKey.byteCount)
    }

    private static func big(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
}
