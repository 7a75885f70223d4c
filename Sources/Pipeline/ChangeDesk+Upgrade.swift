package import ChangeControl
import Store
package import Values

/// What another program, or other rules of zones, do to what is live.
package struct StateUpgrade: Sendable, Hashable {
    package let from: StateDescription
    package let to: StateDescription
    /// What the same rules say otherwise from here on.
    package let report: ImpactReport
}

extension ChangeDesk {
    /// What this program would do to what is live; nil where the live state is of this program and of these rules of zones. Nothing is kept.
    package func upgradeReport(at now: Instant) throws -> StateUpgrade? {
        let live = try live(), from = live.description
        let to = StateDescription(bundle: from.bundle, overrides: from.overrides, governance: from.governance, engine: Site.engine, zones: ZoneFiles.digest, canary: from.canary)
        guard to != from else { return nil }
        let report = try rehearse(to, live.files, try compiled(live.files, "the live state").bundle, live, at: now)
        return StateUpgrade(from: from, to: to, report: report)
    }

    /// Goes on with what is live under this program. That is no change that somebody could approve or not, as the former program is gone: it is an
    /// entry of the log with the report of what differs, and requests that were made under the former program are stale.
    package func upgrade(at now: Instant) throws -> StateUpgrade? {
        guard try hasBegun(), let upgrade = try upgradeReport(at: now) else { return nil }
        let live = try live(), bundle = try compiled(live.files, "the live state").bundle, text = upgrade.report.text, now = try judged(now)
        try site.store.driver.write { session in
            try expectLive(upgrade.from.id, in: session)
            let body = LogBody.upgrade(from: upgrade.from, to: upgrade.to, impact: upgrade.report.digest)
            let position = try Store.append(.stateUpgraded, text: body, at: now, in: session).position
            try Store.keep(Array(text.utf8), digest: upgrade.report.digest.hex, in: session)
            try Store.keepState(upgrade.to.id.description, description: upgrade.to.text, in: session)
            try Self.makeLive(upgrade.to, bundle, position: position, in: session)
        }
        return upgrade
    }
}

extension StateDescription {
    /// Of the program and the rules of zones, what another state has otherwise.
    package func text(beside other: StateDescription) -> String {
        [(engine, other.engine), (zones, other.zones)].filter { $0.0 != $0.1 }.map(\.0).joined(separator: ", ")
    }
}
