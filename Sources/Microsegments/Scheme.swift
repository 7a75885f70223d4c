package import Attributes
package import DecisionTables
import FEEL
package import Records
package import Values

/// One way to divide one kind of entity into micro-segments: attributes in, rules, stability, and what each
/// micro-segment gets.
package struct Scheme: Sendable {
    package let name: String
    package let entity: EntityKind
    package let cadence: Cadence
    package let plan: AttributePlan
    package let table: CompiledTable
    /// File that declares the scheme, for explanations.
    package let file: String
    /// Digest-like fingerprint of the rules and of what they read: it tells whether the scheme itself changed between states.
    package let fingerprint: String
    package let stability: StabilityPolicy
    /// Micro-segments by name, in the order of the file.
    package let microsegments: [Microsegment]

    package init(
        name: String, entity: EntityKind, cadence: Cadence, plan: AttributePlan, table: CompiledTable, file: String, fingerprint: String,
        stability: StabilityPolicy, microsegments: [Microsegment]
    ) {
        self.name = name
        self.entity = entity
        self.cadence = cadence
        self.plan = plan
        self.table = table
        self.file = file
        self.fingerprint = fingerprint
        self.stability = stability
        self.microsegments = microsegments
    }

    /// File that holds the rules: the scheme's own, or a model beside it.
    package var ruleFile: String { table.table.rules.first?.outputs.first?.origin.file ?? file }

    package func microsegment(_ name: String) -> Microsegment? { microsegments.first { $0.name == name } }
}

/// When a scheme is evaluated.
package enum Cadence: Hashable, Sendable {
    /// As records arrive and as time alone changes an answer.
    case live
    /// For the whole population, each time the period has passed since the last full run.
    case every(DayTimeDuration)
}

/// A group of entities treated alike, and what it gets: its policy, as named parameters.
package struct Microsegment: Sendable, Hashable {
    package let name: String
    package let parameters: ContextValue

    package init(name: String, parameters: ContextValue) {
        self.name = name
        self.parameters = parameters
    }
}
