package import Values

/// Action files target by target.
extension Store {
    static let nextFileTarget = Statement("SELECT MIN(target) FROM delivery WHERE kind = 'actionFile' AND status IN ('pending', 'waiting') AND target > ?")
    static let unsettledFiles = Statement("""
        SELECT d.effect, d.next_at FROM delivery d JOIN effect e ON d.effect = e.id
        WHERE d.kind = 'actionFile' AND d.status IN ('pending', 'waiting') AND d.target = ? ORDER BY d.position, e.place LIMIT ?
        """)
    static let filesSending = Statement("""
        SELECT \(effectColumns) FROM delivery d JOIN effect e ON d.effect = e.id WHERE d.kind = 'actionFile' AND d.status = 'sending'
        """)
    static let filesPast = Statement("""
        SELECT \(effectColumns) FROM delivery d JOIN effect e ON d.effect = e.id
        WHERE d.kind = 'actionFile' AND d.status IN ('pending', 'waiting') AND d.target = ? AND d.deadline < ? ORDER BY d.deadline, d.effect LIMIT ?
        """)

    static var fileTargetStatements: [Statement] { [nextFileTarget, unsettledFiles, filesSending, filesPast] }

    /// Targets that action files wait for; also such as the site does not have any more.
    package func fileTargets() throws -> [String] {
        try driver.read { session in
            var targets: [String] = [], last = ""
            while let next = try session.firstRow(Self.nextFileTarget, [.text(last)])?.optionalText(0) {
                targets.append(next)
                last = next
            }
            return targets
        }
    }

    /// Action files to one target that are not settled, in the order in which they were committed.
    package func unsettledFiles(to target: String, limit: Int) throws -> [(id: String, dueAt: Instant)] {
        try driver.read { try $0.rows(Self.unsettledFiles, [.text(target), .integer(limit)]).map { ($0.text(0), $0.instant(1)) } }
    }

    /// Action files that were on their way when the daemon last stopped.
    package func filesSending() throws -> [StoredEffect] { try driver.read { try $0.rows(Self.filesSending).map(Self.effect) } }

    /// Action files to one target whose deadline has passed and that are not settled.
    package func filesPast(_ now: Instant, to target: String, limit: Int) throws -> [StoredEffect] {
        try driver.read { try $0.rows(Self.filesPast, [.text(target), .instant(now), .integer(limit)]).map(Self.effect) }
    }
}
