import FlatFiles
import Testing
@testable import Drafts

@Suite struct CSVFormTests {
    private func form(_ text: String) -> CSVForm { CSVForm(Array(text.utf8)) }

    @Test func `separators are told by the rows that agree`() {
        #expect(form("a,b\n1,2\n3,4\n").separatorText == ",")
        #expect(form("Artikel;Menge\nA;1,5\nB;2,25\n").separatorText == ";")
        #expect(form("sku\tqty\nA\t1\n").separatorText == "tab")
        #expect(form("sku|qty\n\"A|B\"|1\nC|2\n").separatorText == "|")
    }

    @Test func `a header is told from rows`() {
        #expect(form("sku,qty\nA,1\nB,2\n").hasHeader)
        #expect(form("order_id,customer\nA7,Miller\n").hasHeader)
        #expect(!form("A,1\nB,2\n").hasHeader)
        #expect(!form("RR382-33|25|25|323.32|2\nRR383-33|25|75|323.32|2\n").hasHeader)
    }

    @Test func `lines before the table are counted`() {
        #expect(form("Report of the day\n\nsku,qty,price\nA,1,2\nB,2,3\n").linesSkipped >= 1)
        #expect(form("sku,qty,price\nA,1,2\n").linesSkipped == 0)
    }

    @Test func `bytes that are no UTF-8 are those of Windows`() {
        #expect(CSVForm(Array("Stück;Preis\n".utf8)).encoding == nil)
        #expect(CSVForm([0x53, 0x74, 0xFC, 0x63, 0x6B, 0x3B, 0x41, 0x0A, 0x31, 0x3B, 0x32, 0x0A]).encoding == .windows1252)
    }
}
