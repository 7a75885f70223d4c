import Diagnostics
import Formats
import Foundation
import Mapping
import Records
import Testing
import Values

/// The whole of a real data set, against numbers that were counted independently.
@Suite struct OnlineRetailTests {
    private struct Totals: RecordReceiver {
        var sum = ExactDecimal.zero
        var kinds: [RecordKind: Int] = [:]
        var customers: Set<String> = [], items: Set<String> = []
        var codes: [String: Int] = [:]

        mutating func accept(_ record: Record) {
            kinds[record.kind, default: 0] += 1
            guard record.kind == .salesLine else { return }
            customers.insert(record["customer"].text)
            items.insert(record["item"].text)
            guard case .number(let amount) = record["amount"], let sum = try? sum.adding(amount) else { return }
            self.sum = sum
        }
        mutating func report(_ rejected: RejectedRecord) { codes[rejected.code.name, default: 0] += 1 }
        mutating func found(_ diagnostic: Diagnostic) {}
        mutating func withdraw(from ordinal: Int) { Issue.record("nothing of a flat file is withdrawn") }
    }

    @Test func `every row of online retail is accepted or reported, and the revenue is exact`() throws {
        let path = Project.shared.appendingPathComponent("data/online-retail/online_retail.csv.gz")
        guard FileManager.default.fileExists(atPath: path.path) else {
            print("skipped: ../shared is absent")
            return
        }
        let unzip = Process()
        unzip.executableURL = URL(fileURLWithPath: "/usr/bin/gzip")
        unzip.arguments = ["-dc", path.path]
        let pipe = Pipe()
        unzip.standardOutput = pipe
        try unzip.run()
        let plan = try #require(Project.library.plan("online-retail"))
        var session = FeedSession(plan: plan, file: "online_retail.csv", context: Project.context, receiver: Totals())
        while let piece = try pipe.fileHandleForReading.read(upToCount: 1 << 18), !piece.isEmpty {
            piece.withUnsafeBytes { session.read($0.bindMemory(to: UInt8.self)) }
        }
        unzip.waitUntilExit()
        let (summary, outcome, totals) = session.finish()
        #expect(summary.records == 541_909)
        #expect(outcome.read == 541_909 && outcome.accepted + outcome.reported == 541_909)
        #expect(totals.kinds == [.salesLine: 397_884, .returnLine: 9_288])
        #expect(totals.sum == ExactDecimal("8911407.904"))
        #expect(totals.customers.count == 4_338)
        #expect(totals.items.count == 3_665)
        #expect(totals.codes.values.reduce(0, +) == outcome.reported)
    }
}
