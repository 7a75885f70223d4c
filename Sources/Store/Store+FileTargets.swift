package import Values

/// Action files target by target, for sites that send some of them to servers.
extension Store {
    static let nextFileTarget = Statement("SELECT MIN(target) FROM delivery WHERE kind = 'actionFile' AND status IN ('pending', 'waiting') AND target > ?")
    static let filesDue = Statement("""
        SELECT \(effectColumns) FROM delivery d JOIN effect e ON d.effect = e.id
        WHERE d.kind = 'actionFile' AND d.status IN ('pending', 'waiting') AND d.target = ? AND d.next_at <= ? ORDER BY d.position, d.effect LIMIT ?
        """)
    static let nextFileDue = Statement("SELECT MIN(next_at) FROM delivery WHERE kind = 'actionFile' AND status IN ('pending', 'waiting') AND target = ?")
    static let unsettledFiles = Statement("""
        SELECT d.effect, d.next_at FROM delivery d
        WHERE d.kind = 'actionFile' AND d.status IN ('pending', 'waiting') AND d.target = ? ORDER BY d.position, d.effect LIMIT ?
        """)
    static let filesSending = Statement("""
        SELECT \(effectColumns) FROM delivery d JOIN effect e ON d.effect = e.id WHERE d.kind = 'actionFile' AND d.status = 'sending'
        """)
    static let filesPast = Statement("""
        SELECT \(effectColumns) FROM delivery d JOIN effect e ON d.effect = e.id
        WHERE d.kind = 'actionFile' AND d.status IN ('pending', 'waiting') AND d.target = ? AND d.deadline < ? ORDER BY d.deadline, d.effect LIMIT ?
        """)

    static var fileTargetStatements: [Statement] { [nextFileTarget, filesDue, nextFileDue, unsettledFiles, filesSending, filesPast] }

    /// Targets that action files wait for, but these; also such as the site does not have any more.
    private static func fileTargets(but left: Set<String>, in session: any StoreSession) throws -> [String] {
        var targets: [String] = [], last = ""
        while let next = try session.firstRow(nextFileTarget, [.text(last)])?.optionalText(0) {
            if !left.contains(next) { targets.append(next) }
            last = next
        }
        return targets
    }

    /// Action files that are due, but for those of some targets: target by target, each in the order in which they were committed.
    package func filesDue(notTo left: Set<String>, at now: Instant, limit: Int) throws -> [StoredEffect] {
        try driver.read { session in
            var due: [StoredEffect] = []
            for target in try Self.fileTargets(but: left, in: session) where due.count < limit {
                due += try session.rows(Self.filesDue, [.text(target), .instant(now), .integer(limit - due.count)]).map(Self.effect)
            }
            return due
        }
    }

    /// When the next action file is due, but for those of some targets.
    package func nextFileDue(notTo left: Set<String>) throws -> Instant? {
        try driver.read { session in
            try Self.fileTargets(but: left, in: session).compactMap { try session.firstRow(Self.nextFileDue, [.text($0)])?.optionalInstant(0) }.min()
        }
    }

    /// Action files to one target that are not settled, in the order in which they were committed.
    package func unsettledFiles(to target: String, limit: Int) throws -> [(id: String, dueAt: Instant)] {
        try driver.read { try $0.rows(Self.unsettledFiles, [.text(target), .integer(limit)]).map { ($0.text(0), $0.instant(1)) } }
    }

    /// Action files that were on their way to a server when the daemon last stopped.
    package func filesSending() throws -> [StoredEffect] { try driver.read { try $0.rows(Self.filesSending).map(Self.effect) } }

    /// Action files to one target whose deadline has passed and that are not settled.
    package func filesPast(_ now: Instant, to target: String, limit: Int) throws -> [StoredEffect] {
        try driver.read { try $0.rows(Self.filesPast, [.text(target), .instant(now), .integer(limit)]).map(Self.effect) }
    }
}
