import Formats

/// What a name of the source means to every mapping of EDI.
struct NameTraits: OptionSet, Sendable {
    let rawValue: UInt8

    static let interchange = NameTraits(rawValue: 1)
    static let functionalGroup = NameTraits(rawValue: 2)
    /// The head of an envelope, which stays until its group closes.
    static let envelopeHead = NameTraits(rawValue: 4)
    /// Known to everyone, never "unmapped".
    static let envelopeSegment = NameTraits(rawValue: 8)

    /// A group that transaction sets stand in.
    var isEnvelope: Bool { !isDisjoint(with: [.interchange, .functionalGroup]) }
}

/// The numbers that the library gives to the names of one arena, and what is known of each name, so that no name is compared as text
/// for each node. Arenas only ever add names.
struct SymbolNumbers: Sendable {
    private var numbers = SourceStack<Int32>()
    /// For a flat file: where among the fields of a row a column stands, by number of its name; -1 where unknown.
    private var columns = SourceStack<Int32>()
    private var traits: [NameTraits] = []

    /// Names of the arena that are numbered.
    var count: Int { numbers.count }

    /// Takes up at which place of a row each column stands.
    mutating func learnColumns(of row: Int32, in arena: borrowing SourceArena) {
        let range = arena.nodes[Int(row)].fields
        var places = columns.map { $0 }
        for index in range {
            let symbol = Int(self[arena.fields[Int(index)].name])
            guard symbol >= 0 else { continue }
            while places.count <= symbol { places.append(-1) }
            if places[symbol] < 0 { places[symbol] = index - range.lowerBound }
        }
        columns = SourceStack()
        for place in places { columns.append(place) }
    }

    /// Takes up the names that the arena has learnt since.
    mutating func learn(_ learnt: ArraySlice<String>, _ plan: FeedPlan) {
        for name in learnt {
            let number = plan.symbols.number(ofSourceName: name)
            var found: NameTraits = []
            if name == EnvelopeName.interchange { found.insert(.interchange) }
            if name == EnvelopeName.group { found.insert(.functionalGroup) }
            if EnvelopeName.segments.contains(name) { found.insert(.envelopeSegment) }
            if plan.envelope.kept.contains(number) { found.insert(.envelopeHead) }
            numbers.append(number)
            traits.append(found)
        }
    }

    /// The library's number of an arena's name; -1 for a name that no mapping speaks of, or for no name.
    subscript(name: Int32) -> Int32 { view[name] }

    func traits(of name: Int32) -> NameTraits { traits[Int(name)] }

    var view: View { View(numbers: numbers.view, columns: columns.view) }

    /// The numbers by address: see ``SourceView`` for how long it is good.
    struct View {
        let numbers: SourceView<Int32>
        let columns: SourceView<Int32>

        @inline(__always)
        subscript(name: Int32) -> Int32 { UInt32(bitPattern: name) < UInt32(numbers.count) ? numbers[Int(name)] : -1 }

        /// The likely place of a column among the fields of a row.
        @inline(__always)
        func column(_ symbol: Int32) -> Int32 { UInt32(bitPattern: symbol) < UInt32(columns.count) ? columns[Int(symbol)] : -1 }
    }
}
