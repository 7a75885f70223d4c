import Foundation
import Testing
import Transfers

/// Against pyftpdlib, where it is installed.
extension FileServers { @Suite struct FTPSTests {
    private func failure(_ body: () throws -> Void) -> TransferFailure? {
        do { try body() } catch let failure as TransferFailure { return failure } catch { Issue.record("\(error)") }
        return nil
    }

    private func bytes(_ client: RemoteClient, _ path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try client.download(path) { bytes.append(contentsOf: $0); return true }
        return bytes
    }

    @Test(arguments: [[], ["implicit"], ["nofacts"]])
    func `files with odd names are put, listed, looked at, fetched, renamed and removed`(flags: [String]) throws {
        guard let server = try FTPSServer.start(flags) else { return }
        try server.folder.make("in box")
        let client = try server.client()
        for (count, name) in ["plain.edi", "a  b.edi", "ü é#%?&;'\"\\.edi", String(repeating: "n", count: 200)].enumerated() {
            let text = [UInt8](repeating: UInt8(count), count: count * 70_000), path = "/in box/\(name)"
            try client.upload(text, to: path)
            #expect(try server.folder.read("in box/\(name)") == text, "\(name)")
            #expect(try client.status(of: path)?.size == text.count)
            #expect(try client.list("/in box").files.map(\.name) == [name])
            #expect(try bytes(client, path) == text)
            try client.rename(path, to: "/in box/moved \(count)")
            #expect(try server.folder.names("in box") == ["moved \(count)"])
            try client.remove("/in box/moved \(count)")
            #expect(try client.status(of: "/in box/moved \(count)") == nil)
        }
        #expect(try client.list("~/in box").files.isEmpty)
        #expect(server.log.components(separatedBy: "FTP session opened").count == 2)
    }

    @Test func `a certificate that signs itself, is of another host, or has expired is refused`() throws {
        guard let server = try FTPSServer.start(), let other = try FTPSServer.start(host: "elsewhere.example"), let old = try FTPSServer.start(days: -1) else { return }
        for (server, trusts) in [(server, false), (other, true), (old, true)] {
            let found = failure { _ = try server.client(server.settings(trusts: trusts)).list("/") }
            #expect(found?.kind == .tls && found?.hint != nil, "\(found.map { "\($0)" } ?? "")")
            #expect(!server.log.contains("USER"))
        }
    }

    @Test func `a server without TLS is not told user and password`() throws {
        guard let server = try FTPSServer.start(["plain"]) else { return }
        let found = failure { _ = try server.client().list("/") }
        #expect(found?.kind == .tls)
        #expect(!server.log.contains("USER") && !server.log.contains("PASS"))
    }

    @Test func `a wrong password, a folder that is not there and a server that is full each have their kind`() throws {
        guard let server = try FTPSServer.start(), let full = try FTPSServer.start(["full"]), let still = try FTPSServer.start(["readonly"]) else { return }
        #expect(failure { _ = try server.client(server.settings(password: "wrong")).list("/") }?.kind == .login)
        #expect(failure { _ = try server.client().list("/none") }?.kind == .denied)
        let found = failure { try full.client().upload([1], to: "/a") }
        #expect(found?.kind == .denied && found?.fact.contains("452") == true, "\(found.map { "\($0)" } ?? "")")
        try still.folder.write("a", "x")
        #expect(failure { try still.client().remove("/a") }?.kind == .denied)
        #expect(failure { try still.client().rename("/a", to: "/b") }?.kind == .denied)
        #expect(failure { try still.client().upload([1], to: "/b") }?.kind == .denied)
    }

    @Test func `private addresses are refused where no range allows them`() throws {
        guard let server = try FTPSServer.start() else { return }
        var settings = server.settings()
        settings.addresses = .publicOnly
        #expect(failure { _ = try server.client(settings).list("/") }?.kind == .refusedAddress)
    }
} }
