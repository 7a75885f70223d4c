/// Rows of a sample that records may be made of: those of a CSV file, or the occurrences of one element of a tree.
struct SampleTable {
    /// So many rows are held against each other to see which columns tell them apart.
    static let comparedRows = 5_000

    /// One column, or one element that a row has at most once.
    struct Column {
        /// As a mapping selects it.
        let selector: String
        /// As people know it, and as it is cut into words.
        let name: String
        let concepts: [String]
        /// Those of the last name alone, where `concepts` are of the enclosing elements too.
        let ownConcepts: [String]?
        /// It stands with an enclosing element: the order's number, seen from its lines.
        let isInherited: Bool
        /// What the name may be read as, and how much that is worth.
        fileprivate(set) var names: [(concepts: ConceptSet, worth: Double)] = []
        fileprivate(set) var statistics = ColumnStatistics()
        /// Numbers of the values of the first rows.
        fileprivate(set) var cells: [Int32] = []
        fileprivate(set) var type = ColumnType.empty
        fileprivate(set) var hints: Set<ValueHint> = []

        init(selector: String, name: String, concepts: [String], ownConcepts: [String]? = nil, isInherited: Bool = false) {
            self.selector = selector
            self.name = name
            self.concepts = concepts
            self.ownConcepts = ownConcepts
            self.isInherited = isInherited
        }

        /// The same column with other values, and the type that it had.
        mutating func replace(_ statistics: ColumnStatistics) { self.statistics = statistics }
    }

    /// The node that one row is, as `each` names it.
    let each: String
    /// Words that say what the rows are: of the file's name or of the element's.
    let subject: [String]
    private(set) var columns: [Column]
    private(set) var rows = 0
    /// The file goes on behind the rows that were looked at.
    var isCut = false
    /// Place of the table, among those of its file, whose rows hold the rows of this one.
    let parent: Int?

    init(each: String, subject: [String], columns: [Column], parent: Int? = nil) {
        self.each = each
        self.subject = subject
        self.columns = columns
        self.parent = parent
        let about = subject.first { !$0.hasPrefix("?") }
        for (index, column) in columns.enumerated() {
            var names = [(concepts: ConceptSet(column.concepts), worth: 1.0)]
            // `site` in `delivery` is the delivery's, and a site none the less.
            if let own = column.ownConcepts { names.append((ConceptSet(own), 0.85)) }
            // In a file of customers `id` is the customer's.
            if let about, !column.isInherited, column.concepts.allSatisfy({ Vocabulary.sorts.contains($0) }) {
                names.append((ConceptSet([about] + column.concepts), 0.95))
            }
            self.columns[index].names = names
        }
    }

    mutating func add(_ cells: [String?]) {
        precondition(cells.count == columns.count, "a row has a cell for each column")
        rows += 1
        for index in columns.indices {
            let number = columns[index].statistics.add(cells[index])
            if rows <= Self.comparedRows { columns[index].cells.append(number) }
        }
    }

    /// Works out types and hints once all rows are there.
    mutating func close() {
        for index in columns.indices {
            let column = columns[index]
            var type = column.statistics.type
            let speaksOfDate = column.concepts.contains("date"), speaksOfTime = column.concepts.contains("time")
            if speaksOfDate, !type.isMoment, let date = column.statistics.shortDate { type = date }
            if speaksOfTime, case .whole = type, let time = column.statistics.shortTime { type = time }
            if speaksOfTime, type == .text, let time = column.statistics.shortTime { type = time }
            // Eight digits may be an item as well as a day; the name decides.
            if case .date("yyyyMMdd", _) = type, !speaksOfDate, !column.concepts.allSatisfy({ $0.hasPrefix("?") }),
                column.concepts.contains("number") || column.concepts.contains("item") { type = .text }
            columns[index].type = type
            columns[index].hints = ValueHint.of(column.statistics.values)
        }
    }

    /// Which share of the compared rows some columns tell apart.
    func distinctShare(of indices: [Int]) -> Double {
        let compared = min(rows, Self.comparedRows)
        guard compared > 0, !indices.isEmpty else { return 0 }
        var seen: Set<[Int32]> = []
        for row in 0..<compared { seen.insert(indices.map { columns[$0].cells[row] }) }
        return Double(seen.count) / Double(compared)
    }
}
