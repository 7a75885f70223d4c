package import Values

/// Writes JSON lines: one object a line (RFC 8259), members in the order of their names, numbers with every digit.
package struct JSONLinesWriter: Sendable {
    /// Names of the members, quoted, each with its colon.
    private let members: [[UInt8]]
    /// What was written and not taken yet.
    package private(set) var bytes: [UInt8] = []

    package init(names: [String]) {
        members = names.map { Array((JSONText.quote($0) + ":").utf8) }
    }

    /// Writes an object with one value for each name; null is written too, so that each line has the same members.
    package mutating func write(_ values: [Value]) {
        precondition(values.count == members.count, "an object has a value for each name")
        bytes.append(UInt8(ascii: "{"))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: members[index])
            bytes.append(contentsOf: JSONText.write(value).utf8)
        }
        bytes.append(contentsOf: [UInt8(ascii: "}"), 0x0A])
    }

    /// Gives what was written and forgets it.
    package mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }
}
