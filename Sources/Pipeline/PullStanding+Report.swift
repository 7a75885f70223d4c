import Diagnostics
package import Store
package import Values

/// What waits on a server, and for what.
package struct PullWaiting: Hashable, Sendable {
    package var name: String
    package var reason: String
}

extension PullStanding {
    /// Files that are named one by one.
    private static let namedMax = 200

    init(name: String, lookedAt: Instant, nextAt: Instant, failure: String?, waiting: [PullWaiting]) {
        let files = waiting.prefix(Self.namedMax).map { Value.context(ContextValue([("name", .string($0.name)), ("reason", .string($0.reason))])) }
        let body = Value.context(ContextValue([("count", .integer(waiting.count)), ("files", .list(files))]))
        self.init(name: name, lookedAt: lookedAt, nextAt: nextAt, failure: failure, waiting: JSONText.write(body))
    }

    /// How many files wait, and the first of them.
    package var waitingFiles: (count: Int, named: [PullWaiting]) {
        guard case .context(let body)? = try? JSONText.parse(waiting), case .number(let number)? = body["count"], case .list(let files)? = body["files"] else {
            return (0, [])
        }
        let named = files.compactMap { file -> PullWaiting? in
            guard case .context(let entries) = file, case .string(let name)? = entries["name"], case .string(let reason)? = entries["reason"] else { return nil }
            return PullWaiting(name: name, reason: reason)
        }
        return (number.integer ?? 0, named)
    }

    /// One line of the status.
    package var line: String {
        let count = waitingFiles.count
        return "pull     \(name): looked at \(lookedAt), next at \(nextAt)" + (count > 0 ? "; \(count) wait there" : "") + (failure.map { "; FAILS: \(LineText.line($0))" } ?? "")
    }

    /// Pulls that could not look at their server lately, each with why.
    package static func failing(in site: Site) throws -> [String] {
        try site.store.pulls().compactMap { pull in pull.failure.map { "pull \(pull.name) fails: \($0)" } }
    }

    package static func value(_ pulls: [PullStanding]) -> Value {
        .list(pulls.map { pull in
            .context(ContextValue([
                ("pull", .string(pull.name)), ("lookedAt", .string(pull.lookedAt.description)), ("nextAt", .string(pull.nextAt.description)),
                ("failure", pull.failure.map(Value.string) ?? .null), ("waiting", .integer(pull.waitingFiles.count)),
            ]))
        })
    }

    /// What is known of files of a name that are on servers, or were.
    package static func lines(named name: String, in site: Site) throws -> [String] {
        var lines: [String] = []
        for pull in try site.store.pulls() {
            for file in pull.waitingFiles.named where file.name == name {
                lines.append(LineText.name("\(pull.name)/\(name)") + " waits there: \(LineText.line(file.reason))" + (pull.failure.map { "; the pull fails: \(LineText.line($0))" } ?? ""))
            }
        }
        for file in try site.store.remoteFiles(named: name) {
            let end: String =
                switch file.status {
                case .staged: "it is here, and gets its name at the next round"
                case .placed: "still there: \(LineText.line(file.reason ?? "it is taken away at the next round"))"
                case .done: "gone from there at \(file.finishedAt.map { "\($0)" } ?? "-")"
                case .superseded: "another file has its name there since"
                }
            lines.append("\(LineText.name(file.place)) of \(file.remote) was pulled at \(file.pulledAt) as \(LineText.name("\(file.feed)/\(file.localName)")), sha256 \(file.digest); \(end)")
        }
        return lines
    }
}
