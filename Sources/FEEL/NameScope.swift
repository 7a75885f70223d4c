import Values

/// The names that a text may use at one point: fields of the layout, variables pushed by loops, contexts, filters and
/// functions, and the built-in functions. Names hold spaces and operators, so the lexer asks here for the longest match.
struct NameScope {
    private static let functions = NameTrie(BuiltIns.table.keys)
    private let fields: NameTrie
    private var variables = NameTrie()
    /// The shapes of the variables of each name, innermost last.
    private var shapes: [String: [ValueType]] = [:]
    private var pushed: [[String]] = []
    /// Member names of every context type in sight, for paths into values of unknown type.
    private var members: NameTrie
    private var memberNames: Set<String> = []
    /// How many more members of types are looked at: a text can name a large type again and again. A name past them is
    /// still read as far as words go.
    private var membersLeft = 200_000

    /// A scope of a layout's fields and the built-in functions.
    init(layout: Layout) {
        fields = NameTrie(layout.names)
        members = Self.properties
        for (name, type) in zip(layout.names, layout.types) where shapes[name] == nil {
            shapes[name] = [type]
            addMembers(of: type)
        }
    }

    /// Properties of values whose names hold spaces (DMN 1.5, table 65).
    private static let properties = NameTrie(["time offset", "start included", "end included"])

    mutating func push(_ names: [String: ValueType]) {
        for (name, type) in names {
            variables.insert(name)
            shapes[name, default: []].append(type)
            addMembers(of: type)
        }
        pushed.append(Array(names.keys))
    }

    mutating func pop() {
        for name in pushed.removeLast() {
            variables.remove(name)
            shapes[name]?.removeLast()
        }
    }

    /// The static shape of a variable, as far as the parser needs it to read the names after it.
    func shape(of name: String) -> ValueType? { shapes[name]?.last }

    mutating func addMember(_ name: String) {
        guard !name.isEmpty, memberNames.insert(name).inserted else { return }
        members.insert(name)
    }

    private mutating func addMembers(of type: ValueType) {
        switch type {
        case .context(let fields):
            membersLeft -= fields.count
            if membersLeft < 0 { return }
            for (name, inner) in fields {
                addMember(name)
                addMembers(of: inner)
            }
        case .list(let inner), .range(let inner), .function(_, let inner): addMembers(of: inner)
        default: break
        }
    }

    /// The longest name in scope that starts at an offset, and where it ends.
    func longestMatch(in bytes: [UInt8], at offset: Int) -> (name: String, end: Int)? {
        var best = variables.longest(in: bytes, at: offset)
        for other in [fields.longest(in: bytes, at: offset), Self.functions.longest(in: bytes, at: offset)] {
            guard let other else { continue }
            if best.map({ other.end > $0.end }) ?? true { best = other }
        }
        return best
    }

    /// The longest member name that starts at an offset.
    func longestMember(in bytes: [UInt8], at offset: Int) -> (name: String, end: Int)? { members.longest(in: bytes, at: offset) }
}
