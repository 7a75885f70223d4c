import Foundation
import Pipeline
import Records
import Store
import Testing
import Values

extension EndToEnd { @Suite struct BadInputTests {
    /// Takes bad bytes between two good files, and expects that the good ones go through and the bad ones are kept whole.
    private func take(_ bytes: [UInt8], as name: String, in feed: String, at site: DeskSite) throws -> LedgerFile {
        let before = try site.take(DeskSite.order("G-1", control: 901), as: "good-1.edi", in: "x12-orders")
        let bad = try site.take(bytes, as: name, in: feed)
        let after = try site.take(DeskSite.order("G-2", control: 902), as: "good-2.edi", in: "x12-orders")
        #expect([before.status, after.status] == [.archived, .archived])
        #expect(try site.standing("G-1").microsegment == "standard" && site.standing("G-2").microsegment == "standard")
        #expect(try site.kept(bad) == bytes)
        #expect(!site.exists("Inbox/\(feed)/\(name)"))
        #expect(try site.audit().defects.isEmpty)
        return bad
    }

    /// Expects quarantine with a report that has all of these, and that no record of the file can be seen.
    private func expectQuarantine(
        _ bytes: [UInt8], _ name: String, _ feed: String, has facts: [String], prepare: (String) throws -> Void = { _ in }
    ) async throws {
        let site = try await DeskSite.whole(prepare: prepare)
        let file = try take(bytes, as: name, in: feed, at: site)
        #expect(file.status == .quarantined)
        let report = try site.report(file)
        for fact in facts { #expect(report.contains(fact), "\(fact) in\n\(report)") }
        #expect(try site.site.store.recordCounts().filter { $0.count > 0 }.map { "\($0.kind) \($0.count)" } == ["order 2", "orderLine 2"])
    }

    @Test(arguments: [
        ("x12-orders/truncated.edi", ["X12-", "quarantined: its structure has errors"]),
        ("x12-orders/wrong-se-count.edi", ["X12-SE01", "16", "17"]),
        ("x12-orders/unknown-sender.edi", ["NOBODY"]),
        ("idoc-orders/dtd-bomb.xml", ["XML-"]),
        ("idoc-orders/external-entity.xml", ["XML-"]),
    ]) func `a bad sample is quarantined with the fact beside it`(_ sample: (path: String, facts: [String])) async throws {
        let parts = sample.path.split(separator: "/").map(String.init)
        try await expectQuarantine(DeskSite.sample("bad/\(sample.path)"), parts[1], parts[0], has: sample.facts)
    }

    @Test func `an external entity is not read`() async throws {
        let site = try await DeskSite.whole()
        let file = try take(DeskSite.sample("bad/idoc-orders/external-entity.xml"), as: "e.xml", in: "idoc-orders", at: site)
        let host = try String(contentsOfFile: "/etc/hostname", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try !site.report(file).contains(host))
    }

    @Test func `a ragged row is reported and its neighbours are kept`() async throws {
        let site = try await DeskSite.whole()
        let file = try take(DeskSite.sample("bad/order-history/ragged.csv"), as: "r.csv", in: "order-history", at: site)
        #expect(file.status == .archived)
        let load = try #require(try site.site.store.load(file: file.id))
        #expect(load.read == 3 && load.accepted == 2 && load.reported == 1)
        #expect(try #require(file.reason).contains("r.csv:3"))
        #expect(try site.site.store.recordCounts().first { $0.kind == .salesLine }?.count == 2)
    }

    @Test func `an empty file is quarantined on every format`() async throws {
        for (name, feed) in [("e.edi", "x12-orders"), ("e.csv", "order-history"), ("e.xml", "idoc-orders")] {
            try await expectQuarantine([], name, feed, has: ["quarantined"])
        }
    }

    @Test func `bytes that are no text of the format are quarantined`() async throws {
        let zeros = [UInt8](repeating: 0, count: 5_000)
        for (name, feed) in [("z.edi", "x12-orders"), ("z.csv", "order-history"), ("z.xml", "idoc-orders")] {
            try await expectQuarantine(zeros, name, feed, has: ["quarantined"])
        }
    }

    @Test func `a NUL byte inside a good interchange is not swallowed`() async throws {
        let text = DeskSite.order("N-1", control: 903).replacingOccurrences(of: "BUYER", with: "BU\0YER")
        let site = try await DeskSite.whole()
        let file = try take(Array(text.utf8), as: "n.edi", in: "x12-orders", at: site)
        #expect(file.status == .quarantined || file.reason?.isEmpty == false, "\(file.status)")
    }

    @Test func `one segment of two megabytes is refused with its place, in bounded memory`() async throws {
        let text = DeskSite.order("L-1", control: 904).replacingOccurrences(of: "BUYER", with: String(repeating: "B", count: 2 << 20))
        try await expectQuarantine(Array(text.utf8), "l.edi", "x12-orders", has: ["quarantined", "X12-"])
    }

    /// What a shell command prints.
    private func printed(_ command: String) throws -> [UInt8] {
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return [UInt8](bytes)
    }

    @Test(arguments: [
        ("bomb.edi.gz", "x12-orders", "head -c 200000000 /dev/zero | gzip -9n", "ARC-BOMB"),
        ("nested.edi.gz", "x12-orders", "echo ISA | gzip -9n | gzip -9n", "ARC-NESTED"),
        ("deep.xml", "idoc-orders", "yes '<a>' | head -n 1000000", "XML-DEPTH"),
        ("long.xml", "idoc-orders", "echo '<ORDERS05><IDOC>'; head -c 10000000 /dev/zero | tr '\\0' x; echo '</IDOC></ORDERS05>'", "XML-TEXT"),
        ("host.edi", "x12-orders", "yes ISA | head -n 500 | tr 'ISA\\n' '\\311\\342\\301\\025'", "X12-NOISA"),
    ]) func `a trap is quarantined by its finding, and the files beside it go through`(
        _ trap: (name: String, feed: String, command: String, code: String)
    ) async throws {
        try await expectQuarantine(printed(trap.command), trap.name, trap.feed, has: [trap.code, "quarantined"])
    }

    @Test func `a bomb that comes to the daemon is kept and told, and the files beside it go through`() async throws {
        let site = try await DeskSite.whole(), bomb = try printed("head -c 200000000 /dev/zero | gzip -9n")
        try site.drop(bomb, as: "bomb.edi.gz", in: "x12-orders")
        try site.dropSamples(["x12-orders"])
        _ = try await site.runOnce()
        let file = try #require(try site.site.store.files(named: "bomb.edi.gz").first)
        #expect(file.status == .quarantined)
        #expect(try site.report(file).contains("ARC-BOMB"))
        #expect(try site.kept(file) == bomb)
        #expect(try site.site.store.files(.archived).count == 3)
    }

    @Test func `what is given up is taken by the daemon, and the report says what is missing`() async throws {
        let site = try await DeskSite.whole { root in
            let path = "\(root)/Mappings/feeds/x12-orders.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try (text + "giveUp: 0s\n").write(toFile: path, atomically: true, encoding: .utf8)
        }
        let bytes = try DeskSite.sample("bad/x12-orders/truncated.edi")
        try site.drop(bytes, as: "cut.edi", in: "x12-orders")
        try site.dropSamples(["x12-orders"])
        let events = try await site.runOnce()
        #expect(events.contains { if case .fileGivenUp(_, "cut.edi", _) = $0 { true } else { false } })
        let file = try #require(try site.site.store.files(named: "cut.edi").first)
        #expect(file.status == .quarantined)
        #expect(try site.kept(file) == bytes)
        #expect(try site.site.store.files(.archived).count == 3)
    }
}}
