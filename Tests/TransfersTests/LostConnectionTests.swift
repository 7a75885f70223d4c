import Foundation
import Glibc
import Synchronization
import Testing
import Transfers

@Suite struct `Lost connections` {
    func request(_ url: String, total: Int = 20_000) -> Request {
        Request(
            .post, url, body: Array("{}".utf8), limits: .init(totalMilliseconds: total), allowsPlainHTTP: true,
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

    @Test func `a kept connection that is closed as a request arrives is replaced, and the request is sent again`() async throws {
        let count = Atomic<Int>(0)
        let server = LoopbackServer { _ in count.add(1, ordering: .relaxed).newValue == 2 ? .hangUp : .answer(204) }
        let engine = try TransferEngine()
        for _ in 0..<3 { #expect(await kind(engine, request(server.url)) == nil) }
        // The second was read by the server and not answered: a receiver may have an effect twice, under one id.
        #expect(count.load(ordering: .relaxed) == 4)
        #expect(server.connections == 2)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `an answer that breaks off is interrupted, and headers that never end are a timeout`() async throws {
        let server = LoopbackServer { request in
            switch request.path {
            case "/torn": .raw("HTTP/1.1 200 X\r\ncontent-length: 10\r\n\r\nabc")
            case "/slow": .silence
            default: .raw("HTTP/1.1 200 X\r\nx-a: ")
            }
        }
        let engine = try TransferEngine()
        #expect(await kind(engine, request(server.url + "/torn")) == .interrupted)
        #expect(await kind(engine, request(server.url + "/slow", total: 150)) == .timeout)
        await engine.shutDown(.now)
        server.stop()
    }

    /// A server of HTTP/2 in Python: it answers 204 to each request, and says GOAWAY when told to.
    private static let script = """
        import socket, ssl, struct, sys, threading
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        context.set_alpn_protocols(["h2"])
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        def frame(kind, flags, stream, payload=b""):
            return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload
        seen, lock = [0, 0], threading.Lock()
        def serve(plain):
            try:
                connection = context.wrap_socket(plain, server_side=True)
                with lock: seen[0] += 1
                number = seen[0]
                buffer = b""
                def need(count):
                    nonlocal buffer
                    while len(buffer) < count:
                        more = connection.recv(65536)
                        if not more: raise OSError
                        buffer += more
                    taken, buffer = buffer[:count], buffer[count:]
                    return taken
                def leave():
                    # What the client still sends is read: closing before would reset the connection, and could take the answer with it.
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536): pass
                    connection.close()
                need(24)
                connection.sendall(frame(4, 0, 0))
                answered = 0
                while True:
                    head = need(9)
                    length, kind, flags, stream = int.from_bytes(head[:3], "big"), head[3], head[4], int.from_bytes(head[5:], "big")
                    payload = need(length)
                    if kind == 4 and not flags & 1: connection.sendall(frame(4, 1, 0))
                    if kind in (0, 1) and flags & 1:
                        with lock: seen[1] += 1
                        if sys.argv[3] == "refuse" and number == 1 and answered == 1:
                            # The second request was not processed: the last stream that was is the first.
                            connection.sendall(frame(7, 0, 0, struct.pack(">II", 1, 0)))
                            return leave()
                        connection.sendall(frame(1, 5, stream, b"\\x89"))
                        answered += 1
                        if sys.argv[3] == "after" and number == 1:
                            connection.sendall(frame(7, 0, 0, struct.pack(">II", stream, 0)))
                            return leave()
            except OSError:
                pass
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        """

    @Test(arguments: ["after", "refuse"])
    func `after GOAWAY of HTTP 2 requests go over a new connection`(manner: String) async throws {
        guard let python = ["/usr/bin/python3", "/usr/local/bin/python3", ProcessInfo.processInfo.environment["CROSSDOCK_PYTHON"] ?? ""]
            .first(where: { FileManager.default.isExecutableFile(atPath: $0) })
        else { return print("skipped: Python is absent") }
        guard let server = try Trust.Server.start() else { return }
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", Self.script, server.certificate, server.folder + "/key.pem", manner]
        process.standardOutput = output
        try process.run()
        let port = try #require(Int(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).filter(\.isNumber)))
        let engine = try TransferEngine()
        var request = request("https://localhost:\(port)/")
        request.trust.authoritiesFile = server.certificate
        var outcomes: [TransferFailure.Kind?] = []
        for _ in 0..<4 { outcomes.append(await kind(engine, request)) }
        // One that the server said it did not process is sent again, by libcurl or, after `interrupted`, by the schedule.
        if outcomes[1] == .interrupted { outcomes[1] = nil }
        #expect(outcomes == [nil, nil, nil, nil])
        await engine.shutDown(.now)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try server.stop()
    }
}
