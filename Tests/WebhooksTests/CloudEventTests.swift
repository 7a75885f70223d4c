import Foundation
import Outbox
import Testing
import Transfers
import Values
import Webhooks

@Suite struct `Cloud events` {
    let now = Instant(seconds: 1_763_720_000)

    func sending(_ mode: CloudEventSettings.Mode, _ payload: String, contentType: String = "application/json", lane: String? = "order:ACME/4711 ä%\"") throws -> Request {
        let engine = try TransferEngine()
        let secret = try #require(SigningSecret(bytes: Array(0..<32)))
        let effect = Effect(
            id: "e1", kind: .webhook, target: "carrier", lane: lane, contentType: contentType, payload: Array(payload.utf8), createdAt: now,
            deadline: now.adding(DayTimeDuration(seconds: 100)))
        let target = TargetSettings(name: "carrier", url: "https://x/", secrets: [secret], cloudEvents: CloudEventSettings(mode: mode, source: "/crossdock/demo"))
        let request = WebhookSender(engine: engine).request(for: .init(effect, action: "order-priority", to: target), at: now)
        let signed = request.headers.first { $0.name == "webhook-signature" }?.value
        #expect(signed == WebhookSignature.sign(id: "e1", timestamp: now.seconds, body: request.body, secrets: [secret]))
        return request
    }

    func headers(_ request: Request) -> [String: String] {
        Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func `in binary mode attributes are headers, percent-encoded, and the payload is untouched`() throws {
        let request = try sending(.binary, #"{"type":"order.priority.changed","data":1}"#)
        let found = headers(request)
        #expect(found["ce-specversion"] == "1.0")
        #expect(found["ce-id"] == "e1")
        #expect(found["ce-source"] == "/crossdock/demo")
        #expect(found["ce-type"] == "order.priority.changed")
        #expect(found["ce-time"] == "2025-11-21T10:13:20Z")
        #expect(found["ce-subject"] == "order:ACME/4711%20%C3%A4%25%22")
        #expect(found["content-type"] == "application/json")
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"type":"order.priority.changed","data":1}"#)
    }

    @Test func `in structured mode all is one JSON object, and the signature is over it`() throws {
        let request = try sending(.structured, #"{"type":"order.priority.changed","data":1.10}"#)
        let found = headers(request)
        #expect(found["content-type"] == "application/cloudevents+json; charset=utf-8")
        #expect(found.keys.allSatisfy { !$0.hasPrefix("ce-") })
        // The payload's own bytes, to the last zero.
        #expect(String(decoding: request.body, as: UTF8.self).hasSuffix(#""datacontenttype":"application/json","data":{"type":"order.priority.changed","data":1.10}}"#))
        let event = try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
        #expect(event["specversion"] as? String == "1.0")
        #expect(event["id"] as? String == "e1")
        #expect(event["source"] as? String == "/crossdock/demo")
        #expect(event["type"] as? String == "order.priority.changed")
        #expect(event["subject"] as? String == "order:ACME/4711 ä%\"")
        #expect(event["time"] as? String == "2025-11-21T10:13:20Z")
    }

    @Test func `a payload without a type is named for its action, and one that is no JSON goes as base64`() throws {
        #expect(headers(try sending(.binary, "[1]"))["ce-type"] == "crossdock.order-priority")
        #expect(headers(try sending(.binary, "{", lane: nil))["ce-subject"] == nil)
        let request = try sending(.structured, "a;b\n", contentType: "text/csv")
        let event = try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
        #expect(event["data"] == nil)
        #expect(event["datacontenttype"] as? String == "text/csv")
        #expect(event["data_base64"] as? String == Data("a;b\n".utf8).base64EncodedString())
    }

    @Test func `a target may not set an attribute itself`() {
        let target = TargetSettings(
            name: "carrier", url: "https://x/", headers: [.init("CE-Type", "x")], cloudEvents: CloudEventSettings(mode: .binary, source: "/x"))
        #expect(target.defects == ["carrier: the header ce-type is an attribute of the cloud event"])
    }
}
