package import Outbox
package import Values

/// Targets that are not tried for a while, as they did not answer: what the daemon knows, for the commands beside it.
extension Store {
    private static let heldPrefix = "held back "
    static let heldBack = Statement("SELECT name, value FROM site WHERE name >= 'held back ' AND name < 'held back~' ORDER BY name")
    static let removeSite = Statement("DELETE FROM site WHERE name = ?")
    static let letGo = Statement("DELETE FROM site WHERE name >= 'held back ' AND name < 'held back~'")

    static var heldTargetStatements: [Statement] { [heldBack, removeSite, letGo] }

    /// Notes why a target is not tried now; nil: it is again.
    package static func note(heldBack reason: String?, target: String, in session: any StoreSession) throws {
        guard let reason else {
            try session.execute(removeSite, [.text(heldPrefix + target)])
            return
        }
        try setSiteValue(heldPrefix + target, reason, in: session)
    }

    /// Sends dead effects again: the daemon looks at what was committed long ago when it sees that this was done.
    package static func replay(_ states: [DeliveryState], at now: Instant, in session: any StoreSession) throws {
        try update(states, in: session)
        try setSiteValue(replaysName, "\(now.storeNanoseconds)", in: session)
    }

    private static let replaysName = "last replay"

    /// Something that is different after each ``replay(_:at:in:)``; nil before the first.
    package func lastReplay() throws -> String? { try siteValue(Self.replaysName) }

    /// A daemon that starts tries every target.
    package static func forgetHeldBack(in session: any StoreSession) throws { try session.execute(letGo, []) }

    /// Targets that are not tried now, with the reason.
    package func heldBackTargets() throws -> [(target: String, reason: String)] {
        try driver.read { try $0.rows(Self.heldBack).map { (String($0.text(0).dropFirst(Self.heldPrefix.count)), $0.text(1)) } }
    }
}
