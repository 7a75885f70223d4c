import Archives
import Diagnostics
import Formats
import Testing

@Suite struct UnpackerTests {
    private let text = Array(String(repeating: "order;item;quantity\n4711;NW-1001;12\n", count: 900).utf8)

    @Test func `gzip reads as what was packed, in pieces of any size`() {
        let packed = deflated(text, isRaw: false)
        for chunk in [1, 7, 4096, Int.max] {
            let documents = unpack(packed, chunk: chunk)
            #expect(documents.contents == [text])
            #expect(documents.names == [nil])
            #expect(documents.whole == [true])
            #expect(documents.findings.isEmpty)
        }
    }

    @Test func `members one after the other are one document, and zeros behind them are nothing`() {
        let packed = deflated(text, isRaw: false) + deflated([0x41, 0x0A], isRaw: false)
        #expect(unpack(packed, chunk: 5).contents == [text + [0x41, 0x0A]])
        #expect(unpack(packed + [0, 0, 0]).findings.isEmpty)
        #expect(unpack(packed + [0x41, 0x42]).codes == ["ARC-TRAILING"])
    }

    @Test func `torn and damaged gzip is named and what came is kept`() {
        let packed = deflated(text, isRaw: false)
        let torn = unpack(Array(packed.dropLast(9)))
        #expect(torn.codes == ["ARC-TORN"])
        #expect(torn.whole == [false])
        #expect(torn.contents[0].count > 1000)
        var wrong = packed
        wrong[packed.count - 6] ^= 0xFF
        #expect(unpack(wrong).codes == ["ARC-DAMAGED"])
        #expect(unpack(Array(packed.prefix(5))).codes == ["ARC-TORN"])
    }

    @Test func `each entry of a zip is a document with its name`() {
        var zip = ZipBuilder()
        zip.add("a.csv", text)
        zip.add("folder/", [])
        zip.add("folder/b.csv", Array("x\n1\n".utf8), isStored: true)
        zip.add("c.csv", text, hasDescriptor: true)
        zip.add("d.csv", text, hasDescriptor: true, isWide: true)
        zip.add("e.csv", [0x41], isWide: true)
        zip.add("__MACOSX/._a.csv", [1, 2, 3])
        zip.add("empty.csv", [], isStored: true)
        let bytes = zip.finished()
        for chunk in [1, 13, 4096, Int.max] {
            let documents = unpack(bytes, chunk: chunk)
            #expect(documents.names == ["a.csv", "folder/b.csv", "c.csv", "d.csv", "e.csv", "empty.csv"])
            #expect(documents.contents == [text, Array("x\n1\n".utf8), text, text, [0x41], []])
            #expect(documents.whole == [Bool](repeating: true, count: 6))
            #expect(documents.findings.isEmpty)
        }
    }

    @Test func `a zip without its directory is torn, wherever it ends`() {
        var zip = ZipBuilder()
        zip.add("a.csv", text)
        zip.add("b.csv", text, isStored: true)
        let bytes = zip.finished()
        for count in [10, 40, 200, 1000, bytes.count - 60, bytes.count - 3] {
            let documents = unpack(Array(bytes.prefix(count)))
            #expect(documents.codes == ["ARC-TORN"], "\(count) bytes")
        }
    }

    @Test func `wrong sums, wrong directories, secrets and strange methods are named`() {
        var zip = ZipBuilder()
        zip.add("a.csv", text, crc: 7)
        zip.add("b.csv", text, isEncrypted: true)
        zip.add("c.csv", text, method: 12)
        zip.add("d.csv", [0x41])
        let documents = unpack(zip.finished())
        #expect(documents.codes == ["ARC-DAMAGED", "ARC-ENCRYPTED", "ARC-METHOD"])
        #expect(documents.names == ["a.csv", "d.csv"])
        #expect(documents.whole == [false, true])
        var other = ZipBuilder()
        other.add("a.csv", text)
        #expect(unpack(other.finished(declaring: 3)).codes == ["ARC-DAMAGED"])
    }

    @Test func `a gzip bomb stops by its ratio`() {
        let bomb = deflated([UInt8](repeating: 0, count: 200_000_000), isRaw: false)
        #expect(bomb.count < 300_000)
        let documents = unpack(bomb, isCounting: true)
        #expect(documents.codes == ["ARC-BOMB"])
        #expect(documents.count < 20 << 20)
        #expect(documents.whole == [false])
    }

    @Test func `a zip bomb stops by its total, its ratio and its entries`() {
        var zip = ZipBuilder()
        for index in 0..<30 { zip.add("\(index).csv", [UInt8](repeating: 0x41, count: 1_000_000)) }
        var limits = UnpackLimits()
        limits.bytes = 5_000_000
        #expect(unpack(zip.finished(), limits, isCounting: true).codes == ["ARC-BOMB"])
        #expect(unpack(zip.finished(), limits, isCounting: true).count <= 5_000_000)
        #expect(unpack(zip.finished(), isCounting: true).codes == ["ARC-BOMB"])
        limits = UnpackLimits()
        limits.entries = 10
        limits.ratio = 100_000
        let many = unpack(zip.finished(), limits, isCounting: true)
        #expect(many.codes == ["ARC-BOMB"])
        #expect(many.names.count == 10)
    }

    @Test func `an archive within an archive is not unpacked`() {
        var inner = ZipBuilder()
        inner.add("a.csv", text)
        var outer = ZipBuilder()
        outer.add("inner.zip", inner.finished())
        outer.add("b.csv.gz", deflated(text, isRaw: false), isStored: true)
        outer.add("c.csv", text)
        let documents = unpack(outer.finished())
        #expect(documents.codes == ["ARC-NESTED", "ARC-NESTED"])
        #expect(documents.contents == [[], [], text])
        #expect(documents.whole == [false, false, true])
        #expect(unpack(deflated(deflated(text, isRaw: false), isRaw: false)).codes == ["ARC-NESTED"])
    }

    @Test func `bytes changed at random never break the unpacker, and give the same however they are cut`() {
        var zip = ZipBuilder()
        zip.add("a.csv", Array(text.prefix(300)))
        zip.add("b.csv", Array(text.prefix(90)), isStored: true)
        zip.add("c.csv", Array(text.prefix(200)), hasDescriptor: true)
        let samples = [zip.finished(), deflated(Array(text.prefix(500)), isRaw: false)]
        var state: UInt64 = 1
        func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        for _ in 0..<2000 {
            var bytes = samples[next() % 2]
            for _ in 0..<(1 + next() % 3) { bytes[4 + next() % (bytes.count - 4)] = UInt8(next() & 255) }
            if next() % 4 == 0 { bytes.removeLast(next() % (bytes.count - 4)) }
            let whole = unpack(bytes), cut = unpack(bytes, chunk: 1)
            #expect(whole.contents == cut.contents && whole.codes == cut.codes && whole.whole == cut.whole)
        }
    }

    @Test func `a waiting zip is complete with its directory, and what is not packed goes to its own probe`() {
        struct Never: CompletenessProbe { func probe(head: [UInt8], tail: [UInt8]) -> Completeness { .incomplete("plain") } }
        var zip = ZipBuilder()
        zip.add("a.csv", Array(text.prefix(300)))
        let bytes = zip.finished()
        let probe = PackedProbe(Never())
        #expect(probe.probe(head: bytes, tail: bytes) == .complete)
        #expect(probe.probe(head: bytes, tail: Array(bytes.dropLast(30))) == .incomplete("the directory of the archive is not there yet"))
        #expect(probe.probe(head: deflated(text, isRaw: false), tail: [1]) == .unknown)
        #expect(probe.probe(head: [0x41], tail: [0x41]) == .incomplete("plain"))
    }
}
