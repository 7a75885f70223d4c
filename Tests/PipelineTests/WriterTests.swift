import Foundation
import Glibc
import Pipeline
import Store
import Testing
import Values

/// Whoever writes a file that the daemon looks at meanwhile. Each writer waits until the daemon has said something, or for a time of its own that is part of
/// what is tried: how slow a writer is.
extension EndToEnd { @Suite struct WriterTests {
    private func site() async throws -> DeskSite {
        try await DeskSite.whole { root in
            // A format without an end of its own: only that it is quiet tells that it is whole.
            let path = "\(root)/Mappings/feeds/order-history.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacingOccurrences(of: "quiet: 0s", with: "quiet: 3s").write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    private func append(_ text: String, to path: String, modified: Int? = nil) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o640)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(write(descriptor, text, text.utf8.count) == text.utf8.count)
        guard let modified else { return }
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: Double(modified))], ofItemAtPath: path)
    }

    /// A file whose parts come one after the other: `pause` milliseconds lie between them.
    private func drip(_ parts: [String], pause: Int, to path: String, modified: Int? = nil) async throws {
        for (number, part) in parts.enumerated() {
            if number > 0 { try await Task.sleep(for: .milliseconds(pause)) }
            try append(part, to: path, modified: modified)
        }
    }

    /// The daemon takes the file once, with all of its bytes.
    private func expectWhole(_ site: DeskSite, _ name: String, _ text: String, _ write: () async throws -> Void) async throws {
        try await site.withDaemon { told in
            try await told.wait { $0.contains { if case .started = $0 { true } else { false } } }
            try await write()
            try await told.wait { $0.contains { $0.fileName == name } }
        }
        let files = try site.site.store.files(named: name)
        #expect(files.count == 1)
        #expect(try site.kept(#require(files.first)) == Array(text.utf8))
        #expect(files.first?.status == .archived, "\(files.first?.reason ?? "")")
    }

    /// An interchange in four parts, each of which ends within an EDI segment but the last.
    private func order(_ number: String) -> (text: String, parts: [String]) {
        let text = DeskSite.order(number)
        let cut = [text.utf8.count / 4, text.utf8.count / 2, text.utf8.count - 30]
        var parts: [String] = [], from = 0
        for end in cut + [text.utf8.count] {
            parts.append(String(decoding: Array(text.utf8)[from..<end], as: UTF8.self))
            from = end
        }
        return (text, parts)
    }

    @Test func `a slow writer that keeps the time of the file, as copying does, is waited for`() async throws {
        let site = try await site()
        let (text, parts) = order("W-1")
        let path = "\(site.root)/Inbox/x12-orders/w.edi"
        try await expectWhole(site, "w.edi", text) { try await drip(parts, pause: 400, to: path, modified: 1_000_000_000) }
    }

    @Test func `a writer that closes the file and opens it again is waited for, where only quiet tells the end`() async throws {
        let site = try await site()
        let text = try String(decoding: DeskSite.sample("order-history/\(DeskSite.samples("order-history")[0])"), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let third = lines.count / 3
        let parts = [lines[..<third], lines[third..<(2 * third)]].map { $0.joined(separator: "\n") + "\n" } + [lines[(2 * third)...].joined(separator: "\n")]
        let path = "\(site.root)/Inbox/order-history/w.csv"
        try await expectWhole(site, "w.csv", text) { try await drip(parts, pause: 500, to: path, modified: 1_000_000_000) }
    }

    @Test func `a writer that renames in is taken at once and whole`() async throws {
        let site = try await site()
        let (text, parts) = order("W-3")
        let folder = "\(site.root)/Inbox/x12-orders"
        try await expectWhole(site, "w.edi", text) {
            try await drip(parts, pause: 150, to: "\(folder)/w.edi.part")
            #expect(rename("\(folder)/w.edi.part", "\(folder)/w.edi") == 0)
        }
    }

    @Test func `a writer that cuts the file and begins anew is waited for`() async throws {
        let site = try await site()
        let (text, parts) = order("W-4")
        let path = "\(site.root)/Inbox/x12-orders/w.edi"
        try await expectWhole(site, "w.edi", text) {
            try await drip(Array(order("W-OTHER").parts.dropLast()), pause: 150, to: path)
            #expect(truncate(path, 0) == 0)
            try await drip(parts, pause: 150, to: path)
        }
        #expect(try site.site.store.standing(scheme: "order-priority", DeskSite.order(key: "W-OTHER")) == nil)
    }
}}
