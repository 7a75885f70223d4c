/// A pattern of names: `*` stands for any bytes and `?` for one character, all else for itself.
package struct NamePattern: Hashable, Sendable {
    private let pattern: [UnicodeScalar]

    package init(_ text: String) { pattern = Array(text.unicodeScalars) }

    package func matches(_ name: String) -> Bool {
        let name = Array(name.unicodeScalars)
        var at = 0, place = 0
        // Where the last star is, and how far the name went when it was met: it takes one more each time what follows does not fit.
        var star: (place: Int, at: Int)?
        while at < name.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, at)
                place += 1
            } else if place < pattern.count, pattern[place] == "?" || pattern[place] == name[at] {
                (at, place) = (at + 1, place + 1)
            } else if let last = star {
                star = (last.place, last.at + 1)
                (at, place) = (last.at + 1, last.place + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
