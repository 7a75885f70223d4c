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
    /// How entities are clustered; nil where they are not.
    package let clusters: ClusterPlan?
    /// File that declares the scheme, for explanations.
    package let file: String
    /// Digest-like fingerprint of the rules and of what they read: it tells whether the scheme itself changed between states.
    package let fingerprint: String
    package let stability: StabilityPolicy
    /// The attribute that says what an entity is worth, where one does.
    package let valueSlot: Int?
    /// Micro-segments from the best down, for floors and ceilings; empty where none is better than another.
    package let tiers: [String]
    /// How an entity goes to a lower tier; nil where it does so at once.
    package let downgrade: DowngradePolicy?
    package let granularity: Granularity
    /// Feeds whose records must not be older than a time, in the order of the file: while one is, nobody is lowered.
    package let freshness: [(feed: String, within: DayTimeDuration)]
    /// What starts a run before its period has passed; nil where nothing does.
    package let triggers: Triggers?
    /// Micro-segments by name, in the order of the file.
    package let microsegments: [Microsegment]
    /// What reports of a change tell of the members before and after it, in the order of the file.
    package let figures: [Figure]
    let figureLayout: FigureLayout?
    /// Whom this version divides, while another version of the scheme divides the others; nil is everybody.
    package internal(set) var arm: SchemeArm?

    package init(
        name: String, entity: EntityKind, cadence: Cadence, plan: AttributePlan, table: CompiledTable, clusters: ClusterPlan? = nil, file: String, fingerprint: String,
        stability: StabilityPolicy, valueSlot: Int? = nil, tiers: [String] = [], downgrade: DowngradePolicy? = nil, granularity: Granularity = Granularity(),
        freshness: [(feed: String, within: DayTimeDuration)] = [], triggers: Triggers? = nil, microsegments: [Microsegment],
        figures: [Figure] = [], figureLayout: FigureLayout? = nil
    ) {
        self.name = name
        self.entity = entity
        self.cadence = cadence
        self.plan = plan
        self.table = table
        self.clusters = clusters
        self.file = file
        self.fingerprint = fingerprint
        self.stability = stability
        self.valueSlot = valueSlot
        self.tiers = tiers
        self.downgrade = downgrade
        self.granularity = granularity
        self.freshness = freshness
        self.triggers = triggers
        self.microsegments = microsegments
        self.figures = figures
        self.figureLayout = figureLayout
    }

    /// File that holds the rules: the scheme's own, or a model beside it.
    package var ruleFile: String { table.table.rules.first?.outputs.first?.origin.file ?? file }

    package func microsegment(_ name: String) -> Microsegment? { microsegments.first { $0.name == name } }

    /// The attributes that the scheme reads: in its rules, for its clusters, as worth, to protect from going down, and to see shifts.
    package var attributeSlots: Set<Int> {
        Set(table.slots.filter { $0 < plan.definitions.count } + (clusters?.slots ?? []) + [valueSlot].compactMap { $0 } + (downgrade?.slots ?? []) + (triggers.map { $0.shift + $0.signal } ?? []))
    }

    /// What an entity is worth; what is no number, or below zero, is worth nothing.
    package func worth(_ values: [Value]) -> ExactDecimal {
        guard let valueSlot, case .number(let number) = values[valueSlot], !number.isNegative else { return .zero }
        return number
    }
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

    /// The parameters of micro-segments with their types, in the order in which they come first; of any type where micro-segments differ in it.
    package static func parameters(of microsegments: [Microsegment]) -> [(name: String, type: ValueType)] {
        var found: [(name: String, type: ValueType)] = [], places: [String: Int] = [:]
        for (name, value) in microsegments.flatMap(\.parameters.entries) {
            if let place = places[name] {
                // A micro-segment that leaves a parameter out gives null for it, which any type takes.
                if found[place].type != value.type { found[place].type = .any }
            } else {
                places[name] = found.count
                found.append((name, value.type))
            }
        }
        return found
    }
}
