import Attributes
import ChangeControl
import Configurations
import DecisionTables
import Diagnostics
import FEEL
import Glibc
import Microsegments
import Pipeline
import Records
import Store
import Values

// assignment-bench FOLDER ROWS [ROUNDS]: entities under 30 rules over 6 attributes, assigned with stability over what was remembered of them. FOLDER takes
// the columns and the same work in SQL. Each line is `name value unit`.

let arguments = CommandLine.arguments
guard arguments.count >= 3, let rows = Int(arguments[2]) else {
    print("call: assignment-bench FOLDER ROWS [ROUNDS]")
    exit(2)
}
let folder = arguments[1], rounds = arguments.count > 3 ? Int(arguments[3]) ?? 7 : 7

func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
}

func write<Number: FixedWidthInteger>(_ numbers: [Number], _ name: String) {
    guard let file = fopen("\(folder)/\(name)", "w") else { exit(1) }
    fwrite(numbers, MemoryLayout<Number>.size, numbers.count, file)
    fclose(file)
}

let work = AssignmentWork(rows: rows)
let day: Int64 = 86_400, yesterday = Instant(seconds: 20_000 * day), now = Instant(seconds: 20_001 * day)

// What is remembered: the answers of yesterday's attributes, some of them since long ago, some with an answer that waits.
var start = seconds()
let before = work.scheme.assign(
    work.batch(work.former), row: { _ in nil }, entity: work.entity, standings: StandingColumns(count: rows), overrides: OverrideSet([]),
    context: EvaluationContext(now: yesterday))
print("assignment.first.time \(seconds() - start) s")
var standings = StandingColumns()
for row in 0..<rows {
    guard var state = before.standings.state(row) else { preconditionFailure("the last rule takes all") }
    state.since = Instant(seconds: (19_999 - Int64(row % 40)) * day)
    if row % 50 == 0 { state.candidate = .init(microsegment: "M\(row / 50 % 8)", confirmations: 1, since: yesterday, lastAt: yesterday) }
    standings.append(state)
}
let batch = work.batch(work.present)
print("assignment.load.memory \(peakMegabytes()) MB")
var found = before
for _ in 0...rounds {
    start = seconds()
    found = work.scheme.assign(
        batch, row: { _ in nil }, entity: work.entity, standings: standings, overrides: OverrideSet([]), context: EvaluationContext(now: now))
    print("assignment.time \(seconds() - start) s")
}
print("assignment.memory \(peakMegabytes()) MB")
var counts: [String: Int] = [:], verdicts: [StabilityOutcome.Verdict: Int] = [:]
for row in 0..<rows {
    counts[found.standings.microsegment(row) ?? "-", default: 0] += 1
    verdicts[found.verdicts[row], default: 0] += 1
}
for (name, count) in counts.sorted(by: { $0.key < $1.key }) { print("assignment.settled.\(name) \(count) entities") }
for (verdict, count) in verdicts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) { print("assignment.verdict.\(verdict) \(count) entities") }

// One entity after the other, for comparison.
let sample = min(rows, 20_000)
start = seconds()
for row in 0..<sample {
    let values = AttributeRow(entity: work.entity(row), values: batch.row(at: row), evidence: [], windowChange: nil)
    _ = try work.scheme.assign(
        values, own: nil, state: standings.state(row), overrides: OverrideSet([]), schemeChanged: false, context: EvaluationContext(now: now))
}
print("assignment.row.time \((seconds() - start) / Double(sample) * Double(rows)) s")

// What the scheme with a changed rule would do, from columns that are read once: who moves, from where to where, by which rule.
let former = (0..<rows).map { row in
    standings.state(row).map { state in
        Standing(
            scheme: "value", entity: work.entity(row), microsegment: state.settled, cause: "rules", computed: state.settled, rule: 1, stability: state,
            nextChange: nil, state: "live")
    }
}
start = seconds()
let population = ResidentPopulation(
    entities: (0..<rows).map(work.entity), worths: [ExactDecimal](repeating: .one, count: rows), former: former, batch: batch)
print("impact.load.time \(seconds() - start) s")
for _ in 0...rounds {
    start = seconds()
    let tally = try population.impact(of: work.changed, overrides: OverrideSet([]), context: EvaluationContext(now: now))
    print("impact.time \(seconds() - start) s")
    let impact = tally.impact
    print("impact.moved \(impact.moved) entities")
    print("impact.total.time \(seconds() - start) s")
}
print("impact.memory \(peakMegabytes()) MB")

// The same for others.
for (number, column) in work.present.enumerated() { write(column, "c\(number)") }
write((0..<rows).map { row in standings.state(row).flatMap { UInt8($0.settled.dropFirst()) } ?? 0 }, "settled")
write((0..<rows).map { row in (standings.state(row)?.since.seconds ?? 0) / day }.map { Int32($0) }, "since")
write((0..<rows).map { row in standings.state(row)?.candidate.flatMap { UInt8($0.microsegment.dropFirst()) } ?? 255 }, "candidate")
guard let file = fopen("\(folder)/rule.sql", "w") else { exit(1) }
fputs(work.sql, file)
fclose(file)
