import Values

/// The names that a text may use at one point: fields of the layout, variables pushed by loops, contexts, filters and
/// functions, and the built-in functions. Names hold spaces and operators, so the lexer asks here for the longest match.
struct NameScope {
    /// A trie that is made when it is first asked: most cells of tables hold no name.
    private final class LateTrie {
        private let make: () -> NameTrie
        private(set) lazy var trie = make()

        init(_ make: @escaping () -> NameTrie) { self.make = make }
    }

    private static let functions = NameTrie(BuiltIns.table.keys)
    private let layout: Layout
    private let fields: LateTrie
    /// Whether a name of the layout starts with a byte.
    private let firstBytes: Set<UInt8>
    private var variables = NameTrie()
    /// The shapes of the variables of each name, innermost last.
    private var shapes: [String: [ValueType]] = [:]
    private var pushed: [[String]] = []
    /// Member names of the layout's contexts, for paths into values of unknown type.
    private let fieldMembers: LateTrie
    /// Those of every other context type in sight.
    private var members = NameTrie()
    private var memberNames: Set<String> = []
    /// How many more members of types are looked at: a text can name a large type again and again. A name past them is
    /// still read as far as words go.
    private var membersLeft = Self.membersMax
    private static let membersMax = 200_000

    /// A scope of a layout's fields and the built-in functions.
    init(layout: Layout) {
        self.layout = layout
        fields = LateTrie { NameTrie(layout.names) }
        firstBytes = Set(layout.names.compactMap(\.utf8.first))
        fieldMembers = LateTrie {
            var names: Set<String> = Self.properties
            var left = Self.membersMax
            for type in layout.types { Self.collect(type, into: &names, &left) }
            return NameTrie(names)
        }
    }

    /// Properties of values whose names hold spaces (DMN 1.5, table 65).
    private static let properties: Set<String> = ["time offset", "start included", "end included"]

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
    func shape(of name: String) -> ValueType? { shapes[name]?.last ?? layout.type(of: name) }

    mutating func addMember(_ name: String) {
        guard !name.isEmpty, memberNames.insert(name).inserted else { return }
        members.insert(name)
    }

    private mutating func addMembers(of type: ValueType) {
        switch type {
        case .context, .list, .range, .function: break
        default: return
        }
        var names: Set<String> = []
        Self.collect(type, into: &names, &membersLeft)
        for name in names { addMember(name) }
    }

    private static func collect(_ type: ValueType, into names: inout Set<String>, _ left: inout Int) {
        switch type {
        case .context(let fields):
            left -= fields.count
            if left < 0 { return }
            for (name, inner) in fields {
                names.insert(name)
                collect(inner, into: &names, &left)
            }
        case .list(let inner), .range(let inner), .function(_, let inner): collect(inner, into: &names, &left)
        default: break
        }
    }

    /// The longest name in scope that starts at an offset, and where it ends.
    func longestMatch(in bytes: [UInt8], at offset: Int) -> (name: String, end: Int)? {
        guard offset < bytes.count else { return nil }
        var best = variables.longest(in: bytes, at: offset)
        if firstBytes.contains(bytes[offset]) { best = Self.longer(best, fields.trie.longest(in: bytes, at: offset)) }
        return Self.longer(best, Self.functions.longest(in: bytes, at: offset))
    }

    /// The longest member name that starts at an offset.
    func longestMember(in bytes: [UInt8], at offset: Int) -> (name: String, end: Int)? {
        Self.longer(members.longest(in: bytes, at: offset), fieldMembers.trie.longest(in: bytes, at: offset))
    }

    /// The first where both are as long: inner names hide outer ones.
    private static func longer(_ first: (name: String, end: Int)?, _ second: (name: String, end: Int)?) -> (name: String, end: Int)? {
        guard let second else { return first }
        return first.map { $0.end >= second.end } ?? false ? first : second
    }
}
