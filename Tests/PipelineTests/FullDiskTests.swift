import Foundation
import Glibc
import Outbox
import Pipeline
import Store
import Testing
import Values

/// A file system of its own that is soon full; gone with the last reference.
final class TinyDisk {
    let path: String
    /// `MNT_DETACH` of umount(2): gone from the tree at once, even while a file is open.
    private static let detach: Int32 = 2

    /// nil, said aloud, where this user may not mount.
    init?(kilobytes: Int) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-disk-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            print("skipped: no file system can be mounted here (\(String(cString: strerror(errno))))")
            return nil
        }
    }

    /// Fills what is left, whole pages and all.
    func fill() throws {
        let descriptor = open(path + "/ballast", O_WRONLY | O_CREAT, 0o600)
        let page = [UInt8](repeating: 0x78, count: 4096)
        while write(descriptor, page, page.count) > 0 {}
        close(descriptor)
    }

    func makeRoom() { #expect(unlink(path + "/ballast") == 0) }

    deinit {
        if umount2(path, Self.detach) == 0 { rmdir(path) } else { print("left behind: \(path)") }
    }
}

extension EndToEnd { @Suite struct FullDiskTests {
    private func expectRecovery(_ site: DeskSite, _ disk: TinyDisk) async throws {
        try await site.withDaemon { told in
            try await told.wait { $0.contains { if case .started = $0 { true } else { false } } }
            try disk.fill()
            try site.drop(Array(DeskSite.order("F-1").utf8), as: "f.edi", in: "x12-orders")
            try await told.wait { $0.contains { $0.trouble?.hasPrefix("x12-orders/f.edi") == true } }
            let trouble = try #require(told.events.compactMap(\.trouble).first { $0.hasPrefix("x12-orders/f.edi") })
            #expect(trouble.contains("free some space") || trouble.contains("make room"), "\(trouble)")
            #expect(site.exists("Inbox/x12-orders/f.edi"))
            #expect(try site.site.store.recordCounts().allSatisfy { $0.count == 0 })
            disk.makeRoom()
            try await told.wait { $0.contains { $0.fileName == "f.edi" } }
        }
        let file = try #require(try site.site.store.files(named: "f.edi").first)
        #expect(file.status == .archived)
        #expect(try site.site.store.files(named: "f.edi").count == 1)
        #expect(try site.kept(file) == Array(DeskSite.order("F-1").utf8))
        #expect(try site.standing("F-1").microsegment == "standard")
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `with a full spool a file stays in the inbox, and goes through once there is room`() async throws {
        guard let disk = try TinyDisk(kilobytes: 256) else { return }
        let site = try await DeskSite.whole(DeskSite.configuration(further: "spool: \(disk.path)/spool\nbackPressure: { free: 0 }\n"))
        try await expectRecovery(site, disk)
    }

    @Test func `with a full store a file stays in the inbox, and goes through once there is room`() async throws {
        guard let disk = try TinyDisk(kilobytes: 8_192) else { return }
        let site = try await DeskSite.whole(DeskSite.configuration(further: "store: \(disk.path)/crossdock.sqlite\nbackPressure: { free: 0 }\n"))
        try await expectRecovery(site, disk)
    }

    @Test func `a daemon that starts with a full store says so, and begins once there is room`() async throws {
        guard let disk = try TinyDisk(kilobytes: 8_192) else { return }
        let site = try await DeskSite.whole(DeskSite.configuration(further: "store: \(disk.path)/crossdock.sqlite\nbackPressure: { free: 0 }\n"))
        try disk.fill()
        try await site.withDaemon { told in
            try await told.wait { $0.contains { $0.trouble?.hasPrefix("lease") == true } }
            #expect(try #require(told.events.compactMap(\.trouble).first).contains("make room"))
            disk.makeRoom()
            try await told.wait { $0.contains { if case .started = $0 { true } else { false } } }
        }
    }

    @Test func `an outbox that cannot be written holds the file until it is mended`() async throws {
        let site = try await DeskSite.whole()
        try FileManager.default.createDirectory(atPath: "\(site.root)/Outbox", withIntermediateDirectories: true)
        try site.write("Outbox/wms", "in the way")
        try site.take(DeskSite.order("F-2", promise: "20261105*1400"), as: "f.edi", in: "x12-orders")
        let effect = try #require(try site.site.store.effects(status: nil, limit: 10).first { $0.effect.target == "wms" }).effect
        try await site.withDaemon { told in
            try await told.wait { $0.contains { if case .notDelivered(effect.id, "wms", _) = $0 { true } else { false } } }
            #expect(try #require(try site.site.store.effect(effect.id)).delivery.phase.code == "waiting")
            #expect(try site.read("Outbox/wms") == "in the way")
            try FileManager.default.removeItem(atPath: "\(site.root)/Outbox/wms")
            try FileManager.default.createDirectory(atPath: "\(site.root)/Outbox/wms", withIntermediateDirectories: true)
            try await told.wait { $0.contains { if case .delivered(effect.id, "wms", _) = $0 { true } else { false } } }
        }
        #expect(try Array(site.read("Outbox/wms/\(#require(effect.fileName))").utf8) == effect.payload)
        #expect(try site.site.store.attempts(ofEffect: effect.id).last?.outcome == "delivered")
    }
}}
