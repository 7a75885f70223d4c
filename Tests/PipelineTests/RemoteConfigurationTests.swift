import Diagnostics
import Foundation
import Pipeline
import Testing
import Transfers
import Values

/// What `crossdock.yaml` says of servers of files.
@Suite struct RemoteConfigurationTests {
    private static let fingerprint = "SHA256:" + String(repeating: "A", count: 43)
    private static let acme = "url: sftp://sftp.acme.example/out, user: dock, password: { file: pw }, hostKey: \"\(fingerprint)\""

    private func read(remote: String = acme, pulls: String = "", targets: String = "  wms: { folder: wms }") -> (site: SiteConfiguration?, findings: [String]) {
        let text = "site: demo\nremotes:\n  acme: { \(remote) }\npulls:\n\(pulls.isEmpty ? "  []" : pulls)\ntargets:\n\(targets)\n"
        let (site, found) = SiteConfiguration.read(text, file: "crossdock.yaml")
        return (site, found.map { "\($0.position.line ?? 0): \($0.fact)" })
    }

    @Test func `a server, a pull and a target on it are read, with what they leave out`() throws {
        let (read, findings) = read(
            pulls: "  - { remote: acme, folder: orders, feed: x12-orders }\n  - { remote: acme, folder: /srv, feed: x12-orders, every: 5m, done: '{name}.done', names: '*.edi', after: { move: old }, claim: mine, filesMax: 5, fileBytesMax: 1MiB, namesMax: 7 }",
            targets: "  wms: { remote: acme, folder: in, retry: [1s], breaker: { failures: 3 } }")
        let site = try #require(read, "\(findings)")
        #expect(site.remotes[0].remote.address.description == "sftp://sftp.acme.example:22/out" && site.remotes[0].remote.hostKeys.map(\.description) == [Self.fingerprint])
        #expect(site.pulls[0].every == DayTimeDuration(seconds: 60) && site.pulls[0].quiet == DayTimeDuration(seconds: 30) && site.pulls[0].after == .delete)
        let second = site.pulls[1]
        #expect(second.after == .move("old") && second.claim == "mine" && second.done == "{name}.done" && second.filesMax == 5 && second.fileBytesMax == 1 << 20 && second.namesMax == 7)
        guard case .remote(let target)? = site.target("wms") else { Issue.record("no remote target"); return }
        #expect(target.remote == "acme" && target.folder == "in" && target.retrySteps == [DayTimeDuration(seconds: 1)] && target.breaker.failures == 3)
    }

    @Test func `a server that does not fit is refused with its line`() {
        func findings(_ remote: String) -> [String] { read(remote: remote).findings }
        let login = "user: u, password: { file: pw }", key = "hostKey: \"\(Self.fingerprint)\""
        #expect(findings("url: sftp://h/, \(login)") == ["3: remote acme says nothing of the server's key, without which anybody could pass for it"])
        #expect(findings("url: sftp://h/, \(login), hostKey: []") == ["3: remote acme says nothing of the server's key, without which anybody could pass for it"])
        #expect(findings("url: ftp://h/, \(login)") == ["3: ftp is none of sftp, ftps and ftpes"])
        #expect(findings("url: sftp://u:p@h/, \(login), \(key)") == ["3: user and password stand in the address"])
        #expect(findings("url: sftp://h/, user: u, \(key)") == ["3: remote acme has neither a password nor a key, or both"])
        #expect(findings("url: sftp://h/, \(login), key: { file: k }, \(key)") == ["3: remote acme has neither a password nor a key, or both"])
        #expect(findings("url: sftp://h/, user: u, key: { environment: K }, \(key)") == ["3: a key is read from a file"])
        #expect(findings("url: sftp://h/, \(login), passphrase: { file: p }, \(key)") == ["3: a passphrase belongs to a key, and there is none"])
        #expect(findings("url: sftp://h/, \(login), hostKey: [MD5:aa]") == ["3: MD5:aa is no fingerprint of a key"])
        #expect(findings("url: sftp://h/, \(login), \(key), tls: { authorities: ca.pem }") == ["3: tls is of FTPS, and acme is reached over SFTP"])
        #expect(findings("url: ftps://h/, \(login), \(key)") == ["3: hostKey is of SFTP, and acme is reached over FTPS"])
        #expect(findings("url: ftps://h/, user: u, key: { file: k }") == ["3: key is of SFTP, and acme is reached over FTPS"])
        #expect(findings("url: sftp://h/, \(login), \(key), timeout: 1h") == ["3: timeout is PT1H, which is too short or too long"])
        #expect(findings("url: sftp://h/, \(login), \(key), proxy: x").count == 1)
        #expect(findings("url: ftpes://h/, \(login)").isEmpty)
    }

    @Test func `a pull that does not fit is refused with its line`() {
        func findings(_ pull: String) -> [String] { read(pulls: pull.split(separator: "\n").map { "  - { \($0) }" }.joined(separator: "\n")).findings }
        #expect(findings("remote: acne, folder: out, feed: f") == ["5: acne is none of the remotes"])
        #expect(findings("remote: acme, folder: ../out, feed: f") == ["5: ../out is no folder on a server"])
        #expect(findings("remote: acme, folder: out, feed: f, done: ready") == ["5: ready marks no file as done"])
        #expect(findings("remote: acme, folder: out, feed: f, done: '{name}.done', quiet: 5s") == ["5: a file that has a done marker waits for nothing else"])
        #expect(findings("remote: acme, folder: out, feed: f, after: { move: out }") == ["5: out is the folder itself"])
        #expect(findings("remote: acme, folder: out, feed: f, claim: ./out") == ["5: ./out is the folder itself"])
        #expect(findings("remote: acme, folder: out, feed: f, every: PT0.01S") == ["5: every is PT0.01S, which is too short or too long"])
        #expect(findings("remote: acme, folder: out, feed: f, quiet: 2d") == ["5: quiet is P2D, which is too short or too long"])
        #expect(findings("remote: acme, folder: out, feed: f, filesMax: 0").count == 1)
        #expect(findings("remote: acme, folder: out, feed: f, fileBytesMax: 5GiB") == ["5: fileBytesMax is 5368709120 bytes"])
        #expect(findings("remote: acme, folder: out, feed: f, after: keep").count == 1)
        #expect(findings("remote: acme, folder: out, feed: f\nremote: acme, folder: out, feed: g") == ["6: acme/out is pulled twice"])
    }

    @Test func `folders of pulls are compared as they are on the server, however they are written`() {
        func findings(_ pulls: String..., remote: String? = nil) -> [String] { read(remote: remote ?? Self.acme, pulls: pulls.map { "  - { feed: f, \($0) }" }.joined(separator: "\n")).findings }
        // The address of acme is …/out.
        #expect(findings("remote: acme, folder: in, after: { move: /out/in }") == ["5: /out/in is the folder itself"])
        #expect(findings("remote: acme, folder: /out/in, claim: in") == ["5: in is the folder itself"])
        #expect(findings("remote: acme, folder: in, after: { move: /in }").isEmpty)
        #expect(findings("remote: acme, folder: in", "remote: acme, folder: /out//in/") == ["6: acme//out//in/ is pulled twice: acme/in is the same folder"])
        #expect(findings("remote: acme, folder: in", "remote: acme, folder: /in").isEmpty)
        let other = Self.acme + " }\n  again: { url: sftp://SFTP.acme.example:22/, user: dock, password: { file: pw }, hostKey: \"\(Self.fingerprint)\""
        #expect(findings("remote: acme, folder: in", "remote: again, folder: out/in", remote: other) == ["7: again/out/in is pulled twice: acme/in is the same folder"])
    }

    @Test func `a target on a server that does not fit is refused with its line`() {
        func findings(_ target: String) -> [String] { read(targets: "  wms: { \(target) }").findings }
        #expect(findings("remote: acne, folder: in") == ["7: acne is none of the remotes"])
        #expect(findings("remote: acme, folder: ../in") == ["7: ../in is no folder on a server"])
        #expect(findings("remote: acme, url: 'https://h/'") == ["7: target wms has neither a folder nor a url, or both"])
        #expect(findings("remote: acme, folder: in, secret: { file: s }") == ["7: secret is of a target with a url"])
    }

    @Test func `a secret, a key and a known_hosts file are read where they are, and what is missing stops the daemon`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-remote-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "two words\n".write(toFile: "\(folder)/pw", atomically: true, encoding: .utf8)
        try "sftp.acme.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJl3dIeudNqd0DPMRD6OIh65TJqeRlYoqW1fLX/9kjSZ\n".write(toFile: "\(folder)/known", atomically: true, encoding: .utf8)
        func failure(_ remote: String) throws -> String {
            let site = try #require(read(remote: remote, targets: "  wms: { remote: acme, folder: in }").site)
            do { _ = try TargetDirectory(site, root: folder); return "none" } catch { return "\(error)" }
        }
        #expect(try failure(Self.acme) == "none")
        #expect(try failure("url: sftp://sftp.acme.example/, user: u, password: { file: pw }, knownHosts: known") == "none")
        #expect(try failure("url: sftp://sftp.acme.example:2222/, user: u, password: { file: pw }, knownHosts: known").contains("known has no key of sftp.acme.example"))
        #expect(try failure("url: sftp://h/, user: u, password: { file: none }, hostKey: \"\(Self.fingerprint)\"").contains("remote acme"))
        #expect(try failure("url: sftp://h/, user: u, key: { file: none }, hostKey: \"\(Self.fingerprint)\"").contains("its key cannot be read"))
        #expect(try failure("\(Self.acme), allowAddresses: [10.0.0.1/8]").contains("is no address range"))
    }
}
