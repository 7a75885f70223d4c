import Glibc

/// What a server told of a folder.
package struct RemoteListing: Hashable, Sendable {
    /// One regular file.
    package struct File: Hashable, Sendable {
        package var name: String
        /// Bytes.
        package var size: Int
        /// When it was last written, in the server's words: another text means that it may have been written to.
        package var stamp: String
        /// Seconds since 1970 of the last write; nil where the words tell no more than the minute or the day, or no zone.
        package var modified: Int64?

        package init(name: String, size: Int, stamp: String, modified: Int64? = nil) {
            self.name = name
            self.size = size
            self.stamp = stamp
            self.modified = modified
        }
    }

    /// In the order of the listing. Folders, links and devices are left out.
    package var files: [File] = []
    /// Lines that are understood as nothing, or whose names cannot be asked for; the first of them as they stand.
    package var unread: [String] = []
    package var unreadCount = 0
    /// Whether there were more entries than are taken.
    package var isCut = false

    package init() {}

    /// The forms in which servers list.
    package enum Form: Hashable, Sendable {
        /// What `ls -l` prints, as most servers of FTP and those of SFTP do.
        case unix
        /// Facts of RFC 3659, 7.
        case facts
    }

    private static let unreadMax = 3

    /// Reads a listing. In the Unix form, lines of the form of Windows (`11-30-26  03:15AM  1024 name`) are read too.
    package static func read(_ bytes: [UInt8], _ form: Form, entriesMax: Int) -> RemoteListing {
        var listing = RemoteListing(), entries = 0
        for raw in bytes.split(separator: UInt8(ascii: "\n")) {
            let line = raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw
            guard !line.isEmpty else { continue }
            guard let text = String(validating: line, as: UTF8.self) else {
                listing.unread(String(decoding: line, as: UTF8.self))
                continue
            }
            let entry: Entry =
                switch form {
                case .facts: facts(text)
                case .unix: windows(text) ?? unix(text)
                }
            switch entry {
            case .other: break
            case .unknown: listing.unread(text)
            case .file(let file):
                guard RemotePath.isPlain(file.name) else {
                    listing.unread(text)
                    continue
                }
                guard entries < entriesMax else {
                    listing.isCut = true
                    return listing
                }
                entries += 1
                listing.files.append(file)
            }
        }
        return listing
    }

    private enum Entry {
        case file(File)
        /// A folder, a link, a device, a line of sums.
        case other
        case unknown
    }

    private mutating func unread(_ line: String) {
        unreadCount += 1
        if unread.count < Self.unreadMax { unread.append(String(line.prefix(200))) }
    }

    /// `type=file;size=6;modify=20261130032126; name`: names of facts in letters of either size, one space before the name, which may begin with another.
    private static func facts(_ line: String) -> Entry {
        guard let space = line.firstIndex(of: " ") else { return .unknown }
        var facts: [String: Substring] = [:]
        for fact in line[..<space].split(separator: ";") {
            guard let equals = fact.firstIndex(of: "=") else { return .unknown }
            facts[fact[..<equals].lowercased()] = fact[fact.index(after: equals)...]
        }
        guard let type = facts["type"]?.lowercased() else { return .unknown }
        guard type == "file" else { return .other }
        guard let size = facts["size"].flatMap({ Int($0) }), size >= 0 else { return .unknown }
        let stamp = [facts["modify"], facts["unique"]].compactMap { $0 }.joined(separator: " ")
        return .file(File(name: String(line[line.index(after: space)...]), size: size, stamp: stamp, modified: facts["modify"].flatMap(seconds)))
    }

    /// Seconds since 1970 of `20261130032126` or `20261130032126.123`, which is of UTC (RFC 3659, 2.3).
    private static func seconds(_ fact: Substring) -> Int64? {
        let digits = fact.utf8.prefix { $0 != UInt8(ascii: ".") }.map { Int32($0) - 0x30 }
        guard digits.count == 14, digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        func number(_ range: Range<Int>) -> Int32 { digits[range].reduce(0) { $0 * 10 + $1 } }
        var time = tm()
        time.tm_year = number(0..<4) - 1_900
        time.tm_mon = number(4..<6) - 1
        time.tm_mday = number(6..<8)
        time.tm_hour = number(8..<10)
        time.tm_min = number(10..<12)
        time.tm_sec = number(12..<14)
        return Int64(timegm(&time))
    }

    /// `-rw-r--r--   1 owner group   6 Nov 30 03:21 name`: the group may be missing, owner and group may have spaces, and behind the mode may stand a mark of
    /// further rights. So the size is the number before what reads as a time, and the name is all behind one space.
    private static func unix(_ line: String) -> Entry {
        guard let kind = line.utf8.first(where: { $0 != 0x20 }) else { return .unknown }
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        if words[0] == "total" { return .other }
        guard words.count >= 6, words[0].count >= 10 else { return .unknown }
        guard kind == UInt8(ascii: "-") else { return "dlbcps".utf8.contains(kind) ? .other : .unknown }
        for at in 1..<(words.count - 1) {
            guard let size = Int(words[at]), size >= 0, let last = time(words, from: at + 1), last + 1 < words.count else { continue }
            let end = words[last].endIndex
            guard end < line.endIndex, line[end] == " " else { return .unknown }
            let name = line[line.index(after: end)...]
            return .file(File(name: String(name), size: size, stamp: words[(at + 1)...last].joined(separator: " ")))
        }
        return .unknown
    }

    private static let months: Set<Substring> = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// The last word of a time that begins at a word: `Nov 30 03:21`, `30 Nov 2026`, `2026-11-30 03:21`; nil if none does.
    private static func time(_ words: [Substring], from at: Int) -> Int? {
        func isDay(_ word: Substring) -> Bool { Int(word).map { (1...31).contains($0) } ?? false }
        func isClockOrYear(_ word: Substring) -> Bool {
            word.contains(":") ? word.allSatisfy { $0.isNumber || $0 == ":" || $0 == "." } : word.count == 4 && Int(word) != nil
        }
        if at + 2 < words.count, isClockOrYear(words[at + 2]) {
            let first = words[at].lowercased()[...], second = words[at + 1].lowercased()[...]
            if months.contains(first), isDay(second) || isDay(second.dropLast()) { return at + 2 }
            if isDay(first), months.contains(second) { return at + 2 }
        }
        if at + 1 < words.count, words[at].count == 10, words[at].split(separator: "-").count == 3, words[at].first?.isNumber == true,
            words[at + 1].contains(":") {
            // `--full-time` adds the zone.
            return at + 2 < words.count - 1 && words[at + 2].first.map({ "+-".contains($0) }) == true && Int(words[at + 2]) != nil ? at + 2 : at + 1
        }
        return nil
    }

    /// `11-30-26  03:15AM       1024 name` and `2026-11-30  03:15 <DIR> name`; nil where a line begins otherwise.
    private static func windows(_ line: String) -> Entry? {
        guard line.first?.isNumber == true else { return nil }
        let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: true)
        guard words.count == 4, words[0].split(whereSeparator: { $0 == "-" || $0 == "/" }).count == 3, words[1].contains(":") else { return nil }
        if words[2].hasPrefix("<") { return .other }
        guard let size = Int(words[2].filter { $0 != "," }), size >= 0 else { return .unknown }
        return .file(File(name: String(words[3]), size: size, stamp: "\(words[0]) \(words[1])"))
    }
}
