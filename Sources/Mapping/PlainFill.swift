import FEEL
import Formats
import Records
import Values

/// Fills fields whose bytes alone give their values, for the length of one call.
///
/// It is the short way of ``RecordBuilder``, which says what a rule means: what this puts into a slot is what the rule gives, and where there
/// is anything to say, to replace or to look up, it leaves the field to the rule.
struct PlainFill {
    let scope: SourceScope
    let node: Int32
    /// A slot each. All that are filled are empty before.
    let row: UnsafeMutablePointer<Value>
    let origins: UnsafeMutablePointer<FieldOrigin?>
    /// Nil where nothing is remembered.
    let memory: UnsafeMutablePointer<ValueMemo>?
    var stretch: ZoneStretch
    /// The segment that was last asked for, by its tag and the node that it is in: most fields of a record are of one.
    private var segment: (tag: Int32, node: Int32, found: Int32) = (-1, -1, -1)

    init(
        scope: SourceScope, node: Int32, row: UnsafeMutablePointer<Value>, origins: UnsafeMutablePointer<FieldOrigin?>,
        memory: UnsafeMutablePointer<ValueMemo>?, stretch: ZoneStretch
    ) {
        (self.scope, self.node, self.row, self.origins, self.memory, self.stretch) = (scope, node, row, origins, memory, stretch)
    }

    /// Fills fields from an index on, and gives the index of the first one that is left to its rule.
    mutating func fill(_ codes: UnsafeBufferPointer<FieldCode>, from first: Int, _ environment: MappingEnvironment) -> Int {
        guard let start = codes.baseAddress else { return codes.count }
        var index = first
        while index < codes.count, put(start + index, environment) { index += 1 }
        return index
    }

    @inline(__always)
    private mutating func put(_ code: UnsafePointer<FieldCode>, _ environment: MappingEnvironment) -> Bool {
        let making = code.pointee.making
        if case .byRule = making { return false }
        var node = node
        if code.pointee.ancestor >= 0 {
            guard let ancestor = scope.ancestor(of: node, named: code.pointee.ancestor) else { return leaveEmpty(code, nil) }
            node = ancestor
        }
        guard let hit = find(code, node) else { return leaveEmpty(code, nil) }
        let origin = scope.origin(hit)
        guard hit.field >= 0 else { return leaveEmpty(code, origin) }
        let text = scope.bytes(hit.field, trimmed: code.pointee.trims)
        guard !text.isEmpty else { return leaveEmpty(code, origin) }
        let slot = Int(code.pointee.slot)
        switch making {
        case .text:
            (row + slot).initialize(to: .string(String(decoding: text, as: UTF8.self)))
        case .decimal:
            guard text[text.count - 1] != UInt8(ascii: "-"), !code.pointee.takesComma || !text.contains(UInt8(ascii: ",")),
                let number = ExactDecimal(utf8: text), code.pointee.takesManyDigits || number.coefficient64 != nil
            else { return false }
            (row + slot).initialize(to: .number(number))
        case .integerText:
            guard let digits = Self.wholeNumber(text) else { return false }
            (row + slot).initialize(to: .string(String(decoding: digits, as: UTF8.self)))
        case .date:
            guard let date = code.pointee.reading?._withUnsafeGuaranteedRef({ $0.date(text) }) else { return false }
            (row + slot).initialize(to: .date(date))
        case .dateTime:
            let time = time(code, node)
            guard let moment = code.pointee.reading?._withUnsafeGuaranteedRef({
                $0.dateTime(text, time, business: environment.zone, &stretch)
            }) else { return false }
            (row + slot).initialize(to: .dateTime(moment))
        case .remembered:
            guard let memory, let sent = ShortText(scope.bytes(hit.field)), let time = shortTime(code, node) else { return false }
            let memos = memory + code.pointee.memory
            guard let place = ValueMemo.find(sent, time, in: memos) else { return false }
            if case .null = memos[place].value { return leaveEmpty(code, origin) }
            (row + slot).initialize(to: memos[place].value)
        case .byRule:
            return false
        }
        origins[slot] = origin
        return true
    }

    @inline(__always)
    private mutating func find(_ code: UnsafePointer<FieldCode>, _ node: Int32) -> SourceHit? {
        let selectors = code.pointee.selectors
        // Coverage hears of each look in its order, which `find` tells it.
        if let direct = code.pointee.direct, !scope.isWatched {
            let target = selectors[0].pointee.target
            if case .named = direct { return SourceHit(node: node, field: scope.named(of: node, target.name)) }
            if segment.tag != target.name || segment.node != node {
                segment = (target.name, node, scope.segment(target.name, at: node) ?? -1)
            }
            if segment.found >= 0 {
                if case .pair = direct { return scope.findFirstPair(selectors, in: segment.found, trimmed: code.pointee.trims) }
                return SourceHit(node: segment.found, field: scope.element(of: segment.found, target.number, target.component))
            }
        }
        return code.pointee.isFirst
            ? scope.findFirst(selectors, from: node, trimmed: code.pointee.trims) : scope.find(selectors[0], from: node)
    }

    /// No value, where nothing has to be said of that or put there.
    @inline(__always)
    private func leaveEmpty(_ code: UnsafePointer<FieldCode>, _ origin: FieldOrigin?) -> Bool {
        guard code.pointee.mayBeEmpty else { return false }
        origins[Int(code.pointee.slot)] = origin
        return true
    }

    /// The text of the time that stands apart; empty where there is none.
    private func time(_ code: UnsafePointer<FieldCode>, _ node: Int32) -> UnsafeBufferPointer<UInt8> {
        guard let time = code.pointee.time, let hit = scope.find(time, from: node), hit.field >= 0 else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return scope.bytes(hit.field, trimmed: true)
    }

    private func shortTime(_ code: UnsafePointer<FieldCode>, _ node: Int32) -> ShortText? {
        guard let time = code.pointee.time else { return ShortText() }
        return scope.shortTime(time, node)
    }

    /// Digits without a leading zero, then perhaps a point and zeros: the digits, or nil.
    private static func wholeNumber(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>? {
        guard let first = text.first, first >= UInt8(ascii: "1"), first <= UInt8(ascii: "9") else { return nil }
        var digits = 0
        while digits < text.count, text[digits] >= UInt8(ascii: "0"), text[digits] <= UInt8(ascii: "9") { digits += 1 }
        var rest = digits
        if rest < text.count, text[rest] == UInt8(ascii: ".") { rest += 1 }
        while rest < text.count, text[rest] == UInt8(ascii: "0") { rest += 1 }
        return rest == text.count && digits <= 30 ? UnsafeBufferPointer(rebasing: text[..<digits]) : nil
    }
}

extension SourceScope {
    /// Where a hit stands.
    @inline(__always)
    func origin(_ hit: SourceHit) -> FieldOrigin {
        let bytes = nodes[Int(hit.node)].bytes
        return FieldOrigin(node: bytes, field: hit.field >= 0 ? fields[Int(hit.field)].bytes : bytes)
    }

    /// The text of a hit, or nil where it is long.
    @inline(__always)
    func shortText(_ hit: SourceHit) -> ShortText? {
        ShortText(hit.field >= 0 ? bytes(hit.field) : UnsafeBufferPointer(start: nil, count: 0))
    }

    /// The text of the time that belongs to a field; no text where there is none, nil where it is long.
    func shortTime(_ time: UnsafePointer<SelectorCode>, _ node: Int32) -> ShortText? {
        guard let hit = find(time, from: node) else { return ShortText() }
        return shortText(hit)
    }
}
