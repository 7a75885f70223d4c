import Values

/// How one field of a record, or one named source value (`let`), is made.
///
/// Rules are immutable and shared: a class, so that passing one on costs one reference.
final class FieldRule: Sendable {
    /// What to do with a value that a code list or lookup does not know.
    enum Miss: String, Sendable, CaseIterable {
        /// The record is rejected.
        case reject
        /// The field takes its `default`, or stays empty.
        case `default`
        /// The value stays as it was sent.
        case keep
        /// The field stays empty, with a warning.
        case report
    }

    /// Where the value comes from.
    enum Source: Sendable {
        case selector(Selector)
        /// The first selector that gives a value.
        case first([Selector])
        case concat([ConcatPart], separator: String)
        case constant(Value)
        case feel(RuleExpression)
        /// The ordinal of the node in the reader's own counting: the row, or the EDI segment.
        case rowNumber
        /// 1 for the first record of this rule within its enclosing node, then 2 and so on.
        case counter
        /// A field of the record that an enclosing node makes: index of the record rule, slot.
        case parent(record: Int, slot: Int)
    }

    enum ConcatPart: Sendable {
        case selector(Selector)
        case text(String)
    }

    let name: String
    /// Slot in the row that expressions see: a field of the record, or a source value after the fields.
    let slot: Int
    let source: Source
    /// The time part of a dateTime, where it stands apart from the date.
    let time: Selector?
    let conversion: Conversion
    let trims: Bool
    /// What is done to the text before code lists and conversion.
    let steps: [TextStep]
    /// The unit that the number is sent in.
    let unit: UnitUse?
    let codes: [String: String]?
    let lookup: LookupUse?
    /// The kind of cross-reference that gives the own identifier for the partner's.
    let reference: String?
    /// The currency that the amount is sent in.
    let currency: CurrencyUse?
    let onMiss: Miss
    let defaultValue: Value?
    let isRequired: Bool
    /// Line in the mapping file.
    let line: Int32
    /// Whether the text becomes the value with no translation in between, mostly at once.
    let isDirect: Bool
    /// Whether it is a date with a time.
    var isTime: Bool { if case .dateTime = conversion { true } else { false } }
    /// Whether the text, and that of the time, are all that the value hangs on, so that the same texts give it again.
    let isRemembered: Bool

    init(
        name: String, slot: Int, source: Source, time: Selector?, conversion: Conversion, trims: Bool = true,
        steps: [TextStep] = [], unit: UnitUse? = nil, codes: [String: String]? = nil, lookup: LookupUse? = nil, reference: String? = nil, currency: CurrencyUse? = nil, onMiss: Miss = .reject, defaultValue: Value? = nil, isRequired: Bool = false, line: Int32
    ) {
        self.name = name
        self.slot = slot
        self.source = source
        self.time = time
        self.conversion = conversion
        self.trims = trims
        self.steps = steps
        self.unit = unit
        self.codes = codes
        self.lookup = lookup
        self.reference = reference
        self.currency = currency
        self.onMiss = onMiss
        self.defaultValue = defaultValue
        self.isRequired = isRequired
        self.line = line
        isRemembered = unit == nil && reference == nil && currency == nil
        let isPlain = switch conversion {
        case .text, .none, .integerText, .date, .dateTime: true
        case .decimal(let implied, let mark, let isOverpunched):
            implied == 0 && !isOverpunched && (mark == UInt8(ascii: ".") || mark == Conversion.eitherMark)
        case .integer, .boolean: false
        }
        isDirect = isRemembered && isPlain && codes == nil && lookup == nil && steps.isEmpty
    }
}

/// Where a lookup is made: which table, by which column, giving which column.
struct LookupUse: Sendable {
    let table: LookupTable
    let name: String
    /// Key to value, for the two columns in use.
    let values: [String: String]
}

/// How text becomes a value.
enum Conversion: Sendable {
    case text
    /// A number; the last `impliedDecimals` digits are decimals where the text has no mark of its own.
    /// `isOverpunched`: the last character is a digit and the sign in one.
    case decimal(impliedDecimals: Int, mark: UInt8, isOverpunched: Bool = false)
    /// A whole number as text of digits: `17850.0` gives `17850`.
    case integerText
    /// A whole number.
    case integer
    case boolean(true: Set<String>, false: Set<String>)
    case date(DateReading)
    case dateTime(DateReading)
    /// As it is: values that expressions and constants give.
    case none
}

/// The zone in which a sender's local time is meant.
enum ZoneChoice: String, Sendable, CaseIterable {
    case business, utc
}
