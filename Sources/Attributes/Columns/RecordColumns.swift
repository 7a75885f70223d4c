import FEEL
import Records
import Values

/// Records of one kind that refer to entities, as columns: whose each is, when it was, and what measures take from it. They are made
/// once and measured as of one instant after the other.
///
/// Entities are codes: places in a list that the owner keeps.
struct RecordColumns: Sendable {
    /// What one or several measures take from each record: `of` where `where` holds.
    struct Taken: Sendable {
        /// Nil where the record itself is what counts.
        fileprivate(set) var numbers: NumberColumn?
        /// Places that do not count: the filter left them out, or the value is missing. Empty while there is none.
        fileprivate(set) var absent: [Bool] = []
        /// A measure that takes this.
        fileprivate let measure: Measure
        /// Entities of which an expression failed on a record, each with the first failure.
        fileprivate(set) var failed: [Int32: EvaluationFailure] = [:]
    }

    /// Slot of the records' time; nil where the measures do not go by time.
    let at: Int?
    private(set) var entities: [Int32] = []
    private(set) var rows: [Int64] = []
    /// Of the records' times; empty without `at`.
    private(set) var seconds: [Int64] = []
    private(set) var secondMax = Int64.min
    /// Fractions of the times; empty while there is none.
    private(set) var nanoseconds: [Int32] = []
    private(set) var taken: [Taken] = []
    /// Whether codes of entities never descend, so that the records of each stand together.
    private(set) var entitiesAscend = true
    private(set) var rowsAscend = true

    init(at: Int?) { self.at = at }

    var count: Int { entities.count }

    /// The place among ``taken`` of what a measure takes; it is added where no other takes the same.
    mutating func place(of measure: Measure) -> Int {
        precondition(entities.isEmpty, "measures are named before records come")
        if let known = taken.firstIndex(where: { $0.measure.takesTheSame(as: measure) }) { return known }
        taken.append(Taken(numbers: measure.of == nil ? nil : NumberColumn(), measure: measure))
        return taken.count - 1
    }

    /// Adds one record. One without a time does not count where the measures go by time, nor one at or before `start`.
    mutating func add(_ fact: Fact, of entity: Int32, after start: Instant?, _ context: EvaluationContext) {
        var time: Instant?
        if at != nil, let measure = taken.first?.measure {
            guard let instant = measure.instant(of: fact, in: context.zone) else { return }
            if let start, instant <= start { return }
            time = instant
        }
        var counts = false
        for place in taken.indices {
            var reading: MeasureReading?
            do throws(EvaluationFailure) {
                reading = try taken[place].measure.reading(fact, context)
            } catch {
                if taken[place].failed[entity] == nil { taken[place].failed[entity] = error }
            }
            if reading != nil { counts = true }
            taken[place].append(reading, at: entities.count)
        }
        guard counts else {
            for place in taken.indices { taken[place].removeLast(at: entities.count) }
            return
        }
        append(entity, fact.row, time)
    }

    private mutating func append(_ entity: Int32, _ row: Int64, _ time: Instant?) {
        if let last = entities.last, last > entity { entitiesAscend = false }
        if let last = rows.last, last > row { rowsAscend = false }
        if let time {
            if time.nanoseconds != 0, nanoseconds.isEmpty { nanoseconds = [Int32](repeating: 0, count: entities.count) }
            if time.nanoseconds != 0 || !nanoseconds.isEmpty { nanoseconds.append(time.nanoseconds) }
            seconds.append(time.seconds)
            secondMax = max(secondMax, time.seconds)
        }
        entities.append(entity)
        rows.append(row)
    }

    /// When the record at a place was.
    func instant(at place: Int) -> Instant {
        Instant(seconds: seconds[place], nanoseconds: nanoseconds.isEmpty ? 0 : nanoseconds[place])
    }
}

extension RecordColumns.Taken {
    fileprivate mutating func append(_ reading: MeasureReading?, at place: Int) {
        if reading == nil, absent.isEmpty { absent = [Bool](repeating: false, count: place) }
        if reading == nil || !absent.isEmpty { absent.append(reading == nil) }
        guard numbers != nil else { return }
        if case .number(let number)? = reading?.value { numbers?.append(number) } else { numbers?.appendNothing() }
    }

    /// Takes back what was added of a record that no measure counts.
    fileprivate mutating func removeLast(at place: Int) {
        if absent.count > place { absent.removeLast() }
        numbers?.removeLast()
    }

    func isAbsent(_ place: Int) -> Bool { absent.isEmpty ? false : absent[place] }

    /// What the record at a place gives; nil where it is what counts.
    func value(at place: Int) -> Value? { numbers.map { .number($0.number(at: place)) } }
}

extension Measure {
    /// Whether it can be measured over columns: what it takes from a record is a number or that the record is there. Others hang on texts, on
    /// several values of a record, or on truth.
    package var isColumnar: Bool {
        switch aggregate {
        case .any, .last, .first, .distinct, .share, .concentration, .series: false
        default: until == nil
        }
    }

    /// Whether another measure over the same records takes the same from each.
    fileprivate func takesTheSame(as other: Measure) -> Bool {
        of?.source == other.of?.source && filter?.source == other.filter?.source
    }
}
