import Dispatch
import Synchronization
import Testing
import Transfers

/// Holds up threads until it is opened, and none from then on.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func pass() {
        semaphore.wait()
        semaphore.signal()
    }

    func open() { semaphore.signal() }
}

@Suite struct `Names` {
    static let loopback = NetworkAddress("127.0.0.1")!

    func request(_ name: String, _ port: Int, allowing ranges: [String] = ["127.0.0.0/8"], connect: Int = 5_000) -> Request {
        Request(
            .post, "http://\(name):\(port)/", body: Array("{}".utf8), limits: .init(connectMilliseconds: connect), allowsPlainHTTP: true,
            addresses: AddressPolicy(allowing: ranges.compactMap { AddressRange($0) }))
    }

    func outcome(_ engine: TransferEngine, _ request: Request) async -> Result<Int, TransferFailure> {
        do throws(TransferFailure) {
            return .success(try await engine.perform(request).status)
        } catch {
            return .failure(error)
        }
    }

    func kind(_ engine: TransferEngine, _ request: Request) async -> TransferFailure.Kind? {
        if case .failure(let failure) = await outcome(engine, request) { failure.kind } else { nil }
    }

    @Test func `a name is looked up once for many, pinned, and sent as the host`() async throws {
        let hosts = Mutex<Set<String>>([]), lookups = Mutex<[String]>([])
        let server = LoopbackServer { request in
            hosts.withLock { _ = $0.insert(request.headers["host"] ?? "-") }
            return .answer(204)
        }
        let engine = try TransferEngine(lookup: { name in
            lookups.withLock { $0.append(name) }
            return .addresses([Names.loopback])
        })
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<20 { group.addTask { try? await outcome(engine, request("carrier.example", server.port)).get() } }
            for await status in group { #expect(status == 204) }
        }
        #expect(lookups.withLock { $0 } == ["carrier.example"])
        #expect(hosts.withLock { $0 } == ["carrier.example:\(server.port)"])
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a name that changes its address to one that may not be reached gains nothing, not even the connection it had`() async throws {
        let count = Atomic<Int>(0)
        let server = LoopbackServer { _ in .answer(204) }
        let engine = try TransferEngine(.init(addressAgeMaxSeconds: 0), lookup: { _ in
            count.add(1, ordering: .relaxed).newValue == 1 ? .addresses([Names.loopback]) : .addresses([NetworkAddress("169.254.169.254")!])
        })
        let everything = ["0.0.0.0/0", "::/0"]
        #expect(await kind(engine, request("carrier.example", server.port, allowing: everything)) == nil)
        let refused = await outcome(engine, request("carrier.example", server.port, allowing: everything))
        guard case .failure(let failure) = refused else {
            Issue.record("the metadata address was reached")
            return
        }
        #expect(failure.kind == .refusedAddress)
        #expect(failure.fact == "carrier.example is refused: 169.254.169.254 is link-local (cloud metadata) and is never reached")
        #expect(server.connections == 1)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `of several addresses those are tried that may be reached`() async throws {
        let server = LoopbackServer { _ in .answer(204) }
        let engine = try TransferEngine(lookup: { _ in
            .addresses(["169.254.169.254", "10.9.8.7", "127.0.0.1"].compactMap { NetworkAddress($0) })
        })
        #expect(await kind(engine, request("carrier.example", server.port)) == nil)
        #expect(await kind(engine, request("carrier.example", server.port, allowing: [])) == .refusedAddress)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a name that is not found, or not in time, is a failure of names, and holds up no other`() async throws {
        let server = LoopbackServer { _ in .answer(204) }
        let gate = Gate()
        let engine = try TransferEngine(.init(lookupsMax: 2), lookup: { name in
            switch name {
            case "good.example": return .addresses([Names.loopback])
            case "none.example": return .failure("Name or service not known")
            default:
                gate.pass()
                return .addresses([Names.loopback])
            }
        })
        async let slow = outcome(engine, request("slow.example", server.port, connect: 150))
        #expect(await kind(engine, request("good.example", server.port)) == nil)
        guard case .failure(let none) = await outcome(engine, request("none.example", server.port)) else {
            Issue.record("it was found")
            return
        }
        #expect(none.kind == .dns)
        #expect(none.fact == "the name none.example was not found: Name or service not known")
        guard case .failure(let late) = await slow else {
            Issue.record("it was found in time")
            return
        }
        #expect(late.kind == .dns)
        #expect(late.fact == "the name slow.example was not looked up within 150 ms")
        // The answer that comes late serves those who ask then.
        gate.open()
        #expect(await kind(engine, request("slow.example", server.port)) == nil)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `ending the engine answers those whose name is being looked up`() async throws {
        let gate = Gate(), (began, told) = AsyncStream<Void>.makeStream()
        let engine = try TransferEngine(lookup: { _ in
            told.yield()
            gate.pass()
            return .failure("late")
        })
        let waiting = request("slow.example", 9)
        async let answer = kind(engine, waiting)
        for await _ in began { break }
        await engine.shutDown(.now)
        #expect(await answer == .unavailable)
        gate.open()
    }

    @Test func `groups take turns: one that is stuck holds up no other, and keeps to its limit`() async throws {
        let server = LoopbackServer { $0.path == "/stuck" ? .stall : .answer(204) }
        let engine = try TransferEngine(.init(runningMax: 4))
        var stuck = request("127.0.0.1", server.port), quick = stuck
        stuck.url += "stuck"
        stuck.group = .init(name: "stuck", runningMax: 2)
        quick.group = .init(name: "quick", runningMax: 2)
        let waiting = (0..<10).map { [stuck] _ in Task { await kind(engine, stuck) } }
        while server.connections < 2 { await Task.yield() }
        for _ in 0..<20 { #expect(await kind(engine, quick) == nil) }
        #expect(server.connections <= 4)
        await engine.shutDown(.now)
        for task in waiting { #expect(await task.value == .unavailable) }
        server.stop()
    }
}
