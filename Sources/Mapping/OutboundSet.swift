package import EDI
import FEEL
package import Records
package import Values

/// How records become a transaction set of X12 or a message of EDIFACT for somebody else.
///
/// The rows of one set agree in ``perSlots``; segments outside of an `each` see the first of them.
package struct OutboundSet: Sendable {
    /// A part of the set, in the order in which it is written.
    indirect enum Part: Sendable {
        case segment(SegmentTemplate)
        case when(CompiledExpression, [Part])
        /// Once for each group of rows that agree in some fields; for each row where the fields are nil.
        case each([Int]?, [Part])
    }

    package let name: String
    package let file: String
    /// The kinds of record that it writes; none where its rows are named values.
    package let kinds: [RecordKind]
    package let standard: EDIStandard
    /// ST01; or S009 with its components, such as `ORDERS:D:96A:UN`.
    package let type: [String]
    /// GS01; empty in EDIFACT.
    package let functionalIdentifier: String
    /// GS08; empty in EDIFACT.
    package let version: String
    /// ST03, where the partners' convention asks for one.
    package let implementation: String
    /// Template of the file's name, such as `945-{number}.edi`.
    package let fileName: String
    /// Fields by whose values rows are parted into sets; none: all rows are one set.
    let perSlots: [Int]
    let parts: [Part]
    /// Fields of the record, or the named values; the names of ``RowTurn/Name`` come behind them.
    package let fields: Layout
    /// The mapping that reads what this writes.
    let inverse: String?

    var fieldNames: [String] { fields.names }

    /// Whether an expression asks for all rows.
    var asksForRows: Bool { parts.contains { $0.asks(for: fieldNames.count + RowTurn.Name.rows.rawValue) } }

    /// The identifier of the set: `945`, `ORDERS`.
    package var identifier: String { type.first ?? "" }

    /// The file's name with `{number}` and the like filled in.
    package func fileName(_ values: [String: String]) -> String { fileName.filled(values) }
}

extension OutboundSet.Part {
    fileprivate func asks(for slot: Int) -> Bool {
        switch self {
        case .segment(let template): template.expressions.contains { $0.slots.contains(slot) }
        case .when(let condition, let inner): condition.slots.contains(slot) || inner.contains { $0.asks(for: slot) }
        case .each(_, let inner): inner.contains { $0.asks(for: slot) }
        }
    }
}
