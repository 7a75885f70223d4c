import Formats

/// The loops of the open transaction set or message: its structure, what is matched, the names of its nodes.
struct LoopForming {
    var matcher = StructureMatcher()
    /// Whether the segments of the open transaction set are matched.
    private(set) var isActive = false
    /// The structure is one of another version, so that what it finds is a note.
    private(set) var findingsAreNotes = false
    /// Names in the arena of the loops of the matcher's structure.
    private(set) var names: [Int32] = []
    private var namesOf: StructureTables?
    /// What was looked up, at hand.
    private var structure: StructureTables?
    private var isNear = false
    private(set) var lookedUp = StructureLookup()
    /// How often something else was looked up than before.
    private(set) var lookups = 0
    /// What elements must be in the open transaction set; at hand without a look at what was looked up.
    private(set) var elements: ElementTables?
    /// They are those of another directory, so that what is found is a note.
    private(set) var elementFindingsAreNotes = false
    /// Of ``elements``, which keep them.
    private(set) var elementRules: ElementRules?

    /// Begins a transaction set, after its header.
    ///
    /// - Returns: true for a structure of its version, false for one of another, nil where none is known.
    mutating func start(
        _ identifier: String, _ version: String, _ structures: TransactionStructures, sender: DefectSender?, depthMax: Int,
        in arena: inout SourceArena
    ) -> Bool? {
        isActive = false
        if identifier != lookedUp.identifier || version != lookedUp.version || sender != lookedUp.sender {
            lookups += 1
            lookedUp = StructureLookup(
                identifier: identifier, version: version, sender: sender,
                found: structures.structure(for: identifier, version: version, sender: sender),
                elements: structures.elements(of: version))
            structure = lookedUp.found?.structure.tables
            isNear = lookedUp.found?.isNear == true
            elements = lookedUp.elements?.tables
            elementFindingsAreNotes = lookedUp.elements?.isNear == true
            elementRules = elements?.rules
        }
        guard let structure else { return nil }
        if namesOf !== structure {
            names = structure.names.map { arena.intern($0) }
            namesOf = structure
        }
        matcher.start(structure, depthMax: depthMax)
        findingsAreNotes = isNear
        isActive = true
        return !isNear
    }

    /// Ends it, and gives how many loops close.
    mutating func finish() -> Int {
        guard isActive else {
            matcher.forget()
            return 0
        }
        isActive = false
        return matcher.finish()
    }
}
