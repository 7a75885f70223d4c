import Formats

/// What a structure or a guide says of one element, or a component of one, of an EDI segment in its place: `04 M`, `05 X`,
/// `01 = 00|05`, `01-2 M = 9|92`.
struct ElementUse: Hashable, Sendable {
    enum Demand: Hashable, Sendable {
        /// As the elements of the version have it.
        case none
        /// It must be there: an element in its EDI segment, a component in its element where that is there.
        case mandatory
        /// It may not be there, though the version has it.
        case unused
    }

    var element: Int32
    /// 0 for the element itself: its first component, where it is composite.
    var component: Int16
    var demand: Demand
    /// What it may be; empty where anything goes.
    var values: [[UInt8]] = []

    /// As a file writes the address: `01`, `01-2`.
    var address: String { (element < 10 ? "0" : "") + String(element) + (component > 0 ? "-\(component)" : "") }

    /// As findings call it: `BEG01`, `DTM01-3`.
    func name(_ tag: String) -> String { ElementTables.name(tag, Int(element)) + (component > 0 ? "-\(component)" : "") }

    /// Most values of a list that a finding names.
    private static let shownMax = 12

    /// `00, 05 or 22`.
    var choice: String {
        let names = values.prefix(Self.shownMax).map { String(decoding: $0, as: UTF8.self) }
        guard values.count <= Self.shownMax, let last = names.last else { return names.joined(separator: ", ") + ", ... (\(values.count) in all)" }
        return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " or " + last
    }

    /// Whether a field of an EDI segment is what it is about.
    func isOf(_ field: FieldSpan) -> Bool {
        field.element == element && (component == 0 ? field.component <= 1 : field.component == component || component == 1 && field.component == 0)
    }

    /// Whether a value is one of the list; blanks at its end do not count.
    func allows(_ value: some RandomAccessCollection<UInt8>) -> Bool {
        guard !values.isEmpty else { return true }
        let end = value.lastIndex { $0 != ASCII.space }.map { value.index(after: $0) } ?? value.startIndex
        let trimmed = value[value.startIndex..<end]
        return values.contains { $0.elementsEqual(trimmed) }
    }

    /// Reads `01-2 M = A|B`; nil where it is none of this.
    init?(_ words: [Substring]) {
        guard let first = words.first else { return nil }
        let address = first.split(separator: "-", omittingEmptySubsequences: false)
        guard address.count <= 2, let element = Int32(address[0]), (1...62).contains(element) else { return nil }
        var component: Int16 = 0
        if address.count == 2 {
            guard let number = Int16(address[1]), (1...62).contains(number) else { return nil }
            component = number
        }
        var rest = words.dropFirst(), demand = Demand.none
        if rest.first == "M" || rest.first == "X" {
            demand = rest.first == "M" ? .mandatory : .unused
            rest = rest.dropFirst()
        }
        var values: [[UInt8]] = []
        if rest.first == "=" {
            guard rest.count == 2, let list = rest.last, demand != .unused else { return nil }
            values = list.split(separator: "|", omittingEmptySubsequences: false).map { Array($0.utf8) }
            guard values.allSatisfy({ !$0.isEmpty }) else { return nil }
        } else if !rest.isEmpty || demand == .none {
            return nil
        }
        (self.element, self.component, self.demand, self.values) = (element, component, demand, values)
    }

    /// What a guide's line makes of the standard's; or nil where it contradicts it.
    func laid(over base: ElementUse) -> ElementUse? {
        var laid = self
        if base.demand == .mandatory, demand == .unused { return nil }
        if demand == .none { laid.demand = base.demand }
        if values.isEmpty { laid.values = demand == .unused ? [] : base.values }
        guard base.values.isEmpty || laid.values.allSatisfy(base.values.contains) else { return nil }
        return laid
    }

    /// A guide's lines over those of the standard, by address.
    static func lay(_ uses: [ElementUse], over standard: [ElementUse]) -> Result<[ElementUse], Contradiction> {
        var laid = standard
        for use in uses {
            guard let index = laid.firstIndex(where: { $0.element == use.element && $0.component == use.component }) else {
                laid.append(use)
                continue
            }
            guard let both = use.laid(over: laid[index]) else { return .failure(Contradiction(use: use)) }
            laid[index] = both
        }
        return .success(laid)
    }

    struct Contradiction: Error { let use: ElementUse }
}
