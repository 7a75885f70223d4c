import Diagnostics
import FlatFiles
import Formats
import Testing

@Suite struct EncodingTests {
    private func utf16(_ text: String, isLittle: Bool, mark: Bool = true) -> [UInt8] {
        ((mark ? "\u{FEFF}" : "") + text).utf16.flatMap { unit in
            let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
            return isLittle ? [low, high] : [high, low]
        }
    }

    @Test(arguments: [true, false]) func `UTF-16 by its mark reads with the positions of the file`(_ isLittle: Bool) {
        // mark 2; "a;ü\n" 8; "1;😀\n": 1 at 10, ; at 12, the pair at 14, line end at 18.
        let bytes = utf16("a;ü\n1;😀\n2\n", isLittle: isLittle)
        let (sink, summary, reader) = read(bytes)
        #expect(reader.columns == ["a", "ü"])
        #expect(sink.rows == [["1", "😀"]])
        #expect(sink.details == ["1 10..<18 a:1@10..<12 ü:2@14..<18"])
        #expect(sink.codes == ["CSV-RAGGED"])
        #expect(sink.findings[0].position.bytes == 20..<22)
        #expect(sink.findings[0].position.line == 3)
        #expect(summary.bytes == bytes.count)
    }

    @Test func `UTF-16 without a mark is told by its zeros and warned of`() {
        let text = "number;name\n1;Mai\n"
        for isLittle in [true, false] {
            let name = isLittle ? "utf-16le" : "utf-16be"
            let (sink, _, _) = read(utf16(text, isLittle: isLittle, mark: false))
            #expect(sink.rows == [["1", "Mai"]])
            #expect(sink.findings.map(\.fact) == ["the file is \(name) without a byte order mark"])
            #expect(sink.findings.map(\.severity) == [.warning])
            let declared = read(utf16(text, isLittle: isLittle, mark: false), options { $0.encoding = .utf16 })
            #expect(declared.0.rows == [["1", "Mai"]])
            #expect(declared.0.findings.isEmpty)
        }
    }

    @Test func `a mark beats the declaration and says so`() {
        let (sink, _, _) = read([0xEF, 0xBB, 0xBF] + Array("a\nü\n".utf8), options { $0.encoding = .windows1252 })
        #expect(sink.rows == [["ü"]])
        #expect(sink.findings.map(\.fact) == ["the file is declared windows-1252, and its byte order mark says utf-8"])
    }

    @Test func `a file declared UTF-16 that is plain bytes is read as UTF-8`() {
        let (sink, _, _) = read(Array("a;b\n1;2\n".utf8), options { $0.encoding = .utf16LittleEndian })
        #expect(sink.rows == [["1", "2"]])
        #expect(sink.codes == ["CSV-ENCODING"])
    }

    @Test func `UTF-8 that is declared Windows-1252 is seen`() {
        let (sink, _, _) = read(Array("a;b\n1;Müller\n2;Größe\n".utf8), options { $0.encoding = .windows1252 })
        #expect(sink.rows.first == ["1", "MÃ¼ller"])
        #expect(sink.findings.map(\.fact) == ["the file is declared windows-1252, and its bytes are UTF-8"])
        #expect(sink.findings[0].position.bytes == 7..<8)
    }

    @Test func `Windows-1252 that is declared ISO 8859-1 is seen`() {
        let (sink, _, _) = read(Array("a\n".utf8) + [0x80, 0x35, 0x0A], options { $0.encoding = .latin1 })
        #expect(sink.codes == ["CSV-ENCODING"])
        #expect(sink.findings[0].position.bytes == 2..<3)
        #expect(read(Array("a\n".utf8) + [0x80, 0x35, 0x0A], options { $0.encoding = .windows1252 }).0.findings.isEmpty)
    }

    @Test func `positions in Windows-1252 are those of the file`() {
        let bytes = Array("a;b;c\n".utf8) + [0xFC, 0x3B, 0x80, 0xE4, 0x3B, 0x78, 0x0A]
        let (sink, _, _) = read(bytes, options { $0.encoding = .windows1252 })
        #expect(sink.rows == [["ü", "€ä", "x"]])
        #expect(sink.details == ["1 6..<12 a:1@6..<7 b:2@8..<10 c:3@11..<12"])
        #expect(read([0x61, 0x0A, 0xA4, 0x0A], options { $0.encoding = .latin9 }).0.rows == [["€"]])
    }

    @Test func `half a UTF-16 character is read as U+FFFD and reported`() {
        let (sink, _, _) = read(utf16("ab\n12\n", isLittle: true) + [0x00, 0xD8, 0x31, 0x00, 0x41])
        #expect(sink.rows == [["12"], ["\u{FFFD}1\u{FFFD}"]])
        #expect(sink.findings.map(\.fact) == ["the document is not valid UTF-16"])
        #expect(sink.findings[0].position.bytes == 14..<16)
    }

    @Test func `EBCDIC is refused by name`() {
        // "NUMBER,NAME" and a new line (0x15) in code page 037.
        let line: [UInt8] = [0xD5, 0xE4, 0xD4, 0xC2, 0xC5, 0xD9, 0x6B, 0xD5, 0xC1, 0xD4, 0xC5, 0x15]
        let (sink, _, _) = read(line + line)
        #expect(sink.codes == ["CSV-ENCODING"])
        #expect(sink.findings[0].fact == "the document is EBCDIC")
        #expect(sink.findings[0].severity == .error)
        #expect(sink.rows.isEmpty)
    }

    @Test func `random documents of every encoding read the same however they are cut`() {
        for seed in 0..<400 {
            var random = Seeded(UInt64(seed))
            let letters = Array("ab;;;\"\n\n\r1ü€😀")
            let text = "a;b\n" + String((0..<Int.random(in: 0..<400, using: &random)).map { _ in letters.randomElement(using: &random)! })
            let bytes = switch seed % 4 {
            case 0: utf16(text, isLittle: true)
            case 1: utf16(text, isLittle: false, mark: false)
            case 2: Array(text.utf8)
            default: Array(text.utf8).map { $0 < 0x80 ? $0 : UInt8.random(in: 0x80...0xFF, using: &random) }
            }
            let chosen = options { $0.encoding = seed % 4 == 3 ? .windows1252 : nil }
            let (whole, summary, _) = read(bytes, chosen)
            for chunk in [1, 7, 64, 513] {
                let (cut, cutSummary, _) = read(bytes, chunk: chunk, chosen)
                #expect(cut.details == whole.details && cut.rows == whole.rows && cut.findings == whole.findings, "seed \(seed), chunk \(chunk)")
                #expect(summary == cutSummary)
            }
        }
    }
}

@Suite struct TranscoderTests {
    @Test(arguments: [TextEncoding.windows1252, .utf16LittleEndian, .utf16BigEndian])
    func `offsets never go back, within a character either`(encoding: TextEncoding) {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0..<60, using: &random)).map { _ in [0x00, 0x30, 0x80, 0xE9, 0xD8, 0xDC].randomElement(using: &random) ?? UInt8(0) }
            var transcoder = Transcoder(encoding: encoding, mark: 0)
            var text: [UInt8] = []
            bytes.withUnsafeBufferPointer { transcoder.transcode($0, isEnd: true, into: &text) }
            let offsets = (0...text.count).map(transcoder.offset)
            #expect(offsets == offsets.sorted() && offsets.last == bytes.count, "\(bytes)")
        }
    }
}
