package import Diagnostics
package import Values

/// How an approved change of a bundle goes live: watched without effect (shadow), then for a part of the entities that grows (canary), then for
/// everybody. It is a file of the bundle, so it is approved with what it rolls out.
package struct RolloutPlan: Hashable, Sendable {
    /// The change is let on a copy again and again for a time; it emits nothing.
    package struct Shadow: Hashable, Sendable {
        package let duration: DayTimeDuration
        /// Between two looks.
        package let every: DayTimeDuration
    }

    /// A growing part of the entities has the change.
    package struct Canary: Hashable, Sendable {
        package struct Stage: Hashable, Sendable {
            /// Share of the units, above 0 and below 1.
            package let share: ExactDecimal
            package let duration: DayTimeDuration
        }

        /// What is drawn as one: `entity`, `stock`, or a kind of entity that a record of the entity names, such as `customer`.
        package let unit: String
        package let stages: [Stage]
        package let every: DayTimeDuration
        /// Entities that cohort and rest must each have for a verdict.
        package let minimum: Int
        /// Entities that may fail to be evaluated in a stage.
        package let failures: Int
        /// How far back lines that were ordered or sold tie customers to the stock of an item.
        package let stockWithin: DayTimeDuration
        package let metrics: [RolloutMetric]

        /// Whether the cohort is held against the rest, which makes it an experiment.
        package var isExperiment: Bool { metrics.contains { $0.overControl != nil || $0.underControl != nil } }
    }

    package let name: String
    package let shadow: Shadow?
    package let canary: Canary?
    package let position: SourcePosition

    /// What a change goes through before everybody has it, in order.
    package var steps: [RolloutStep] { (shadow == nil ? [] : [.shadow]) + (canary?.stages.indices.map { .canary($0) } ?? []) }

    /// How long a step lasts at least.
    package func duration(of step: RolloutStep) -> DayTimeDuration {
        switch step {
        case .shadow: shadow?.duration ?? .zero
        case .canary(let index): canary?.stages[index].duration ?? .zero
        }
    }

    /// How long after one look the next one follows.
    package func pause(in step: RolloutStep) -> DayTimeDuration {
        switch step {
        case .shadow: shadow?.every ?? .zero
        case .canary: canary?.every ?? .zero
        }
    }

    /// What it does, for people.
    package var text: String {
        var parts: [String] = []
        if let shadow { parts.append("shadow for \(shadow.duration), looked at every \(shadow.every)") }
        if let canary {
            parts += canary.stages.map { "canary of \($0.share) by \(canary.unit) for \($0.duration)" }
            parts.append("held while cohort or rest have fewer than \(canary.minimum)")
            parts += ["failures at most \(canary.failures)"] + canary.metrics.map(\.text)
        }
        return "rollout \(name): \(parts.joined(separator: "; "))"
    }
}

/// A number by which a canary is judged: the mean of an attribute over the entities that have it.
package struct RolloutMetric: Hashable, Sendable {
    package let name: String
    package let scheme: String
    package let attribute: String
    /// The most and the least that the mean of the cohort may be.
    package let most: ExactDecimal?
    package let least: ExactDecimal?
    /// How far the mean of the cohort may be over, and under, that of the rest.
    package let overControl: ExactDecimal?
    package let underControl: ExactDecimal?
    package let position: SourcePosition

    package var text: String {
        let bounds = [
            most.map { "at most \($0)" }, least.map { "at least \($0)" }, overControl.map { "at most \($0) over the rest" },
            underControl.map { "at most \($0) under the rest" },
        ].compactMap { $0 }
        return "\(name): \(attribute) of \(scheme) \(bounds.joined(separator: " and "))"
    }
}

/// One step of a rollout.
package enum RolloutStep: Hashable, Sendable, CustomStringConvertible {
    case shadow
    /// By the index of its stage.
    case canary(Int)

    /// `shadow`, `canary 1`
    package var description: String {
        switch self {
        case .shadow: "shadow"
        case .canary(let index): "canary \(index + 1)"
        }
    }

    package init?(_ text: String) {
        if text == "shadow" { self = .shadow; return }
        guard text.hasPrefix("canary "), let number = Int(text.dropFirst(7)), (1...RolloutPlan.stagesMax).contains(number) else { return nil }
        self = .canary(number - 1)
    }
}
