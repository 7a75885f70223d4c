package import Records
package import Values

/// What the records of a feed are to be like beyond what a mapping checks, and who answers for it.
package struct QualityPlan: Sendable {
    package let feed: String
    package let file: String
    package let owner: String
    /// Share of rows that may be reported; over it schemes that read the feed's records are not recalibrated. Nil: there is no limit.
    package let badShare: ExactDecimal?
    /// How many of the feed's latest files are looked at.
    package let last: Int
    /// How old a record may be when it comes, by the field that orders its versions.
    package let timely: DayTimeDuration?
    package let rules: [QualityRule]
    package let outliers: [OutlierWatch]
    package let buckets: [BucketWatch]

    /// What of a record is not as the rules say, in their order.
    ///
    /// - Parameter known: whether there is a current record of a kind with a key.
    package func violations(of kind: RecordKind, _ values: [Value], known: (RecordKind, String) -> Bool) -> [(rule: QualityRule, fact: String)] {
        rules.compactMap { rule in
            guard rule.kind == kind, let fact = rule.violation(values, known: known) else { return nil }
            return (rule, fact)
        }
    }
}

/// What one field of a kind of record is to be like.
package struct QualityRule: Sendable {
    enum Test: Sendable {
        case range(ExactDecimal?, ExactDecimal?)
        case oneOf([String])
        /// A current record has this as the last part of its key; the parts between client and it.
        case known(RecordKind, role: String?)
    }

    package let kind: RecordKind
    package let slot: Int
    let test: Test
    /// Whether a record that is otherwise is rejected.
    package let rejects: Bool
    /// Line in the file of the plan.
    package let line: Int

    package var field: String { RecordCatalogue.definition(kind).fields[slot].name }
    package var isReference: Bool { if case .known = test { true } else { false } }

    func violation(_ values: [Value], known: (RecordKind, String) -> Bool) -> String? {
        let value = values[slot]
        if value == .null { return nil }
        switch test {
        case .range(let least, let greatest):
            guard case .number(let number) = value else { return nil }
            if let least, number < least { return "\(field): \(number) is under \(least)" }
            if let greatest, number > greatest { return "\(field): \(number) is over \(greatest)" }
            return nil
        case .oneOf(let texts):
            return texts.contains(value.text) ? nil : "\(field): `\(value.text.prefix(60))` is none of \(texts.joined(separator: ", "))"
        case .known(let other, let role):
            let key = ([values[0].text] + (role.map { [$0] } ?? []) + [value.text]).joined(separator: "\u{1F}")
            return known(other, key) ? nil : "\(field): there is no \(role ?? other.rawValue) `\(value.text.prefix(60))`"
        }
    }

    /// What `refersTo` may name: the kind of record, and the role of a party.
    static let references: [String: (kind: RecordKind, role: String?)] = [
        "item": (.item, nil), "order": (.order, nil), "location": (.location, nil), "lane": (.lane, nil), "contract": (.contract, nil),
        "shipment": (.shipment, nil), "package": (.package, nil), "customer": (.party, "customer"), "supplier": (.party, "supplier"),
        "carrier": (.party, "carrier"),
    ]
}

/// A number whose values are looked through for outliers, among records that agree in another field.
package struct OutlierWatch: Sendable {
    package let kind: RecordKind
    package let slot: Int
    /// Slot of the field in which the records of one group agree; nil: all are one group.
    package let group: Int?
    package let test: OutlierTest

    package var field: String { RecordCatalogue.definition(kind).fields[slot].name }
}

/// A time in which every day is to have a record.
package struct BucketWatch: Sendable {
    package let kind: RecordKind
    package let slot: Int
    /// Whether Saturdays and Sundays are days too.
    package let countsWeekends: Bool

    package var field: String { RecordCatalogue.definition(kind).fields[slot].name }
}
