/// Whether demand has shifted so far that the micro-segments are to be worked out anew, and why: each test that was made speaks for itself, and one
/// is enough.
package struct DriftDecision: Hashable, Sendable {
    /// What spoke for it.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        case stabilityIndex
        case twoSampleTest
        case pageHinkley
    }

    /// From where on a test speaks.
    package struct Limits: Hashable, Sendable {
        /// Above this index.
        package let index: Double
        /// Below this probability.
        package let probability: Double

        package init(index: Double = 0.25, probability: Double = 0.01) {
            self.index = index
            self.probability = probability
        }
    }

    /// In the order of ``Reason``.
    package let reasons: [Reason]
    package var isShift: Bool { !reasons.isEmpty }

    /// A test that was not made, or had no answer, is nil and says nothing.
    package init(index: StabilityIndex?, test: TwoSampleTest?, pageHinkley: PageHinkley?, limits: Limits = Limits()) {
        var reasons: [Reason] = []
        if let index, index.value > limits.index { reasons.append(.stabilityIndex) }
        if let test, test.probability < limits.probability { reasons.append(.twoSampleTest) }
        if let pageHinkley, pageHinkley.isAlarm { reasons.append(.pageHinkley) }
        self.reasons = reasons
    }
}
