import Records

/// The ways in which files name the fields of the catalogue.
///
/// A phrase is told by its concepts, so that `order number` stands for Bestellnummer, commande no and PO_NUM alike. A figure behind it says
/// how much it is worth where it is less than one: `ship date ~0.6`.
struct FieldTerms {
    struct Phrase {
        let concepts: [String]
        let set: ConceptSet
        let worth: Double
    }

    /// By field of a kind: its own name first.
    private let phrases: [RecordKind: [[Phrase]]]

    static let shared = FieldTerms()

    private init() {
        var written: [String: [String]] = [:]
        for line in (Self.goods + "\n" + Self.movements + "\n" + Self.world).split(separator: "\n") {
            let halves = line.split(separator: ":", maxSplits: 1).map(String.init)
            written[halves[0], default: []] += halves[1].split(separator: "|").map(String.init)
        }
        var result: [RecordKind: [[Phrase]]] = [:]
        var used: Set<String> = []
        for definition in RecordCatalogue.all {
            result[definition.kind] = definition.fields.map { field in
                let own = "\(definition.kind.rawValue).\(field.name)", any = "*.\(field.name)"
                used.formUnion([own, any])
                return [Self.phrase(field.name)] + ((written[own] ?? []) + (written[any] ?? [])).map(Self.phrase)
            }
        }
        precondition(Set(written.keys).isSubset(of: used), "terms for fields that the catalogue lacks: \(Set(written.keys).subtracting(used).sorted())")
        phrases = result
    }

    func phrases(_ kind: RecordKind, slot: Int) -> [Phrase] { phrases[kind]?[slot] ?? [] }

    private static func phrase(_ text: String) -> Phrase {
        let halves = text.split(separator: "~", maxSplits: 1)
        let worth = halves.count == 2 ? hundredths(halves[1]) : 1
        let concepts = HeaderWords.concepts(halves.first ?? "")
        return Phrase(concepts: concepts, set: ConceptSet(concepts), worth: worth)
    }

    /// `0.65` as a number.
    private static func hundredths(_ text: Substring) -> Double {
        guard let worth = Double(String(text.filter { $0 != " " })), worth > 0, worth <= 1 else { preconditionFailure("`\(text)` is no worth of a phrase") }
        return worth
    }
}
