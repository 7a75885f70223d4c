import Clustering
import Foundation
import Statistics
import Testing

/// What a recalibration does, from raw attributes to placing.
@Suite struct RecalibrationTests {
    /// All that a recalibration comes to, as one text.
    private static func recalibrate(_ keys: [String], _ raw: [[Double?]], names: [String], clusters candidates: ClosedRange<Int>) throws -> String {
        let order = keys.indices.sorted { keys[$0] < keys[$1] }
        let requests = names.map { Preparation.Request($0, logarithm: $0 == "monetary") }
        let preparation = try Preparation(fitting: raw, requests)
        let rows = try KeyedRows(keys: keys, matrix: try preparation.apply(raw).data)
        var means = KMeans(clusters: 1, seed: 7, restarts: 3)
        let count = try ClusterCount(rows.matrix, candidates: candidates, maximumActions: 6, means: means, gap: nil)
        means.clusters = count.chosen
        let found = try means.fit(rows.matrix), labels = Partition.numberedByFirst(found.labels)
        let groups = Partition.members(labels).map { cluster in
            ClusterIdentity.Cluster(name: "\(cluster.label)", members: Set(cluster.rows.map { rows.keys[$0] }))
        }
        let identity = try ClusterIdentity(old: [], new: groups)
        let model = try ClusterModel(
            algorithm: .kMeans, seed: means.seed, preparation: preparation, data: rows.matrix, labels: labels, names: identity.names)
        let tree = try SurrogateTree(preparation.filled(order.map { raw[$0] }), labels)
        let placed = try order.map { try model.place(raw[$0]).cluster ?? "-" }
        return model.text + tree.rules.map { $0.cells.joined(separator: " | ") + " -> \($0.label)\n" }.joined() + placed.joined(separator: ",")
    }

    @Test func `the same entities in any order are recalibrated to the same bytes`() throws {
        let keys = (0..<90).map { "E-\($0)" }, points = RandomData.planted(90)
        let raw = (0..<90).map { row -> [Double?] in [points[row, 0], row == 4 ? nil : 500 - points[row, 0] + points[row, 1]] }
        let expected = try Self.recalibrate(keys, raw, names: ["recency", "frequency"], clusters: 2...5)
        #expect(expected.contains("\"clusters\":\"3\""))
        for seed in 1...3 as ClosedRange<UInt64> {
            let order = RandomData.order(90, seed: seed)
            #expect(try Self.recalibrate(order.map { keys[$0] }, order.map { raw[$0] }, names: ["recency", "frequency"], clusters: 2...5) == expected)
        }
    }

    @Test func `customers of Online Retail are recalibrated to the same bytes, twice and shuffled`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../shared/data/online-retail/online_retail.csv.gz").standardizedFileURL.path
        guard FileManager.default.isReadableFile(atPath: path) else { return print("skipped: ../shared is absent") }
        let customers = try CustomerHistories(path, bytesMax: 3_000_000)
        #expect(customers.keys.count > 500)
        let names = ["recency", "frequency", "monetary"]
        let expected = try Self.recalibrate(customers.keys, customers.rows, names: names, clusters: 2...5)
        #expect(try Self.recalibrate(customers.keys, customers.rows, names: names, clusters: 2...5) == expected)
        let order = RandomData.order(customers.keys.count, seed: 5)
        #expect(
            try Self.recalibrate(order.map { customers.keys[$0] }, order.map { customers.rows[$0] }, names: names, clusters: 2...5) == expected)
    }

    @Test func `entities that are all alike, and one alone, are one cluster`() throws {
        for count in [1, 5] {
            let text = try Self.recalibrate((0..<count).map { "\($0)" }, [[Double?]](repeating: [3, 4], count: count), names: ["recency", "b"], clusters: 1...4)
            #expect(text.contains("\"clusters\":\"1\"") && text.hasSuffix([String](repeating: "c1", count: count).joined(separator: ",")))
            #expect(text.contains("- | - -> 0\n"))
        }
    }
}

/// Recency in days, invoices and money of each customer, by the plain lines of Online Retail.
private struct CustomerHistories {
    private(set) var keys: [String] = []
    private(set) var rows: [[Double?]] = []

    /// Of so many bytes from the file's beginning.
    init(_ path: String, bytesMax: Int) throws {
        let unpack = Process(), pipe = Pipe()
        unpack.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        unpack.arguments = ["sh", "-c", "gzip -dc \"$0\" | head -c \(bytesMax)", path]
        unpack.standardOutput = pipe
        try unpack.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        unpack.waitUntilExit()
        var invoices: [String: Set<Substring>] = [:], last: [String: Substring] = [:], money: [String: Double] = [:]
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.utf8.split(separator: UInt8(ascii: "\n")).dropFirst().dropLast() {
            let cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            guard cells.count == 8, let quantity = Double(Substring(cells[3])), let price = Double(Substring(cells[5])), quantity > 0, price > 0 else { continue }
            let customer = String(Substring(cells[6])).trimmingCharacters(in: .whitespaces)
            guard !customer.isEmpty else { continue }
            invoices[customer, default: []].insert(Substring(cells[0]))
            last[customer] = max(last[customer] ?? "", Substring(cells[4]).prefix(10))
            money[customer, default: 0] += quantity * price
        }
        let days = Set(last.values).sorted()
        for key in invoices.keys.sorted() {
            keys.append(key)
            let place = last[key].flatMap(days.firstIndex(of:)) ?? 0
            rows.append([Double(days.count - 1 - place), Double(invoices[key]?.count ?? 0), money[key] ?? 0])
        }
    }
}
