import DecisionTables
import Diagnostics
import FEEL
import Glibc
import Values

// How long the analysis of a table takes: `table-check-bench [RULES] [INPUTS] [SHAPE]`, 500 and 8 and every shape unless said. One
// `name value unit` a line.

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let ruleCount = arguments.first ?? 500, inputCount = arguments.count > 1 ? arguments[1] : 8
/// What some work takes: by the wall clock, and of one processor, which another program cannot lengthen.
func seconds(_ work: () -> Void) -> String {
    let started = ContinuousClock.now, startedTicks = clock()
    work()
    let parts = (ContinuousClock.now - started).components
    let wall = Int(parts.seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000)
    return "\(thousandths(wall)) s (processor \(thousandths((clock() - startedTicks) * 1000 / CLOCKS_PER_SEC)) s)"
}

func thousandths(_ count: Int) -> String { "\(count / 1000).\(String(count % 1000 + 1000).dropFirst())" }

let onlyShape = CommandLine.arguments.dropFirst().first { Int($0) == nil }

func measure(_ name: String, _ text: String, _ policy: HitPolicy) {
    guard onlyShape == nil || name == onlyShape else { return }
    let parsed = TableText.parse(text, hitPolicy: policy, at: TextOrigin())
    guard let table = parsed.product else { return print("\(name) is no table: \(parsed.diagnostics.first?.text ?? "")") }
    let layout = Layout(table.inputs.map { ($0.header.text, $0.type ?? .any) })
    var compiled: CompiledTable?
    let compiling = seconds { compiled = CompiledTable.compile(table, layout: layout).product }
    guard let compiled else { return print("\(name) does not compile") }
    var analysis: TableAnalysis?
    var witnesses = 0
    let analysing = seconds {
        let made = TableAnalysis.make(compiled)
        for overlap in made.overlaps { witnesses += made.witnessValues(of: overlap).count }
        analysis = made
    }
    guard let analysis else { return }
    print("\(name).check \(analysing)")
    print("\(name).compile \(compiling)")
    print("\(name).gaps \(analysis.gaps.count) \(analysis.hasAllGaps ? "all" : "not all")")
    print("\(name).overlaps \(analysis.overlapCount) pairs, \(witnesses / max(1, analysis.inputs.count)) witnesses")
    print("\(name).findings \(analysis.findings.count)")
    for finding in analysis.findings where finding.code == .tableLimit { print("\(name).limit \(finding.fact)") }
    let difference = seconds {
        var changed = table
        changed.rules.remove(at: changed.rules.count / 2)
        guard let other = CompiledTable.compile(changed, layout: layout).product else { return }
        let found = TableDifference.make(from: compiled, to: other)
        print("\(name).changes \(found.changes.count) \(found.isComplete ? "all" : "not all")")
    }
    print("\(name).diff \(difference)")
    fflush(nil)
}

var shapes = TableShapes(rules: ruleCount, inputs: inputCount, seed: 20_261_128)
measure("partition", shapes.partition(leftOut: 0, widened: 0), .unique)
measure("partition-faulty", shapes.partition(leftOut: 20, widened: 20), .unique)
measure("cascade", shapes.cascade(), .first)
measure("cascade-collect", shapes.cascade(), .collect(nil))
measure("grid", shapes.grid(), .unique)
measure("boxes-thin", shapes.boxes(bounded: 30), .first)
measure("boxes-half", shapes.boxes(bounded: 50), .unique)
measure("boxes-full", shapes.boxes(bounded: 100), .unique)
