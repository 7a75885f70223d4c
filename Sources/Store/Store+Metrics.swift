package import Values

/// Counts and times of all that was done, for whoever watches a site.
extension Store {
    /// Upper ends of the classes of times, in milliseconds.
    package static let classEnds = [100, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 3_600_000]

    static let fileMetrics = Statement("SELECT feed, status, COUNT(*), SUM(size), \(times("finished_at", "first_seen_at")) FROM file GROUP BY feed, status ORDER BY feed, status")
    static let deliveryMetrics = Statement("""
        SELECT m.kind, m.target, m.status, m.effects, m.attempts, l.at
        FROM (SELECT kind, target, status, COUNT(*) AS effects, SUM(attempts) AS attempts, MIN(position) AS oldest FROM delivery GROUP BY kind, target, status) m
        LEFT JOIN log l ON l.position = m.oldest ORDER BY m.kind, m.target, m.status
        """)
    /// From the log entry of an effect, which has the time of its commit, as the effect's own row is long.
    static let deliveryTimes = Statement("""
        SELECT d.target, COUNT(*), \(times("d.finished_at", "l.at")) FROM delivery d JOIN log l ON l.position = d.position
        WHERE d.status = 'delivered' GROUP BY d.target ORDER BY d.target
        """)

    static var metricStatements: [Statement] { [fileMetrics, deliveryMetrics, deliveryTimes] }

    /// The sum of what passed between two columns, and how many were within each class.
    private static func times(_ end: String, _ start: String) -> String {
        (["COALESCE(SUM((\(end) - \(start)) / 1000000), 0)"] + classEnds.map { "COALESCE(SUM(CASE WHEN \(end) - \(start) <= \($0)000000 THEN 1 ELSE 0 END), 0)" })
            .joined(separator: ", ")
    }

    /// How long some things took.
    package struct TimeClasses: Sendable, Hashable {
        package var count: Int
        package var milliseconds: Int
        /// How many took at most so long, for each of ``classEnds``.
        package var within: [Int]

        package init() {
            count = 0
            milliseconds = 0
            within = classEnds.map { _ in 0 }
        }

        fileprivate init(_ row: SQLRow, count: Int, from column: Int) {
            self.count = count
            milliseconds = Int(row.integer(column))
            within = classEnds.indices.map { Int(row.integer(column + 1 + $0)) }
        }

        package mutating func add(_ other: TimeClasses) {
            count += other.count
            milliseconds += other.milliseconds
            for index in within.indices { within[index] += other.within[index] }
        }
    }

    package struct DeliveryMetric: Sendable, Hashable {
        package let kind: String
        package let target: String
        package let status: String
        package let count: Int
        package let attempts: Int
        /// When the oldest of them was committed.
        package let oldest: Instant?
    }

    /// Files by feed and status, with the time from the first sight to the last commit.
    package func fileMetrics() throws -> [(feed: String, status: LedgerFile.Status, files: Int, bytes: Int64, times: TimeClasses)] {
        try driver.read { session in
            try session.rows(Self.fileMetrics).compactMap { row in
                LedgerFile.Status(rawValue: row.text(1)).map { (row.text(0), $0, Int(row.integer(2)), row.integer(3), TimeClasses(row, count: Int(row.integer(2)), from: 4)) }
            }
        }
    }

    /// Effects by kind, target and status: how many, how often they were tried, and when the oldest was committed.
    package func deliveryMetrics() throws -> [DeliveryMetric] {
        try driver.read { session in
            try session.rows(Self.deliveryMetrics).map { row in
                DeliveryMetric(
                    kind: row.text(0), target: row.text(1), status: row.text(2), count: Int(row.integer(3)), attempts: Int(row.integer(4)), oldest: row.optionalInstant(5))
            }
        }
    }

    /// Time from the commit of an effect to its delivery, by target.
    package func deliveryTimes() throws -> [(target: String, times: TimeClasses)] {
        try driver.read { try $0.rows(Self.deliveryTimes).map { ($0.text(0), TimeClasses($0, count: Int($0.integer(1)), from: 2)) } }
    }
}
