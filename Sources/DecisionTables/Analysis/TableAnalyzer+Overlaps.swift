import Diagnostics
import Values

extension TableAnalyzer {
    /// Every pair of rules that hold for the same rows. Pairs of which one cannot be decided are left out.
    mutating func findOverlaps() -> ([RuleOverlap], Int) {
        var overlaps: [RuleOverlap] = []
        var count = 0
        var looksLeft = scope.limits.looks
        let rules = (0..<space.ruleCount).filter { !space.isOpaque[$0] && !space.isNever[$0] }
        // Dimensions that part the most come first, so that most pairs are settled by one look.
        let order = space.dimensions.indices.sorted { space.dimensions[$0].cells.count > space.dimensions[$1].cells.count }
        let ids = order.map { index in rules.map { space.dimensions[index].cellOfRule[$0] } }
        let cells = order.map { space.dimensions[$0].cells }
        for first in rules.indices {
            looksLeft -= rules.count - first
            if looksLeft < 0 {
                cutShort.append("overlaps: only rules up to \(rules[first]) were compared")
                break
            }
            pairs: for second in (first + 1)..<max(first + 1, rules.count) {
                var isSame = true, isContaining = true, isWithin = true
                for index in order.indices {
                    let a = ids[index][first], b = ids[index][second]
                    if a == b { continue }
                    guard cells[index][a].meets(cells[index][b]) else { continue pairs }
                    isSame = false
                    if isContaining { isContaining = cells[index][b].isSubset(of: cells[index][a]) }
                    if isWithin { isWithin = cells[index][a].isSubset(of: cells[index][b]) }
                }
                count += 1
                guard overlaps.count < scope.limits.overlaps else { continue }
                overlaps.append(RuleOverlap(
                    first: rules[first] + 1, second: rules[second] + 1,
                    kind: isSame ? .equal : isContaining ? .contains : isWithin ? .within : .partial,
                    agrees: answers.agree(rules[first], rules[second])))
            }
        }
        if overlaps.count < count { cutShort.append("overlaps: \(overlaps.count) of \(count) pairs are kept") }
        return (overlaps, count)
    }

    /// What the hit policy makes of the pairs.
    mutating func tellOverlaps(_ overlaps: [RuleOverlap], _ count: Int) {
        var told = 0
        for overlap in overlaps where !mistaken.contains(overlap.first - 1) && !mistaken.contains(overlap.second - 1) {
            guard isTold(overlap) else { continue }
            told += 1
            if told <= scope.limits.findings, let finding = finding(overlap) { findings.append(finding) }
        }
        if told > scope.limits.findings { cutShort.append("\(told) pairs of rules are in conflict, and the first \(scope.limits.findings) are told") }
    }

    /// Whether a pair is a finding under the hit policy; making one costs much more than knowing that.
    private func isTold(_ overlap: RuleOverlap) -> Bool {
        switch table.table.hitPolicy {
        case .unique: true
        case .any: overlap.agrees != true || overlap.kind == .equal
        case .ruleOrder, .outputOrder, .collect(nil), .collect(.sum), .collect(.count): overlap.kind == .equal && overlap.agrees == true
        case .first, .priority, .collect: false
        }
    }

    private mutating func finding(_ overlap: RuleOverlap) -> TableFinding? {
        let first = overlap.first - 1, second = overlap.second - 1
        let pair = "\(named(first)) and \(named(second))"
        switch (table.table.hitPolicy, overlap.kind, overlap.agrees) {
        case (.unique, .equal, _):
            return finding(.tableDuplicate, .error, "\(pair) have the same conditions", overlap, hint: "remove one of them")
        case (.unique, _, let agrees):
            return finding(
                .tableOverlap, .error, "\(pair) both hold for \(cells(of: overlap))", overlap,
                hint: agrees == true
                    ? "both give the same; ANY allows that" : "make them exclude each other, or let the upper one decide with FIRST")
        case (.any, .equal, true), (.ruleOrder, .equal, true), (.outputOrder, .equal, true), (.collect(nil), .equal, true),
            (.collect(.sum), .equal, true), (.collect(.count), .equal, true):
            if table.table.hitPolicy == .any { removed.insert(second) }
            return finding(.tableDuplicate, .warning, "\(pair) are the same", overlap, hint: "remove one of them")
        case (.any, _, false):
            return finding(
                .tableConflict, .error, "\(pair) both hold for \(cells(of: overlap)), and differ in their outputs", overlap,
                hint: "give both the same outputs, or let the upper one decide with FIRST")
        case (.any, _, nil):
            return finding(
                .tableConflict, .warning, "\(pair) both hold for \(cells(of: overlap)), and their outputs may differ", overlap, hint: nil)
        default: return nil
        }
    }

    private func box(of overlap: RuleOverlap) -> SpaceBox { overlap.box(in: space) }

    private mutating func cells(of overlap: RuleOverlap) -> String {
        table.told(texts.cells(of: box(of: overlap), in: table))
    }

    private mutating func finding(
        _ code: DiagnosticCode, _ severity: Severity, _ fact: String, _ overlap: RuleOverlap, hint: String?
    ) -> TableFinding {
        let box = box(of: overlap)
        return TableFinding(
            code: code, severity: severity, fact: fact, rules: [overlap.second, overlap.first],
            cells: texts.cells(of: box, in: table),
            witness: space.namedWitness(of: box), hint: hint, position: position(of: overlap.second - 1))
    }

    /// Whether another hit policy would say more exactly what the table does.
    mutating func advise(_ overlaps: [RuleOverlap], _ count: Int) {
        let rules = (0..<space.ruleCount).filter { !space.isNever[$0] }
        guard rules.count > 1, !space.isOpaque.contains(true), overlaps.count == count, let rule = rules.first else { return }
        let policy = table.table.hitPolicy
        let position = table.table.inputs.first?.header.position
        if count == 0, policy != .unique {
            guard policy.isSingle || policy.givesList else { return }
            tell(
                .tableAdvice, .note,
                policy.isSingle
                    ? "no two rules hold for the same row, so UNIQUE answers the same as \(policy), and keeps a later rule from overlapping"
                    : "no two rules hold for the same row, so \(policy) never gives more than one entry",
                rules: [rule], at: position)
        } else if count > 0, policy == .first || policy == .priority, overlaps.allSatisfy({ $0.agrees == true }) {
            tell(
                .tableAdvice, .note,
                "all rules that overlap give the same, so ANY answers the same as \(policy), and the order of the rules does not count",
                rules: [rule], at: position)
        }
    }
}
