import Testing
import Values
import Webhooks

@Suite struct `Webhook signatures` {
    // The example of the Standard Webhooks specification and of its libraries.
    let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    let body = Array(#"{"test": 2432232314}"#.utf8)
    let sent: Int64 = 1_614_265_330
    let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    func secret() throws -> SigningSecret { try #require(SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")) }

    @Test func `the known answer of the standard comes out`() throws {
        #expect(WebhookSignature.sign(id: id, timestamp: sent, body: body, secrets: [try secret()]) == signature)
    }

    @Test func `what was signed verifies, and any change does not`() throws {
        let secrets = [try secret()]
        let now = Instant(seconds: sent + 10)
        func verdict(_ id: String?, _ time: String?, _ signature: String?, _ body: [UInt8]) -> WebhookSignature.Verdict {
            WebhookSignature.verify(id: id, timestamp: time, signatures: signature, body: body, secrets: secrets, now: now)
        }
        #expect(verdict(id, "1614265330", signature, body) == .valid)
        #expect(verdict(id, "1614265330", "v1a,AAAA v1,BBBB \(signature)", body) == .valid)
        #expect(verdict("msg_other", "1614265330", signature, body) == .wrongSignature)
        #expect(verdict(id, "1614265331", signature, body) == .wrongSignature)
        #expect(verdict(id, "1614265330", signature, body + [32]) == .wrongSignature)
        #expect(verdict(id, "1614265330", "v1,", body) == .wrongSignature)
        #expect(verdict(id, "1614265330", nil, body) == .malformed)
        #expect(verdict(nil, "1614265330", signature, body) == .malformed)
        #expect(verdict(id, "soon", signature, body) == .malformed)
    }

    @Test func `a timestamp outside the tolerance is told apart`() throws {
        let secrets = [try secret()]
        func verdict(_ seconds: Int64) -> WebhookSignature.Verdict {
            WebhookSignature.verify(
                id: id, timestamp: "1614265330", signatures: signature, body: body, secrets: secrets, now: Instant(seconds: sent + seconds))
        }
        #expect(verdict(300) == .valid)
        #expect(verdict(301) == .tooOld)
        #expect(verdict(-300) == .valid)
        #expect(verdict(-301) == .tooNew)
    }

    @Test func `two secrets give two signatures and either verifies`() throws {
        let old = try secret()
        let new = try #require(SigningSecret(bytes: Array(0..<32)))
        let both = WebhookSignature.sign(id: id, timestamp: sent, body: body, secrets: [new, old])
        #expect(both.split(separator: " ").count == 2)
        #expect(both.hasSuffix(" " + signature))
        for secrets in [[old], [new]] {
            #expect(
                WebhookSignature.verify(
                    id: id, timestamp: String(sent), signatures: both, body: body, secrets: secrets, now: Instant(seconds: sent)) == .valid)
        }
    }

    @Test func `secrets are of 24 to 64 bytes and never print themselves`() throws {
        #expect(SigningSecret(bytes: Array(repeating: 1, count: 23)) == nil)
        #expect(SigningSecret(bytes: Array(repeating: 1, count: 65)) == nil)
        #expect(SigningSecret("whsec_not base64") == nil)
        #expect(SigningSecret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") != nil)
        #expect("\(try secret())" == "SigningSecret")
    }
}

@Suite struct `Retry-After` {
    let now = Instant(seconds: 784_111_700)

    @Test(arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
    func `the three date forms of HTTP name the same moment`(text: String) {
        #expect(RetryAfter.parse(text, now: now) == Instant(seconds: 784_111_777))
    }

    @Test func `seconds count from now`() {
        #expect(RetryAfter.parse("120", now: now) == Instant(seconds: 784_111_820))
        #expect(RetryAfter.parse("0", now: now) == now)
        #expect(RetryAfter.parse("999999999999", now: now) == Instant(seconds: 1_000_784_111_699))
    }

    @Test(arguments: ["", "-1", "+5", "1.5", "soon", "9999999999999", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET"])
    func `anything else is none`(text: String) {
        #expect(RetryAfter.parse(text, now: now) == nil)
    }

    @Test func `a two-digit year is the nearest that is not far ahead`() {
        let late = Instant(seconds: 1_800_000_000)
        #expect(RetryAfter.parse("Sunday, 06-Nov-94 08:49:37 GMT", now: late) == Instant(seconds: 784_111_777))
        #expect(RetryAfter.parse("Friday, 06-Nov-37 08:49:37 GMT", now: late) == Instant(seconds: 2_141_110_177))
    }
}
