import Values

/// A box of the space: one set of classes a dimension.
struct SpaceBox: Hashable, Sendable {
    var sets: [ClassSet]

    init(_ sets: [ClassSet]) { self.sets = sets }

    var isEmpty: Bool { sets.contains(where: \.isEmpty) }

    func isSubset(of other: SpaceBox) -> Bool { zip(sets, other.sets).allSatisfy { $0.isSubset(of: $1) } }
    func meets(_ other: SpaceBox) -> Bool { zip(sets, other.sets).allSatisfy { $0.meets($1) } }
    func intersection(_ other: SpaceBox) -> SpaceBox { SpaceBox(zip(sets, other.sets).map { $0.intersection($1) }) }

    /// Boxes that cover the same points with the same labels, merged where two differ in one dimension.
    static func merged<Label: Hashable>(_ boxes: [(box: SpaceBox, label: Label)]) -> [(box: SpaceBox, label: Label)] {
        var boxes = boxes
        guard let dimensions = boxes.first?.box.sets.count else { return [] }
        var isChanged = true
        while isChanged {
            isChanged = false
            for dimension in 0..<dimensions {
                var places: [LabelledCrossSection<Label>: Int] = [:], kept: [(box: SpaceBox, label: Label)] = []
                for item in boxes {
                    var others = item.box.sets
                    others.remove(at: dimension)
                    let key = LabelledCrossSection(label: item.label, others: others)
                    if let place = places[key] {
                        kept[place].box.sets[dimension] = kept[place].box.sets[dimension].union(item.box.sets[dimension])
                        isChanged = true
                    } else {
                        places[key] = kept.count
                        kept.append(item)
                    }
                }
                boxes = kept
            }
        }
        return boxes
    }
}

/// What boxes share that differ in one dimension alone.
private struct LabelledCrossSection<Label: Hashable>: Hashable {
    let label: Label
    let others: [ClassSet]
}

extension RuleSpace {
    /// A value of each input that lies in the box, by dimension; null only where nothing else is in it.
    func witness(of box: SpaceBox) -> [Value] {
        zip(dimensions, box.sets).map { dimension, set in dimension.witness(set, .all(set.width)) }
    }

    /// As ``witness(of:)``, of what two rules share, without making the box.
    func witness(ofRules first: Int, _ second: Int) -> [Value] {
        dimensions.map { $0.witness($0.cell(of: first), $0.cell(of: second)) }
    }
}

/// Boxes as cells of a rule. A set of classes is told once, as many boxes share most of theirs.
struct BoxTexts {
    private let space: RuleSpace
    private let withNull: [Bool]
    private var known: [[ClassSet: String]]

    /// - Parameter withNull: by dimension; with `false`, null is left out wherever something else is in the cell, and `-` stands for
    ///   all else.
    init(_ space: RuleSpace, withNull: [Bool]? = nil) {
        self.space = space
        self.withNull = withNull ?? Array(repeating: true, count: space.dimensions.count)
        known = Array(repeating: [:], count: space.dimensions.count)
    }

    /// One cell a dimension.
    mutating func cells(of box: SpaceBox) -> [String] {
        box.sets.indices.map { index in
            if let text = known[index][box.sets[index]] { return text }
            let dimension = space.dimensions[index]
            let text = CellText(dimension, dimension.regions(of: box.sets[index]), tellsNull: withNull[index]).text
            known[index][box.sets[index]] = text
            return text
        }
    }

    /// One cell a column of the table; of columns with the same header the first has the cell.
    mutating func cells(of box: SpaceBox, in table: CompiledTable) -> [String] {
        let byDimension = cells(of: box)
        var told: Set<String> = []
        return table.table.inputs.map { input in
            let name = RuleSpace.name(input)
            guard told.insert(name).inserted, let index = space.dimensions.firstIndex(where: { $0.header == name }) else { return "-" }
            return byDimension[index]
        }
    }
}
