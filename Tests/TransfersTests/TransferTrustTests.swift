import Foundation
import Testing
import Transfers

/// Against `openssl s_server`, where it is installed.
@Suite struct `Trust` {
    static let openssl = "/usr/bin/openssl"

    /// A server with a certificate of its own making, and the folder that holds it.
    struct Server {
        let process: Process
        let port: Int
        let folder: String
        var certificate: String { folder + "/certificate.pem" }

        static func start() throws -> Server? {
            guard FileManager.default.isExecutableFile(atPath: openssl) else {
                print("skipped: \(openssl) is absent")
                return nil
            }
            let folder = NSTemporaryDirectory() + "crossdock-trust-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let files = ["-keyout", folder + "/key.pem", "-out", folder + "/certificate.pem"]
            let making = try run(
                ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                 "-addext", "subjectAltName=DNS:localhost"] + files, output: nil)
            making.waitUntilExit()
            try #require(making.terminationStatus == 0)
            let output = Pipe()
            let process = try run(
                ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", folder + "/certificate.pem", "-key", folder + "/key.pem"],
                output: output)
            // "ACCEPT 127.0.0.1:40123" says where it listens.
            var text = ""
            while !text.contains("\n") || !text.contains("ACCEPT ") {
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
}
