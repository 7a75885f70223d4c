import Values

/// What a column, element or attribute holds over the rows of a sample.
struct ColumnStatistics {
    /// As many different values are looked at; of a column with more, the rest count as rows alone.
    static let distinctMax = 5_000
    /// How others write that there is nothing.
    static let nullWords: Set<String> = ["NA", "N/A", "NULL", "null", "\\N", "None", "nan", "NaN", "#N/A", "n/a"]

    private(set) var rows = 0
    private(set) var empties = 0
    /// Rows with a word that stands for nothing, and the word.
    private(set) var nulls = 0
    private(set) var nullWord: String?
    /// Different values in the order in which they came.
    private(set) var values: [String] = []
    private var numbers: [String: Int32] = [:]
    private(set) var isCut = false

    /// Takes the value of one row; nil and blanks are none.
    ///
    /// - Returns: the number of the value; -1 for none, -2 where it came too late to be looked at.
    @discardableResult
    mutating func add(_ text: String?) -> Int32 {
        rows += 1
        guard let text = text?.trimmed, !text.isEmpty else {
            empties += 1
            return -1
        }
        if Self.nullWords.contains(text) {
            nulls += 1
            nullWord = nullWord ?? text
            return -1
        }
        if let number = numbers[text] { return number }
        guard values.count < Self.distinctMax else {
            isCut = true
            return -2
        }
        let number = Int32(values.count)
        numbers[text] = number
        values.append(text)
        return number
    }

    /// Rows in which something was sent.
    var filled: Int { rows - empties - nulls }
    var distinct: Int { values.count }
    /// Whether no value comes twice, as far as was looked.
    var isUnique: Bool { !isCut && filled > 1 && distinct == filled }
    /// For people: the first value, cut.
    var example: String {
        guard let first = values.first else { return "nothing" }
        return first.count > 40 ? String(first.prefix(37)) + "..." : first
    }
    /// For people: how much is missing, where something is.
    var missing: String? {
        guard rows > 0, empties + nulls > 0 else { return nil }
        let share = (empties + nulls) * 100 / rows
        let words = nullWord.map { " (as \($0))" } ?? ""
        return "empty in \(share == 0 ? "under 1" : String(share)) %\(words)"
    }

    // MARK: - The type

    /// What all values are.
    var type: ColumnType {
        guard !values.isEmpty else { return .empty }
        if let found = booleanType { return found }
        // Eight digits are a day, and fourteen a day with its time, where each of them is one of our time.
        if let found = momentType { return found }
        if let found = numberType { return found }
        if let picture = Self.fitting(KnownPictures.times.prefix(2), values, limit: 1).first { return .time(picture: picture) }
        return .text
    }

    /// The six digits that a date may be, where the name speaks of one.
    var shortDate: ColumnType? {
        guard values.allSatisfy({ $0.utf8.count == 6 }) else { return nil }
        let fits = Self.fitting(KnownPictures.shortDates[...], values, limit: 2)
        return fits.first.map { .date(picture: $0, others: Array(fits.dropFirst())) }
    }

    /// The four or six digits that a time may be, where the name speaks of one.
    var shortTime: ColumnType? {
        Self.fitting(KnownPictures.times[...], values, limit: 1).first.map { .time(picture: $0) }
    }

    private static let yesNo: [(yes: String, no: String)] = [
        ("true", "false"), ("yes", "no"), ("y", "n"), ("ja", "nein"), ("j", "n"), ("oui", "non"), ("o", "n"), ("si", "no"), ("s", "n"), ("x", ""),
        ("t", "f"), ("1", "0"), ("vrai", "faux"), ("wahr", "falsch"), ("-1", "0"),
    ]

    private var booleanType: ColumnType? {
        guard values.count <= 2 else { return nil }
        let folded = values.map { Letters.fold($0) }
        for words in Self.yesNo where folded.allSatisfy({ $0 == words.yes || $0 == words.no }) {
            // One word alone says little; a column of ones is a number.
            guard values.count == 2 || (words.yes == "x" && empties > 0) || words.yes == "true" else { continue }
            let yes = zip(folded, values).first { $0.0 == words.yes }?.1 ?? words.yes
            let no = zip(folded, values).first { $0.0 == words.no }?.1 ?? words.no
            return .boolean(yes: yes, no: no)
        }
        return nil
    }

    private var momentType: ColumnType? {
        guard let first = values.first, first.utf8.count >= 6, first.utf8.contains(where: { $0 &- 48 < 10 }) else { return nil }
        let days = Self.fitting(KnownPictures.dates[...], values, limit: 4)
        if let picture = days.first { return .date(picture: picture, others: Self.otherOrder(days)) }
        let moments = Self.fitting(KnownPictures.dateTimes[...], values, limit: 4)
        if let picture = moments.first { return .dateTime(picture: picture, others: Self.otherOrder(moments)) }
        return nil
    }

    /// Of pictures that all fit, those that mean something else: day and month the other way round.
    private static func otherOrder(_ pictures: [String]) -> [String] {
        guard let first = pictures.first else { return [] }
        func order(_ picture: String) -> String { String(picture.filter { "yMd".contains($0) }.reduce(into: "") { if $0.last != $1 { $0.append($1) } }) }
        var seen: Set<String> = [order(first)]
        return pictures.dropFirst().filter { seen.insert(order($0)).inserted }
    }

    /// The pictures that fit every value, and give days between 1970 and 2069.
    private static func fitting(_ pictures: ArraySlice<DatePicture>, _ values: [String], limit: Int) -> [String] {
        var found: [String] = []
        for picture in pictures where found.count < limit {
            let fits = values.allSatisfy { value in
                guard let parsed = picture.parse(value) else { return false }
                return parsed.0.map { (1970...2069).contains($0.year) } ?? true
            }
            if fits { found.append(picture.description) }
        }
        return found
    }

    private var numberType: ColumnType? {
        var shapes: Set<NumberShape> = []
        for value in values {
            guard let shape = NumberShape(value) else { return nil }
            shapes.insert(shape)
        }
        return NumberShape.type(of: shapes)
    }
}

extension StringProtocol {
    /// Without white space around it.
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start[..<(start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex)])
    }
}
