/// The functional group (GS01, X12 element 479) that each transaction set travels in, for the sets of logistics, orders,
/// invoices, planning and health care. Partners' published guides give each of these pairs.
package enum X12FunctionalIdentifiers {
    /// The identifier of a transaction set's group; nil where this table does not know it.
    package static func identifier(of transactionSet: String) -> String? { bySet[transactionSet] }

    /// Whether a known transaction set travels in such a group.
    package static func isKnown(_ identifier: String) -> Bool { all.contains(identifier) }

    private static let all = Set(bySet.values)

    private static let bySet: [String: String] = [
        "180": "AN", "204": "SM", "210": "IM", "211": "BL", "214": "QM", "270": "HS", "271": "HB", "275": "PI",
        "276": "HR", "277": "HN", "278": "HI", "315": "QO", "753": "RF", "754": "RG", "810": "IN", "812": "CD",
        "816": "OR", "820": "RA", "824": "AG", "830": "PS", "832": "SC", "834": "BE", "835": "HP", "837": "HC",
        "846": "IB", "850": "PO", "852": "PD", "855": "PR", "856": "SH", "860": "PC", "861": "RC", "862": "SS",
        "864": "TX", "865": "CA", "867": "PT", "875": "OG", "880": "GP", "940": "OW", "943": "AR", "944": "RE",
        "945": "SW", "947": "AW", "990": "GF", "997": "FA", "999": "FA",
    ]
}
