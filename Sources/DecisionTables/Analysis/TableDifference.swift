import Values

/// Where two versions of a table answer differently, whatever their texts look like.
package struct TableDifference: Sendable {
    /// The distinct inputs of both versions, by header.
    package let inputs: [String]
    /// Regions that do not overlap and in each of which one answer became another.
    package let changes: [TableChange]
    /// Regions of which it cannot be said whether the answer changed, as cells are not over constants or outputs are computed.
    package let undecided: [TableRegion]
    /// Whether all regions were looked at.
    package let isComplete: Bool
    /// Whether anything but remarks was written differently.
    package let isRewritten: Bool

    /// Whether it is certain that no answer changed.
    package var isSame: Bool { changes.isEmpty && undecided.isEmpty && isComplete }

    /// Compares two compiled versions.
    package static func make(
        from old: CompiledTable, to new: CompiledTable, _ scope: AnalysisScope = AnalysisScope()
    ) -> TableDifference {
        let (space, _) = RuleSpace.make([old, new], scope)
        let isRewritten = written(old) != written(new)
        guard let space else {
            return TableDifference(
                inputs: old.table.inputs.map(RuleSpace.name), changes: [], undecided: [], isComplete: false, isRewritten: isRewritten)
        }
        var visitor = DifferenceVisitor(space, old, new, countMax: scope.limits.changes * 20)
        var search = Subdivision(space, within: space.everything, looks: scope.limits.looks)
        let end = search.run(0..<space.ruleCount, &visitor)
        var texts = BoxTexts(space)
        func region(_ box: SpaceBox) -> TableRegion {
            TableRegion(cells: texts.cells(of: box), witness: space.namedWitness(of: box))
        }
        let merged = SpaceBox.merged(visitor.changes).enumerated().sorted { left, right in
            let a = left.element.label, b = right.element.label
            if a.old.rules != b.old.rules { return a.old.rules.lexicographicallyPrecedes(b.old.rules) }
            return a.new.rules == b.new.rules ? left.offset < right.offset : a.new.rules.lexicographicallyPrecedes(b.new.rules)
        }
        let changes = merged.map { TableChange(region: region($0.element.box), old: $0.element.label.old, new: $0.element.label.new) }
        let undecided = SpaceBox.merged(visitor.undecided.map { (box: $0, label: 0) }).map { region($0.box) }
        let limit = scope.limits.changes
        return TableDifference(
            inputs: space.dimensions.map(\.header), changes: Array(changes.prefix(limit)), undecided: Array(undecided.prefix(limit)),
            isComplete: end == .complete && changes.count <= limit && undecided.count <= limit, isRewritten: isRewritten)
    }

    private static func written(_ table: CompiledTable) -> [[String]] {
        let header = table.table.inputs.map { "\($0.header.text):\($0.type.map(String.init(describing:)) ?? "")" }
        return [[table.table.hitPolicy.description], header, table.outputNames]
            + table.table.rules.map { ($0.inputs + $0.outputs).map(\.text) }
    }
}

/// A box of inputs, as cells of a rule, with a row in it.
package struct TableRegion: Hashable, Sendable {
    /// By input of the comparison.
    package var cells: [String]
    package var witness: [TableWitness]
}

/// A region whose answer changed.
package struct TableChange: Hashable, Sendable {
    package var region: TableRegion
    package var old: TableAnswer
    package var new: TableAnswer
}

/// What a table answers in a region, and by which rules.
package struct TableAnswer: Hashable, Sendable {
    /// From 1, of the version that answers.
    package var rules: [Int]
    /// In FEEL: `"rush"`; several outputs with commas; `no answer`; `a failure` where the policy is broken.
    package var text: String
}
