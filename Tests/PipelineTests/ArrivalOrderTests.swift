import Attributes
import ChangeControl
import Foundation
import Mapping
import Pipeline
import Records
import Store
import Testing
import Values

extension EndToEnd { @Suite struct ArrivalOrderTests {
    /// How many orders of arrival are tried; `ARRIVAL_ORDERS=1000` tries more.
    static let orders = ProcessInfo.processInfo.environment["ARRIVAL_ORDERS"].flatMap { Int($0) } ?? 4

    /// 200 documents about 60 orders: first versions, corrections with a later time or the same one, and the same bytes again.
    private static func documents() -> [String] {
        var random = SeededRandom(seed: 2026)
        var documents: [String] = []
        while documents.count < 200 {
            if documents.count > 20, Int.random(in: 0..<10, using: &random) == 0 {
                documents.append(documents[Int.random(in: 0..<documents.count, using: &random)])
                continue
            }
            let number = Int.random(in: 1...60, using: &random), minute = Int.random(in: 10...18, using: &random)
            documents.append(DeskSite.order(
                "AO-\(number)", control: documents.count + 1, at: "20261104*08\(minute)", quantity: "\(Int.random(in: 1...99, using: &random))",
                item: "NW-100\(Int.random(in: 1...5, using: &random))"))
        }
        return documents
    }

    /// Every current record, as text, after documents came in some order.
    private func endState(_ documents: [(path: String, digest: String)], _ site: DeskSite, _ folder: String) throws -> [String] {
        let path = "\(folder)/\(UUID().uuidString).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let store = try Store(driver: SQLiteDriver(path: path)), state = try site.site.liveState()
        let loader = Loader(store: store, state: state)
        let plan = try #require(state.bundle.library.plan("x12-orders"))
        for (place, document) in documents.enumerated() {
            let file = try store.add(LedgerFile(
                feed: "x12-orders", name: "\(place).edi", digest: document.digest, size: 1, status: .claimed, firstSeenAt: DeskSite.at(0), claimedAt: DeskSite.at(0)))
            let outcome = try loader.load(file, spooled: document.path, plan: plan, now: DeskSite.at(0))
            #expect(outcome.mapping.accepted == 2)
            try store.driver.write { try Store.publish(outcome.load, counts: outcome.counts, position: place + 1, in: $0) }
        }
        var lines: [String] = []
        try store.driver.read { session in
            for definition in RecordCatalogue.all {
                try Store.forEachCurrent(definition.kind, in: session) { fact in
                    lines.append("\(definition.kind) " + fact.values.map { JSONText.write($0) }.joined(separator: ","))
                }
            }
        }
        return lines.sorted()
    }

    /// Orders of one batch: each has a time limit.
    private static let batch = 25

    @Test(arguments: 0..<(orders + batch - 1) / batch)
    func `documents, corrections and repeats end in the same records in whatever order they come`(number: Int) async throws {
        let site = try await DeskSite.whole()
        let folder = "\(site.root)/documents"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let texts = Self.documents()
        var documents: [(path: String, digest: String)] = []
        for (place, text) in texts.enumerated() {
            let path = "\(folder)/\(place).edi"
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            documents.append((path, ContentDigest(of: Array(text.utf8)).hex))
        }
        let expected = try endState(documents, site, folder)
        #expect(expected.filter { $0.hasPrefix("order ") }.count == Set(texts.compactMap { $0.firstMatch(of: /AO-\d+/)?.output }).count)
        #expect(Set(texts).count < texts.count)
        var random = SeededRandom(seed: UInt64(number))
        for order in 0..<min(Self.batch, Self.orders - number * Self.batch) {
            #expect(try endState(documents.shuffled(using: &random), site, folder) == expected, "batch \(number), order \(order)")
        }
    }
} }

/// Random numbers that are the same in each run (SplitMix64), so that a failure can be seen again.
private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
