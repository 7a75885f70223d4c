/// Names by their bytes, so that the longest one that stands at a place of a text is found in the time that reading it takes,
/// however many names there are.
struct NameTrie {
    /// Node and byte to node. White space is one space, however much of it there is.
    private var edges: [UInt64: Int] = [:]
    /// Per node: how often the name that ends there is in the trie.
    private var uses: [Int] = [0]
    private var names: [String] = [""]

    init(_ names: some Sequence<String> = []) {
        for name in names { insert(name) }
    }

    mutating func insert(_ name: String) {
        guard !name.isEmpty else { return }
        var node = 0
        for byte in Self.normalized(name) {
            let edge = UInt64(node) << 8 | UInt64(byte)
            if let next = edges[edge] {
                node = next
            } else {
                uses.append(0)
                names.append("")
                node = uses.count - 1
                edges[edge] = node
            }
        }
        guard node > 0 else { return }
        uses[node] += 1
        names[node] = name
    }

    /// Takes a name out again; its nodes stay.
    mutating func remove(_ name: String) {
        var node = 0
        for byte in Self.normalized(name) {
            guard let next = edges[UInt64(node) << 8 | UInt64(byte)] else { return }
            node = next
        }
        if node > 0 { uses[node] -= 1 }
    }

    /// The longest name that starts at an offset and ends at a word's end, and where it ends.
    func longest(in bytes: [UInt8], at offset: Int) -> (name: String, end: Int)? {
        var node = 0
        var position = offset
        var best: (node: Int, end: Int)?
        while position < bytes.count {
            let after = CharacterClass.skipSpace(bytes, position)
            let byte = after > position ? 0x20 : bytes[position]
            guard let next = edges[UInt64(node) << 8 | UInt64(byte)] else { break }
            node = next
            position = after > position ? after : position + 1
            if uses[node] > 0, byte != 0x20, Self.endsWord(bytes, position) { best = (node, position) }
        }
        return best.map { (names[$0.node], $0.end) }
    }

    private static func endsWord(_ bytes: [UInt8], _ end: Int) -> Bool {
        guard end < bytes.count, CharacterClass.isNamePart(bytes[end - 1]), CharacterClass.isNamePart(bytes[end]) else { return true }
        return CharacterClass.spaceLength(bytes, end) > 0
    }

    private static func normalized(_ name: String) -> [UInt8] {
        let bytes = Array(name.utf8)
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let length = CharacterClass.spaceLength(bytes, position)
            if length == 0 {
                result.append(bytes[position])
            } else if result.last != 0x20, !result.isEmpty {
                result.append(0x20)
            }
            position += max(1, length)
        }
        if result.last == 0x20 { result.removeLast() }
        return result
    }
}
