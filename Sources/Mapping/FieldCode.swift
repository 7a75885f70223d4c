/// How a field is made where its bytes alone give its value, as numbers and addresses: selectors are followed, the text is looked at where
/// it stands, and the value is put into its slot. ``PlainFill`` does that; what it cannot do, the ``FieldRule`` says.
///
/// The addresses are good for as long as the ``CompiledMapping``.
struct FieldCode {
    enum Making: UInt8 {
        /// By the rule alone.
        case byRule
        case text, integerText, decimal, date, dateTime
        /// As it was made of the same text before.
        case remembered
    }

    var making = Making.byRule
    var slot: Int32
    var trims = true
    /// A number may have a comma for its mark.
    var takesComma = false
    /// Without a value the slot stays empty, and nothing has to be said or put there.
    var mayBeEmpty = true
    /// A number of more digits than a record keeps may stay: expressions alone see it.
    var takesManyDigits = false
    /// The value is that of the record which the nearest enclosing node of this name makes; -1 where it is the node's own.
    var ancestor: Int32 = -1
    /// `first`: the next selector is asked where one gives nothing.
    var selectors = UnsafeBufferPointer<UnsafePointer<SelectorCode>>(start: nil, count: 0)
    var isFirst = false
    /// One element of an EDI segment right in the node, the first of several qualifiers in the pairs of one, or one column or attribute of
    /// the node: read without following a selector.
    var direct: TargetCode.Kind?
    /// The time part of a dateTime, where it stands apart.
    var time: UnsafePointer<SelectorCode>?
    var reading: Unmanaged<DateReading>?
    /// Index of the first value that is remembered for it.
    var memory = -1
}

/// A record rule as it is followed.
struct RecordCode {
    /// The nodes that enclose the one it is made of, and that one last; none for a row.
    let steps: UnsafeBufferPointer<StepCode>
    /// Whether the first step is the outermost node.
    let isAbsolute: Bool
    let lets: UnsafeBufferPointer<FieldCode>
    let fields: UnsafeBufferPointer<FieldCode>
    /// `when: otherwise`.
    let isOtherwise: Bool
    let when: Unmanaged<RuleExpression>?
    let checks: UnsafeBufferPointer<Unmanaged<RuleExpression>>
    /// Slots of required fields.
    let required: UnsafeBufferPointer<Int>
    let mapsClient: Bool
    let hasCounter: Bool
    let firstSlot: Int
}

/// Makes the code of a mapping's rules.
struct CodeMaker {
    let records: [RecordRule]
    let memory: CodeMemory
    /// Index of the first remembered value of each slot, by the number that the slot has in the mapping.
    let memories: [Int]
    let slotsBefore: [Int]

    func code(of index: Int) -> RecordCode {
        let rule = records[index]
        return RecordCode(
            steps: memory.keep(rule.steps), isAbsolute: rule.isAbsolute, lets: memory.keep(rule.lets.map { code($0, index) }),
            fields: memory.keep(rule.fields.map { code($0, index) }), isOtherwise: rule.when.map { $0.expression == nil } ?? false,
            when: rule.when?.expression.map { Unmanaged.passUnretained($0) },
            checks: memory.keep(rule.checks.map { Unmanaged.passUnretained($0.expression) }), required: memory.keep(rule.required),
            mapsClient: rule.mapsClient, hasCounter: rule.counterScope != nil, firstSlot: slotsBefore[index])
    }

    private func code(_ field: FieldRule, _ index: Int) -> FieldCode {
        let fieldCount = records[index].fieldCount
        var code = FieldCode(slot: Int32(field.slot))
        if case .parent(let record, let slot) = field.source {
            let parent = records[record]
            guard let name = parent.lastName, let source = parent.fieldBySlot[slot], !field.isRequired, field.defaultValue == nil else { return code }
            fill(&code, source, slotsBefore[record] + slot)
            code.ancestor = name
        } else {
            fill(&code, field, slotsBefore[index] + field.slot)
            code.takesManyDigits = field.slot >= fieldCount
        }
        return code
    }

    private func fill(_ code: inout FieldCode, _ field: FieldRule, _ number: Int) {
        let selectors: [Selector]
        switch field.source {
        case .selector(let selector): selectors = [selector]
        case .first(let several):
            selectors = several
            code.isFirst = true
            if Self.areOfPairs(several) { code.direct = .pair }
        default: return
        }
        code.selectors = memory.keep(selectors.map(\.code))
        if !code.isFirst, let selector = selectors.first?.code.pointee, selector.steps.isEmpty {
            switch (selector.target.kind, selector.scope) {
            case (.element, .here), (.element, .outward): code.direct = .element
            case (.named, .here): code.direct = .named
            default: break
            }
        }
        code.trims = field.trims
        code.mayBeEmpty = !field.isRequired && field.defaultValue == nil
        code.time = field.time?.code
        code.memory = memories[number]
        guard field.isRemembered else { return }
        code.making = code.memory >= 0 ? .remembered : making(field, &code)
    }

    /// Whether selectors are of short qualifiers in the pairs of the node's own EDI segment, as few as a word has bits.
    private static func areOfPairs(_ selectors: [Selector]) -> Bool {
        guard let first = selectors.first?.code.pointee, selectors.count < 64 else { return false }
        return selectors.allSatisfy { selector in
            let code = selector.code.pointee
            return code.scope == .here && code.steps.isEmpty && code.target.kind == .pair && code.target.name == first.target.name
                && code.target.number == first.target.number && code.target.shortQualifier != ShortText()
        }
    }

    private func making(_ field: FieldRule, _ code: inout FieldCode) -> FieldCode.Making {
        switch field.conversion {
        case .text, .none: return .text
        case .integerText: return .integerText
        case .decimal(_, let mark, _):
            code.takesComma = mark == Conversion.eitherMark
            return .decimal
        case .date(let reading):
            code.reading = Unmanaged.passUnretained(reading)
            return .date
        case .dateTime(let reading):
            code.reading = Unmanaged.passUnretained(reading)
            return .dateTime
        case .integer, .boolean: return .byRule
        }
    }
}
