import Values

/// The names that a text may use at one point: fields of the layout, variables pushed by loops, contexts, filters and
/// functions, and the built-in functions. Names hold spaces and operators, so the lexer asks here for the longest match.
struct NameScope {
    private struct Candidate {
        let name: String
        let bytes: [UInt8]

        init(_ name: String) {
            self.name = name
            bytes = Array(name.utf8)
        }
    }

    /// The built-in functions, by first byte, longest first.
    private static let functions = index(BuiltIns.table.keys)
    private let functions: [UInt8: [Candidate]]
    /// The names of the layout likewise.
    private let fields: [UInt8: [Candidate]]
    private var frames: [[Candidate]] = []
    private var shapes: [[String: ValueType]] = []
    /// Member names of every context type in sight, for paths into values of unknown type.
    private var members: [UInt8: [Candidate]] = [:]
    private var memberNames: Set<String> = []

    /// A scope of a layout's fields and the built-in functions.
    init(layout: Layout) {
        functions = Self.functions
        fields = Self.index(layout.names)
        shapes.append(Dictionary(zip(layout.names, layout.types), uniquingKeysWith: { first, _ in first }))
        for type in layout.types { addMembers(of: type) }
        for name in ["time offset", "start included", "end included"] { addMember(name) }
    }

    /// A scope of these names alone.
    init(names: some Sequence<String>) {
        functions = [:]
        fields = Self.index(names)
    }

    private static func index(_ names: some Sequence<String>) -> [UInt8: [Candidate]] {
        let candidates = names.filter { !$0.isEmpty }.map(Candidate.init)
        return Dictionary(grouping: candidates) { $0.bytes[0] }.mapValues { $0.sorted { $0.bytes.count > $1.bytes.count } }
    }

    mutating func push(_ names: [String: ValueType]) {
        frames.append(names.keys.map(Candidate.init).sorted { $0.bytes.count > $1.bytes.count })
        shapes.append(names)
        for type in names.values { addMembers(of: type) }
    }

    mutating func pop() {
        frames.removeLast()
        shapes.removeLast()
    }

    /// The static shape of a variable, as far as the parser needs it to read the names after it.
    func shape(of name: String) -> ValueType? {
        for frame in shapes.reversed() { if let type = frame[name] { return type } }
        return nil
    }

    mutating func addMember(_ name: String) {
        guard !name.isEmpty, memberNames.insert(name).inserted else { return }
        let candidate = Candidate(name)
        members[candidate.bytes[0], default: []].append(candidate)
        members[candidate.bytes[0]]?.sort { $0.bytes.count > $1.bytes.count }
    }

    private mutating func addMembers(of type: ValueType) {
        switch type {
        case .context(let fields):
            for (name, inner) in fields {
                addMember(name)
                addMembers(of: inner)
            }
        case .list(let inner), .range(let inner): addMembers(of: inner)
        default: break
        }
    }

    /// The longest name in scope that starts at an offset, and where it ends.
    func longestMatch(in bytes: [UInt8], at offset: Int) -> (name: String, end: Int)? {
        guard offset < bytes.count else { return nil }
        var best: (name: String, end: Int)?
        func look(in candidates: [Candidate]?) {
            for candidate in candidates ?? [] {
                guard let end = Self.match(candidate.bytes, in: bytes, at: offset) else { continue }
                if best.map({ end > $0.end }) ?? true { best = (candidate.name, end) }
                break
            }
        }
        for frame in frames.reversed() { look(in: frame) }
        look(in: fields[bytes[offset]])
        look(in: functions[bytes[offset]])
        return best
    }

    /// The longest member name that starts at an offset.
    func longestMember(in bytes: [UInt8], at offset: Int) -> (name: String, end: Int)? {
        guard offset < bytes.count else { return nil }
        for candidate in members[bytes[offset]] ?? [] {
            if let end = Self.match(candidate.bytes, in: bytes, at: offset) { return (candidate.name, end) }
        }
        return nil
    }

    /// Where a name ends if it stands at an offset: a space in the name stands for any run of white space, and the
    /// name ends at a word's end.
    private static func match(_ name: [UInt8], in bytes: [UInt8], at offset: Int) -> Int? {
        var position = offset
        var index = 0
        while index < name.count {
            if name[index] == UInt8(ascii: " ") {
                let after = CharacterClass.skipSpace(bytes, position)
                if after == position { return nil }
                position = after
                while index < name.count, name[index] == UInt8(ascii: " ") { index += 1 }
                continue
            }
            guard position < bytes.count, bytes[position] == name[index] else { return nil }
            position += 1
            index += 1
        }
        if CharacterClass.isNamePart(name[name.count - 1]), position < bytes.count,
            CharacterClass.isNamePart(bytes[position]), CharacterClass.spaceLength(bytes, position) == 0 {
            return nil
        }
        return position
    }
}

/// Byte classes of the grammar (DMN 1.5, 10.3.1.2, rules 28 to 35 and 61), taken over UTF-8.
enum CharacterClass {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// Letters, underscore and every byte of a non-ASCII character.
    static func isNameStart(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == 0x5F || byte >= 0x80
    }

    static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }

    /// The bytes of one white-space character at an offset, or zero. Covers Unicode's spaces and the byte order mark.
    static func spaceLength(_ bytes: [UInt8], _ offset: Int) -> Int {
        guard offset < bytes.count else { return 0 }
        let first = bytes[offset]
        if first == 0x20 || (first >= 0x09 && first <= 0x0D) { return 1 }
        if first < 0xC2 { return 0 }
        if first == 0xC2 { return offset + 1 < bytes.count && (bytes[offset + 1] == 0xA0 || bytes[offset + 1] == 0x85) ? 2 : 0 }
        guard offset + 2 < bytes.count else { return 0 }
        switch (first, bytes[offset + 1], bytes[offset + 2]) {
        case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8B), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF),
            (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF):
            return 3
        default: return 0
        }
    }

    /// The first offset at or after `offset` that is neither white space nor in a comment (`//` or `/* */`).
    static func skipSpace(_ bytes: [UInt8], _ offset: Int) -> Int {
        var position = offset
        while position < bytes.count {
            let length = spaceLength(bytes, position)
            if length > 0 {
                position += length
            } else if bytes[position] == UInt8(ascii: "/"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "/") {
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            } else if bytes[position] == UInt8(ascii: "/"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "*") {
                position += 2
                while position + 1 < bytes.count, !(bytes[position] == UInt8(ascii: "*") && bytes[position + 1] == UInt8(ascii: "/")) {
                    position += 1
                }
                position = min(position + 2, bytes.count)
            } else {
                break
            }
        }
        return position
    }
}
