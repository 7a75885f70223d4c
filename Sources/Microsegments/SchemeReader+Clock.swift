import Attributes
import Configurations
import DecisionTables
import Diagnostics
import FEEL
import Values

extension SchemeReader {
    /// Where the answer of a live scheme would change with time and nobody could tell when, so that a change would be missed.
    ///
    /// What can be foreseen: an hoursUntil attribute that is the header of an input column, compared with numbers in its
    /// cells. Everything else that runs with the clock is refused: expressions over such an attribute, `now()`, `today()`.
    static func clockFindings(_ table: CompiledTable, _ plan: AttributePlan, _ clusters: ClusterPlan?, _ root: ConfigurationNode) -> [Diagnostic] {
        var check = ClockCheck(plan: plan, layout: ruleLayout(plan, hasClusters: clusters != nil))
        for slot in clusters?.slots ?? [] where plan.clockDependence(of: slot) != .none {
            check.refuse(
                (root["clusters"] ?? root).diagnostic(
                    .schemeClock, "\(plan.definitions[slot].name) runs with the clock, and when the cluster changes cannot be foreseen",
                    hint: "leave it out, or give the scheme a period, such as cadence: hourly"))
        }
        if let gate = clusters?.gate, gate.readsClock {
            check.refuse((root["clusters"]?["where"] ?? root).diagnostic(
                .schemeClock, "it reads the clock, and when its answer changes cannot be foreseen", hint: "give the scheme a period, such as cadence: hourly"))
        }
        for (column, input) in table.table.inputs.enumerated() {
            let runs = check.header(input.header)
            for rule in table.table.rules { check.test(rule.inputs[column], type: input.type, runsWithClock: runs) }
        }
        for rule in table.table.rules {
            for output in rule.outputs { check.output(output) }
        }
        return check.findings
    }
}

/// Looks for what runs with the clock in the cells of a table that compiled.
private struct ClockCheck {
    let plan: AttributePlan
    let layout: Layout
    private(set) var findings: [Diagnostic] = []

    init(plan: AttributePlan, layout: Layout) {
        self.plan = plan
        self.layout = layout
    }

    mutating func refuse(_ finding: Diagnostic) { findings.append(finding) }

    /// The cluster's slot lies behind those of attributes; what it hangs on was looked at before.
    private func dependence(_ slot: Int) -> ClockDependence { slot < plan.definitions.count ? plan.clockDependence(of: slot) : .none }

    /// Whether the column is an attribute that runs with the clock in steps.
    mutating func header(_ cell: TableCell) -> Bool {
        guard let expression = FEEL.expression(cell.text, layout: layout, at: cell.origin).product else { return false }
        if let slot = expression.plainSlot, dependence(slot) == .steps { return true }
        refuse(cell, slots: expression.slots, readsClock: expression.readsClock)
        return false
    }

    mutating func test(_ cell: TableCell, type: ValueType?, runsWithClock: Bool) {
        let input = runsWithClock ? ValueType.number : type ?? .any
        guard let test = FEEL.unaryTests(cell.text, input: input, layout: layout, at: cell.origin).product else { return }
        if runsWithClock, !test.isAny, test.constraint == nil {
            findings.append(finding(cell, "when `\(cell.text)` begins or ceases to hold cannot be foreseen"))
        } else {
            refuse(cell, slots: test.slots, readsClock: test.readsClock)
        }
    }

    mutating func output(_ cell: TableCell) {
        guard let expression = FEEL.expression(cell.text, layout: layout, at: cell.origin).product else { return }
        refuse(cell, slots: expression.slots, readsClock: expression.readsClock)
    }

    private mutating func refuse(_ cell: TableCell, slots: [Int], readsClock: Bool) {
        if readsClock {
            findings.append(finding(cell, "`\(cell.text)` reads the clock, and when its answer changes cannot be foreseen"))
        } else if let slot = slots.first(where: { dependence($0) != .none }) {
            findings.append(finding(
                cell, "\(plan.definitions[slot].name) runs with the clock, and when `\(cell.text)` changes cannot be foreseen"))
        }
    }

    private func finding(_ cell: TableCell, _ fact: String) -> Diagnostic {
        Diagnostic(
            .schemeClock, .error, fact, at: cell.position, excerpt: Excerpt(text: cell.text, start: 0, length: cell.text.count),
            hint: "let an hoursUntil attribute be the header of a column and compare it with numbers in the cells, such as < 24, or give the scheme a period, such as cadence: hourly")
    }
}
