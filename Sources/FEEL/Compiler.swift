import Diagnostics
import Values

/// Checks types and turns a syntax tree into closures over the slots of a row, in one walk. Findings are collected; a
/// node in error has type `any` and never runs, so that one mistake is told once.
struct Compiler {
    let layout: Layout
    let source: ExpressionSource
    let profile: FEELProfile
    /// The type of `?`, or nil outside a unary test.
    var inputType: ValueType?
    var diagnostics: [Diagnostic] = []
    var slots: Set<Int> = []
    var readsClock = false
    var readsInput = false
    var localCount = 0
    /// The parameter names of locals that hold a function of this text.
    var parameterNames: [Int: [String]] = [:]
    /// Locals that some node reads.
    var readLocals: Set<Int> = []
    /// What each name stands for, innermost last.
    private var bindings: [String: [Binding]] = [:]
    private var pushed: [[String]] = []
    /// The locals of `partial`, and those that a body may keep whole.
    var partials: Set<Int> = []
    var keptPartials: Set<Int> = []
    /// The item locals of filters over values whose members are not known, innermost last.
    var openItems: [Int] = []

    var isStrict: Bool { profile == .strict }

    init(layout: Layout, source: ExpressionSource, profile: FEELProfile, inputType: ValueType?) {
        self.layout = layout
        self.source = source
        self.profile = profile
        self.inputType = inputType
    }

    // MARK: findings

    /// An error in the strict profile, a warning in the standard one, where the answer is null.
    mutating func report(_ code: DiagnosticCode, _ fact: String, _ range: Range<Int>, hint: @autoclosure () -> String? = nil) {
        add(code, isStrict ? .error : .warning, fact, range, hint)
    }

    /// More findings than this are not kept: each costs a look at the text and at every name.
    private static let findingsMax = 100

    private mutating func add(_ code: DiagnosticCode, _ severity: Severity, _ fact: String, _ range: Range<Int>, _ hint: () -> String?) {
        if diagnostics.count >= Self.findingsMax, severity == .warning || diagnostics.contains(where: { $0.severity == .error }) { return }
        diagnostics.append(source.diagnostic(code, severity, fact, range, hint: hint()))
    }

    /// Reports, and stands in for the node: null, of a type that suits everything.
    mutating func failed(_ code: DiagnosticCode, _ fact: String, _ range: Range<Int>, hint: @autoclosure () -> String? = nil) -> Lowered {
        report(code, fact, range, hint: hint())
        return Lowered(.any, range) { frame throws(Fault) in try frame.reject(Refusal(code, fact), range) }
    }

    /// A node about which a finding was just reported: null, and in the standard profile with that reason.
    func rejected(_ range: Range<Int>) -> Lowered {
        guard let last = diagnostics.last else { return .open(range) }
        return Lowered(.any, range) { frame throws(Fault) in try frame.reject(Refusal(last.code, last.fact), range) }
    }

    /// An error in either profile.
    mutating func refused(_ code: DiagnosticCode, _ fact: String, _ range: Range<Int>, hint: String? = nil) -> Lowered {
        add(code, .error, fact, range) { hint }
        return .open(range)
    }

    /// Checks that a node can have a type; unknown and null types can.
    @discardableResult
    mutating func check(_ node: Lowered, is type: ValueType, _ what: @autoclosure () -> String) -> Bool {
        if Self.fits(node.type, type) { return true }
        report(.feelType, "\(what()) is a \(node.type); expected \(type)", node.range)
        return false
    }

    static func fits(_ type: ValueType, _ expected: ValueType) -> Bool {
        // A context whose entries are not known may have any.
        if case .context(let fields) = type, case .context = expected, fields.isEmpty { return true }
        return expected.accepts(type)
    }

    // MARK: scopes

    mutating func newLocal() -> Int {
        localCount += 1
        return localCount - 1
    }

    mutating func push(_ scope: [String: Binding]) {
        for (name, binding) in scope { bindings[name, default: []].append(binding) }
        pushed.append(Array(scope.keys))
    }

    mutating func pop() {
        for name in pushed.removeLast() { bindings[name]?.removeLast() }
    }

    func binding(_ name: String) -> Binding? { bindings[name]?.last }

    // MARK: nodes

    mutating func lower(_ node: SyntaxNode) -> Lowered {
        switch node.kind {
        case .constant(let value): return lowerConstant(value, node.range)
        case .name(let name): return lowerName(name, node.range)
        case .input: return lowerInput(node.range)
        case .list(let items): return lowerList(items, node.range)
        case .context(let entries): return lowerContext(entries, node.range)
        case .range: return lowerRange(node)
        case .point(let inner, let isNegated): return lowerPoint(inner, isNegated, node.range)
        case .negation(let inner): return lowerNegation(inner, node.range)
        case .arithmetic(let operation, let left, let right): return lowerArithmetic(operation, left, right, node.range)
        case .comparison(let comparison, let left, let right): return lowerComparison(comparison, left, right, node.range)
        case .and(let parts): return lowerLogic(parts, isAnd: true, node.range)
        case .or(let parts): return lowerLogic(parts, isAnd: false, node.range)
        case .between(let value, let low, let high): return lowerBetween(value, low, high, node.range)
        case .membership(let value, let tests): return lowerMembership(value, tests, node.range)
        case .shorthand: return failed(.feelSyntax, "a comparison without a left side stands only in a test", node.range)
        case .instanceOf(let value, let type, let name): return lowerInstanceOf(value, type, name, node.range)
        case .path(let inner, let member, let range): return lowerPath(inner, member, range, node.range)
        case .filter(let list, let condition): return lowerFilter(list, condition, node.range)
        case .call(let name, let nameRange, let arguments): return lowerCall(name, nameRange, arguments, node.range)
        case .conditional(let condition, let yes, let no): return lowerConditional(condition, yes, no, node.range)
        case .loop(let iterators, let body): return lowerLoop(iterators, body, node.range)
        case .quantified(let every, let iterators, let body): return lowerQuantified(every, iterators, body, node.range)
        case .invocation(let callee, let arguments):
            return lowerInvocation(lower(callee), source.text(in: callee.range), callee.range, arguments, node.range)
        case .function(let parameters, let body): return lowerFunction(parameters, body, node.range)
        }
    }

    /// A literal. One that names a zone is looked at when it is run, when the rules of zones are at hand: an unknown zone makes it a failure.
    private func lowerConstant(_ value: Value, _ range: Range<Int>) -> Lowered {
        guard let zone = value.zone else { return Lowered(constant: value, range) }
        return Lowered(value.type, range) { frame throws(Fault) in
            do throws(Refusal) {
                _ = try Calendar.rules(zone, frame.context)
                return value
            } catch {
                return try frame.reject(error, range)
            }
        }
    }

    /// The node's value now, where all it is made of is constant and the operation reads no clock.
    mutating func folded(_ node: Lowered, from parts: [Lowered]) -> Lowered {
        guard parts.allSatisfy({ $0.constant != nil }) else { return node }
        var context = Self.foldingContext
        let account = EvaluationAccount(budget: context.budget, reasonsMax: 0)
        context.account = account
        var frame = Frame(row: [], localCount: 0, context: context, isStrict: isStrict, text: source)
        do throws(Fault) {
            let value = try node.code(&frame)
            // A null with a reason is worked out when it is run, so that the reason can be told.
            if account.reasonCount > 0 { return node }
            return Lowered(constant: value, type: node.type == .any ? value.type : node.type, node.range)
        } catch {
            if error.code != .feelBudget, error.code != .feelUnsupported { report(error.code, error.fact, error.range) }
            return node
        }
    }

    private static let foldingContext: EvaluationContext = {
        var context = EvaluationContext(
            now: Instant(seconds: 0), budget: EvaluationBudget(steps: 10_000, depth: 20, listLength: 1000, stringBytes: 10_000))
        context.localTimes = .undecided
        return context
    }()

    private mutating func lowerInput(_ range: Range<Int>) -> Lowered {
        guard let inputType else { return failed(.feelUnknownName, "? stands only in a unary test", range) }
        readsInput = true
        return Lowered(inputType, range) { frame throws(Fault) in frame.input }
    }

    // MARK: names

    mutating func lowerName(_ name: String, _ range: Range<Int>) -> Lowered {
        if let binding = binding(name) { return lowerBinding(binding, name, range) }
        var known: Lowered?
        if let slot = layout.slot(of: name) {
            slots.insert(slot)
            known = Lowered(layout.types[slot], range, slot: slot) { frame throws(Fault) in frame.row[slot] }
        }
        if openItems.isEmpty { return known ?? unknownName(name, range) }
        return lowerOpenMember(name, known, range)
    }

    mutating func lowerBinding(_ binding: Binding, _ name: String, _ range: Range<Int>) -> Lowered {
        switch binding {
        case .local(let local, let type):
            readLocals.insert(local)
            if partials.contains(local) { keptPartials.insert(local) }
            var lowered = Lowered(type, range) { frame throws(Fault) in frame.locals[local] }
            lowered.parameterNames = parameterNames[local]
            return lowered
        case .member(let local, let type):
            readLocals.insert(local)
            return Lowered(type, range) { frame throws(Fault) in
                if case .context(let context) = frame.locals[local] { return context[name] ?? .null }
                return .null
            }
        }
    }

    /// A name within a filter over items of unknown make: a member of the item where it has one, else what it is outside.
    private mutating func lowerOpenMember(_ name: String, _ outside: Lowered?, _ range: Range<Int>) -> Lowered {
        let items = Array(openItems.reversed())
        readLocals.formUnion(items)
        let fallback = outside?.code
        return Lowered(.any, range) { frame throws(Fault) in
            for item in items {
                if case .context(let context) = frame.locals[item], let value = context[name] { return value }
            }
            return try fallback?(&frame) ?? .null
        }
    }

    /// A node that is looked into and not kept: a filter's list, or an argument of a function that gives none of it whole.
    mutating func lowerLookedInto(_ node: SyntaxNode) -> Lowered {
        guard case .name(let name) = node.kind, case .local(let local, _)? = binding(name), !keptPartials.contains(local) else {
            return lower(node)
        }
        let lowered = lower(node)
        keptPartials.remove(local)
        return lowered
    }

    private mutating func unknownName(_ name: String, _ range: Range<Int>) -> Lowered {
        if let body = BuiltInFunction.all[name] {
            if body.builtIn.readsClock { readsClock = true }
            let function = body.function
            var lowered = Lowered(body.type, range) { _ throws(Fault) in .function(function) }
            lowered.parameterNames = function.parameters.map(\.name)
            return lowered
        }
        let names = layout.names + bindings.filter { !$0.value.isEmpty }.keys
        return failed(
            .feelUnknownName, "unknown name \(name)", range, hint: NameSuggestion.nearest(to: name, among: names).map { "did you mean \($0)?" })
    }

    /// The type of a value that is one or the other.
    static func joined(_ left: ValueType, _ right: ValueType) -> ValueType {
        if left == right || right == .null { return left }
        if left == .null { return right }
        if case .list(let a) = left, case .list(let b) = right { return .list(joined(a, b)) }
        return .any
    }
}
