package import Values

/// What of a change decides who has to approve it: how much it does, by the report, and what it touches.
package struct ImpactFacts: Hashable, Sendable {
    package var moved = 0
    /// Entities that are lowered, or told that they will be, or would be if nothing kept them.
    package var lowered = 0
    package var contracts = 0
    /// Open promises that are lost, or of which nobody can tell.
    package var promises = 0
    /// What the movers are worth; nil where somebody moves of whom nobody can tell.
    package var value: ExactDecimal? = .zero
    /// By how much figures of money go up or down, added up; nil where somebody moves of whom nobody can tell.
    package var money: ExactDecimal? = .zero
    package var components: [StateComponent] = []
    /// Files that are added, changed or removed.
    package var paths: [String] = []

    package init() {}

    /// Reads them from the text of an impact report; nil where that is none.
    package init?(report text: String, components: [StateComponent], paths: [String]) {
        guard let parsed = try? JSONText.parse(text), case .context(let report) = parsed, report["report"] == .string("crossdock impact 1"),
            let moved = report.count("moved"), let lowered = report.count("lowered"), let told = report.count("noticed"), case .list(let contracts)? = report["contracts"],
            case .context(let promises)? = report["promises"], let lost = promises.count("lose"), let unclear = promises.count("redistribute"),
            case .list(let schemes)? = report["schemes"]
        else { return nil }
        self.moved = moved
        self.lowered = lowered + told
        self.contracts = contracts.count
        self.promises = lost + unclear
        self.components = components
        self.paths = paths
        for case .context(let scheme) in schemes {
            guard case .list(let moves)? = scheme["moves"], case .list(let kept)? = scheme["kept"] else { return nil }
            self.lowered += kept.count
            if case .number(let worth)? = scheme["valueMoved"] {
                value = value.flatMap { try? $0.adding(worth) }
            } else if !moves.isEmpty { value = nil }
            money = money.flatMap { sum in Self.money(scheme, mayCost: !moves.isEmpty || scheme["changed"] != .boolean(false)).flatMap { try? sum.adding($0) } }
        }
    }

    /// nil where it is not known of all.
    ///
    /// - Parameter mayCost: whether somebody moves, or the scheme changes: parameters alone can cost.
    private static func money(_ scheme: ContextValue, mayCost: Bool) -> ExactDecimal? {
        guard case .list(let figures)? = scheme["figures"] else { return mayCost ? nil : .zero }
        var sum = ExactDecimal.zero, isTold = false
        for case .context(let figure) in figures where figure["money"] == .boolean(true) {
            guard case .number(let before)? = figure["before"], case .number(let after)? = figure["after"], figure.count("unknown") == 0,
                let change = try? after.subtracting(before), let next = try? sum.adding(change.magnitude)
            else { return nil }
            sum = next
            isTold = true
        }
        return isTold || !mayCost ? sum : nil
    }
}

extension ContextValue {
    fileprivate func count(_ name: String) -> Int? {
        if case .number(let number)? = self[name] { number.integer } else { nil }
    }
}
