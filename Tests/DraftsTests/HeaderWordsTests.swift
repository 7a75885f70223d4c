import Testing
@testable import Drafts

@Suite struct HeaderWordsTests {
    @Test(arguments: [
        ("order_id", ["order", "number"]), ("OrderNo", ["order", "number"]), ("PO Number", ["order", "number"]), ("Bestellnummer", ["order", "number"]),
        ("Auftragsnummer", ["order", "number"]), ("numéro de commande", ["number", "of", "order"]), ("Nº pedido", ["number", "order"]), ("N° de commande", ["number", "of", "order"]),
        ("Menge", ["quantity"]), ("qty", ["quantity"]), ("Quantité", ["quantity"]), ("cantidad", ["quantity"]),
        ("Artikelnummer", ["item", "number"]), ("référence article", ["number", "item"]), ("artículo", ["item"]), ("SKUCode", ["item", "number"]),
        ("Lieferdatum", ["deliver", "date"]), ("date de livraison", ["date", "of", "deliver"]), ("fecha de entrega", ["date", "of", "deliver"]),
        ("Währung", ["currency"]), ("Waehrung", ["currency"]), ("UOM", ["unit"]), ("ETA", ["expected", "date"]),
        ("orderkey", ["order", "number"]), ("extendedprice", ["total", "price"]), ("Wareneingangsdatum", ["receive", "date"]),
        ("ship_via", ["carrier"]), ("unit price", ["price", "unit"]), ("frobnication", ["?frobnication"]), ("qty2", ["quantity"]),
    ])
    func `a name is cut into what it speaks of`(_ name: String, _ concepts: [String]) {
        #expect(HeaderWords.concepts(name) == concepts)
    }

    @Test func `what all names begin with is passed over`() {
        #expect(HeaderWords.sharedPrefix(of: ["l_orderkey", "l_partkey", "l_tax"]) == "l")
        #expect(HeaderWords.sharedPrefix(of: ["order_id", "order_date", "customer"]) == nil)
        #expect(HeaderWords.sharedPrefix(of: ["order_id", "order_date"]) == nil)
    }
}
