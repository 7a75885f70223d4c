package import Values

/// What a look at a rollout found.
package struct RolloutVerdict: Hashable, Sendable {
    package enum Outcome: String, CaseIterable, Hashable, Sendable {
        case pass, fail
        /// Nobody can tell, so it goes neither on nor back.
        case inconclusive
    }

    package let outcome: Outcome
    /// Why, in one line.
    package let reason: String

    package init(_ outcome: Outcome, _ reason: String) {
        self.outcome = outcome
        self.reason = reason
    }
}

/// What was measured of a canary: the cohort has the change, the rest has not.
package struct CanaryMeasurement: Hashable, Sendable {
    /// A mean over the entities that have a value, and how many they are.
    package struct Mean: Hashable, Sendable {
        package let value: ExactDecimal
        package let count: Int

        package init(value: ExactDecimal, count: Int) {
            self.value = value
            self.count = count
        }
    }

    /// Entities of the scheme that has the fewest of them.
    package var cohort = 0
    package var rest = 0
    /// Entities that could not be evaluated since the stage began.
    package var failures = 0
    /// By the name of the metric.
    package var means: [String: Means] = [:]
    /// An item whose stock cohort and rest both draw on, as a sentence; nil where there is none or nothing is compared.
    package var sharedStock: String?

    /// A mean of nobody is missing.
    package struct Means: Hashable, Sendable {
        package let cohort: Mean?
        package let rest: Mean?

        package init(cohort: Mean?, rest: Mean?) {
            self.cohort = cohort
            self.rest = rest
        }
    }

    package init() {}
}

extension RolloutPlan.Canary {
    /// What follows from what was measured. What is known to be wrong counts first, then what cannot be told.
    package func verdict(on found: CanaryMeasurement) -> RolloutVerdict {
        var wrong: [String] = [], open: [String] = [], right: [String] = []
        if found.failures > failures { wrong.append("\(found.failures) entities failed to be evaluated, and \(failures) may") }
        for (name, count) in [("the cohort", found.cohort), ("the rest", found.rest)] where count < minimum {
            open.append("\(name) has \(count) entities, and \(minimum) are needed")
        }
        if isExperiment, let shared = found.sharedStock { open.append(shared) }
        for metric in metrics {
            let means = found.means[metric.name], isComparison = metric.overControl != nil || metric.underControl != nil
            guard let cohort = means?.cohort, cohort.count > 0 else {
                open.append("\(metric.name) is not known of the cohort")
                continue
            }
            let rest = means?.rest.flatMap { $0.count > 0 ? $0 : nil }
            if isComparison, rest == nil { open.append("\(metric.name) is not known of the rest") }
            let few = [(cohort, "the cohort"), (isComparison ? rest : nil, "the rest")].compactMap { mean, name in mean.flatMap { $0.count < minimum ? "\(name) by \($0.count) entities" : nil } }
            let told = "\(metric.name) is \(cohort.value)" + (isComparison ? rest.map { ", and \($0.value) of the rest" } ?? "" : "")
            if !few.isEmpty {
                open.append("\(metric.name) is known of \(few.joined(separator: " and of ")) only, and \(minimum) are needed")
            } else if metric.isBroken(cohort: cohort.value, rest: rest?.value) {
                wrong.append("\(told): it is to be \(metric.limits)")
            } else { right.append(told) }
        }
        if !wrong.isEmpty { return RolloutVerdict(.fail, wrong.joined(separator: "; ")) }
        if !open.isEmpty { return RolloutVerdict(.inconclusive, open.joined(separator: "; ")) }
        return RolloutVerdict(.pass, (["\(found.cohort) entities have it, \(found.rest) have not"] + right).joined(separator: "; "))
    }
}

extension RolloutMetric {
    fileprivate func isBroken(cohort: ExactDecimal, rest: ExactDecimal?) -> Bool {
        if let most, cohort > most { return true }
        if let least, cohort < least { return true }
        guard let rest else { return false }
        // What is past the range of numbers is past the limit.
        if let overControl { guard let limit = try? rest.adding(overControl), cohort <= limit else { return true } }
        if let underControl { guard let limit = try? rest.subtracting(underControl), cohort >= limit else { return true } }
        return false
    }

    fileprivate var limits: String { String(text.dropFirst("\(name): \(attribute) of \(scheme) ".count)) }
}
