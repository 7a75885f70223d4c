import Foundation
import Testing

/// Files that mean harm, or were torn, given to `crossdock read`: each ends in a finding that says what it is, within ten seconds and 256 MiB.
@Suite struct TrapCommandTests {
    private struct Summary {
        let status: Int32
        let records: Int
        let findings: String
    }

    private func read(_ bytes: Data, as name: String) throws -> Summary {
        let folder = try ScratchFolder()
        try bytes.write(to: folder.url.appendingPathComponent(name))
        let started = ContinuousClock.now
        let run = try Command.run(["read", name, "--summary"], in: folder.url, megabytes: 256)
        #expect(ContinuousClock.now - started < .seconds(10), "\(name)")
        let counts = try run.json()
        let records = (counts["records"] as? Int ?? 0) + (counts["segments"] as? Int ?? 0)
        #expect(run.status == (counts["errors"] as? Int == 0 ? 0 : 1), "\(name): \(run.errors)")
        return Summary(status: run.status, records: records, findings: run.errors)
    }

    private func expect(_ text: String, as name: String, finding code: String) throws {
        let read = try read(Data(text.utf8), as: name)
        #expect(read.status == 1 && read.findings.contains("error[\(code)]"), "\(name): \(read.findings.prefix(500))")
    }

    /// gzip as the system's own program packs it.
    private func gzipped(_ command: String) throws -> Data {
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command + " | gzip -9n"]
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return bytes
    }

    /// A zip with one deflated entry, made of a gzip member without a name: both hold the same deflated data, sum and size (RFC 1952, 2.3).
    private func zipped(_ gzip: Data, size: UInt32) -> Data {
        func number(_ value: UInt32, _ bytes: Int) -> Data { Data((0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }) }
        let packed = gzip.dropFirst(10).dropLast(8), sum = gzip.dropLast(4).suffix(4), name = Data("a.csv".utf8)
        let facts = number(20, 2) + number(0, 2) + number(8, 2) + number(0, 4) + sum + number(UInt32(packed.count), 4) + number(size, 4)
            + number(UInt32(name.count), 2) + number(0, 2)
        let entry = number(0x0403_4B50, 4) + facts + name + packed
        let directory = number(0x0201_4B50, 4) + number(20, 2) + facts + number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(0, 4) + name
        return entry + directory + number(0x0605_4B50, 4) + number(0, 2) + number(0, 2) + number(1, 2) + number(1, 2)
            + number(UInt32(directory.count), 4) + number(UInt32(entry.count), 4) + number(0, 2)
    }

    @Test func `bombs of gzip and of zip stop at their ratio`() throws {
        let size = 200_000_000, bomb = try gzipped("head -c \(size) /dev/zero")
        #expect(bomb.count < 300_000)
        for (bytes, name) in [(bomb, "bomb.gz"), (zipped(bomb, size: UInt32(size)), "bomb.zip")] {
            let read = try read(bytes, as: name)
            #expect(read.status == 1 && read.findings.contains("error[ARC-BOMB]"), "\(name): \(read.findings.prefix(500))")
        }
        // The same files without the harm.
        let rows = try gzipped("printf 'a,b\\n1,2\\n'")
        for (bytes, name) in [(rows, "rows.gz"), (zipped(rows, size: 8), "rows.zip")] {
            let read = try read(bytes, as: name)
            #expect(read.status == 0 && read.records == 1, "\(name): \(read.findings)")
        }
    }

    @Test func `an archive within an archive is not unpacked`() throws {
        let nested = try gzipped("printf 'a,b\\n1,2\\n' | gzip -9n")
        for (bytes, name) in [(nested, "nested.gz"), (zipped(nested, size: UInt32(try gzipped("printf 'a,b\\n1,2\\n'").count)), "nested.zip")] {
            let read = try read(bytes, as: name)
            #expect(read.status == 1 && read.findings.contains("[ARC-NESTED]"), "\(name): \(read.findings.prefix(500))")
        }
    }

    @Test func `XML that is deep, wide, laughing or asking for files is refused`() throws {
        try expect(String(repeating: "<a>", count: 1_000_000), as: "deep.xml", finding: "XML-DEPTH")
        try expect("<a><b>" + String(repeating: "x", count: 10_000_000) + "</b></a>", as: "long.xml", finding: "XML-TEXT")
        try expect("<!DOCTYPE a [<!ENTITY x \"ha\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>", as: "laughs.xml", finding: "XML-DTD")
        try expect("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>", as: "entity.xml", finding: "XML-DTD")
        try expect("<a>1\u{0}2</a>", as: "nul.xml", finding: "XML-SYNTAX")
        try expect("<a><b>1</b>", as: "torn.xml", finding: "XML-TRUNCATED")
    }

    @Test func `elements of ten megabytes are refused in every format`() throws {
        let long = String(repeating: "x", count: 10_000_000)
        let isa = "ISA*00*          *00*          *ZZ*ACME           *ZZ*DEPOT          *261121*0938*U*00401*000000905*0*T*>~"
        try expect(isa + "GS*PO*ACME*DEPOT*20261121*0938*1*X*004010~ST*850*0001~BEG*00*SA*\(long)~SE*3*0001~GE*1*1~IEA*1*000000905~", as: "long.edi", finding: "X12-LONG")
        try expect("UNB+UNOC:3+A+B+261121:0938+1'UNH+1+ORDERS:D:96A:UN'BGM+\(long)'UNT+3+1'UNZ+1+1'", as: "long.edifact", finding: "EDF-LONG")
        try expect("a,b\n1,\(long)\n2,3\n", as: "long.csv", finding: "CSV-LONG-ROW")
        try expect("{\"a\":\"\(long)\"}\n", as: "long.jsonl", finding: "JSON-LONG")
    }

    @Test func `EBCDIC and NUL bytes are told, and UTF-16 is read`() throws {
        let ebcdic = try read(Data((0..<200).flatMap { _ in [0xD6, 0xD9, 0xC4, 0xC5, 0xD9, 0x40, 0xF4, 0xF7, 0xF1, 0xF1, 0x15] as [UInt8] }), as: "host.csv")
        #expect(ebcdic.status == 1 && ebcdic.findings.contains("EBCDIC"), "\(ebcdic.findings.prefix(500))")
        let zeros = try read(Data(count: 10_000_000), as: "zeros.csv")
        #expect(zeros.status == 1, "\(zeros.findings.prefix(500))")
        let nul = try read(Data("a,b\n1,x\u{0}y\n".utf8), as: "nul.csv")
        #expect(!nul.findings.isEmpty)
        for (mark, isBig) in [([0xFE, 0xFF], true), ([0xFF, 0xFE], false)] as [([UInt8], Bool)] {
            let text = "Artikel;Größe\r\n4711;zwölf\r\n".utf16.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            let wide = try read(Data(mark + text), as: "wide.csv")
            #expect(wide.status == 0 && wide.records == 1 && wide.findings.isEmpty, "\(wide.findings)")
        }
    }
}
