import Foundation
import Synchronization
import Testing
import Transfers

/// Tests of clients that wait for servers: one after the other, as each blocks its thread, and others have deadlines.
@Suite(.serialized, .timeLimit(.minutes(2))) enum FileServers {}

/// Against a real `sshd`, where there is one.
extension FileServers { @Suite struct SFTPTests {
    private func failure(_ body: () throws -> Void) -> TransferFailure? {
        do { try body() } catch let failure as TransferFailure { return failure } catch { Issue.record("\(error)") }
        return nil
    }

    private func bytes(_ client: RemoteClient, _ path: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try client.download(path) { bytes.append(contentsOf: $0); return true }
        return bytes
    }

    @Test func `files with odd names are put, listed, looked at, fetched, renamed and removed`() throws {
        guard let server = try SSHServer.start() else { return }
        let client = try server.client(), files = server.folder.files
        let long = String(repeating: "n", count: 250) + ".edi"
        for (count, name) in ["plain.edi", "a  b.edi", "ü é#%?&;'.edi", "quo\"te\\back.edi", "-dash", "~tilde", long].enumerated() {
            let text = [UInt8](repeating: UInt8(count), count: count * 70_000)
            try client.upload(text, to: "\(files)/\(name)")
            #expect(try server.folder.read(name) == text, "\(name)")
            #expect(try client.status(of: "\(files)/\(name)")?.size == text.count, "\(name)")
            #expect(try client.list(files).files.map(\.name) == [name])
            #expect(try bytes(client, "\(files)/\(name)") == text, "\(name)")
            try client.rename("\(files)/\(name)", to: "\(files)/moved \(count)")
            #expect(try server.folder.names("") == ["moved \(count)"])
            try client.remove("\(files)/moved \(count)")
            #expect(try client.status(of: "\(files)/moved \(count)") == nil)
        }
    }

    @Test func `a look tells size and time to the second, and of an empty file too`() throws {
        guard let server = try SSHServer.start() else { return }
        try server.folder.write("empty", "")
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_700_000_001)], ofItemAtPath: "\(server.folder.files)/empty")
        #expect(try server.client().status(of: "\(server.folder.files)/empty") == RemoteClient.Status(size: 0, modified: 1_700_000_001))
        let missing = failure { _ = try server.client().list("\(server.folder.files)/none") }
        #expect(missing?.kind == .notFound)
    }

    @Test func `a rename never takes the place of another file`() throws {
        guard let server = try SSHServer.start() else { return }
        try server.folder.write("a", "new")
        try server.folder.write("b", "old")
        let client = try server.client(), files = server.folder.files
        #expect(failure { try client.rename("\(files)/a", to: "\(files)/b") }?.kind == .denied)
        #expect(try server.folder.read("b") == Array("old".utf8) && server.folder.exists("a"))
    }

    @Test func `a server that shows another key is told nothing, and both keys are named`() throws {
        guard let server = try SSHServer.start() else { return }
        let client = try server.client(server.settings(hostKeys: [server.otherFingerprint]))
        let found = failure { _ = try client.list(server.folder.files) }
        #expect(found?.kind == .hostKey)
        #expect(try found?.fact.contains("\(server.fingerprint)") == true)
        // One of several is enough, for a rotation.
        #expect(try server.client(server.settings(hostKeys: [server.otherFingerprint, server.fingerprint])).list(server.folder.files).files.isEmpty)
    }

    @Test func `without a key of the server there is no client`() throws {
        guard let server = try SSHServer.start() else { return }
        #expect(failure { _ = try server.client(server.settings(hostKeys: [])) }?.kind == .hostKey)
    }

    @Test func `a server that comes back with another key is refused`() throws {
        guard let server = try SSHServer.start() else { return }
        var settings = try server.settings()
        _ = try server.client(settings).list(server.folder.files)
        server.stop()
        let folder = server.folder
        for name in ["host", "host.pub"] { try FileManager.default.removeItem(atPath: "\(folder.root)/\(name)") }
        try ChildProcess.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder.root)/host"])
        let back = try #require(try SSHServer.start(folder: folder))
        settings.address = RemoteAddress(scheme: .sftp, host: "127.0.0.1", port: back.port, folder: folder.files)
        #expect(failure { _ = try back.client(settings).list(folder.files) }?.kind == .hostKey)
    }

    @Test func `a key with a passphrase opens the door, and neither a wrong one nor a wrong password does`() throws {
        guard let server = try SSHServer.start() else { return }
        let root = server.folder.root
        _ = try server.client(server.settings(login: .key(file: "\(root)/sealed", passphrase: SSHServer.passphrase))).list(server.folder.files)
        for login in [RemoteSettings.Login.key(file: "\(root)/sealed", passphrase: "wrong"), .key(file: "\(root)/other", passphrase: nil), .password("wrong")] {
            #expect(failure { _ = try server.client(server.settings(login: login)).list(server.folder.files) }?.kind == .login, "\(login)")
        }
    }

    @Test func `a host key of another kind is known by its fingerprint too`() throws {
        guard let server = try SSHServer.start(keyType: "ecdsa") else { return }
        #expect(try server.client().list(server.folder.files).files.isEmpty)
    }

    @Test func `where keys of RSA are not taken, as libssh2 before 1.11 signs with SHA-1, the failure names other kinds`() throws {
        guard let server = try SSHServer.start(keyType: "rsa"), let other = try SSHServer.start() else { return }
        let shown = failure { _ = try server.client().list(server.folder.files) }
        #expect(shown == nil || shown?.kind == .interrupted && shown?.hint?.contains("Ed25519 or ECDSA") == true, "\(String(describing: shown))")
        let root = other.folder.root
        try ChildProcess.run("/usr/bin/ssh-keygen", ["-q", "-t", "rsa", "-N", "", "-f", "\(root)/rsa"])
        try (String(contentsOfFile: "\(root)/authorized", encoding: .utf8) + String(contentsOfFile: "\(root)/rsa.pub", encoding: .utf8))
            .write(toFile: "\(root)/authorized", atomically: true, encoding: .utf8)
        let denied = failure { _ = try other.client(other.settings(login: .key(file: "\(root)/rsa", passphrase: nil))).list(other.folder.files) }
        #expect(denied == nil || denied?.kind == .login && denied?.hint?.contains("Ed25519 or ECDSA") == true, "\(String(describing: denied))")
    }

    @Test func `private addresses are refused by number and by name where no range allows them`() throws {
        guard let server = try SSHServer.start() else { return }
        for host in ["127.0.0.1", "localhost"] {
            let client = try server.client(server.settings(host: host, allowing: ["10.0.0.0/8"]))
            #expect(failure { _ = try client.list(server.folder.files) }?.kind == .refusedAddress, "\(host)")
        }
        // The name is looked up by us, and its address is what is gone to.
        let client = try RemoteClient(server.settings(host: "sftp.acme.example"), stop: RemoteStop(), lookup: { _ in .addresses([NetworkAddress("127.0.0.1")!]) })
        #expect(try client.list(server.folder.files).files.isEmpty)
        let metadata = try RemoteClient(
            server.settings(host: "sftp.acme.example", allowing: ["169.254.0.0/16"]), stop: RemoteStop(), lookup: { _ in .addresses([NetworkAddress("169.254.169.254")!]) })
        #expect(failure { _ = try metadata.list("/") }?.kind == .refusedAddress)
        let unknown = try RemoteClient(server.settings(host: "sftp.acme.example"), stop: RemoteStop(), lookup: { _ in .failure("no such name") })
        #expect(failure { _ = try unknown.list("/") }?.kind == .dns)
    }

    @Test func `nobody listening is a failure to connect`() throws {
        guard let server = try SSHServer.start() else { return }
        let settings = try server.settings(port: ServedFolder.freePort())
        #expect(failure { _ = try RemoteClient(settings, stop: RemoteStop()).list("/") }?.kind == .connect)
    }

    @Test func `one connection serves many operations, and one that is cut is made anew`() throws {
        guard let server = try SSHServer.start() else { return }
        let proxy = CutProxy(to: server.port)
        defer { proxy.stop() }
        let client = try server.client(server.settings(port: proxy.port)), files = server.folder.files
        for _ in 0..<5 { _ = try client.list(files) }
        #expect(proxy.connections == 1)
        try server.folder.write("big", [UInt8](repeating: 7, count: 4_000_000))
        proxy.after(1_000_000, from: .server) { false }
        var count = 0
        let cut = failure { _ = try client.download("\(files)/big") { count += $0.count; return true } }
        #expect(cut?.kind == .interrupted && count < 4_000_000)
        proxy.after(1_000_000, from: .client) { false }
        #expect(failure { try client.upload([UInt8](repeating: 8, count: 4_000_000), to: "\(files)/up") }?.kind == .interrupted)
        #expect(try client.list(files).files.count == 2)
        #expect(proxy.connections == 3)
    }

    @Test func `a server that says nothing any more is given up, and so is one that is stopped`() throws {
        guard let server = try SSHServer.start() else { return }
        let proxy = CutProxy(to: server.port)
        defer { proxy.stop() }
        try server.folder.write("big", [UInt8](repeating: 7, count: 4_000_000))
        let held = DispatchSemaphore(value: 0)
        var settings = try server.settings(port: proxy.port)
        settings.limits.answerMilliseconds = 1_000
        let client = try server.client(settings)
        _ = try client.list(server.folder.files)
        proxy.after(1_000_000, from: .server) { held.wait(); return false }
        #expect(failure { _ = try client.download("\(server.folder.files)/big") { _ in true } }?.kind == .timeout)
        held.signal()

        let stop = RemoteStop()
        let stopped = try RemoteClient(server.settings(port: proxy.port), stop: stop)
        _ = try stopped.list(server.folder.files)
        proxy.after(1_000_000, from: .server) { stop.ask(); held.wait(); return false }
        #expect(failure { _ = try stopped.download("\(server.folder.files)/big") { _ in true } }?.kind == .cancelled)
        held.signal()
    }

    @Test func `a sink that has enough ends the download`() throws {
        guard let server = try SSHServer.start() else { return }
        try server.folder.write("big", [UInt8](repeating: 7, count: 4_000_000))
        var count = 0
        let found = failure { _ = try server.client().download("\(server.folder.files)/big") { count += $0.count; return count < 100_000 } }
        #expect(found?.kind == .oversizedResponse(status: 0) && count < 400_000)
    }

    @Test func `ten thousand files are listed in one operation, and a limit of names and of bytes is kept`() throws {
        guard let server = try SSHServer.start() else { return }
        for number in 0..<10_000 { try server.folder.write("file \(number)", "") }
        var settings = try server.settings()
        #expect(try server.client(settings).list(server.folder.files).files.count == 10_000)
        settings.limits.listingEntriesMax = 9_999
        #expect(try server.client(settings).list(server.folder.files).isCut)
        settings.limits.listingBytesMax = 100_000
        let found = failure { _ = try server.client(settings).list(server.folder.files) }
        #expect(found?.kind == .oversizedResponse(status: 0) && found?.fact.contains("larger than 100000 bytes") == true)
    }

    @Test func `the folder after the login is where a tilde leads`() throws {
        guard let server = try SSHServer.start() else { return }
        let name = ".crossdock-\(UUID().uuidString)"
        let home = FileManager.default.homeDirectoryForCurrentUser.path
        #expect(try server.client().status(of: "~/\(name)") == nil)
        guard FileManager.default.isWritableFile(atPath: home) else { return }
        try Data("x".utf8).write(to: URL(fileURLWithPath: "\(home)/\(name)"))
        defer { try? FileManager.default.removeItem(atPath: "\(home)/\(name)") }
        #expect(try server.client().status(of: "~/\(name)")?.size == 1)
    }

    @Test func `a server that refuses what changes something says so, and reading goes on`() throws {
        guard let server = try SSHServer.start(isReadOnly: true) else { return }
        try server.folder.write("a", "x")
        let client = try server.client(), files = server.folder.files
        #expect(failure { try client.upload([1], to: "\(files)/b") }?.kind == .denied)
        #expect(failure { try client.rename("\(files)/a", to: "\(files)/b") }?.kind == .denied)
        #expect(failure { try client.remove("\(files)/a") }?.kind == .denied)
        #expect(try bytes(client, "\(files)/a") == Array("x".utf8))
    }
} }
