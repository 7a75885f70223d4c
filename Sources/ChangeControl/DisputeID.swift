import Values

/// The number of a dispute on a site: `DP-0001`. It is never used twice.
package struct DisputeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// From 1.
    package let number: Int

    package init(number: Int) {
        precondition((1...9_999_999).contains(number), "disputes are numbered from 1 to 9,999,999")
        self.number = number
    }

    /// Reads the one way to write a number: `DP-` and at least four digits, without more leading zeros than that takes.
    package init?(_ text: String) {
        guard text.hasPrefix("DP-"), (7...10).contains(text.utf8.count), let number = Int(text.dropFirst(3)), number > 0 else { return nil }
        self.number = number
        guard description == text else { return nil }
    }

    package var description: String { "DP-" + padded(number, 4) }

    package static func < (left: DisputeID, right: DisputeID) -> Bool { left.number < right.number }
}
