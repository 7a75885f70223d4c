import Archives
import Testing

@Suite struct GzipPackerTests {
    private func pack(_ bytes: [UInt8], chunk: Int = .max) -> [UInt8] {
        let packer = GzipPacker()
        var packed: [UInt8] = []
        bytes.withUnsafeBufferPointer { all in
            var at = 0
            while at < all.count {
                let end = at + min(chunk, all.count - at)
                packer.write(UnsafeBufferPointer(rebasing: all[at..<end])) { packed += $0 }
                at = end
            }
        }
        packer.finish { packed += $0 }
        return packed
    }

    /// Bytes that hardly pack, so that much comes out.
    private func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 7
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }

    @Test func `what is packed comes out again, whatever the pieces`() throws {
        let texts = [[], Array("a".utf8), Array(String(repeating: "{\"client\":\"ACME\"}\n", count: 40_000).utf8), noise(300_000)]
        for bytes in texts {
            for chunk in [1_000, 65_536, Int.max] {
                let packed = pack(bytes, chunk: chunk), documents = unpack(packed)
                #expect(documents.contents == [bytes] && documents.whole == [true] && documents.findings.isEmpty, "\(bytes.count) by \(chunk)")
                #expect(packed == pack(bytes, chunk: chunk))
                // No name, and no time (RFC 1952, 2.3.1: flags in byte 3, time in 4 to 7).
                #expect(packed[3...7].allSatisfy { $0 == 0 })
            }
        }
        #expect(pack(texts[2]).count < texts[2].count / 100)
    }

    @Test func `a changed or a missing byte of what was packed is found`() throws {
        let bytes = Array(String(repeating: "order 4711 is rush\n", count: 5_000).utf8)
        let packed = pack(bytes)
        for at in [12, packed.count / 2, packed.count - 6] {
            var changed = packed
            changed[at] ^= 0x10
            let documents = unpack(changed)
            #expect(documents.whole != [true] || documents.contents != [bytes] || !documents.findings.isEmpty, "byte \(at)")
        }
        #expect(unpack(Array(packed.dropLast(3))).whole == [false])
    }
}
