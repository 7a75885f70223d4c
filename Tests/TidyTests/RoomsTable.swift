/// One target: what it may import, in order, and the external packages that it may use.
struct Room: Equatable {
    let name: String
    let rooms: [String]
    let packages: [String]
}

/// The rooms as ARCHITECTURE.md tells them, and as Package.swift builds them.
struct RoomsTable {
    let rooms: [Room]
    /// Rooms that may touch files, sockets, the clock and chance.
    let edge: [String]
    /// Rooms that may not.
    let pure: [String]

    /// Reads `| `Room` | one line | A, B [Package] |` and the two lists that begin with `Edge rooms:` and `Pure rooms:`.
    static func parse(_ text: String) -> RoomsTable {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.firstIndex { $0.hasPrefix("| target | one line |") }
        let rows = start.map { lines[($0 + 2)...].prefix { $0.hasPrefix("|") } } ?? []
        return RoomsTable(rooms: rows.map(room), edge: list("Edge rooms:", text), pure: list("Pure rooms:", text))
    }

    private static func room(_ row: Substring) -> Room {
        let cells = row.split(separator: "|").map { $0.trimming() }
        let parts = (cells.last ?? "").split(separator: "[", maxSplits: 1)
        let rooms = (parts.first ?? "").split(separator: ",").map { $0.trimming() }.filter { $0 != "-" && !$0.isEmpty }
        let packages = parts.count < 2 ? [] : parts[1].split(separator: ",").map { $0.trimming(also: "]") }
        return Room(name: (cells.first ?? "").trimming(also: "`"), rooms: rooms, packages: packages)
    }

    /// The names in back-ticks between a heading word and the next empty line.
    private static func list(_ head: String, _ text: String) -> [String] {
        guard let begin = text.firstRange(of: head) else { return [] }
        let rest = text[begin.upperBound...]
        let paragraph = rest[..<(rest.firstRange(of: "\n\n")?.lowerBound ?? rest.endIndex)]
        return paragraph.matches(of: /`([\w-]+)`/).map { String($0.1) }
    }
}

/// Package.swift, read as text: the calls that declare targets.
enum PackageText {
    static func rooms(_ text: String) -> [Room] {
        var found: [(at: String.Index, room: Room)] = []
        for match in text.matches(of: /\.systemLibrary\(name: "(\w+)"/) {
            found.append((match.range.lowerBound, Room(name: String(match.1), rooms: [], packages: [])))
        }
        for match in text.matches(of: /(?m)^ +(?:room|openRoom)\("(\w+)"(?:, \[([^\]]*)\](?:, \[([^\]]*)\])?)?\)/) {
            found.append((match.range.lowerBound, Room(name: String(match.1), rooms: names(match.2), packages: packages(match.3))))
        }
        for match in text.matches(of: /\.executableTarget\(\s*name: "([\w-]+)",\s*dependencies: \[([^\]]*)\]/) {
            found.append((match.range.lowerBound, Room(name: String(match.1), rooms: names(match.2), packages: packages(match.2))))
        }
        return found.sorted { $0.at < $1.at }.map(\.room)
    }

    private static func names(_ list: Substring?) -> [String] { (list ?? "").matches(of: /"(\w+)"/).map { String($0.1) } }

    /// The words that are no literals: names of the constants that stand for packages.
    private static func packages(_ list: Substring?) -> [String] {
        (list ?? "").split(separator: ",").map { $0.trimming() }.filter { !$0.hasPrefix("\"") && !$0.isEmpty }
    }
}

extension StringProtocol {
    /// The text without blanks, and without the given characters, at both ends.
    func trimming(also characters: String = "") -> String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace || characters.contains(first) { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace || characters.contains(last) { rest = rest.dropLast() }
        return String(rest)
    }
}
