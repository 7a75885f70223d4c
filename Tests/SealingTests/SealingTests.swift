import Foundation
import Sealing
import Testing

/// A folder for the time of one test, with a key file in it.
private final class KeyFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-keys-\(UUID().uuidString)")
    var path: String { url.appendingPathComponent("store.keys").path }

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
    func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path), options: []) }
}

@Suite struct SealingTests {
    @Test func `a key comes back from its place, and destroying it leaves zeros there and the others as they are`() throws {
        let folder = try KeyFolder(), keys = KeyFile(path: folder.path)
        #expect(!keys.exists)
        let first = try keys.make(1, isFirst: true), second = try keys.make(2, isFirst: false)
        try keys.sync()
        let text = SealedText.seal("Erika", under: first, at: "a")
        #expect(try KeyFile(path: folder.path).key(1).flatMap { SealedText.open(text, with: $0, at: "a") } == "Erika")
        #expect(try keys.key(3) == nil && keys.holds(2) && !keys.holds(3))
        let before = try folder.bytes()
        #expect(before.count == 3 * 64 && before[64..<128].contains { $0 != 0 })
        try keys.destroy(1)
        try keys.destroy(1)
        let after = try folder.bytes()
        #expect(after[64..<128].allSatisfy { $0 == 0 } && after[128...] == before[128...] && after[..<64] == before[..<64])
        #expect(try keys.key(1) == nil && keys.key(2).map(\.id) == second.id)
        // What another process has open sees it too, as nothing is kept in memory.
        #expect(try KeyFile(path: folder.path).key(1) == nil)
    }

    @Test func `a file of keys that others may read is refused, one that is damaged is told, and one that is missing is not made anew`() throws {
        let folder = try KeyFolder()
        _ = try KeyFile(path: folder.path).make(1, isFirst: true)
        let mode = try #require(try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int)
        #expect(mode == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.path)
        #expect(throws: SealingFailure.self) { _ = try KeyFile(path: folder.path).key(1) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path)
        var bytes = try folder.bytes()
        bytes[70] ^= 1
        try folder.write(bytes)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path)
        #expect(throws: SealingFailure.self) { _ = try KeyFile(path: folder.path).key(1) }
        try FileManager.default.removeItem(atPath: folder.path)
        #expect(throws: SealingFailure.self) { _ = try KeyFile(path: folder.path).make(2, isFirst: false) }
        #expect(try KeyFile(path: folder.path).key(1) == nil && !FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func `a sealed text opens with its key at its place, and with a changed character nowhere`() throws {
        let folder = try KeyFolder(), keys = KeyFile(path: folder.path)
        let key = try keys.make(1, isFirst: true), other = try keys.make(2, isFirst: false)
        for value in ["Erika Zwetschgenbaum", "", "\u{1F}1:", "ÅÄÖ 株式会社 🏠", String(repeating: "x", count: 5_000)] {
            let sealed = SealedText.seal(value, under: key, at: "party name")
            #expect(SealedText.form(sealed) == .sealed(key: 1) && SealedText.isMarked(sealed))
            #expect(value.count < 5 || !sealed.contains(value))
            #expect(SealedText.open(sealed, with: key, at: "party name") == value)
            #expect(SealedText.open(sealed, with: key, at: "party nam") == nil && SealedText.open(sealed, with: other, at: "party name") == nil)
            #expect(SealedText.seal(value, under: key, at: "party name") != sealed)
        }
        let sealed = Array(SealedText.seal("Erika", under: key, at: "p").utf8)
        for place in sealed.indices {
            var changed = sealed
            changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(SealedText.open(String(decoding: changed, as: UTF8.self), with: key, at: "p") == nil, "character \(place)")
        }
    }

    @Test func `a plain text is never taken for a sealed one`() {
        #expect(SealedText.plain("Erika") == "Erika" && !SealedText.isMarked("Erika") && !SealedText.isMarked(""))
        for text in ["\u{1F}1:AAAA", "\u{1F}=x", "\u{1F}"] {
            #expect(SealedText.form(SealedText.plain(text)) == .plain(text))
        }
        #expect(SealedText.form(SealedText.withheld(7)) == .withheld(key: 7))
        for text in ["\u{1F}", "\u{1F}x:y", "\u{1F}0:y", "\u{1F}-1:y", "\u{1F}12"] { #expect(SealedText.form(text) == .damaged) }
    }

    @Test func `a payload opens with all of its keys, for its effect, and with a changed byte not at all`() throws {
        let folder = try KeyFolder(), keys = KeyFile(path: folder.path)
        let some = [try keys.make(1, isFirst: true), try keys.make(2, isFirst: false), try keys.make(3, isFirst: false)]
        let payload = Array("SHIP_TO;Erika\n".utf8), sealed = SealedPayload.seal(payload, under: some.reversed(), at: "e1")
        #expect(SealedPayload.keys(of: sealed) == [1, 2, 3] && SealedPayload.keys(of: payload) == nil && SealedPayload.keys(of: []) == nil)
        #expect(SealedPayload.open(sealed, with: some, at: "e1") == payload)
        #expect(SealedPayload.open(sealed, with: some, at: "e2") == nil && SealedPayload.open(sealed, with: Array(some.dropLast()), at: "e1") == nil)
        #expect(SealedPayload.open(payload, with: some, at: "e1") == nil)
        for place in sealed.indices {
            var changed = sealed
            changed[place] ^= 1
            #expect(SealedPayload.open(changed, with: some, at: "e1") == nil, "byte \(place)")
        }
        for end in sealed.indices { #expect(SealedPayload.open(Array(sealed[..<end]), with: some, at: "e1") == nil, "\(end) bytes") }
    }

    @Test func `a pseudonym is the same while its key is there, and another under another key`() throws {
        let folder = try KeyFolder(), keys = KeyFile(path: folder.path)
        let key = try keys.make(1, isFirst: true), other = try keys.make(2, isFirst: false)
        #expect(key.pseudonym(of: "NORDWIND/C-1") == key.pseudonym(of: "NORDWIND/C-1") && key.pseudonym(of: "NORDWIND/C-1").count == 64)
        #expect(key.pseudonym(of: "NORDWIND/C-1") != key.pseudonym(of: "NORDWIND/C-2") && key.pseudonym(of: "NORDWIND/C-1") != other.pseudonym(of: "NORDWIND/C-1"))
        #expect(SealingKey.pseudonym() != SealingKey.pseudonym())
    }
}
