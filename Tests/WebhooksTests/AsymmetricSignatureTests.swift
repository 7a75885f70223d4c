import Foundation
import Testing
import Values
import Webhooks

@Suite struct `Asymmetric signatures` {
    // RFC 8032, 7.1, test 1: seed and public key.
    let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    let publicKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    let body = Array(#"{"shipment":"S1","größe":2}"#.utf8)

    func base64(_ hex: String) -> String {
        var bytes: [UInt8] = [], rest = hex[...]
        while let byte = UInt8(rest.prefix(2), radix: 16) { bytes.append(byte); rest = rest.dropFirst(2) }
        return Data(bytes).base64EncodedString()
    }

    @Test func `a private key is its seed, alone or with its public key behind it`() throws {
        let secret = try #require(SigningSecret("whsk_" + base64(seed)))
        #expect(secret.publicKey == "whpk_" + base64(publicKey))
        #expect(SigningSecret("whsk_" + base64(seed + publicKey))?.publicKey == secret.publicKey)
        #expect(SigningSecret("whsk_" + base64(seed + seed)) == nil)
        #expect(SigningSecret("whsk_" + base64(String(seed.dropLast(2)))) == nil)
        #expect(SigningSecret("whpk_" + base64(publicKey + "00")) == nil)
        #expect("\(secret)" == "SigningSecret")
    }

    @Test func `a pair signs with v1a, its public key verifies, and a change does not`() throws {
        let secret = try #require(SigningSecret("whsk_" + base64(seed))), verifier = try #require(SigningSecret("whpk_" + base64(publicKey)))
        #expect(!verifier.canSign)
        let signatures = WebhookSignature.sign(id: "e1", timestamp: 1_000, body: body, secrets: [secret])
        #expect(signatures.hasPrefix("v1a,"))
        func verdict(_ id: String, _ body: [UInt8], _ secrets: [SigningSecret], _ signatures: String) -> WebhookSignature.Verdict {
            WebhookSignature.verify(id: id, timestamp: "1000", signatures: signatures, body: body, secrets: secrets, now: Instant(seconds: 1_000))
        }
        #expect(verdict("e1", body, [verifier], signatures) == .valid)
        #expect(verdict("e1", body, [secret], signatures) == .valid)
        #expect(verdict("e2", body, [verifier], signatures) == .wrongSignature)
        #expect(verdict("e1", body + [32], [verifier], signatures) == .wrongSignature)
        // One version's bytes are none of the other's.
        #expect(verdict("e1", body, [verifier], signatures.replacing("v1a,", with: "v1,")) == .wrongSignature)
    }

    @Test func `while a shared secret is changed for a pair both sign, and each receiver verifies its own`() throws {
        let old = try #require(SigningSecret(bytes: Array(0..<32))), new = try #require(SigningSecret("whsk_" + base64(seed)))
        let signatures = WebhookSignature.sign(id: "e1", timestamp: 1_000, body: body, secrets: [new, old])
        #expect(signatures.split(separator: " ").map { $0.prefix { $0 != "," } } == ["v1a", "v1"])
        for secret in [old, try #require(SigningSecret("whpk_" + base64(publicKey)))] {
            #expect(
                WebhookSignature.verify(
                    id: "e1", timestamp: "1000", signatures: signatures, body: body, secrets: [secret], now: Instant(seconds: 1_000)) == .valid)
        }
    }

    @Test func `OpenSSL verifies what a pair signed`() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl") else { return print("skipped: /usr/bin/openssl is absent") }
        let folder = NSTemporaryDirectory() + "crossdock-signature-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let secret = try #require(SigningSecret("whsk_" + base64(seed)))
        let signature = WebhookSignature.sign(id: "e1", timestamp: 1_000, body: body, secrets: [secret])
        let bytes = try #require(Data(base64Encoded: String(signature.dropFirst("v1a,".count))))
        try bytes.write(to: URL(fileURLWithPath: folder + "/signature"))
        // RFC 8410: the DER prefix of a public key of Ed25519.
        let der = try #require(Data(base64Encoded: base64("302a300506032b6570032100" + publicKey)))
        try "-----BEGIN PUBLIC KEY-----\n\(der.base64EncodedString())\n-----END PUBLIC KEY-----\n".write(toFile: folder + "/key.pem", atomically: true, encoding: .utf8)
        func verifies(_ text: [UInt8]) throws -> Bool {
            try Data(text).write(to: URL(fileURLWithPath: folder + "/text"))
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            process.arguments = [
                "pkeyutl", "-verify", "-pubin", "-inkey", folder + "/key.pem", "-rawin", "-in", folder + "/text", "-sigfile", folder + "/signature",
            ]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
        #expect(try verifies(Array("e1.1000.".utf8) + body))
        #expect(try !verifies(Array("e1.1001.".utf8) + body))
    }

    /// A verifier that others wrote: `standardwebhooks` of PyPI, which `make peers` installs.
    @Test func `the verifier of Standard Webhooks accepts every signature, also of two secrets, and no forged one`() throws {
        let python = ProcessInfo.processInfo.environment["CROSSDOCK_PYTHON"] ?? ".build/peers/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else { return print("skipped: no Python with standardwebhooks; run make peers") }
        let secrets = ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Data(0..<32).base64EncodedString(), Data(100..<164).base64EncodedString()]
        let now = Int64(Date().timeIntervalSince1970)
        var cases: [[String: Any]] = []
        for number in 0..<200 {
            let body = #"{"n":\#(number),"text":"\#(String(repeating: "ä€😀", count: number))"}"#
            let used = number.isMultiple(of: 2) ? [secrets[number % 3]] : [secrets[number % 3], secrets[(number + 1) % 3]]
            let signature = WebhookSignature.sign(
                id: "effect-\(number)", timestamp: now, body: Array(body.utf8), secrets: try used.map { try #require(SigningSecret("whsec_" + $0)) })
            for secret in used {
                cases.append(["secret": "whsec_" + secret, "body": body, "id": "effect-\(number)", "time": "\(now)", "signature": signature, "wanted": true])
            }
            cases.append(["secret": "whsec_" + used[0], "body": body + " ", "id": "effect-\(number)", "time": "\(now)", "signature": signature, "wanted": false])
        }
        let script = """
            import json, sys
            try:
                from standardwebhooks.webhooks import Webhook, WebhookVerificationError
            except ImportError:
                print("absent"); sys.exit(0)
            wrong = 0
            for case in json.load(sys.stdin):
                headers = {"webhook-id": case["id"], "webhook-timestamp": case["time"], "webhook-signature": case["signature"]}
                try:
                    Webhook(case["secret"]).verify(case["body"].encode(), headers)
                    accepted = True
                except WebhookVerificationError:
                    accepted = False
                wrong += accepted != case["wanted"]
            print("wrong", wrong)
            """
        // From a file: a program that ends before it has read all of a pipe would end whoever writes to it.
        let input = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-signatures-\(UUID().uuidString).json")
        try JSONSerialization.data(withJSONObject: cases).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", script]
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if text == "absent\n" { return print("skipped: standardwebhooks is not installed; run make peers") }
        #expect(text == "wrong 0\n")
        #expect(cases.count == 500)
    }
}
