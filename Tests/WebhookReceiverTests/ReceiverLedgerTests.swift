import Testing
import Values
import WebhookReceiver

@Suite struct `Receiver's ledger` {
    let now = Instant(seconds: 1_763_720_000)

    func accept(_ ledger: inout ReceiverLedger, _ id: String?, _ hash: String = "aa") -> ReceiverLedger.Entry {
        ledger.accept(id: id, timestamp: "1763720000", path: "/x", isVerified: true, bodyHash: hash, bodyBytes: 3, at: now)
    }

    @Test func `a repeat is counted and another body under the same id is shown`() {
        var ledger = ReceiverLedger(idsMax: 10)
        #expect(accept(&ledger, "a").repeats == 0)
        #expect(accept(&ledger, "a").repeats == 1)
        let other = accept(&ledger, "a", "bb")
        #expect(other.repeats == 2)
        #expect(!other.isSameBody)
        ledger.refuse()
        ledger.misbehave()
        #expect(ledger.statistics == #"{"requests":5,"accepted":3,"distinct":1,"repeated":2,"refused":1,"misbehaved":1}"#)
    }

    @Test func `a line of the journal is one JSON object`() {
        var ledger = ReceiverLedger(idsMax: 10)
        #expect(
            accept(&ledger, "a").line
                == #"{"id":"a","timestamp":"1763720000","path":"/x","verified":true,"repeat":0,"sameBody":true,"sha256":"aa","bytes":3,"receivedAt":"2025-11-21T10:13:20Z"}"#)
    }

    @Test func `the oldest ids are forgotten first`() {
        var ledger = ReceiverLedger(idsMax: 2)
        for id in ["a", "b", "c"] { _ = accept(&ledger, id) }
        #expect(ledger.count(of: "a") == 0)
        #expect(ledger.count(of: "b") == 1)
        #expect(accept(&ledger, "c").repeats == 1)
        for number in 0..<10_000 { _ = accept(&ledger, "\(number)") }
        #expect(ledger.count(of: "9999") == 1)
        #expect(ledger.count(of: "9997") == 0)
    }

    @Test func `webhooks without an id are never repeats`() {
        var ledger = ReceiverLedger(idsMax: 2)
        for _ in 0..<3 { #expect(accept(&ledger, nil).repeats == 0) }
        #expect(ledger.distinct == 3)
    }
}
