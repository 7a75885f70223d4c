import Configurations
import Diagnostics
package import Values

/// How long a dispute may take: `disputes` of `Governance/governance.yaml`. A round of a dispute goes by the policy that was live
/// when it began, and says so in the log, so that a later governance neither shortens nor lengthens it.
package struct DisputePolicy: Hashable, Sendable {
    /// How long a round may go undecided, pauses apart.
    package let sla: DayTimeDuration
    /// How long the clock may stand in a round, all pauses together.
    package let pauseMax: DayTimeDuration
    /// How often a dispute may be reopened.
    package let reopenMax: Int

    /// Two days to decide, three to wait for others, two more rounds.
    package static let standard = DisputePolicy(
        sla: DayTimeDuration(seconds: 48 * 3600), pauseMax: DayTimeDuration(seconds: 72 * 3600), reopenMax: 2)

    /// The longest that an SLA or all pauses may be: ten years.
    package static let durationLimit = DayTimeDuration(seconds: 3650 * 86_400)
    package static let reopenLimit = 100

    package init(sla: DayTimeDuration, pauseMax: DayTimeDuration, reopenMax: Int) {
        self.sla = sla
        self.pauseMax = pauseMax
        self.reopenMax = reopenMax
    }

    /// Whether a round can go by it: an SLA above zero, no pause below it, nothing past its limit.
    package var isSound: Bool {
        sla > .zero && sla <= Self.durationLimit && pauseMax >= .zero && pauseMax <= Self.durationLimit && (0...Self.reopenLimit).contains(reopenMax)
    }

    /// The key of the governance file.
    static let key = ConfigurationKey("disputes", .record([
        ConfigurationKey("sla", .duration, default: "48h", "How long a dispute may go undecided before it is escalated, pauses apart."),
        ConfigurationKey("pauseMax", .duration, default: "72h", "How long the clock may stand in a round, all pauses together; it runs on by itself then."),
        ConfigurationKey("reopenMax", .integer(0...reopenLimit), default: "2", "How often a dispute may be reopened."),
    ]), "How long a dispute about where an entity stands may take.")

    /// - Parameter node: the value of ``key``, checked against its shape; nil is the standard.
    static func read(_ node: ConfigurationNode?) -> (policy: DisputePolicy, diagnostics: [Diagnostic]) {
        guard let node else { return (standard, []) }
        let policy = DisputePolicy(
            sla: node.duration("sla") ?? standard.sla, pauseMax: node.duration("pauseMax") ?? standard.pauseMax,
            reopenMax: node.integer("reopenMax") ?? standard.reopenMax)
        guard !policy.isSound else { return (policy, []) }
        return (policy, [node.diagnostic(
            .governanceShape, "the sla is \(policy.sla) and pauseMax \(policy.pauseMax); both are at most \(durationLimit), and the sla is above 0",
            hint: "write durations such as 48h")])
    }
}
