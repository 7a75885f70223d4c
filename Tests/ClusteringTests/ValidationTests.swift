import Clustering
import Statistics
import Testing

@Suite struct ValidationTests {
    @Test func `silhouettes are those of the definition, and noise counts for nobody`() throws {
        let data = RandomData.blobs(61, 2, centres: 3, seed: 4), labels = (0..<61).map { $0 == 60 ? 9 : $0 % 7 == 0 ? Partition.noise : $0 % 3 }
        let found = try #require(try Silhouette.samples(data, labels))
        for row in 0..<61 {
            func mean(_ label: Int) -> Double {
                let rows = (0..<61).filter { labels[$0] == label && $0 != row }
                return rows.reduce(0.0) { $0 + RandomData.squared(data, row, $1).squareRoot() } / Double(rows.count)
            }
            if labels[row] == Partition.noise || labels[row] == 9 {
                #expect(found[row] == 0)
            } else {
                let own = mean(labels[row]), other = [0, 1, 2, 9].filter { $0 != labels[row] }.map(mean).min() ?? 0
                #expect(abs(found[row] - (other - own) / max(own, other)) < 1e-12)
            }
        }
        #expect(try Silhouette.samples(data, [Int](repeating: 2, count: 61)) == nil)
        #expect(try Silhouette.mean(Matrix([[1], [1]]), [0, 1]) == 0)
    }

    @Test func `a sample of a silhouette is drawn by its seed and comes near the whole`() throws {
        let data = RandomData.blobs(800, 2, centres: 3, seed: 4), labels = try KMeans(clusters: 3).fit(data).labels
        let whole = try #require(try Silhouette.mean(data, labels)), sample = try #require(try Silhouette.mean(data, labels, sampleMax: 300, seed: 5))
        #expect(abs(whole - sample) < 0.05 && whole != sample)
        #expect(try Silhouette.mean(data, labels, sampleMax: 300, seed: 5) == sample)
    }

    @Test func `partitions that are the same but for names agree wholly, and chance has nothing`() throws {
        let one = (0..<90).map { $0 % 4 }
        let same = try Agreement(one, one.map { 7 - $0 })
        #expect(same.rand == 1 && same.adjustedRand == 1 && abs(same.adjustedInformation - 1) < 1e-12 && abs(same.vMeasure - 1) < 1e-12)
        var sum = (0.0, 0.0)
        for seed in 1...60 as ClosedRange<UInt64> {
            let other = RandomData.order(90, seed: seed).map { one[$0] }
            let found = try Agreement(one, other), swapped = try Agreement(other, one)
            #expect(abs(found.adjustedInformation - swapped.adjustedInformation) < 1e-12 && found.adjustedRand == swapped.adjustedRand)
            #expect(abs(found.vMeasure - found.normalizedInformation) < 1e-12)
            sum = (sum.0 + found.adjustedRand / 60, sum.1 + found.adjustedInformation / 60)
        }
        #expect(abs(sum.0) < 0.01 && abs(sum.1) < 0.01)
        let one0 = try Agreement([3, 3, 3], [1, 1, 1]), single = try Agreement([5], [2])
        #expect(one0.adjustedRand == 1 && one0.adjustedInformation == 1 && one0.normalizedInformation == 1 && single.rand == 1)
        let halves = try Agreement([0, 0, 0, 0], [0, 0, 1, 1])
        #expect(halves.adjustedRand == 0 && halves.vMeasure == 0 && abs(halves.adjustedInformation) < 1e-12)
        #expect(throws: ClusteringFailure.self) { try Agreement([0], [0, 1]) }
        #expect(throws: ClusteringFailure.noRows) { try Agreement([], []) }
    }

    @Test func `indices of separation are of nothing without two clusters, and defined where nothing varies`() throws {
        let data = Matrix([[0], [0], [4], [4]])
        #expect(try Separation.calinskiHarabasz(data, [0, 0, 0, 0]) == nil)
        #expect(try Separation.calinskiHarabasz(data, [0, 1, 2, 3]) == nil)
        #expect(try Separation.calinskiHarabasz(data, [0, 0, 1, 1]) == 1)
        #expect(try Separation.daviesBouldin(data, [0, 0, 1, 1]) == 0)
        #expect(try abs(Separation.withinSquares(data, [0, 0, 0, 1]) - 32.0 / 3) < 1e-12)
        #expect(throws: ClusteringFailure.self) { try Separation.daviesBouldin(data, [0]) }
    }

    @Test func `the planted number of clusters is chosen, unless nobody could treat so many`() throws {
        let data = RandomData.table(80) { index -> [Double] in
            let place = (RandomData.rest(index, 4) * 50, RandomData.rest(index, 2) * 70)
            return [place.0 + RandomData.rest(index, 5), place.1 + RandomData.rest(index, 3)]
        }
        let means = KMeans(clusters: 1, restarts: 3), gap = GapStatistic(references: 5)
        let free = try ClusterCount(data, candidates: 2...7, maximumActions: 10, means: means, gap: gap)
        #expect(free.chosen == 4 && free.bySilhouette == 4 && free.byCalinskiHarabasz == 4 && free.byGap == 4)
        #expect(free.evidence.map(\.clusters) == [2, 3, 4, 5, 6, 7] && free.evidence.allSatisfy { $0.gap != nil && $0.silhouette != nil })
        let capped = try ClusterCount(data, candidates: 2...7, maximumActions: 3, means: means, gap: gap)
        #expect(capped.chosen <= 3 && capped.evidence.map(\.clusters) == [2, 3])
        #expect(try ClusterCount(Matrix([[1], [2]]), candidates: 2...9, maximumActions: 9, means: means).chosen == 2)
        #expect(try ClusterCount(Matrix([[1], [1], [1]]), candidates: 1...3, maximumActions: 9, means: means).chosen == 1)
        #expect(throws: ClusteringFailure.self) { try ClusterCount(data, candidates: 2...7, maximumActions: 1, means: means) }
    }

    @Test func `data without groups have one`() throws {
        var generator = LCG64(seed: 12)
        let flat = Matrix(rows: 150, columns: 2, values: (0..<300).map { _ in generator.unit() })
        let evidence = try GapStatistic(references: 10, seed: 3).evidence(flat, upTo: 6)
        #expect(GapStatistic.choice(evidence) == 1)
        #expect(GapStatistic.choice([]) == nil)
    }
}
