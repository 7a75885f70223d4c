package import Values

/// What of an impact report an approval is held to when the change is activated: who is lowered, whose contracts are touched, and how much
/// moves and goes out.
package struct ImpactMaterial: Hashable, Sendable {
    /// Scheme and entity, with a space between.
    let lowered: Set<String>
    /// The same of those who are told that they will be lowered, and of those who would be if nothing kept them.
    let noticed: Set<String>
    /// Contract, scheme and entity, with spaces between.
    let contracts: Set<String>
    /// By what is counted.
    let counts: [String: Int]

    package init(_ report: ImpactReport) {
        lowered = Set(report.schemes.flatMap { scheme in scheme.lowered.map { "\(scheme.scheme) \($0)" } })
        noticed = Set(report.schemes.flatMap { scheme in scheme.notices.map { "\(scheme.scheme) \($0.entity)" } + scheme.kept.map { "\(scheme.scheme) \($0)" } })
        contracts = Set(report.contracts.map { "\($0.contract) \($0.scheme) \($0.entity)" })
        var counts = ["failures": report.failures]
        for scheme in report.schemes {
            for move in scheme.moves { counts["\(scheme.scheme): \(move.from ?? "new") to \(move.to)"] = move.count }
        }
        for emission in report.emissions { counts["\(emission.kind) of \(emission.action) to \(emission.target)"] = emission.count }
        self.counts = counts
    }

    /// Reads it from the text of a report; nil where that is none.
    package init?(text: String) {
        guard let parsed = try? JSONText.parse(text), case .context(let report) = parsed, report.text("report") == "crossdock impact 1",
            case .list(let schemes)? = report["schemes"], case .list(let emissions)? = report["emissions"],
            case .list(let touched)? = report["contracts"], case .number(let failed)? = report["failures"], let failures = failed.integer
        else { return nil }
        var lowered: Set<String> = [], noticed: Set<String> = [], counts = ["failures": failures]
        for case .context(let scheme) in schemes {
            guard case .list(let entities)? = scheme["lowered"], case .list(let moves)? = scheme["moves"] else { return nil }
            let name = scheme.text("scheme")
            for case .string(let entity) in entities { lowered.insert("\(name) \(entity)") }
            // Reports of before notices have none.
            if case .list(let notices)? = scheme["notices"] {
                for case .context(let notice) in notices { noticed.insert("\(name) \(notice.text("entity"))") }
            }
            if case .list(let kept)? = scheme["kept"] { for case .string(let entity) in kept { noticed.insert("\(name) \(entity)") } }
            for case .context(let move) in moves {
                guard case .number(let number)? = move["count"], let count = number.integer else { return nil }
                let from = move["from"] == .null ? "new" : move.text("from")
                counts["\(name): \(from) to \(move.text("to"))"] = count
            }
        }
        for case .context(let emission) in emissions {
            guard case .number(let number)? = emission["count"], let count = number.integer else { return nil }
            counts["\(emission.text("kind")) of \(emission.text("action")) to \(emission.text("target"))"] = count
        }
        self.lowered = lowered
        self.noticed = noticed
        self.counts = counts
        contracts = Set(touched.compactMap { item in
            guard case .context(let contract) = item else { return nil }
            return "\(contract.text("contract")) \(contract.text("scheme")) \(contract.text("entity"))"
        })
    }

    /// What goes beyond what was approved, as one sentence; nil where nothing does. Nobody may be lowered or told so, and no contract touched, who was not
    /// named; counts may differ by a share, or by one.
    ///
    /// - Parameters:
    ///   - tolerance: share of a count, from 0 to 1.
    ///   - isPartlyDone: whether a part of it has happened, so that less is left to do.
    package func excess(over approved: ImpactMaterial, tolerance: ExactDecimal, isPartlyDone: Bool = false) -> String? {
        if let entity = lowered.subtracting(approved.lowered).min() {
            let more = lowered.subtracting(approved.lowered).count - 1
            return "\(entity) would be lowered\(more > 0 ? ", and \(more) more" : ""), and the approved report does not say so"
        }
        if let entity = noticed.subtracting(approved.noticed).subtracting(approved.lowered).min() {
            return "\(entity) would be told that it will be lowered, and the approved report does not say so"
        }
        if let contract = contracts.subtracting(approved.contracts).min() { return "contract \(contract) would be touched, and the approved report does not say so" }
        for name in Set(counts.keys).union(approved.counts.keys).sorted() {
            let found = counts[name] ?? 0, expected = approved.counts[name] ?? 0, difference = abs(found - expected)
            guard difference > 0, !isPartlyDone || found > expected else { continue }
            let allowed = try? ExactDecimal(expected).multiplying(by: tolerance)
            // A single one more or less is within every tolerance but none.
            if tolerance > .zero, difference == 1 { continue }
            if let allowed, ExactDecimal(difference) <= allowed { continue }
            return "\(name): \(found), and the approved report says \(expected)"
        }
        return nil
    }
}

extension ContextValue {
    fileprivate func text(_ name: String) -> String { if case .string(let text)? = self[name] { text } else { "" } }
}
