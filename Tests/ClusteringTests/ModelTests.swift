import Clustering
import Testing

@Suite struct ModelTests {
    private static func prepared() throws -> (Preparation, [[Double?]]) {
        let raw: [[Double?]] = (0..<50).map { index -> [Double?] in
            let velocity = RandomData.rest(index, 2) * 100 + RandomData.rest(index, 9)
            return [velocity, index == 7 ? nil : Double(index * index), 5]
        }
        return (try Preparation(fitting: raw, [
            .init("velocity", scaling: .robust), .init("revenue", scaling: .standard, limits: (0.1, 0.9), logarithm: true, weight: 4),
            .init("constant", scaling: .quartiles),
        ]), raw)
    }

    @Test func `what is fitted is frozen, and comes back to its own units`() throws {
        let (preparation, raw) = try Self.prepared()
        let (data, missing) = try preparation.apply(raw)
        #expect(missing == 1 && preparation.columns.map(\.missing) == [0, 1, 0] && preparation.columns.map(\.constant) == [false, false, true])
        #expect(data.column(2).allSatisfy { $0 == 0 } && data[7, 1] == 0)
        for row in [0, 13, 30] {
            let back = preparation.original(data.row(row))
            for column in 0..<3 {
                let clamped = min(max(raw[row][column] ?? 0, preparation.columns[column].low), preparation.columns[column].high)
                #expect(abs(back[column] - clamped) < 1e-9 * max(1, clamped))
            }
        }
        // A weight of 4 doubles distances.
        #expect(abs(data.column(1).reduce(0) { $0 + $1 * $1 } / 49 - 4) < 1e-9)
        #expect(try preparation.apply([[1e9, 1e9, nil]]).data.row(0)[0] == data.column(0).max())
        #expect(try preparation.apply([[.nan, nil, nil]]).missing == 3)
    }

    @Test func `a column that is mostly alike is scaled by its deviation`() throws {
        let raw: [[Double?]] = (0..<20).map { [$0 < 15 ? 1 : Double($0)] }
        for scaling in [Preparation.Scaling.robust, .quartiles] {
            let column = try Preparation(fitting: raw, [.init("x", scaling: scaling, limits: nil)]).columns[0]
            #expect(column.scale > 0.5 && column.centre == 1 && column.low == -.infinity && !column.constant)
        }
        let rounded: [[Double?]] = (0..<20).map { [$0 < 10 ? 0.3 : $0 < 18 ? 0.1 + 0.2 : 7] }
        let column = try Preparation(fitting: rounded, [.init("x", limits: nil)]).columns[0]
        #expect(column.scale > 1 && !column.constant)
        let alike = try Preparation(fitting: Array(rounded[..<18]), [.init("x", limits: nil)]).columns[0]
        #expect(alike.scale == 1 && alike.constant)
    }

    @Test(arguments: Preparation.Scaling.allCases)
    func `one entity, and a column that says nothing, are prepared by every rule`(_ scaling: Preparation.Scaling) throws {
        let one = try Preparation(fitting: [[4, nil], [nil, 3]], [.init("x", scaling: scaling), .init("y", scaling: scaling, logarithm: true, weight: 0)])
        #expect(one.columns.allSatisfy { $0.constant && $0.scale == 1 && $0.missing == 1 })
        let data = try one.apply([[4, 3], [9, nil]]).data
        #expect(data.values == (scaling == .none ? [4, 0, 4, 0] : [0, 0, 0, 0]))
        let filled = try one.filled([[9, nil]])
        #expect(filled[0, 0] == 9 && abs(filled[0, 1] - (scaling == .none ? 0 : 3)) < 1e-12)
        #expect(throws: ClusteringFailure.notFinite(row: 0, column: 1)) { try one.filled([[1, .infinity]]) }
    }

    @Test func `what cannot be prepared is refused with its column`() throws {
        #expect(throws: ClusteringFailure.noRows) { try Preparation(fitting: [], [.init("x")]) }
        #expect(throws: ClusteringFailure.noColumns) { try Preparation(fitting: [[]], []) }
        #expect(throws: ClusteringFailure.noValues(column: "x")) { try Preparation(fitting: [[nil], [.nan]], [.init("x")]) }
        #expect(throws: ClusteringFailure.notFinite(row: 1, column: 0)) { try Preparation(fitting: [[1], [.infinity]], [.init("x")]) }
        #expect(throws: ClusteringFailure.noLogarithm(column: "x", row: 0)) { try Preparation(fitting: [[-1], [2]], [.init("x", logarithm: true)]) }
        #expect(throws: ClusteringFailure.self) { try Preparation(fitting: [[1]], [.init("x", weight: -1)]) }
        #expect(throws: ClusteringFailure.self) { try Preparation(fitting: [[1]], [.init("x", limits: (0.9, 0.1))]) }
        #expect(throws: ClusteringFailure.self) { try Preparation(fitting: [[1]], [.init("x", limits: (.nan, 1))]) }
        #expect(throws: ClusteringFailure.doubledKey("x")) { try Preparation(fitting: [[1, 2]], [.init("x"), .init("x")]) }
        #expect(throws: ClusteringFailure.tooGreat(row: 0, column: 0)) { try Preparation(fitting: [[1e300]], [.init("x")]) }
        let free = try Preparation(fitting: [[1], [3]], [.init("x", limits: nil, logarithm: true)])
        #expect(throws: ClusteringFailure.noLogarithm(column: "x", row: 0)) { try free.apply([[-2]]) }
        #expect(throws: ClusteringFailure.notFinite(row: 0, column: 0)) { try free.apply([[.infinity]]) }
        #expect(throws: ClusteringFailure.self) { try free.apply([[1, 2]]) }
    }

    private static func model() throws -> ClusterModel {
        let (preparation, raw) = try prepared()
        let data = try preparation.apply(raw).data, labels = try KMeans(clusters: 2, seed: 9).fit(data).labels
        return try ClusterModel(
            algorithm: .kMeans, seed: .max, preparation: preparation, data: data, labels: Partition.numberedByFirst(labels), names: ["slow", "fast \"A\""])
    }

    @Test func `a model is read back bit for bit`() throws {
        let model = try Self.model(), text = model.text
        let read = try ClusterModel(text: text)
        #expect(read == model && read.text == text)
        #expect(text.split(separator: "\n").count == 6)
        let odd = try ClusterModel(
            algorithm: .hdbscan, seed: 0, preparation: Preparation(columns: [
                .init(name: "ä\n", low: -.infinity, high: .infinity, logarithm: false, centre: -0.0, scale: .leastNonzeroMagnitude, weight: 1 / 3, constant: false, missing: 0),
            ]), clusters: [.init(name: "n", centroid: [0.1 + 0.2], radius: .infinity, members: 1)])
        #expect(try ClusterModel(text: odd.text).text == odd.text)
        #expect(try ClusterModel(text: odd.text).preparation.columns[0].centre.sign == .minus)
    }

    @Test func `a text that is no model is refused with its line`() throws {
        let text = try Self.model().text
        func failure(_ text: String) -> ClusteringFailure? {
            do {
                _ = try ClusterModel(text: text)
                return nil
            } catch { return error }
        }
        func line(_ text: String) -> Int? { if case .modelText(let line, _)? = failure(text) { line } else { nil } }
        #expect(line("") == 1 && line("{") == 1 && line("[]\n") == 1)
        #expect(line(text + "{}\n") == 7 && line(String(text.dropLast())) != nil)
        #expect(line(text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n") == 6)
        #expect(line(text.replacing("lcg64", with: "other")) == 1 && line(text.replacing("\"scale\":\"", with: "\"scale\":\"-")) == 2)
        #expect(line(text.replacing("centroid", with: "centre of it")) == 5 && line(text.replacing("kMeans", with: "k")) == 1)
        #expect(line(text.replacing("\"radius\":\"", with: "\"radius\":\"nan")) == 5)
        #expect(failure(text.replacing("\"name\"", with: "x")) == nil)
    }

    @Test func `a point is placed by the nearest centroid, within its radius, and told what would move it`() throws {
        let model = try ClusterModel(
            algorithm: .kMeans, seed: 1, preparation: Preparation(columns: [
                .init(name: "velocity", low: 0, high: 120, centre: 50, scale: 50),
                .init(name: "revenue", low: 0, high: 2_500, logarithm: true, centre: 5, weight: 4), .init(name: "constant", constant: true),
            ]),
            clusters: [
                .init(name: "slow", centroid: [-1, 0, 0], radius: 2, members: 3), .init(name: "fast", centroid: [1, 0.5, 0], radius: 2, members: 3),
            ])
        let placed = try model.place([103, 400, 0])
        #expect(placed.nearest == 1 && placed.cluster == "fast" && placed.missing == 0)
        #expect(placed.distances.count == 2 && placed.distances[1] < placed.distances[0])
        let move = try #require(placed.moves.first)
        let to = try #require(move.to)
        #expect(move.attribute == "velocity" && abs(move.from - 103) < 1e-9 && to > 0 && to < 103 && move.toward == "slow")
        // In velocity alone it would have to go below what the column's limits let through.
        #expect(try model.place([103, 2_500, 0]).moves[0].to == nil)
        let edge = try model.place([to, 400, 0])
        #expect(abs(edge.distances[0] - edge.distances[1]) < 1e-9)
        #expect(placed.moves[2].to == nil)
        let missing = try model.place([nil, nil, nil])
        #expect(missing.missing == 3)

        let tight = try ClusterModel(
            algorithm: .kMeans, seed: 1, preparation: Preparation(columns: [
                .init(name: "x", low: -.infinity, high: .infinity, logarithm: false, centre: 0, scale: 1, weight: 1, constant: false, missing: 0),
            ]), clusters: [.init(name: "one", centroid: [0], radius: 1, members: 3), .init(name: "two", centroid: [10], radius: 1, members: 3)])
        #expect(try tight.place([1]).cluster == "one" && tight.place([1.5]).cluster == nil && tight.place([1.5]).nearest == 0)
        #expect(try tight.place([1]).moves == [.init(attribute: "x", toward: "two", from: 1, to: 5)])
        #expect(try tight.place([5]).nearest == 0)
        #expect(throws: ClusteringFailure.notFinite(row: 0, column: 0)) { try tight.place([-.infinity]) }
        #expect(throws: ClusteringFailure.tooGreat(row: 0, column: 0)) { try tight.place([1e141]) }
        #expect(throws: ClusteringFailure.self) { try tight.place([]) }
    }

    @Test func `a cluster below the floors goes to the nearest until all hold`() throws {
        let data = Matrix([[0], [1], [2], [10], [11], [30], [31], [32], [33], [90]]), labels = [0, 0, 0, 1, 1, 2, 2, 2, 2, -1]
        let found = try GranularityFloor(membersMin: 3).apply(data, labels)
        #expect(found.labels == [0, 0, 0, 0, 0, 2, 2, 2, 2, -1] && found.merges == [.init(from: 1, into: 0, reason: .fewMembers)])
        let few = try GranularityFloor(clustersMax: 1).apply(data, labels)
        #expect(Set(few.labels) == [-1, 0] || Set(few.labels) == [-1, 2])
        #expect(few.merges.count == 2 && few.merges.allSatisfy { $0.reason == .tooMany })
        let value = try GranularityFloor(valueMin: 100).apply(data, labels, values: [40, 40, 40, 1, 1, 99, 1, 1, 1, 0])
        #expect(value.labels == found.labels && value.merges[0].reason == .littleValue)
        #expect(try GranularityFloor(membersMin: 100).apply(data, labels).merges.count == 2)
        for membersMin in 1...5 {
            for clustersMax in 1...4 {
                let floor = GranularityFloor(membersMin: membersMin, clustersMax: clustersMax)
                let members = Partition.members(try floor.apply(data, labels).labels)
                #expect(members.count == 1 || (members.count <= clustersMax && members.allSatisfy { $0.rows.count >= membersMin }))
            }
        }
    }
}
