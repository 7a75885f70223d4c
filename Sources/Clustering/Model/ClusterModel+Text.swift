import Statistics
import Values

extension ClusterModel {
    private static let format = "crossdock cluster model 1"

    /// Lines of JSON: one for the whole, one for each column of the preparation, one for each cluster. Numbers are texts of the shortest decimal that gives the
    /// same 64 bits, so equal models have equal bytes.
    package var text: String {
        func object(_ entries: [(String, Value)]) -> String {
            JSONText.write(.context(ContextValue(entries.map { ($0.0, $0.1) }))) + "\n"
        }
        func number(_ value: Double) -> Value { .string("\(value)") }
        var text = object([
            ("format", .string(Self.format)), ("algorithm", .string(algorithm.rawValue)), ("generator", .string(generator)),
            ("seed", .string("\(seed)")), ("columns", .string("\(preparation.columns.count)")), ("clusters", .string("\(clusters.count)")),
            ("next", .string("\(nextNumber)")),
        ])
        for column in preparation.columns {
            text += object([
                ("column", .string(column.name)), ("low", number(column.low)), ("high", number(column.high)),
                ("logarithm", .boolean(column.logarithm)), ("centre", number(column.centre)), ("scale", number(column.scale)),
                ("weight", number(column.weight)), ("constant", .boolean(column.constant)), ("missing", .string("\(column.missing)")),
            ])
        }
        for cluster in clusters {
            text += object([
                ("cluster", .string(cluster.name)), ("members", .string("\(cluster.members)")), ("radius", number(cluster.radius)),
                ("centroid", .list(cluster.centroid.map(number))),
            ])
        }
        return text
    }

    /// Reads what ``text`` wrote.
    package init(text: String) throws(ClusteringFailure) {
        var lines = ModelLines(text)
        let head = try lines.next()
        guard try head.string("format") == Self.format else { throw head.failure("the format is another one than \(Self.format)") }
        guard let algorithm = Algorithm(rawValue: try head.string("algorithm")) else { throw head.failure("no such algorithm") }
        guard let seed = UInt64(try head.string("seed")) else { throw head.failure("the seed is no number of 64 bits") }
        let generator = try head.string("generator")
        guard generator == LCG64.name else { throw head.failure("the generator \(generator) is not known") }
        let columnCount = try head.count("columns"), clusterCount = try head.count("clusters"), nextNumber = try head.count("next")
        var columns: [Preparation.Column] = [], clusters: [Cluster] = []
        for _ in 0..<columnCount {
            let line = try lines.next()
            columns.append(try Self.column(line))
        }
        for _ in 0..<clusterCount {
            let line = try lines.next()
            clusters.append(Cluster(
                name: try line.string("cluster"), centroid: try line.numbers("centroid"), radius: try line.number("radius"),
                members: try line.count("members")))
        }
        try lines.end()
        try self.init(
            algorithm: algorithm, seed: seed, generator: generator, preparation: Preparation(columns: columns), clusters: clusters,
            nextNumber: nextNumber)
    }
}

extension ClusterModel {
    fileprivate static func column(_ line: ModelLine) throws(ClusteringFailure) -> Preparation.Column {
        let (low, high) = (try line.number("low"), try line.number("high"))
        let (centre, scale, weight) = (try line.number("centre"), try line.number("scale"), try line.number("weight"))
        guard centre.isFinite, scale > 0, scale.isFinite, weight >= 0, weight.isFinite, low <= high else {
            throw line.failure("a column wants a scale above 0, a weight of 0 or more, and limits in order")
        }
        return Preparation.Column(
            name: try line.string("column"), low: low, high: high, logarithm: try line.boolean("logarithm"), centre: centre, scale: scale,
            weight: weight, constant: try line.boolean("constant"), missing: try line.count("missing"))
    }
}

/// Lines of a model, one after the other.
private struct ModelLines {
    private let lines: [Substring]
    private var at = 0

    init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false) }

    mutating func next() throws(ClusteringFailure) -> ModelLine {
        at += 1
        guard at <= lines.count, !lines[at - 1].isEmpty else { throw .modelText(line: at, fact: "a line is missing") }
        do {
            guard case .context(let context) = try JSONText.parse(String(lines[at - 1])) else {
                throw ClusteringFailure.modelText(line: at, fact: "an object was expected")
            }
            return ModelLine(number: at, context: context)
        } catch let failure as JSONFailure {
            throw .modelText(line: at, fact: failure.fact)
        } catch let failure as ClusteringFailure {
            throw failure
        } catch {
            throw .modelText(line: at, fact: "\(error)")
        }
    }

    func end() throws(ClusteringFailure) {
        guard at + 1 == lines.count, lines[at].isEmpty else { throw .modelText(line: at + 1, fact: "more than the model") }
    }
}

private struct ModelLine {
    let number: Int
    let context: ContextValue

    func failure(_ fact: String) -> ClusteringFailure { .modelText(line: number, fact: fact) }

    private func value(_ name: String) throws(ClusteringFailure) -> Value {
        guard let entry = context.entries.first(where: { $0.name == name }) else { throw failure("there is no \(name)") }
        return entry.value
    }

    func string(_ name: String) throws(ClusteringFailure) -> String {
        guard case .string(let text) = try value(name) else { throw failure("\(name) is no text") }
        return text
    }

    func boolean(_ name: String) throws(ClusteringFailure) -> Bool {
        guard case .boolean(let flag) = try value(name) else { throw failure("\(name) is neither true nor false") }
        return flag
    }

    func count(_ name: String) throws(ClusteringFailure) -> Int {
        guard let count = Int(try string(name)), count >= 0 else { throw failure("\(name) is no count") }
        return count
    }

    func number(_ name: String) throws(ClusteringFailure) -> Double {
        guard let number = Double(try string(name)), !number.isNaN else { throw failure("\(name) is no number") }
        return number
    }

    func numbers(_ name: String) throws(ClusteringFailure) -> [Double] {
        guard case .list(let values) = try value(name) else { throw failure("\(name) is no list") }
        return try values.gathering { value throws(ClusteringFailure) in
            guard case .string(let text) = value, let number = Double(text), !number.isNaN else { throw failure("\(name) holds what is no number") }
            return number
        }
    }
}
