package import Diagnostics
package import Values

/// A kind of change that takes more than the threshold. Which classes a change is of is found from what it does, and never chosen.
package struct ApprovalClass: Hashable, Sendable {
    /// When a change is of the class: each is a least count, and one that is reached is enough.
    package struct Limits: Hashable, Sendable {
        package var moved: Int?
        package var lowered: Int?
        package var contracts: Int?
        package var promises: Int?
        /// Money; what nobody can tell counts as above.
        package var value: ExactDecimal?
        /// Money; what nobody can tell counts as above.
        package var money: ExactDecimal?
        package var components: Set<StateComponent> = []
        /// Beginnings of paths.
        package var paths: [String] = []

        package init() {}

        /// Whether a condition is missing, or one of them means nothing.
        var isNever: Bool {
            let isEmpty = [moved, lowered, contracts, promises].allSatisfy { $0 == nil } && value == nil && money == nil && components.isEmpty && paths.isEmpty
            return isEmpty || [value, money].contains { $0.map { $0 <= .zero } ?? false } || paths.contains { StateComponent(path: $0 + "/") == nil && StateComponent(path: $0) == nil }
        }

        func areReached(by facts: ImpactFacts) -> Bool {
            func reaches(_ count: Int, _ limit: Int?) -> Bool { limit.map { count >= $0 } ?? false }
            return reaches(facts.moved, moved) || reaches(facts.lowered, lowered) || reaches(facts.contracts, contracts)
                || reaches(facts.promises, promises) || (value.map { limit in facts.value.map { $0 >= limit } ?? true } ?? false)
                || (money.map { limit in facts.money.map { $0 >= limit } ?? true } ?? false)
                || facts.components.contains(where: components.contains) || facts.paths.contains { path in paths.contains { path.hasPrefix($0) } }
        }
    }

    package let name: String
    package let limits: Limits
    /// Persons other than the author who must approve.
    package let approvals: Int
    /// Functions that must be among them, such as `sales` or `legal`.
    package let functions: [String]
    /// Where governance says so.
    package let position: SourcePosition

    package init(name: String, limits: Limits, approvals: Int, functions: [String], position: SourcePosition = SourcePosition()) {
        self.name = name
        self.limits = limits
        self.approvals = approvals
        self.functions = functions
        self.position = position
    }
}

/// What a request needs before it may become live.
package struct ApprovalRequirement: Hashable, Sendable {
    /// Names of the classes that it is of, in the order of governance.
    package let classes: [String]
    package let approvals: Int
    /// In the order of their names.
    package let functions: [String]

    package init(classes: [String], approvals: Int, functions: [String]) {
        self.classes = classes
        self.approvals = approvals
        self.functions = functions
    }

    /// As it stands in what is signed.
    package var text: String { classes.isEmpty ? "standard" : classes.joined(separator: ", ") }

    /// What is missing beside the approvals of these persons, in words; nil where nothing is.
    package func missing(_ persons: [Person]) -> String? {
        let open = functions.filter { function in !persons.contains { $0.functions.contains(function) } }
        if persons.count < approvals {
            return "\(persons.count) approvals stand and \(approvals) are needed" + (open.isEmpty ? "" : ", \(open.joined(separator: " and ")) among them")
        }
        return open.isEmpty ? nil : "nobody of \(open.joined(separator: " and of ")) has approved"
    }
}

extension Governance {
    /// The fewest approvals of a change of governance itself.
    static let ownThreshold = 2

    /// What a change that does this needs.
    package func requirement(for facts: ImpactFacts) -> ApprovalRequirement {
        let matched = classes.filter { $0.limits.areReached(by: facts) }
        let own = facts.components.contains(.governance) ? Self.ownThreshold : 0
        return ApprovalRequirement(
            classes: matched.map(\.name), approvals: ([threshold, own] + matched.map(\.approvals)).max() ?? threshold,
            functions: Set(matched.flatMap(\.functions)).sorted())
    }
}
