import Foundation
import Glibc
import Outbox
import Pipeline
import Store
import Synchronization
import Testing

/// Plays the file operations of OpenAS2 4.x, in their order, by its source of August 2026: what it does to a folder that it shares with a daemon.
private final class PlayedServer: Sendable {
    let data: String
    private let sent = Mutex<[(name: String, bytes: [UInt8])]>([])
    private let tracked = Mutex<[String: Int64]>([:])
    private let listed = Mutex<Set<String>>([])

    init(_ data: String) throws {
        self.data = data
        // `IOUtil.getDirectoryFile` makes the folders of its configuration.
        for folder in ["temp", "outbox/PartnerA_OID", "outbox/error", "pendingMDN3", "PartnerA_OID-MyCompany_OID/inbox"] {
            try FileManager.default.createDirectory(atPath: "\(data)/\(folder)", withIntermediateDirectories: true)
        }
    }

    var inbox: String { "\(data)/PartnerA_OID-MyCompany_OID/inbox" }
    var outbox: String { "\(data)/outbox/PartnerA_OID" }
    /// What went to the partner.
    var wire: [(name: String, bytes: [UInt8])] { sent.withLock(\.self) }
    /// Every name that its poller has ever listed, folders left out.
    var everListed: Set<String> { listed.withLock(\.self) }

    /// `BaseStorageModule.store` with a `tempdir`: written under a name with a UUID, then moved in one step, in place of what has the name. Nothing is synced.
    func receive(_ bytes: [UInt8], as name: String) throws {
        let temporary = "\(data)/temp/\(name).\(UUID().uuidString.lowercased())"
        let file = fopen(temporary, "w")
        for byte in bytes { putc(Int32(byte), file) }
        fclose(file)
        guard rename(temporary, "\(inbox)/\(name)") == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// `DirectoryPollingModule.poll`: what was listed before and has not grown is processed, then the folder is listed, hidden names and all.
    func poll(_ outcome: (String) -> Bool = { _ in true }) throws {
        for (name, size) in tracked.withLock(\.self) {
            guard let now = Self.size("\(outbox)/\(name)") else {
                tracked.withLock { _ = $0.removeValue(forKey: name) }
                continue
            }
            if now > size {
                tracked.withLock { $0[name] = now }
            } else {
                try process(name, outcome(name))
                tracked.withLock { _ = $0.removeValue(forKey: name) }
            }
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: outbox) {
            let path = "\(outbox)/\(name)"
            var isFolder = ObjCBool(false)
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue { continue }
            _ = listed.withLock { $0.insert(name) }
            if tracked.withLock({ $0[name] != nil }) { continue }
            // Its test for a lock: opened for appending, which makes a file that has gone meanwhile.
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
            guard descriptor >= 0 else { continue }
            close(descriptor)
            guard let size = Self.size(path) else { continue }
            tracked.withLock { $0[name] = size }
        }
    }

    private static func size(_ path: String) -> Int64? {
        (try? FileManager.default.attributesOfItem(atPath: path)).flatMap { ($0[.size] as? NSNumber)?.int64Value }
    }

    /// Moved to the pending folder in one step, read and sent; then deleted, or moved on to the folder of errors.
    private func process(_ name: String, _ succeeds: Bool) throws {
        let pending = "\(data)/pendingMDN3/\(name)"
        guard rename("\(outbox)/\(name)", pending) == 0 else { throw CocoaError(.fileWriteUnknown) }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: pending)))
        sent.withLock { $0.append((name, bytes)) }
        guard !succeeds else { return try FileManager.default.removeItem(atPath: pending) }
        let errors = "\(data)/outbox/error/2026-11-30/PartnerA_OID"
        try FileManager.default.createDirectory(atPath: errors, withIntermediateDirectories: true)
        guard rename(pending, "\(errors)/\(name)") == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}

/// The hand-off to a server that speaks AS2, as docs/as2.md configures it.
extension EndToEnd { @Suite struct HandOffTests {
    private func site() async throws -> (site: DeskSite, server: PlayedServer) {
        var made: PlayedServer?
        let site = try await DeskSite.whole(DeskSite.configuration()) { root in
            let data = String(root.dropLast("/site".count)) + "/openas2/data", server = try PlayedServer(data)
            made = server
            let path = "\(root)/crossdock.yaml"
            try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(
                of: "  wms: { folder: wms }\n", with: "  wms: { folder: \(server.outbox), returns: \(data)/outbox/error }\n"
            ).write(toFile: path, atomically: true, encoding: .utf8)
            // The drop folder of the feed is the folder that the server puts messages into.
            try FileManager.default.createDirectory(atPath: "\(root)/Inbox", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: "\(root)/Inbox/x12-orders", withDestinationPath: server.inbox)
        }
        return (site, try #require(made))
    }

    @Test func `what the server receives is taken once, and what goes out it sends once and whole, however often it looks`() async throws {
        let (site, server) = try await site()
        let isOver = Flag()
        let polling = Task {
            while !isOver.isSet {
                try server.poll()
                await Task.yield()
            }
            // What was listed last, and what it had not grown by.
            for _ in 0..<3 { try server.poll() }
        }
        try await site.withDaemon { told in
            for number in 1...30 {
                // A message id of another OpenAS2, cleaned of what it does not take into names.
                let bytes = Array(DeskSite.order("AS-\(number)", promise: "20261105*1400", control: number).utf8)
                try server.receive(bytes, as: "OPENAS2-20261130100000+0000-\(100 + number)@PartnerA_OID_MyCompany_OID_850.edi")
            }
            // The partner did not see the answer, and sends the same once more under the same id.
            try server.receive(Array(DeskSite.order("AS-30", promise: "20261105*1400", control: 30).utf8), as: "OPENAS2-20261130100000+0000-130@PartnerA_OID_MyCompany_OID_850.edi")
            try await told.wait { events in
                events.count { if case .file(let file, _, _) = $0 { file.status == .archived } else { false } } >= 30
            }
            try await told.wait { _ in
                let effects = try site.site.store.effects(status: nil, limit: 1_000).filter { $0.effect.target == "wms" }
                return !effects.isEmpty && effects.allSatisfy { $0.delivery.phase.code == "delivered" }
            }
        }
        try await site.runOnce()
        isOver.set()
        try await polling.value
        let effects = try site.site.store.effects(status: nil, limit: 1_000).filter { $0.effect.target == "wms" }.map(\.effect)
        #expect(!effects.isEmpty && server.wire.count == effects.count)
        for effect in effects { #expect(server.wire.first { $0.name == effect.fileName }?.bytes == effect.payload) }
        #expect(server.everListed == Set(effects.compactMap(\.fileName)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.inbox).filter { !$0.hasPrefix(".") } == [])
        let counts = try site.site.store.fileCounts().filter { $0.feed == "x12-orders" }
        #expect(counts.reduce(0) { $0 + ($1.status == .archived ? $1.files : 0) } == 30 && counts.allSatisfy { [.archived, .duplicate].contains($0.status) })
    }

    @Test func `what the server could not send is told by the status, and goes out once more when it is put back`() async throws {
        let (site, server) = try await site()
        try server.receive(Array(DeskSite.order("AS-1", promise: "20261105*1400").utf8), as: "OPENAS2-1@PartnerA_OID_MyCompany_OID_850.edi")
        try await site.runOnce()
        let effect = try #require(try site.site.store.effects(status: "delivered", limit: 10).first { $0.effect.target == "wms" }).effect
        #expect(try SiteStatus(site.site).returned.isEmpty)
        for _ in 0..<2 { try server.poll { _ in false } }
        let status = try SiteStatus(site.site)
        #expect(status.text.contains("returned wms: 1 files in \(server.data)/outbox/error could not be sent on"), "\(status.text)")
        // Taken away once it was looked at, and put back as docs/as2.md says: written elsewhere, and moved.
        try FileManager.default.removeItem(atPath: "\(server.data)/outbox/error/2026-11-30")
        let name = try #require(effect.fileName)
        try Data(effect.payload).write(to: URL(fileURLWithPath: "\(server.data)/temp/\(name)"))
        try FileManager.default.moveItem(atPath: "\(server.data)/temp/\(name)", toPath: "\(server.outbox)/\(name)")
        for _ in 0..<2 { try server.poll() }
        #expect(server.wire.map(\.name) == [effect.fileName, effect.fileName] && server.wire.allSatisfy { $0.bytes == effect.payload })
        #expect(try SiteStatus(site.site).returned.isEmpty)
    }

    @Test(arguments: [true, false]) func `files of a folder keep their order where that is asked for, and one that fails holds up no other where not`(isOrdered: Bool) async throws {
        let site = try await DeskSite.whole(DeskSite.configuration().replacing("wms: { folder: wms }", with: "wms: { folder: wms, ordered: \(isOrdered) }"))
        // Nothing can be written there at first.
        try FileManager.default.createDirectory(atPath: "\(site.root)/Outbox", withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: "\(site.root)/Outbox/wms"))
        for number in [1, 2, 3] {
            try site.drop(Array(DeskSite.order("OR-\(number)", promise: "20261105*1400", control: number).utf8), as: "or\(number).edi", in: "x12-orders")
            try await site.runOnce()
        }
        let tried = try site.site.store.effects(status: nil, target: "wms", limit: 10).sorted { $0.position < $1.position }
        #expect(tried.count == 3 && tried.first?.delivery.attempts == 1)
        #expect(tried.dropFirst().map(\.delivery.attempts) == (isOrdered ? [0, 0] : [1, 1]), "\(tried.map(\.delivery))")
        // Once it can be, all of them come, in their order.
        try FileManager.default.removeItem(atPath: "\(site.root)/Outbox/wms")
        try site.site.store.driver.write { session in
            for item in tried where item.delivery.attempts > 0 {
                let state = item.delivery
                try Store.update(
                    DeliveryState(
                        effectID: state.effectID, deadline: state.deadline, phase: .waiting(until: SystemClock.now()), attempts: state.attempts,
                        chargedFailures: state.chargedFailures, lastFailure: state.lastFailure),
                    in: session)
            }
        }
        let events = try await site.runOnce()
        let delivered = events.compactMap { if case .delivered(let effect, "wms", _) = $0 { effect } else { nil } }
        #expect(isOrdered ? delivered == tried.map(\.effect.id) : Set(delivered) == Set(tried.map(\.effect.id)))
    }

    @Test func `the folder of somebody else is not made where it is missing, and what is for it waits`() async throws {
        let (site, server) = try await site()
        try FileManager.default.moveItem(atPath: server.outbox, toPath: server.outbox + ".away")
        try server.receive(Array(DeskSite.order("AS-1", promise: "20261105*1400").utf8), as: "OPENAS2-1@PartnerA_OID_MyCompany_OID_850.edi")
        let events = try await site.runOnce()
        #expect(!FileManager.default.fileExists(atPath: server.outbox))
        #expect(events.contains { if case .notDelivered(_, "wms", let reason) = $0 { reason.contains("No such file") } else { false } })
        #expect(try site.site.store.effects(status: "waiting", limit: 10).contains { $0.effect.target == "wms" })
    }
}}

/// Something that is over.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
