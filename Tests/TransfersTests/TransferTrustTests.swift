import Foundation
import Testing
import Transfers

/// Against `openssl s_server`, where it is installed.
@Suite struct `Trust` {
    static let openssl = TestCertificate.openssl

    /// A server with a certificate of its own making, and the folder that holds it.
    struct Server {
        let process: Process
        let port: Int
        let folder: String
        var certificate: String { folder + "/certificate.pem" }

        /// - Parameters:
        ///   - host: the name in its certificate.
        ///   - days: for how long that is good; -1: it has expired.
        ///   - arguments: further ones of `openssl s_server`; FOLDER is the folder that holds the certificates.
        static func start(host: String = "localhost", days: Int = 2, arguments: [String] = []) throws -> Server? {
            guard FileManager.default.isExecutableFile(atPath: openssl) else {
                print("skipped: \(openssl) is absent")
                return nil
            }
            let folder = NSTemporaryDirectory() + "crossdock-trust-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try TestCertificate.make("certificate", "key", name: host, days: days, in: folder)
            try TestCertificate.make("client", "client-key", name: "crossdock", days: 2, in: folder)
            let output = Pipe()
            let process = try run(
                ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", folder + "/certificate.pem", "-key", folder + "/key.pem"]
                    + arguments.map { $0.replacing("FOLDER", with: folder) },
                output: output)
            // "ACCEPT 127.0.0.1:40123" says where it listens.
            var text = ""
            while !text.contains("ACCEPT ") || !text.hasSuffix("\n") {
                let data = output.fileHandleForReading.availableData
                guard !data.isEmpty else { break }
                text += String(decoding: data, as: UTF8.self)
            }
            let digits = text.split(separator: ":").last.map { $0.prefix { $0.isNumber } }
            return Server(process: process, port: try #require(digits.flatMap { Int($0) }), folder: folder)
        }

        private static func run(_ arguments: [String], output: Pipe?) throws -> Process {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: openssl)
            process.arguments = arguments
            process.standardInput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            process.standardOutput = output ?? FileHandle.nullDevice
            try process.run()
            return process
        }

        func stop() throws {
            // A child may inherit a mask that holds SIGTERM back.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            try FileManager.default.removeItem(atPath: folder)
        }
    }

    func request(_ server: Server, host: String, authority: String? = nil) -> Request {
        Request(
            .get, "https://\(host):\(server.port)/", trust: .init(authoritiesFile: authority),
            addresses: AddressPolicy(allowing: ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) }))
    }

    /// What a request came to where it failed.
    func failure(_ engine: TransferEngine, _ request: Request) async -> TransferFailure? {
        do throws(TransferFailure) {
            _ = try await engine.perform(request)
            return nil
        } catch {
            return error
        }
    }

    func kind(_ engine: TransferEngine, _ request: Request) async -> TransferFailure.Kind? {
        do throws(TransferFailure) {
            _ = try await engine.perform(request)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test func `only a certificate of a known authority and with the right name is trusted`() async throws {
        guard let server = try Server.start() else { return }
        let engine = try TransferEngine()
        #expect(await kind(engine, request(server, host: "localhost")) == .tls)
        #expect(await kind(engine, request(server, host: "127.0.0.1", authority: server.certificate)) == .tls)
        let response = try await engine.perform(request(server, host: "localhost", authority: server.certificate))
        #expect(response.status == 200)
        #expect(response.timings.secured > 0)
        // The connection that was trusted under one authority is not lent to a request that does not name it.
        #expect(await kind(engine, request(server, host: "localhost")) == .tls)
        #expect(await kind(engine, request(server, host: "localhost", authority: "/nonexistent.pem")) == .invalidRequest)
        await engine.shutDown(.now)
        try server.stop()
    }

    @Test func `an expired certificate, one of another host and one that nobody vouches for are each refused, and said`() async throws {
        guard let expired = try Server.start(days: -1), let other = try Server.start(host: "elsewhere.example"), let own = try Server.start() else { return }
        let engine = try TransferEngine()
        for (server, authority, word) in [(expired, expired.certificate, "expired"), (other, other.certificate, "localhost"), (own, nil, "self")] {
            let found = try #require(await failure(engine, request(server, host: "localhost", authority: authority)))
            #expect(found.kind == .tls)
            #expect(found.fact.contains(word), "\(found)")
            #expect(found.hint?.contains("dates") == true)
        }
        #expect(await failure(engine, request(own, host: "localhost", authority: own.certificate)) == nil)
        await engine.shutDown(.now)
        for server in [expired, other, own] { try server.stop() }
    }

    @Test func `a client certificate is shown where the target names one, and a server that asks for it takes nobody else`() async throws {
        guard let server = try Server.start(arguments: ["-Verify", "1", "-verify_return_error", "-CAfile", "FOLDER/client.pem", "-tls1_2"]) else { return }
        let engine = try TransferEngine()
        var known = request(server, host: "localhost", authority: server.certificate)
        known.trust.certificateFile = server.folder + "/client.pem"
        known.trust.keyFile = server.folder + "/client-key.pem"
        #expect(try await engine.perform(known).status == 200)
        // A connection that was made with the certificate is not lent to a request without it.
        #expect(await kind(engine, request(server, host: "localhost", authority: server.certificate)) == .tls)
        var stranger = known
        stranger.trust.certificateFile = server.certificate
        stranger.trust.keyFile = server.folder + "/key.pem"
        #expect(await kind(engine, stranger) == .tls)
        var torn = known
        torn.trust.keyFile = server.folder + "/key.pem"
        #expect(await kind(engine, torn) == .invalidRequest)
        await engine.shutDown(.now)
        try server.stop()
    }
}
