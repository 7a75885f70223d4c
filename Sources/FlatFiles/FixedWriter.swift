/// Writes records of fixed width: each cell at its positions, the rest of them filled; what lies between cells is blank.
package struct FixedWriter: Sendable {
    package enum Alignment: String, Sendable, Hashable, CaseIterable { case left, right }

    /// Where one cell stands and how.
    package struct Place: Sendable, Hashable {
        /// Characters from the start of the record.
        package let range: Range<Int>
        package let alignment: Alignment
        /// The ASCII character beside a cell that is shorter than its place.
        package let fill: UInt8
        /// A cell that is too long loses its end; else it is refused.
        package let isCut: Bool

        package init(range: Range<Int>, alignment: Alignment = .left, fill: UInt8 = 0x20, isCut: Bool = false) {
            precondition(!range.isEmpty && range.lowerBound >= 0, "a place has positions")
            precondition(fill >= 0x20 && fill < 0x7F, "what fills a place is printable ASCII")
            self.range = range
            self.alignment = alignment
            self.fill = fill
            self.isCut = isCut
        }
    }

    /// Why a cell was not written; its place is blank.
    package struct Refusal: Sendable, Hashable {
        /// Number of the cell, from 0.
        package let cell: Int
        package let fact: String

        package init(cell: Int, fact: String) {
            self.cell = cell
            self.fact = fact
        }
    }

    /// In ascending order, none within another.
    package let places: [Place]
    /// Characters of a record.
    package let length: Int
    /// What stands behind a record.
    package let lineEnd: [UInt8]
    /// What was written and not taken yet.
    package private(set) var bytes: [UInt8] = []

    package init(places: [Place], length: Int? = nil, lineEnd: [UInt8] = [0x0D, 0x0A]) {
        let end = places.last?.range.upperBound ?? 0
        precondition(zip(places, places.dropFirst()).allSatisfy { $0.range.upperBound <= $1.range.lowerBound }, "places do not overlap")
        precondition(end <= length ?? end, "places lie within the record")
        self.places = places
        self.length = length ?? end
        self.lineEnd = lineEnd
    }

    /// Writes a record of one cell for each place.
    package mutating func write(_ cells: [String]) -> [Refusal] {
        precondition(cells.count == places.count, "a record has a cell for each place")
        var refusals: [Refusal] = [], at = 0
        for (index, place) in places.enumerated() {
            bytes.append(contentsOf: repeatElement(0x20, count: place.range.lowerBound - at))
            at = place.range.upperBound
            switch fitted(cells[index], place) {
            case .success(let text): bytes.append(contentsOf: text)
            case .failure(let unfit):
                refusals.append(Refusal(cell: index, fact: unfit.fact))
                bytes.append(contentsOf: repeatElement(0x20, count: place.range.count))
            }
        }
        bytes.append(contentsOf: repeatElement(0x20, count: length - at))
        bytes.append(contentsOf: lineEnd)
        return refusals
    }

    /// Gives what was written and forgets it.
    package mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    private struct Unfit: Error { let fact: String }

    /// A cell as it fills its place. Characters are code points, as ``LayoutReader`` counts them.
    private func fitted(_ cell: String, _ place: Place) -> Result<[UInt8], Unfit> {
        var characters = Array(cell.unicodeScalars)
        let width = place.range.count
        // Nothing is blank, and not zero.
        guard !characters.isEmpty else { return .success([UInt8](repeating: 0x20, count: width)) }
        if let control = characters.first(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return .failure(Unfit(fact: "U+\(String(control.value, radix: 16, uppercase: true)) has no place in a record"))
        }
        if characters.count > width {
            guard place.isCut else {
                return .failure(Unfit(
                    fact: "`\(cell.prefix(60))` has \(characters.count) characters; positions \(place.range.lowerBound + 1)-\(place.range.upperBound) hold \(width)"))
            }
            characters.removeLast(characters.count - width)
        }
        let filling = [UInt8](repeating: place.fill, count: width - characters.count)
        var text = [UInt8](String(String.UnicodeScalarView(characters)).utf8)
        guard place.alignment == .right else { return .success(text + filling) }
        // Zeros stand between a sign and its number.
        if place.fill == UInt8(ascii: "0"), let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            text.removeFirst()
            return .success([sign] + filling + text)
        }
        return .success(filling + text)
    }
}
