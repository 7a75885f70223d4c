import Records

/// What the usual elements of a transaction set, message or IDoc mean, in fields of the catalogue.
///
/// The tables are lines. `> orderLine @ PO1` begins a record and names its node. `quantity .97 PO102` gives a field, how sure it is, and where it is
/// read: the first of several selectors that the sample has. `+GS05` behind a selector is where the time of the day stands, `?` before one says
/// that it is second best and taken only where no other is there; `=order.orderNumber` is a field of the record around it; `{name}` at the end is
/// one of ``SetFacts/conversions``.
struct SetFacts {
    struct Fact {
        let field: RecordField
        let confidence: Double
        let sources: [Source]
        /// What the rule says besides its source, as YAML within braces.
        let conversion: String?
        /// A field of the record around it, such as `order.orderNumber`.
        let parent: String?
    }
    struct Source: Hashable {
        let selector: String
        let time: String?
        let isSecondBest: Bool
    }
    struct Record {
        let kind: RecordKind
        let each: String
        var facts: [Fact] = []
    }

    let records: [Record]

    /// - Parameter name: such as `x12/850`, `edifact/ORDERS`, `idoc/ORDERS05`.
    init?(_ name: String) {
        var name = name
        if name.hasPrefix("idoc/") {
            // Releases of an IDoc differ in their figures alone: ORDERS03 to ORDERS05.
            guard let known = Self.tables.keys.first(where: { $0.hasPrefix("idoc/") && name.dropLast(2) == $0.dropLast(2) }) else { return nil }
            let root = String(name.dropFirst(5))
            name = known
            records = Self.parse(Self.tables[name] ?? "", root: root)
            return
        }
        guard let table = Self.tables[name] else { return nil }
        records = Self.parse(table, root: "")
    }

    /// The names of all that is known.
    static var known: [String] { tables.keys.sorted() }

    private static let tables: [String: String] = {
        var tables: [String: String] = [:]
        for text in [ordersX12, warehouseX12, transportX12, ordersEDIFACT, movementsEDIFACT, idocs] {
            var name = ""
            for line in text.split(separator: "\n") {
                if line.hasPrefix("# ") { name = String(line.dropFirst(2)) } else { tables[name, default: ""] += line + "\n" }
            }
        }
        return tables
    }()

    private static func parse(_ table: String, root: String) -> [Record] {
        var records: [Record] = []
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ").map { String($0).replacing("{root}", with: root) }
            if words[0] == ">" {
                guard let kind = RecordKind(rawValue: words[1]), words.count == 4 else { preconditionFailure("no record: \(line)") }
                records.append(Record(kind: kind, each: words[3]))
                continue
            }
            guard var record = records.popLast(), let fact = fact(words, of: record.kind) else { preconditionFailure("no fact: \(line)") }
            record.facts.append(fact)
            records.append(record)
        }
        return records
    }

    private static func fact(_ words: [String], of kind: RecordKind) -> Fact? {
        let definition = RecordCatalogue.definition(kind)
        guard words.count >= 3, let slot = definition.slot(words[0]), let confidence = Double("0" + words[1]) else { return nil }
        var sources: [Source] = [], conversion: String?, parent: String?
        for word in words[2...] {
            if word.hasPrefix("{") {
                guard let known = conversions[String(word.dropFirst().dropLast())] else { return nil }
                conversion = known
            } else if word.hasPrefix("=") {
                parent = String(word.dropFirst())
            } else {
                let isSecondBest = word.hasPrefix("?")
                let halves = word.drop { $0 == "?" }.split(separator: "+").map(String.init)
                sources.append(Source(selector: halves[0], time: halves.count == 2 ? time(beside: halves[0], halves[1]) : nil, isSecondBest: isSecondBest))
            }
        }
        return Fact(field: definition.fields[slot], confidence: confidence, sources: sources, conversion: conversion, parent: parent)
    }

    /// The selector of a time: in the same place as the date, in another element.
    private static func time(beside selector: String, _ address: String) -> String {
        guard let slash = selector.lastIndex(of: "/"), !address.contains("/") else { return address }
        return selector[...slash] + address
    }

    /// Code lists that several sets share, and other conversions.
    static let conversions: [String: String] = [
        "purpose": "codes: { \"00\": original, \"01\": cancellation, \"04\": change, \"05\": change, \"07\": duplicate }, onMiss: keep",
        "purposeEDIFACT": "codes: { \"1\": cancellation, \"4\": change, \"5\": change, \"7\": duplicate, \"9\": original }, onMiss: keep",
        "purposeWarehouse": "codes: { N: original, R: change, F: cancellation }, onMiss: keep",
        "purposeIDoc": "codes: { \"000\": original, \"002\": change, \"003\": cancellation }, onMiss: keep",
        "acknowledged": "codes: { IA: accepted, IC: changed, IQ: changed, IP: changed, DR: changed, IB: backordered, IS: substituted, IR: rejected, ID: cancelled }, onMiss: keep",
        "changed": "codes: { AI: added, CA: changed, DI: cancelled, QI: changed, QD: changed, PC: changed, RQ: changed, DR: changed }, onMiss: keep",
        "action": "codes: { \"1\": added, \"2\": cancelled, \"3\": changed, \"5\": accepted, \"6\": accepted, \"7\": rejected }, onMiss: keep",
        "stock": "codes: { \"17\": onHand, \"33\": available, \"20\": damaged, QH: onHold, \"70\": inTransit, QA: onHand, QP: onHand }, onMiss: keep",
        "stockEDIFACT": "codes: { \"17\": onHand, \"145\": onHand, \"198\": available, \"156\": onHold, \"124\": damaged }, onMiss: keep",
        "packaging": "codes: { \"201\": pallet, \"200\": pallet, \"202\": pallet, PX: pallet, CT: carton, BX: carton, PK: parcel }, onMiss: keep",
        "level": "codes: { T: pallet, P: carton }, onMiss: keep",
        "commitment": "codes: { A: firm, C: firm, B: material, D: planned }, onMiss: keep",
        "commitmentEDIFACT": "codes: { \"1\": firm, \"2\": material, \"3\": material, \"4\": planned }, onMiss: keep",
        "tender": "codes: { A: accepted, D: declined }, onMiss: keep",
        "cents": "as: decimal, decimals: 2",
        "whole": "as: integer",
    ]
}
