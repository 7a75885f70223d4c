package import Records
package import Values

/// Records that a mapping looks values up in: cross-references between partners' identifiers and own ones, exchange rates. They come
/// through feeds and change daily; the rules that use them are under change control.
package protocol ReferenceRecords: AnyObject {
    /// The values of the current record of a kind with the greatest key in a range, in slot order; nil where there is none.
    func record(_ kind: RecordKind, client: String, keys: ClosedRange<String>) -> [Value]?
}


/// References that lie in memory: those of a mapping's tests.
package final class ReferenceList: ReferenceRecords {
    private var records: [RecordKind: [(client: String, key: String, values: [Value])]] = [:]

    package init(_ records: [Record]) {
        for record in records { self.records[record.kind, default: []].append((record.client, record.key, record.values)) }
    }

    package func record(_ kind: RecordKind, client: String, keys: ClosedRange<String>) -> [Value]? {
        records[kind]?.filter { $0.client == client && keys.contains($0.key) }.max { $0.key < $1.key }?.values
    }
}

/// Looks up what rules ask references for.
struct ReferenceLookup {
    /// References of this client are those of every client.
    static let everyClient = "*"

    let records: any ReferenceRecords
    let client: String?
    let partner: String?

    /// What a partner's identifier is called here: as the partner itself says it, else as it is said of no partner in particular; of
    /// the client, else of every client.
    func own(_ kind: String, _ theirs: String) -> String? {
        for client in [client, Self.everyClient].compactMap({ $0 }) {
            for partner in partner.map({ [$0, ""] }) ?? [""] {
                let key = [client, partner, kind, theirs].joined(separator: "\u{1F}")
                if let values = records.record(.crossReference, client: client, keys: key...key) { return values[Slots.ours].text }
            }
        }
        return nil
    }

    /// How many units of one currency a unit of another one was worth on a day: as it is quoted, else from the quotation the other way
    /// round. `isInverse` says that an amount is divided by it.
    func rate(from base: String, to quote: String, on day: CalendarDate) -> (rate: ExactDecimal, isInverse: Bool)? {
        for client in [client, Self.everyClient].compactMap({ $0 }) {
            if let rate = rate(client, base, quote, day) { return (rate, false) }
            if let rate = rate(client, quote, base, day) { return (rate, true) }
        }
        return nil
    }

    private func rate(_ client: String, _ base: String, _ quote: String, _ day: CalendarDate) -> ExactDecimal? {
        // Keys end with the first day of a rate, as year, month and day: the greatest one is the latest.
        let pair = [client, base, quote, ""].joined(separator: "\u{1F}")
        guard let values = records.record(.exchangeRate, client: client, keys: pair...(pair + day.description)),
            case .number(let rate) = values[Slots.rate], rate > ExactDecimal(0)
        else { return nil }
        return rate
    }

    private enum Slots {
        static let ours = slot(.crossReference, "ours")
        static let rate = slot(.exchangeRate, "rate")

        private static func slot(_ kind: RecordKind, _ name: String) -> Int {
            guard let slot = RecordCatalogue.definition(kind).slot(name) else { preconditionFailure("\(kind) has no field \(name)") }
            return slot
        }
    }
}
