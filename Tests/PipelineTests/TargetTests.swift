import Diagnostics
import Foundation
import Outbox
import Pipeline
import Store
import Testing
import Transfers
import Values
import Webhooks

/// What `crossdock.yaml` says of a target with an address.
@Suite struct TargetTests {
    private func read(_ target: String) -> (site: SiteConfiguration?, findings: [String]) {
        let lines = target.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        let (site, found) = SiteConfiguration.read("site: demo house\ntargets:\n  carrier:\n    url: https://carrier.example/hook\n\(lines)\n", file: "crossdock.yaml")
        return (site, found.map { "\($0.position.line ?? 0): \($0.fact)" })
    }

    private func endpoint(_ target: String, files: [String: String] = [:]) throws -> TargetDirectory.Endpoint {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-target-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
        let site = try #require(read(target).site)
        return try #require(try TargetDirectory(site, root: folder).endpoints["carrier"])
    }

    @Test func `each way to authenticate reads its secret where it is`() throws {
        let basic = try endpoint("authentication: { basic: { user: dock, password: { file: pw } } }", files: ["pw": "two words\n"])
        #expect(basic.settings.headers.map(\.value) == ["Basic " + Data("dock:two words".utf8).base64EncodedString()])
        setenv("CROSSDOCK_TEST_TOKEN", "t0ken", 1)
        defer { unsetenv("CROSSDOCK_TEST_TOKEN") }
        let bearer = try endpoint("authentication: { bearer: { environment: CROSSDOCK_TEST_TOKEN } }")
        #expect(bearer.settings.headers.map(\.value) == ["Bearer t0ken"])
        let key = try endpoint("authentication: { apiKey: { header: X-Api-Key, value: { file: key } } }", files: ["key": "k1"])
        #expect(key.settings.headers.map { "\($0.name): \($0.value)" } == ["X-Api-Key: k1"])
        let folder = FileManager.default.temporaryDirectory.path
        try "cr3d".write(toFile: "\(folder)/crossdock-credential", atomically: true, encoding: .utf8)
        setenv("CREDENTIALS_DIRECTORY", folder, 1)
        defer { unsetenv("CREDENTIALS_DIRECTORY") }
        let credential = try endpoint("authentication: { bearer: { credential: crossdock-credential } }")
        #expect(credential.settings.headers.map(\.value) == ["Bearer cr3d"])
        let tokens = try endpoint(
            "authentication: { oauth2: { url: 'https://login.example/token', clientID: dock, clientSecret: { file: key }, scope: a b, credentials: body } }",
            files: ["key": "s"])
        #expect(tokens.settings.oauth2?.url == "https://login.example/token")
        #expect(tokens.settings.oauth2?.clientSecret == "s" && tokens.settings.oauth2?.scope == "a b" && tokens.settings.oauth2?.style == .body)
        #expect(tokens.settings.headers.isEmpty)
    }

    @Test(arguments: [("PT0.1S", 100, 10), ("15s", 15_000, 15), ("60s", 60_000, 60), ("10m", 600_000, 600)])
    func `an answer is awaited for as long as the timeout says`(text: String, milliseconds: Int, lowSpeedSeconds: Int) throws {
        let limits = try endpoint("timeout: \(text)").settings.limits
        #expect(limits.totalMilliseconds == milliseconds && limits.lowSpeedSeconds == lowSpeedSeconds)
        #expect(limits.lowSpeedSeconds * 1_000 >= limits.totalMilliseconds)
    }

    @Test func `a secret that is not there, or holds a line break, stops the daemon with its target's name`() throws {
        func failure(_ target: String, files: [String: String] = [:]) -> String {
            do { _ = try endpoint(target, files: files); return "none" } catch { return "\(error)" }
        }
        #expect(failure("authentication: { bearer: { file: none } }").contains("target carrier"))
        #expect(failure("authentication: { bearer: { file: empty } }", files: ["empty": "\n"]).contains("is empty"))
        #expect(failure("authentication: { bearer: { file: odd } }", files: ["odd": "a\u{1}b"]).contains("no header may have"))
        #expect(failure("authentication: { bearer: { environment: CROSSDOCK_NOT_SET } }").contains("no such variable"))
        #expect(failure("tls: { certificate: none.pem, key: { file: none.pem } }").contains("client certificate cannot be read"))
        #expect(failure("tls: { authorities: ca.der }", files: ["ca.der": "0x30"]).contains("is no PEM file"))
        #expect(failure("secret: { file: s }", files: ["s": "whpk_" + Data(repeating: 1, count: 32).base64EncodedString()]).contains("target carrier"))
    }

    @Test func `what does not fit is refused with its line`() {
        #expect(read("authentication: { bearer: { file: a }, basic: { user: u, password: { file: a } } }").findings == ["5: authentication has 2 of basic, bearer, apiKey and oauth2"])
        #expect(read("authentication: {}").findings == ["5: authentication has 0 of basic, bearer, apiKey and oauth2"])
        #expect(read("secret: { file: a, environment: B }").findings == ["5: a secret is in one of file, environment and credential"])
        #expect(read("tls: { certificate: c.pem }").findings == ["5: a client certificate needs its key, and a key its certificate"])
        #expect(read("tls: { certificate: c.pem, key: { environment: K } }").findings == ["5: a key is read from a file"])
        #expect(read("rate: { requests: 5, every: PT0S }").findings == ["5: a rate counts requests in up to a day, and not in PT0S"])
        #expect(read("rate: { requests: 0 }").findings.count == 1)
        #expect(read("breaker: { pause: 1h }").findings == ["5: the pause of a breaker is PT1H and grows to PT10M"])
        #expect(read("cloudEvents: { mode: batch }").findings.count == 1)
        #expect(read("cloudEvents: { mode: binary, source: 'a b' }").findings == ["5: a source of cloud events is a URI reference, and neither empty nor with a space"])
        #expect(read("authentication: { basic: { user: 'a:b', password: { file: a } } }").findings == ["5: a user name of HTTP Basic has no colon"])
        #expect(read("throttle: 5").findings.count == 1)
        #expect(read("proxy: { url: 'http://proxy.example' }").findings == ["4: of the proxy: the address has no port, such as http://proxy.example:3128"])
        #expect(read("proxy: { url: 'http://ann:pw@proxy.example:3128' }").findings.contains("4: of the proxy: the address carries credentials; use a header"))
        #expect(read("headers: { webhook-id: x }").findings == ["4: the header webhook-id is set by the sender itself"])
        #expect(read("headers: { 'a b': x }").findings == ["4: a header name or value holds a character no header may have"])
        #expect(read("authentication: { basic: { user: '', password: { file: a } } }").findings == ["5: a user name of HTTP Basic is not empty"])
        #expect(read("formerSecret: { file: a }").findings == ["5: there is a former secret and no secret"])
        #expect(read("proxy: { url: 'http://p:1', user: u }").findings == ["5: a proxy has a user with a password, or neither"])
    }

    @Test func `rate, breaker, certificates and cloud events arrive where they work`() throws {
        let pem = "-----BEGIN X-----\n"
        let found = try endpoint(
            """
            parallel: 3
            rate: { requests: 30, every: 1m, burst: 5 }
            breaker: { failures: 2, pause: 30s, pauseMax: 1h }
            tls: { authorities: ca.pem, certificate: c.pem, key: { file: k.pem } }
            cloudEvents: { mode: structured }
            """, files: ["ca.pem": pem, "c.pem": pem, "k.pem": pem])
        #expect(found.parallel == 3 && found.gate.breaker.failuresMax == 2)
        #expect(found.settings.trust.authoritiesFile?.hasSuffix("/ca.pem") == true && found.settings.trust.keyFile?.hasSuffix("/k.pem") == true)
        #expect(found.settings.cloudEvents?.source == "/crossdock/demo-house")
        var gate = found.gate
        let now = Instant(seconds: 1_000)
        for _ in 0..<5 { #expect(gate.admits(at: now) == .open) }
        #expect(gate.admits(at: now) == .closed(until: Instant(seconds: 1_002)))
    }
}
