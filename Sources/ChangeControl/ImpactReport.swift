package import Values

/// What a change does, as it was found by letting it on a copy of the live snapshot: what approvers read, and what their signatures hang on.
///
/// Its canonical JSON is the report; the digest of that text is what a statement names.
package struct ImpactReport: Hashable, Sendable {
    package let base: StateID
    package let target: StateID
    /// The instant at which the change was let.
    package let asOf: Instant
    /// The log as it was then: with the base it names the snapshot.
    package let head: LogHead
    package let schemes: [SchemeImpact]
    /// Where the rules of schemes answer otherwise, whoever is there now.
    package let rules: [RuleImpact]
    package let emissions: [EmissionImpact]
    /// Contracts whose customers would be lowered, or be told that they will be.
    package let contracts: [ContractImpact]
    /// Open orders by what the change does to their promise.
    package let promises: PromiseImpact
    /// Overrides that would say what the rules say too.
    package let redundantOverrides: [String]
    /// Entities that could not be evaluated.
    package let failures: Int
    /// What the records do not tell, so that nobody takes silence for none.
    package let unknown: [String]

    package init(
        base: StateID, target: StateID, asOf: Instant, head: LogHead, schemes: [SchemeImpact], rules: [RuleImpact] = [], emissions: [EmissionImpact],
        contracts: [ContractImpact], promises: PromiseImpact, redundantOverrides: [String], failures: Int, unknown: [String]
    ) {
        self.base = base
        self.target = target
        self.asOf = asOf
        self.head = head
        self.schemes = schemes
        self.rules = rules
        self.emissions = emissions
        self.contracts = contracts
        self.promises = promises
        self.redundantOverrides = redundantOverrides
        self.failures = failures
        self.unknown = unknown
    }

    /// Entities that would be in another micro-segment.
    package var moved: Int { schemes.reduce(0) { $0 + $1.moved } }
    package var lowered: Int { schemes.reduce(0) { $0 + $1.lowered.count } }
    /// Entities that would be told that they will be lowered.
    package var noticed: Int { schemes.reduce(0) { $0 + $1.notices.count } }

    /// Entities that would be told so if nothing kept them.
    package var kept: Int { schemes.reduce(0) { $0 + $1.kept.count } }

    package var text: String { JSONText.write(value) }
    package var digest: ContentDigest { ContentDigest(ofText: text) }
}

/// What a change does to the members of one scheme.
package struct SchemeImpact: Hashable, Sendable {
    /// How many go from one micro-segment to another; nil comes in anew.
    package struct Move: Hashable, Sendable {
        package let from: String?
        package let to: String
        package let count: Int

        package init(from: String?, to: String, count: Int) {
            self.from = from
            self.to = to
            self.count = count
        }
    }

    /// One entity that moves, with the rule that put it where it is and the one that puts it elsewhere.
    package struct Mover: Hashable, Sendable {
        package let entity: String
        package let from: String?
        package let to: String
        package let formerRule: Int?
        package let rule: Int
        /// `rules`, or `override ID`.
        package let cause: String

        package init(entity: String, from: String?, to: String, formerRule: Int?, rule: Int, cause: String) {
            self.entity = entity
            self.from = from
            self.to = to
            self.formerRule = formerRule
            self.rule = rule
            self.cause = cause
        }
    }

    package struct Size: Hashable, Sendable {
        package let microsegment: String
        package let before: Int
        package let after: Int
        /// Fewest members that it should have.
        package let least: Int

        package init(microsegment: String, before: Int, after: Int, least: Int = 1) {
            self.microsegment = microsegment
            self.before = before
            self.after = after
            self.least = least
        }

        /// What is wrong with the size after the change; nil where nothing is.
        package var remark: String? { after >= least ? nil : after == 0 ? "nobody is left" : "fewer than \(least)" }
    }

    /// How many entities have an attribute within five in a hundred of a number that it is compared with: a little change of their records moves them.
    package struct Boundary: Hashable, Sendable {
        package let attribute: String
        package let threshold: ExactDecimal
        package let entities: Int

        package init(attribute: String, threshold: ExactDecimal, entities: Int) {
            self.attribute = attribute
            self.threshold = threshold
            self.entities = entities
        }
    }

    /// One entity that is told that it will be lowered.
    package struct Notice: Hashable, Sendable {
        package let entity: String
        package let from: String
        package let to: String
        /// First instant at which it may be.
        package let effective: Instant

        package init(entity: String, from: String, to: String, effective: Instant) {
            self.entity = entity
            self.from = from
            self.to = to
            self.effective = effective
        }
    }

    /// What all members together cost, tie up or get, before and after.
    package struct Figure: Hashable, Sendable {
        package let name: String
        package let unit: String?
        package let isMoney: Bool
        /// Over the members of whom it is known before and after.
        package let before: ExactDecimal
        package let after: ExactDecimal
        package let known: Int
        /// Members of whom it cannot be told before or after.
        package let unknown: Int

        package init(name: String, unit: String?, isMoney: Bool, before: ExactDecimal, after: ExactDecimal, known: Int, unknown: Int) {
            self.name = name
            self.unit = unit
            self.isMoney = isMoney
            self.before = before
            self.after = after
            self.known = known
            self.unknown = unknown
        }

        /// nil where the difference is past what a number holds.
        package var change: ExactDecimal? { try? after.subtracting(before) }
    }

    /// What the rules say now of what the decisions of the last runs were made from, and what the changed ones would have said.
    package struct Replay: Hashable, Sendable {
        package let runs: Int
        package let decisions: Int
        /// Decisions that would have been others by the rules alone.
        package let changes: [Move]
        /// Decisions of whom one of the two tables has no answer, or that lack an attribute of the changed rules.
        package let unknown: Int

        package init(runs: Int, decisions: Int, changes: [Move], unknown: Int) {
            self.runs = runs
            self.decisions = decisions
            self.changes = changes
            self.unknown = unknown
        }
    }

    package let scheme: String
    /// Members before the change.
    package let members: Int
    package let moves: [Move]
    package let sizes: [Size]
    /// Entities that go to a lower tier, all of them; where the scheme has no tiers nobody can tell, and all that move are.
    package let lowered: [String]
    /// Entities that are told that they will go to a lower tier later, all of them, in the order of their texts.
    package let notices: [Notice]
    /// Entities that the rules now lower, and that something keeps where they are: they are told, and lowered, once it does not any more.
    package let kept: [String]
    /// The first movers in the order of their keys.
    package let movers: [Mover]
    /// What the movers are worth by the scheme's `value`; nil where it has none.
    package let valueMoved: ExactDecimal?
    /// Whether the scheme itself changes: rules, parameters, or what it reads.
    package let isChanged: Bool
    /// In the order of the scheme's file, then those of money that only the live one declares; none where neither declares any.
    package let figures: [Figure]
    /// Numbers that changed rules compare attributes with, in the order of attributes and numbers; none where the rules stay as they are.
    package let boundaries: [Boundary]
    /// nil where the rules stay as they are, or nothing was decided yet.
    package let replay: Replay?

    package init(
        scheme: String, members: Int, moves: [Move], sizes: [Size], lowered: [String], notices: [Notice] = [], kept: [String] = [], movers: [Mover], valueMoved: ExactDecimal?,
        isChanged: Bool = false, figures: [Figure] = [], boundaries: [Boundary] = [], replay: Replay? = nil
    ) {
        self.scheme = scheme
        self.members = members
        self.moves = moves
        self.sizes = sizes
        self.lowered = lowered
        self.notices = notices
        self.kept = kept
        self.movers = movers
        self.valueMoved = valueMoved
        self.isChanged = isChanged
        self.figures = figures
        self.boundaries = boundaries
        self.replay = replay
    }

    /// The same with what it costs, who is near a boundary, and what it would have done in the last runs.
    package func with(isChanged: Bool, figures: [Figure], boundaries: [Boundary], replay: Replay?) -> SchemeImpact {
        SchemeImpact(
            scheme: scheme, members: members, moves: moves, sizes: sizes, lowered: lowered, notices: notices, kept: kept, movers: movers, valueMoved: valueMoved,
            isChanged: isChanged, figures: figures, boundaries: boundaries, replay: replay)
    }

    /// The first instant at which one of those who are told may be lowered; nil where nobody is told.
    package var earliestEffective: Instant? { notices.map(\.effective).min() }

    /// Entities that leave a micro-segment; those that come in anew are not among them.
    package var moved: Int { moves.reduce(0) { $0 + ($1.from == nil ? 0 : $1.count) } }
}

/// What an action would emit.
package struct EmissionImpact: Hashable, Sendable {
    package struct Sample: Hashable, Sendable {
        package let id: String
        package let fileName: String?
        /// The beginning of the payload.
        package let text: String

        package init(id: String, fileName: String?, text: String) {
            self.id = id
            self.fileName = fileName
            self.text = text
        }
    }

    package let action: String
    package let target: String
    /// `webhook` or `actionFile`.
    package let kind: String
    package let count: Int
    package let bytes: Int
    /// Over a line each: id, space, digest of the payload, in the order of emission.
    package let digest: ContentDigest
    package let samples: [Sample]

    package init(action: String, target: String, kind: String, count: Int, bytes: Int, digest: ContentDigest, samples: [Sample]) {
        self.action = action
        self.target = target
        self.kind = kind
        self.count = count
        self.bytes = bytes
        self.digest = digest
        self.samples = samples
    }
}

/// A contract with a customer who would be lowered.
package struct ContractImpact: Hashable, Sendable {
    package let contract: String
    package let entity: String
    package let scheme: String
    /// Least service that may be given, in percent; nil where the contract says nothing.
    package let floor: ExactDecimal?
    /// The day from which on a change for the worse may hold, where the contract wants notice.
    package let noticeEnds: CalendarDate?

    package init(contract: String, entity: String, scheme: String, floor: ExactDecimal?, noticeEnds: CalendarDate?) {
        self.contract = contract
        self.entity = entity
        self.scheme = scheme
        self.floor = floor
        self.noticeEnds = noticeEnds
    }
}

/// Open orders (promised for later) by what a change does to them, after the words of backorder processing.
package struct PromiseImpact: Hashable, Sendable {
    /// Goes up.
    package var gain = 0
    /// Goes to another micro-segment of which nobody can tell whether it is higher or lower.
    package var redistribute = 0
    /// Goes down.
    package var lose = 0

    package init() {}
}
