import Testing
import Transfers

@Suite struct ProxyTests {
    private let loopback = AddressPolicy(allowing: [AddressRange("127.0.0.0/8")!])

    private func request(_ proxy: TunnelProxy, to url: String = "http://receiver.example/hook", user: String? = nil, addresses: AddressPolicy? = nil) -> Request {
        var request = Request(
            .post, url, headers: [Request.Header("authorization", "Bearer of-the-target")], body: Array("{}".utf8), allowsPlainHTTP: true,
            proxy: Request.Proxy("http://127.0.0.1:\(proxy.port)", user: user, password: user.map { _ in "pass word" }, addresses: addresses ?? loopback))
        request.limits.connectMilliseconds = 10_000
        return request
    }

    private func failure(_ engine: TransferEngine, _ request: Request) async -> TransferFailure? {
        do {
            _ = try await engine.perform(request)
            return nil
        } catch { return error }
    }

    @Test func `a request goes through a tunnel of the proxy, which looks up the host and sees none of its headers`() async throws {
        let server = LoopbackServer { request in .answer(request.headers["authorization"] == "Bearer of-the-target" ? 204 : 401) }
        let proxy = TunnelProxy(to: server.port)
        let engine = try TransferEngine(lookup: { name in .failure("\(name) is looked up here") })
        for _ in 0..<2 { #expect(try await engine.perform(request(proxy, user: "ann")).status == 204) }
        // One tunnel for both.
        #expect(proxy.requests.count == 1)
        let head = try #require(proxy.requests.first)
        #expect(head.hasPrefix("CONNECT receiver.example:80 HTTP/1.1\r\n"))
        #expect(head.contains("Proxy-Authorization: Basic YW5uOnBhc3Mgd29yZA=="))
        #expect(!head.contains("of-the-target"))
        await engine.shutDown(.now)
        proxy.stop()
        server.stop()
    }

    @Test func `what the proxy refuses is its fault, and a host that it cannot reach is not`() async throws {
        let nobody = LoopbackServer { _ in .hangUp }
        nobody.stop()
        let engine = try TransferEngine()
        for (status, kind) in [(407, TransferFailure.Kind.proxy), (403, .proxy), (502, .connect), (504, .connect)] {
            let proxy = TunnelProxy(to: nobody.port, refusal: status)
            let found = try #require(await failure(engine, request(proxy)))
            #expect(found.kind == kind, "\(status): \(found)")
            #expect(found.fact.contains("\(status)"))
            proxy.stop()
        }
        await engine.shutDown(.now)
    }

    @Test func `a proxy that is not there, is not found or may not be reached is a fault of this side`() async throws {
        let proxy = TunnelProxy(to: 9)
        proxy.stop()
        let engine = try TransferEngine(lookup: { _ in .failure("Name or service not known") })
        #expect(try #require(await failure(engine, request(proxy))).kind == .proxy)
        var unknown = request(proxy)
        unknown.proxy?.url = "http://proxy.example:3128"
        #expect(try #require(await failure(engine, unknown)).kind == .proxy)
        let refused = try #require(await failure(engine, request(proxy, addresses: .publicOnly)))
        #expect(refused.kind == .proxy && refused.hint?.contains("allowAddresses of the target, of its proxy") == true)
        await engine.shutDown(.now)
    }

    @Test func `a proxy with a name may be where its own addresses let it, and not where those of the target do`() async throws {
        let server = LoopbackServer { _ in .answer(204) }
        let proxy = TunnelProxy(to: server.port)
        // With the system's own files and name servers.
        let engine = try TransferEngine()
        var named = request(proxy)
        named.proxy?.url = "http://localhost:\(proxy.port)"
        #expect(try await engine.perform(named).status == 204)
        #expect(proxy.requests.count == 1)
        named.addresses = loopback
        named.proxy?.addresses = .publicOnly
        #expect(try #require(await failure(engine, named)).kind == .proxy)
        #expect(proxy.requests.count == 1)
        await engine.shutDown(.now)
        proxy.stop()
        server.stop()
    }

    @Test func `proxies of the environment are not asked`() async throws {
        let server = LoopbackServer { _ in .answer(204) }
        let engine = try TransferEngine()
        var direct = Request(.post, server.url + "/hook", body: [1], allowsPlainHTTP: true, addresses: loopback)
        #expect(try await engine.perform(direct).status == 204)
        // After one with a proxy the same handle goes straight again.
        let proxy = TunnelProxy(to: server.port)
        #expect(try await engine.perform(request(proxy)).status == 204)
        direct.url = server.url + "/other"
        #expect(try await engine.perform(direct).status == 204)
        #expect(proxy.requests.count == 1)
        await engine.shutDown(.now)
        proxy.stop()
        server.stop()
    }
}
