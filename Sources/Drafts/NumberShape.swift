/// How one number is written. A number with a leading zero is none: it is a code.
enum NumberShape: Hashable {
    case whole
    /// `6.0`, `17850.00`
    case wholeWithZeros
    case point, comma
    /// One mark with three digits behind it, which may set off thousands or decimals: `1.234`, `12,500`.
    case pointOrThousands, commaOrThousands
    /// `1,234.50` and `1.234,50`
    case pointWithThousands, commaWithThousands

    init?(_ text: String) {
        var digits = Substring(text)
        if let first = digits.first, first == "-" || first == "+" { digits = digits.dropFirst() }
        else if digits.last == "-" { digits = digits.dropLast() }
        guard let first = digits.first, first.isASCII, first.isNumber || first == "." || first == ",", digits.count <= 30 else { return nil }
        var marks: [(mark: Character, at: Int)] = []
        let letters = Array(digits)
        for (index, letter) in letters.enumerated() where !(letter.isASCII && letter.isNumber) {
            guard letter == "." || letter == "," else { return nil }
            marks.append((letter, index))
        }
        guard let last = marks.last else {
            guard letters.count == 1 || letters[0] != "0", letters.count <= 18 else { return nil }
            self = .whole
            return
        }
        let behind = letters.count - last.at - 1, before = marks.first?.at ?? 0
        guard behind > 0, before < 2 || letters[0] != "0" else { return nil }
        let isGrouped = zip(marks, marks.dropFirst()).allSatisfy { $1.at - $0.at == 4 } && before <= 3 && before > 0
        let kinds = Set(marks.map(\.mark))
        if kinds.count == 2 {
            guard isGrouped, marks.filter({ $0.mark == last.mark }).count == 1 else { return nil }
            self = last.mark == "." ? .pointWithThousands : .commaWithThousands
        } else if marks.count > 1 {
            guard isGrouped, behind == 3 else { return nil }
            self = last.mark == "." ? .pointOrThousands : .commaOrThousands
        } else if last.mark == ".", letters[(last.at + 1)...].allSatisfy({ $0 == "0" }), before > 0 {
            self = .wholeWithZeros
        } else if behind == 3, (1...3).contains(before), letters[0] != "0" {
            self = last.mark == "." ? .pointOrThousands : .commaOrThousands
        } else {
            self = last.mark == "." ? .point : .comma
        }
    }

    /// What a column of such numbers is; nil where they contradict each other.
    static func type(of shapes: Set<NumberShape>) -> ColumnType? {
        if shapes == [.whole] { return .whole(trailingZeros: false) }
        if shapes == [.wholeWithZeros] { return .whole(trailingZeros: true) }
        let commas = shapes.intersection([.comma, .commaWithThousands]), points = shapes.intersection([.point, .pointWithThousands])
        if !commas.isEmpty {
            guard points.isEmpty, !shapes.contains(.wholeWithZeros), !shapes.contains(.commaOrThousands) || !shapes.contains(.pointOrThousands) || commas.contains(.commaWithThousands)
            else { return nil }
            return .decimal(mark: ",", thousands: shapes.contains(.commaWithThousands) || shapes.contains(.pointOrThousands))
        }
        if !points.isEmpty || shapes.contains(.wholeWithZeros) {
            return .decimal(mark: ".", thousands: shapes.contains(.pointWithThousands) || shapes.contains(.commaOrThousands))
        }
        // Nothing but `1.234` or `12,500`: a mark of decimals is likelier with three digits than thousands without a single small number.
        if shapes.isSubset(of: [.whole, .pointOrThousands]) { return .decimal(mark: ".", thousands: false) }
        if shapes.isSubset(of: [.whole, .commaOrThousands]) { return .decimal(mark: ",", thousands: false) }
        return nil
    }
}
