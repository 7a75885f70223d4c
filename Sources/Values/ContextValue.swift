/// Named values in the order they were given. Equality and hash do not look at the order.
package struct ContextValue: Hashable, Sendable {
    package private(set) var entries: [(name: String, value: Value)] = []

    /// A name that comes again replaces the value and keeps its place.
    package init(_ entries: [(name: String, value: Value)] = []) {
        self.entries.reserveCapacity(entries.count)
        if entries.count > 8 {
            var places: [String: Int] = [:]
            for entry in entries {
                if let place = places[entry.name] {
                    self.entries[place].value = entry.value
                } else {
                    places[entry.name] = self.entries.count
                    self.entries.append(entry)
                }
            }
        } else {
            for entry in entries { self[entry.name] = entry.value }
        }
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }
    package var names: [String] { entries.map(\.name) }

    /// Nil where there is no such name; setting nil removes the entry.
    package subscript(name: String) -> Value? {
        get { entries.first { $0.name == name }?.value }
        set {
            let place = entries.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): entries[place].value = value
            case (let place?, nil): entries.remove(at: place)
            case (nil, let value?): entries.append((name, value))
            case (nil, nil): break
            }
        }
    }

    package static func == (left: ContextValue, right: ContextValue) -> Bool {
        guard left.count == right.count else { return false }
        if zip(left.entries, right.entries).allSatisfy({ $0.name == $1.name }) {
            return zip(left.entries, right.entries).allSatisfy { $0.value == $1.value }
        }
        let others = Dictionary(right.entries.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        return left.entries.allSatisfy { others[$0.name] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        for entry in entries.sorted(by: { $0.name < $1.name }) {
            hasher.combine(entry.name)
            hasher.combine(entry.value)
        }
    }
}
