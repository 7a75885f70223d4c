extension Settling.Order {
    func isBefore(_ left: (key: FileName, value: Settling.Candidate), _ right: (key: FileName, value: Settling.Candidate)) -> Bool {
        switch self {
        case .name: break
        case .number:
            if let isBefore = Self.isBefore(left.key.text, right.key.text) { return isBefore }
        case .oldest:
            if left.value.identity.modified != right.value.identity.modified { return left.value.identity.modified < right.value.identity.modified }
        case .seen:
            if left.value.firstSeen != right.value.firstSeen { return left.value.firstSeen < right.value.firstSeen }
        }
        return left.key < right.key
    }

    /// Compares names in which runs of digits are numbers of any length; nil where they differ in zeros before a number at most.
    static func isBefore(_ left: String, _ right: String) -> Bool? {
        var left = Substring(left).utf8, right = Substring(right).utf8
        while let one = left.first, let other = right.first {
            if one.isDigit, other.isDigit {
                let first = number(&left), second = number(&right)
                if first.count != second.count { return first.count < second.count }
                if !first.elementsEqual(second) { return first.lexicographicallyPrecedes(second) }
            } else if one != other {
                return one < other
            } else {
                left.removeFirst()
                right.removeFirst()
            }
        }
        return left.isEmpty && right.isEmpty ? nil : left.isEmpty
    }

    /// Takes the digits at the beginning, and gives those from the first that is no zero.
    private static func number(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
        let digits = text.prefix { $0.isDigit }
        text = text.dropFirst(digits.count)
        return digits.drop { $0 == UInt8(ascii: "0") }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
