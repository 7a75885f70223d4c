import Glibc
import Testing
import Transfers

@Suite struct `Transfers` {
    static let loopback = AddressPolicy(allowing: ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) })

    func request(
        _ method: Request.Method = .post, _ url: String, headers: [Request.Header] = [], body: String = "{}",
        limits: Request.Limits = Request.Limits()
    ) -> Request {
        Request(
            method, url, headers: headers, body: Array(body.utf8), limits: limits, allowsPlainHTTP: true,
            addresses: Transfers.loopback)
    }

    func failure(_ engine: TransferEngine, _ request: Request) async -> TransferFailure? {
        do throws(TransferFailure) {
            _ = try await engine.perform(request)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a post carries its body and headers and brings back status, wanted headers and body`() async throws {
        let server = LoopbackServer { request in
            let type = request.headers["content-type"] ?? "none"
            return .answer(
                201, headers: [("Retry-After", "7"), ("X-Other", "1")],
                body: "\(request.method) \(request.path) \(type) \(request.headers["x-key"] ?? "") \(String(decoding: request.body, as: UTF8.self))")
        }
        let engine = try TransferEngine()
        let response = try await engine.perform(
            request(.post, server.url + "/orders?x=1", headers: [.init("Content-Type", "application/json"), .init("x-key", "k 1")]))
        #expect(response.status == 201)
        #expect(String(decoding: response.body, as: UTF8.self) == "POST /orders?x=1 application/json k 1 {}")
        #expect(response.header("retry-after") == "7")
        #expect(response.header("x-other") == nil)
        #expect(response.address == "127.0.0.1:\(server.port)")
        #expect(response.timings.total >= response.timings.firstByte)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test(arguments: [Request.Method.get, .put, .patch, .delete, .post])
    func `each method goes out by its name`(method: Request.Method) async throws {
        let server = LoopbackServer { .answer(200, body: "\($0.method) \($0.body.count)") }
        let engine = try TransferEngine()
        let response = try await engine.perform(request(method, server.url, body: method == .get ? "" : "abc"))
        #expect(String(decoding: response.body, as: UTF8.self) == (method == .get ? "GET 0" : "\(method.rawValue) 3"))
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a connection is kept and used again`() async throws {
        let server = LoopbackServer { _ in .answer(204) }
        let engine = try TransferEngine()
        for number in 0..<5 {
            let response = try await engine.perform(request(.post, server.url))
            #expect(response.isReusedConnection == (number > 0))
        }
        #expect(server.connections == 1)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `handles that were used again carry nothing of the last exchange`() async throws {
        let server = LoopbackServer { request in
            .answer(200, body: "\(request.method) \(request.headers["x-key"] ?? "-") \(request.body.count)")
        }
        let engine = try TransferEngine(.init(runningMax: 1))
        var texts: [String] = []
        for request in [
            request(.put, server.url, headers: [.init("x-key", "secret")], body: "abc"), request(.get, server.url, body: ""),
            request(.post, server.url, body: ""), request(.delete, server.url, body: "a"),
        ] {
            texts.append(String(decoding: try await engine.perform(request).body, as: UTF8.self))
        }
        #expect(texts == ["PUT secret 3", "GET - 0", "POST - 0", "DELETE - 1"])
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `an endless body is cut at the limit`() async throws {
        let server = LoopbackServer { _ in .endless }
        let engine = try TransferEngine()
        let failure = await failure(engine, request(.post, server.url, limits: .init(responseBytesMax: 100_000)))
        #expect(failure?.kind == .oversizedResponse(status: 200))
        #expect(failure?.fact == "the response is larger than 100000 bytes")
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a response of exactly the limit is taken and of one byte more is not`() async throws {
        let server = LoopbackServer { .answer(200, body: String(repeating: "x", count: $0.path == "/more" ? 101 : 100)) }
        let engine = try TransferEngine()
        let limits = Request.Limits(responseBytesMax: 100)
        #expect(try await engine.perform(request(.post, server.url, limits: limits)).body.count == 100)
        #expect(await failure(engine, request(.post, server.url + "/more", limits: limits))?.kind == .oversizedResponse(status: 200))
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a body that stalls is a timeout`() async throws {
        let server = LoopbackServer { _ in .stall }
        let engine = try TransferEngine()
        let total = await failure(engine, request(.post, server.url, limits: .init(totalMilliseconds: 150)))
        #expect(total?.kind == .timeout)
        let slow = await failure(
            engine, request(.post, server.url, limits: .init(totalMilliseconds: 20_000, lowSpeedBytesPerSecond: 100, lowSpeedSeconds: 1)))
        #expect(slow?.kind == .timeout)
        #expect(slow?.fact.contains("ess than 100 bytes/sec") == true)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a receiver that works for a while before it answers is no body that crawls`() async throws {
        let server = LoopbackServer { request in
            if request.path == "/works" { sleep(4) }
            return request.path == "/works" ? .answer(204) : .stall
        }
        let engine = try TransferEngine()
        let limits = Request.Limits(totalMilliseconds: 20_000, lowSpeedSeconds: Request.Limits.lowSpeedSeconds(within: 20_000, least: 1))
        #expect(limits.lowSpeedSeconds == 20)
        #expect(try await engine.perform(request(.post, server.url + "/works", limits: limits)).status == 204)
        // And a body that crawls ends with the whole time.
        let crawling = await failure(engine, request(.post, server.url + "/crawls", limits: .init(totalMilliseconds: 300)))
        #expect(crawling?.kind == .timeout)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a redirect is an answer and is not followed`() async throws {
        let server = LoopbackServer { $0.path == "/" ? .answer(302, headers: [("Location", "/elsewhere")]) : .answer(200) }
        let engine = try TransferEngine()
        let response = try await engine.perform(request(.post, server.url + "/"))
        #expect(response.status == 302)
        #expect(response.header("location") == "/elsewhere")
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a closed port, a lost connection, a strange answer and an unknown name are told apart`() async throws {
        let server = LoopbackServer { $0.path == "/gone" ? .hangUp : .raw("SSH-2.0-x\r\n") }
        let closed = LoopbackServer { _ in .hangUp }
        closed.stop()
        let engine = try TransferEngine()
        #expect(await failure(engine, request(.post, closed.url))?.kind == .connect)
        #expect(await failure(engine, request(.post, server.url + "/gone"))?.kind == .interrupted)
        #expect(await failure(engine, request(.post, server.url + "/ssh"))?.kind == .interrupted)
        #expect(await failure(engine, request(.post, "http://name.invalid/"))?.kind == .dns)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `plain http to a server of https is a TLS failure`() async throws {
        let server = LoopbackServer { _ in .raw("not TLS\r\n") }
        let engine = try TransferEngine()
        let failure = await failure(engine, request(.post, "https://127.0.0.1:\(server.port)/", limits: .init(totalMilliseconds: 1_000)))
        // The server waits for the end of a request that never comes in clear, or answers what is no TLS.
        #expect(failure?.kind == .tls || failure?.kind == .timeout)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test(arguments: ["http://127.0.0.1:1/", "http://localhost:1/", "http://2130706433:1/", "http://0x7f.1:1/", "http://[::ffff:127.0.0.1]:1/"])
    func `loopback in any spelling is refused unless it is allowed`(url: String) async throws {
        let engine = try TransferEngine()
        var request = request(.post, url)
        request.addresses = .publicOnly
        let refused = await failure(engine, request)
        #expect(refused?.kind == .refusedAddress)
        #expect(refused?.fact.contains("is loopback and in no range of allowAddresses") == true)
        request.addresses = Transfers.loopback
        #expect(await failure(engine, request)?.kind == .connect)
        await engine.shutDown(.now)
    }

    @Test func `the metadata address is refused even where everything is allowed`() async throws {
        let engine = try TransferEngine()
        var request = request(.get, "http://169.254.169.254/latest/meta-data/", body: "")
        request.addresses = AddressPolicy(allowing: ["0.0.0.0/0", "::/0"].compactMap { AddressRange($0) })
        #expect(await failure(engine, request)?.kind == .refusedAddress)
        await engine.shutDown(.now)
    }

    @Test func `a connection that one target opened is not lent to a target that may not use it`() async throws {
        let server = LoopbackServer { _ in .answer(204) }
        let engine = try TransferEngine()
        #expect(try await engine.perform(request(.post, server.url)).status == 204)
        var other = request(.post, server.url)
        other.addresses = .publicOnly
        #expect(await failure(engine, other)?.kind == .refusedAddress)
        #expect(server.connections == 1)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `line breaks in headers and addresses are refused before anything is sent`() async throws {
        let engine = try TransferEngine()
        for header in [Request.Header("x-a", "b\r\nx-c: d"), .init("x-a", "b\nc"), .init("x a", "b"), .init("", "b"), .init("x-a", "b\0")] {
            #expect(await failure(engine, request(.post, "http://127.0.0.1:1/", headers: [header]))?.kind == .invalidRequest)
        }
        #expect(await failure(engine, request(.post, "http://127.0.0.1:1/\r\nx"))?.kind == .invalidRequest)
        await engine.shutDown(.now)
    }

    @Test func `only https goes out unless plain http is allowed, and never another protocol`() async throws {
        let engine = try TransferEngine()
        var plain = request(.get, "http://127.0.0.1:1/", body: "")
        plain.allowsPlainHTTP = false
        #expect(await failure(engine, plain)?.kind == .invalidRequest)
        #expect(await failure(engine, request(.get, "file:///etc/passwd", body: ""))?.kind == .invalidRequest)
        #expect(await failure(engine, request(.get, "gopher://127.0.0.1:1/", body: ""))?.kind == .invalidRequest)
        await engine.shutDown(.now)
    }

    @Test func `the environment's proxy is not asked`() async throws {
        setenv("http_proxy", "http://127.0.0.1:9", 1)
        defer { unsetenv("http_proxy") }
        let server = LoopbackServer { _ in .answer(204) }
        let engine = try TransferEngine()
        #expect(try await engine.perform(request(.post, server.url)).status == 204)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a cancelled task ends its exchange`() async throws {
        let server = LoopbackServer { _ in .stall }
        let engine = try TransferEngine()
        let stalled = request(.post, server.url)
        let task = Task { await failure(engine, stalled) }
        while server.connections == 0 { await Task.yield() }
        task.cancel()
        #expect(await task.value?.kind == .cancelled)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `draining lets what runs end and refuses what is new`() async throws {
        let server = LoopbackServer { _ in .answer(204) }
        let engine = try TransferEngine(.init(runningMax: 2))
        let post = request(.post, server.url)
        let tasks = (0..<50).map { _ in Task { await failure(engine, post) } }
        for task in tasks.prefix(10) { _ = await task.value }
        await engine.shutDown(.drain(milliseconds: 10_000))
        for task in tasks {
            let ended = await task.value
            #expect(ended == nil || ended?.kind == .unavailable)
        }
        #expect(await failure(engine, post)?.kind == .unavailable)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `ending at once answers everyone`() async throws {
        let server = LoopbackServer { _ in .stall }
        let engine = try TransferEngine(.init(runningMax: 2))
        let stalled = request(.post, server.url)
        let tasks = (0..<10).map { _ in Task { await failure(engine, stalled) } }
        while server.connections < 2 { await Task.yield() }
        await engine.shutDown(.now)
        for task in tasks { #expect(await task.value?.kind == .unavailable) }
        server.stop()
    }

    @Test func `no more run at a time than the limit, and no more are accepted than theirs`() async throws {
        let server = LoopbackServer { _ in .stall }
        let engine = try TransferEngine(.init(runningMax: 3, acceptedMax: 5))
        let stalled = request(.post, server.url)
        let kinds = await withTaskGroup(of: TransferFailure.Kind?.self) { group in
            for _ in 0..<8 { group.addTask { await failure(engine, stalled)?.kind } }
            var kinds: [TransferFailure.Kind?] = []
            for _ in 0..<3 { if let kind = await group.next() { kinds.append(kind) } }
            while server.connections < 3 { await Task.yield() }
            let refused = kinds
            await engine.shutDown(.now)
            for await kind in group { kinds.append(kind) }
            #expect(refused == [.unavailable, .unavailable, .unavailable])
            return kinds
        }
        #expect(kinds.count == 8)
        #expect(server.connections == 3)
        server.stop()
    }
}
