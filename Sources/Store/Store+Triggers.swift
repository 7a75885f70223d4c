package import Values

extension Store {
    static let latestClaim = Statement("SELECT claimed_at FROM file WHERE feed = ? AND status IN ('published', 'done', 'archived') ORDER BY id DESC LIMIT 1")
    static let latestArrival = Statement("SELECT claimed_at FROM file WHERE status IN ('published', 'done', 'archived') ORDER BY id DESC LIMIT 1")
    static let readBasis = Statement("SELECT sample FROM trigger_basis WHERE scheme = ? AND attribute = ?")
    static let writeBasis = Statement("""
        INSERT INTO trigger_basis (scheme, attribute, sample) VALUES (?, ?, ?)
        ON CONFLICT (scheme, attribute) DO UPDATE SET sample = excluded.sample
        """)
    static let readMeans = Statement("SELECT mean FROM trigger_mean WHERE scheme = ? AND attribute = ? ORDER BY at")
    static let writeMean = Statement("""
        INSERT INTO trigger_mean (scheme, attribute, at, mean) VALUES (?, ?, ?, ?)
        ON CONFLICT (scheme, attribute, at) DO UPDATE SET mean = excluded.mean
        """)
    static let clearMeans = Statement("DELETE FROM trigger_mean WHERE scheme = ? AND attribute = ?")

    static var triggerStatements: [Statement] { [latestClaim, latestArrival, readBasis, writeBasis, readMeans, writeMean, clearMeans] }

    /// When the latest file of a feed came of which records are visible; nil where none has.
    package func latestFile(ofFeed feed: String) throws -> Instant? {
        try driver.read { try $0.firstRow(Self.latestClaim, [.text(feed)])?.optionalInstant(0) }
    }

    /// When the latest file of any feed came of which records are visible.
    package func latestFile() throws -> Instant? {
        try driver.read { try $0.firstRow(Self.latestArrival)?.optionalInstant(0) }
    }

    /// What an attribute looked like at the last run of a scheme, as its text.
    package func triggerBasis(scheme: String, attribute: String) throws -> String? {
        try driver.read { try $0.firstRow(Self.readBasis, [.text(scheme), .text(attribute)])?.text(0) }
    }

    package static func setTriggerBasis(scheme: String, attribute: String, _ sample: String, in session: any StoreSession) throws {
        try session.execute(writeBasis, [.text(scheme), .text(attribute), .text(sample)])
    }

    /// The means of an attribute at the looks since its chart began, in their order.
    package func triggerMeans(scheme: String, attribute: String) throws -> [Double] {
        try driver.read { try $0.rows(Self.readMeans, [.text(scheme), .text(attribute)]).compactMap { Double($0.text(0)) } }
    }

    package static func addTriggerMean(scheme: String, attribute: String, at now: Instant, _ mean: Double, in session: any StoreSession) throws {
        try session.execute(writeMean, [.text(scheme), .text(attribute), .instant(now), .text("\(mean)")])
    }

    /// Begins the chart of an attribute anew.
    package static func clearTriggerMeans(scheme: String, attribute: String, in session: any StoreSession) throws {
        try session.execute(clearMeans, [.text(scheme), .text(attribute)])
    }
}
